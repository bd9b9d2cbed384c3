"""Models: what the usual models would cost for these queries, and every price with its date."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.catalog.catalogue import load_catalogue
from core.catalog.model import KINDS

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Rows = list[dict[str, object]]


@pytest.mark.parametrize("kind", [None, "unpriced"])
def test_without_a_known_bill_the_page_names_the_usual_models(
    open_app: Open, kind: str | None
) -> None:
    app = open_app("models", kind)
    usual = load_catalogue().default_tiers
    for model_id in (usual.simple, usual.medium, usual.complex):
        assert load_catalogue().get(model_id).name in app.header[0].value
    assert "$" not in app.header[0].value


def test_a_thousand_queries_cost_their_tokens_at_list_price(
    open_app: Open, words: Words, rows: Rows
) -> None:
    app = open_app("models", "sorted")
    usual = load_catalogue().default_tiers
    tokens = [sum(int(str(r[f"{way}_tokens"])) for r in rows) for way in ("input", "output")]
    for model_id in (usual.simple, usual.medium, usual.complex):
        price = load_catalogue().get(model_id).price
        assert price is not None
        usd = tokens[0] * price.input_usd_per_mtok + tokens[1] * price.output_usd_per_mtok
        assert f"${usd / 1e6 / 300 * 1000:,.2f} on" in words(app)


def test_each_kind_of_model_has_its_table(open_app: Open) -> None:
    app = open_app("models", "sorted")
    shown = [list(table.value["Model"]) for table in app.dataframe]
    assert shown == [[m.name for m in load_catalogue().by_kind(kind)] for kind in KINDS]
    assert all(
        "1,000 of yours" in table.value.columns for table in app.dataframe if len(table.value)
    )
