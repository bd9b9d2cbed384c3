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


def add_own(app: AppTest, name: str) -> AppTest:
    app.text_input(key="own-name").set_value(name)
    app.number_input(key="own-in").set_value(0.08)
    app.number_input(key="own-out").set_value(0.4)
    return app.button(key="own-add").click().run()


def test_a_model_of_one_s_own_joins_the_catalogue_and_can_leave_it(open_app: Open) -> None:
    app = add_own(open_app("models", "sorted"), "our-small")
    assert not app.exception and not app.error
    model = load_catalogue().get("our-small")
    assert model.price is not None and model.price.output_usd_per_mtok == 0.4
    assert (model.kind, model.price.source) == ("specialised", "our contract")
    assert "our-small" in [name for t in app.dataframe for name in t.value["Model"]]
    app.button(key="remove-model-our-small").click().run()
    assert "our-small" not in load_catalogue().models
    assert not app.exception


def test_a_model_without_a_name_or_with_one_twice_is_refused(open_app: Open) -> None:
    app = add_own(open_app("models", "sorted"), " ")
    assert "no name" in app.error[0].value
    add_own(add_own(app, "twice"), "twice")
    assert "already" in app.error[0].value


def test_rented_gpus_become_a_rent_with_a_throughput(open_app: Open) -> None:
    app = open_app("models", "sorted")
    app.radio(key="own-paid").set_value("Rented GPUs").run()
    app.text_input(key="own-name").set_value("our-gpus")
    app.number_input(key="own-speed").set_value(500.0)
    app.button(key="own-add").click().run()
    assert not app.exception and not app.error
    model = load_catalogue().get("our-gpus")
    assert model.fixed_monthly_usd == pytest.approx(2 * 3.99 * 730 * 1.15)
    assert model.output_tokens_per_month == pytest.approx(2 * 500 * 3600 * 730)
    (table,) = [t.value for t in app.dataframe if "our-gpus" in list(t.value["Model"])]
    assert table.set_index("Model")["Busy with all of yours"]["our-gpus"] > 0


def test_a_discount_lowers_the_list_prices_of_its_provider(open_app: Open) -> None:
    before = load_catalogue().get("gpt-6-luna").price
    app = open_app("models", "sorted")
    app.selectbox(key="discount-provider").set_value("openai")
    app.number_input(key="discount-share").set_value(20.0)
    app.button(key="discount-set").click().run()
    after = load_catalogue().get("gpt-6-luna").price
    assert before is not None and after is not None
    assert after.output_usd_per_mtok == pytest.approx(0.8 * before.output_usd_per_mtok)
    app.button(key="remove-discount-openai").click().run()
    assert load_catalogue().get("gpt-6-luna").price == before
