import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.catalog.catalogue import Catalogue, load_catalogue
from core.catalog.model import KINDS
from core.catalog.prices import PRICES_READ
from core.errors import BadInput


def test_every_shipped_model_has_a_dated_price_and_a_dated_ability(catalogue: Catalogue) -> None:
    assert len(catalogue.models) >= 25
    for model in catalogue.models.values():
        assert model.price is not None, model.id
        assert model.price.source and model.price.as_of <= PRICES_READ
        assert model.ability.source and model.ability.as_of <= PRICES_READ
        assert 0 < model.ability.sd <= 1.5


def test_all_four_kinds_are_explained_and_filled(catalogue: Catalogue) -> None:
    assert tuple(guide.kind for guide in catalogue.kinds) == KINDS
    for kind in KINDS:
        assert catalogue.get(catalogue.guide(kind).default_model).kind == kind
        assert len(catalogue.by_kind(kind)) >= 2
    assert sum(len(catalogue.by_kind(kind)) for kind in KINDS) == len(catalogue.models)


def test_every_default_plan_gets_dearer_and_abler_from_tier_to_tier(catalogue: Catalogue) -> None:
    assert catalogue.default_tiers.simple == "gpt-6-luna"
    for tiers in catalogue.tier_sets:
        models = [catalogue.get(i) for i in (tiers.simple, tiers.medium, tiers.complex)]
        prices = [model.price.cost_usd(1000, 0, 300) for model in models if model.price]
        assert prices == sorted(prices) and prices[0] < prices[-1], tiers.name
        abilities = [model.ability.mean for model in models]
        assert abilities == sorted(abilities), tiers.name


def test_the_price_gaps_in_words_are_those_of_the_prices(catalogue: Catalogue) -> None:
    def output(model_id: str) -> float:
        price = catalogue.get(model_id).price
        assert price is not None
        return price.output_usd_per_mtok

    assert output("gpt-6.1-sol") / output("gpt-6.1-terra") == 2.0
    assert output("gemini-4-argon") / output("gemini-3.8-flash") == pytest.approx(2.67, abs=0.01)
    assert output("gpt-6.1-sol") / output("gpt-6-luna") == 20.0
    assert output("claude-opus-5-5") / output("claude-haiku-5-5") == 40.0
    assert output("gpt-6-astra") / output("gpt-6.1-sol") == 5.0
    assert output("ft:gpt-4o-mini") / output("gpt-4o-mini") == 2.0
    assert output("ft:gpt-4o") / output("gpt-4o") == 1.5
    rent = catalogue.get("self-hosted/llama-3.1-8b").fixed_monthly_usd
    assert rent == pytest.approx(6699.21, abs=0.01)


def test_every_shipped_alias_leads_to_a_model(catalogue: Catalogue) -> None:
    from core.catalog.resolve import resolve

    for alias in catalogue.aliases:
        match = resolve(alias, catalogue)
        assert match is not None and match.model.price is not None, alias


def test_models_that_end_soon_say_when(catalogue: Catalogue) -> None:
    for model_id in ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "ft:gpt-4o-mini"):
        assert catalogue.get(model_id).retires == date(2027, 1, 14)


def test_an_unknown_model_is_refused_by_name(catalogue: Catalogue) -> None:
    with pytest.raises(BadInput, match="no model 'gpt-99'"):
        catalogue.get("gpt-99")


def test_added_models_make_a_new_catalogue_and_leave_the_old_one(catalogue: Catalogue) -> None:
    luna = catalogue.get("gpt-6-luna")
    more = catalogue.with_models(replace(luna, id="ours"), replace(luna, note="changed"))
    assert more.get("ours").price == luna.price
    assert more.get("gpt-6-luna").note == "changed"
    assert "ours" not in catalogue.models and catalogue.get("gpt-6-luna") == luna


def test_the_age_of_prices_counts_from_the_day_they_were_true() -> None:
    later = date(2027, 3, 1)
    assert load_catalogue().price_age_days(later) == 98
    assert load_catalogue(now=later).price_age_days(later) == 98, "a later date reads no new list"
    assert load_catalogue(now=date(2026, 11, 1)).price_age_days(later) == 120


def test_the_same_day_gives_the_same_catalogue() -> None:
    assert load_catalogue(now=date(2026, 11, 23)) == load_catalogue()


def test_a_catalogue_travels_to_another_process(catalogue: Catalogue) -> None:
    assert pickle.loads(pickle.dumps(catalogue)) == catalogue


def test_own_models_join_and_discounts_lower_list_prices_only(own_home: Path) -> None:
    (own_home / "models.yaml").write_text(
        """
discounts:
  - {provider: openai, share: 0.25, source: contract, as_of: 2026-10-01}
models:
  - id: negotiated
    kind: frontier
    provider: openai
    price: {input_usd_per_mtok: 1, output_usd_per_mtok: 4, source: offer, as_of: 2026-10-01}
  - id: gpt-6-luna
    kind: mid
    provider: openai
    price: {input_usd_per_mtok: 0.08, output_usd_per_mtok: 0.4, source: offer, as_of: 2026-10-01}
aliases:
  prod-fast: gpt-6-luna
tier_sets:
  - {name: Ours, simple: gpt-6-luna, medium: gpt-6.1-terra, complex: negotiated}
"""
    )
    catalogue = load_catalogue()
    prices = {model.id: model.price for model in catalogue.models.values()}
    sol, ours, luna = prices["gpt-6.1-sol"], prices["negotiated"], prices["gpt-6-luna"]
    opus = prices["claude-opus-5-5"]
    assert sol is not None and sol.input_usd_per_mtok == pytest.approx(1.5)
    assert ours is not None and ours.input_usd_per_mtok == 1.0
    assert luna is not None and luna.output_usd_per_mtok == 0.4
    assert opus is not None and opus.input_usd_per_mtok == 4.0
    assert catalogue.default_tiers.name == "Ours"
    assert catalogue.aliases["prod-fast"] == "gpt-6-luna"


@pytest.mark.parametrize(
    "text",
    [
        "aliases: {prod: gpt-99}",
        "tier_sets: [{name: prod, simple: gpt-99, medium: gpt-4o, complex: gpt-4o}]",
    ],
)
def test_a_name_that_leads_nowhere_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(BadInput, match=r"own\.yaml, prod: 'gpt-99' is no model"):
        load_catalogue(overlay=path)


def test_a_file_that_was_asked_for_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        load_catalogue(overlay=tmp_path / "missing.yaml")


def test_importing_the_catalogue_does_not_import_the_price_list() -> None:
    code = (
        "import sys, core.catalog.catalogue, core.catalog.resolve;"
        "sys.exit(int(any(name.split('.')[0] in ('genai_prices', 'pydantic', 'pandas')"
        " for name in sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
