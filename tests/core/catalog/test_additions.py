from datetime import date
from pathlib import Path

import pytest

from core.catalog.additions import add_model, added_file, additions, remove_model, set_discount
from core.catalog.catalogue import load_catalogue
from core.errors import BadInput

ON = date(2026, 11, 23)
OURS = {
    "id": "ours",
    "kind": "specialised",
    "provider": "openai",
    "price": {
        "input_usd_per_mtok": 0.2, "output_usd_per_mtok": 0.8, "source": "a contract", "as_of": ON,
    },
    "ability": {"mean": 2.0, "sd": 0.9, "source": "a guess", "as_of": ON},
}  # fmt: skip


def test_what_is_added_is_read_with_the_catalogue(own_home: Path) -> None:
    add_model(OURS, ON, {})
    model = load_catalogue().get("ours")
    assert model.price is not None and model.price.output_usd_per_mtok == 0.8
    assert [m["id"] for m in additions()[0]] == ["ours"]
    remove_model("ours", ON, {})
    assert additions() == ([], []) and "ours" not in load_catalogue().models


def test_a_mistake_changes_nothing_and_names_the_field(own_home: Path) -> None:
    add_model(OURS, ON, {})
    before = added_file().read_bytes()
    wrong = OURS | {"id": "other", "kind": "huge"}
    with pytest.raises(BadInput, match="kind: 'huge' is not known"):
        add_model(wrong, ON, {})
    with pytest.raises(BadInput, match="already"):
        add_model(OURS, ON, {})
    assert added_file().read_bytes() == before
    assert [f.name for f in own_home.glob("*.part")] == []


def test_a_later_discount_replaces_the_one_before(own_home: Path) -> None:
    stated = {"provider": "openai", "share": 0.1, "source": "a contract", "as_of": ON}
    set_discount(stated, ON, {})
    set_discount(stated | {"share": 0.25}, ON, {})
    assert [d["share"] for d in additions()[1]] == [0.25]
    price = load_catalogue().get("gpt-6-luna").price
    assert price is not None and price.discount == pytest.approx(0.25)
    set_discount(stated | {"share": 0.0}, ON, {})
    assert additions() == ([], [])


def test_models_yaml_and_additions_are_read_together(own_home: Path) -> None:
    (own_home / "models.yaml").write_text(
        "discounts:\n  - {provider: openai, share: 0.5, source: x, as_of: 2026-11-01}\n"
        "  - {provider: anthropic, share: 0.5, source: x, as_of: 2026-11-01}\n"
    )
    set_discount({"provider": "openai", "share": 0.1, "source": "y", "as_of": ON}, ON, {})
    found = {d.provider: d.share for d in load_catalogue().discounts}
    assert found == {"openai": 0.1, "anthropic": 0.5}
