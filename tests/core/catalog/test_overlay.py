from datetime import date
from pathlib import Path

import pytest

from core.catalog.model import Ability
from core.catalog.overlay import Overlay, read_overlay
from core.errors import BadInput

DAY = date(2026, 11, 23)
MEASURED = {"gpt-4o-2024-08-06": Ability(2.5, 0.1, "benchmark", "outcomes", DAY)}


def overlay(tmp_path: Path, text: str) -> Overlay:
    path = tmp_path / "models.yaml"
    path.write_text(text)
    return read_overlay(path, DAY, MEASURED)


def test_a_listed_model_gets_price_name_and_window_from_the_list(tmp_path: Path) -> None:
    read = overlay(
        tmp_path,
        """
models:
  - id: luna
    kind: mid
    price: {list: openai/gpt-6-luna}
    ability: {relative_to: gpt-4o-2024-08-06, offset: 0.3, sd: 0.8, source: me, as_of: 2026-11-01}
    aliases: [Our Cheap One]
""",
    )
    (model,) = read.models
    assert (model.name, model.provider, model.context_window) == ("GPT-6 Luna", "openai", 1_050_000)
    assert model.price is not None and model.price.output_usd_per_mtok == 0.5
    assert model.ability.mean == pytest.approx(2.8)
    assert read.list_ids == {"openai/gpt-6-luna": "luna"}
    assert read.aliases == {"our-cheap-one": "luna"}


def test_a_self_hosted_model_has_rent_and_no_price_per_token(tmp_path: Path) -> None:
    read = overlay(
        tmp_path,
        """
models:
  - id: ours
    kind: open
    provider: self-hosted
    price: {input_usd_per_mtok: 0, output_usd_per_mtok: 0, source: rent, as_of: 2026-11-01}
    rent: {replicas: 3, gpus_per_replica: 2, gpu_usd_per_hour: 2, overhead_share: 0,
           source: quote, as_of: 2026-11-01}
    ability: {mean: 1.5, sd: 0.3, source: own evaluation, as_of: 2026-11-01}
""",
    )
    (model,) = read.models
    assert model.fixed_monthly_usd == pytest.approx(3 * 2 * 2 * 730)
    assert model.price is not None and model.price.cost_usd(1e6, 0, 1e6) == 0.0
    assert (model.ability.mean, model.ability.sd) == (1.5, 0.3)


def test_a_model_without_a_price_is_unpriced_and_judged_by_its_kind(tmp_path: Path) -> None:
    (model,) = overlay(tmp_path, "models: [{id: x, kind: mid, provider: us}]").models
    assert model.price is None
    assert (model.ability.origin, model.ability.sd) == ("judgement", 1.0)
    assert model.ability.source.startswith("by kind: mid")


def test_a_cached_price_that_is_not_given_is_the_input_price(tmp_path: Path) -> None:
    text = (
        "models: [{id: x, kind: mid, provider: us, price: "
        "{input_usd_per_mtok: 3, output_usd_per_mtok: 9, source: offer, as_of: 2026-11-01}}]"
    )
    (model,) = overlay(tmp_path, text).models
    assert model.price is not None and model.price.cached_usd_per_mtok == 3.0
    assert model.price.cache_write_usd_per_mtok is None and model.price.list_id == ""
    more = text.replace("output_usd", "cache_write_usd_per_mtok: 4, output_usd")
    (writer,) = overlay(tmp_path, more).models
    assert writer.price is not None and writer.price.written_usd_per_mtok == 4.0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("modles: []", "modles: unknown key"),
        ("models: [{kind: mid, provider: us}]", "models 1, id: missing"),
        ("models: [{id: x, kind: big, provider: us}]", "models x, kind: 'big' is not known"),
        ("models: [{id: x, kind: mid}]", "models x, provider: missing"),
        (
            "models: [{id: x, kind: mid, provider: a}, {id: x, kind: mid, provider: a}]",
            "'x' is there twice",
        ),
        (
            "models: [{id: x, kind: mid, price: {list: openai/gpt-99}}]",
            "price, list: 'openai/gpt-99' is not in the price list",
        ),
        (
            "models: [{id: x, kind: mid, provider: us, price: {input_usd_per_mtok: 1, "
            "output_usd_per_mtok: 2, as_of: 2026-11-01}}]",
            "price, source: missing",
        ),
        (
            "models: [{id: x, kind: mid, provider: us, price: {input_usd_per_mtok: 1, "
            "cached_usd_per_mtok: 2, output_usd_per_mtok: 2, source: s, as_of: 2026-11-01}}]",
            "cached_usd_per_mtok: 2 is out of range",
        ),
        (
            "models: [{id: x, kind: open, provider: us, fixed_monthly_usd: 5, rent: {}}]",
            "rent: there beside fixed_monthly_usd",
        ),
        (
            "discounts: [{provider: opnai, share: 0.1, source: s, as_of: 2026-11-01}]",
            "provider: 'opnai' is not in the price list",
        ),
        (
            "discounts: [{provider: openai, share: 15, source: s, as_of: 2026-11-01}]",
            "share: 15 is out of range. Write a number from 0 to 1",
        ),
    ],
)
def test_a_mistake_names_file_key_and_remedy(tmp_path: Path, text: str, found: str) -> None:
    with pytest.raises(BadInput) as error:
        overlay(tmp_path, text)
    assert "models.yaml" in str(error.value) and found in str(error.value)
    assert error.value.remedy
