"""Hosting it yourself: the section on its own, in a script of a few lines."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.economics.hosting.case import SelfHostCase
from core.economics.hosting.cost import compare
from core.economics.hosting.words import answer

Words = Callable[[AppTest], str]
TRAP = "GPT-4o $5 **bold** <img src=x>"
FRONTIER, MINI = 0.0055, 0.00033


def section(queries: float, price: float, tokens: float, name: str) -> None:
    from app.parts.self_host import draw_self_host

    draw_self_host(queries, price, tokens, name, "test")


def opened(
    queries: float = 100_000.0, price: float = FRONTIER, tokens: float = 300.0, name: str = "GPT-4o"
) -> AppTest:
    app = AppTest.from_function(
        section, args=(queries, price, tokens, name), default_timeout=30
    ).run()
    assert not app.exception
    return app


def test_the_section_opens_with_the_answer_of_core(words: Words) -> None:
    app = opened()
    found = compare(SelfHostCase(output_tokens_per_query=300.0), 100_000.0, FRONTIER)
    said = words(app)
    assert answer(found, "GPT-4o") in said
    assert app.subheader[0].value.startswith("Hosting it yourself is cheaper than GPT")
    assert "1,975,614" in said  # the bill of two replicas over the price, whatever they can carry
    assert app.metric[0].label == "Hosting, today's volume"
    assert "$10,866 a month" in said and "$550 a month" in said
    assert len(app.get("plotly_chart")) == 1
    (table,) = app.dataframe
    assert table.value["Replicas"].tolist() == [2, 3]


def test_a_volume_beyond_the_break_even_is_called_cheaper() -> None:
    assert "a month cheaper than" in opened(queries=2_500_000.0).subheader[0].value


def test_moving_an_assumption_changes_the_answer(words: Words) -> None:
    app = opened()
    before = app.subheader[0].value
    app.number_input(key="gpu_usd_per_hour-test").set_value(1.79).run()
    assert not app.exception
    cheap = SelfHostCase(output_tokens_per_query=300.0, gpu_usd_per_hour=1.79)
    assert app.subheader[0].value != before
    assert answer(compare(cheap, 100_000.0, FRONTIER), "GPT-4o") in words(app)
    app.slider(key="overhead_share-test").set_value(0).run()
    bare = SelfHostCase(output_tokens_per_query=300.0, gpu_usd_per_hour=1.79, overhead_share=0.0)
    assert answer(compare(bare, 100_000.0, FRONTIER), "GPT-4o") in words(app)


def test_tokens_per_query_come_from_the_log_until_they_are_said(words: Words) -> None:
    app = opened(price=0.0012)
    assert app.number_input(key="output_tokens_per_query-test").value is None
    app.number_input(key="output_tokens_per_query-test").set_value(600.0).run()
    longer = SelfHostCase(output_tokens_per_query=600.0)
    assert answer(compare(longer, 100_000.0, 0.0012), "GPT-4o") in words(app)


def test_an_api_that_a_full_replica_cannot_beat_is_never_beaten(words: Words) -> None:
    app = opened(price=MINI)
    assert "is never cheaper than" in app.subheader[0].value
    said = words(app)
    assert "Cheaper from, queries a month never" in said
    assert "The API stays below every step" in said
    assert set(app.dataframe[0].value.iloc[:, -1]) == {"nowhere"}


@pytest.mark.parametrize(
    ("field", "value", "valid"),
    [
        ("gpu_usd_per_hour", -1.0, "USD per GPU and hour"),
        ("gpus_per_replica", 0, "a whole number of GPUs from 1 to 64"),
        ("output_tokens_per_query", 0.0, "a number of tokens"),
        ("hours_per_month", 800.0, "hours a month from 1 to 730"),
    ],
)
def test_a_bad_assumption_is_answered_beside_its_field(
    words: Words, field: str, value: float, valid: str
) -> None:
    app = opened()
    app.number_input(key=f"{field}-test").set_value(value).run()
    assert not app.exception and not app.metric
    (error,) = app.error
    said = words(app)
    assert f"This cannot be {value:g}." in said and valid in said
    assert "waits for the assumption" in said
    # Beside it: the message stands in the column of the field.
    (column,) = [c for c in app.columns if any(n.key == f"{field}-test" for n in c.number_input)]
    assert [e.value for e in column.error] == [error.value]


def test_no_queries_are_answered_in_words(words: Words) -> None:
    said = words(opened(queries=0.0))
    assert "There are no queries today" in said and "no queries" in said


def test_a_log_without_output_tokens_asks_for_them() -> None:
    app = opened(tokens=0.0)
    assert len(app.error) == 1
    app.number_input(key="output_tokens_per_query-test").set_value(250.0).run()
    assert not app.error and app.metric


def test_a_name_is_shown_as_typed() -> None:
    app = opened(name=TRAP)
    assert r"\$5 \*\*bold\*\* \<img src=x\>" in app.subheader[0].value
    assert r"\$5 \*\*bold\*\* \<img src=x\>" in app.markdown[0].value
    assert not any("bold" in part for m in app.metric for part in (m.label, m.value, m.delta))
    (chart,) = app.get("plotly_chart")
    assert "<img" not in chart.proto.spec and "img src=x" in chart.proto.spec


def test_every_field_says_where_its_default_is_from() -> None:
    app = opened()
    for field in [*app.number_input, *app.slider]:
        assert any(f"{o}: " in field.help for o in ("Quoted", "Judgement", "Measured")), field.label
