"""Fine-tuning: whether it pays back after routing, and what would change that."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app import planning, services
from app.parts.bridge_chart import bridge_chart, bridge_title
from app.parts.candidate_table import WHOLE
from app.parts.case_form import fresh_case
from app.parts.cash_fan import fan_chart
from app.parts.chart_looks import wrapped
from app.parts.palette import DARK, LIGHT
from app.parts.payback_map import map_chart, map_title
from app.parts.range_table import ROWS
from app.parts.scenario_table import scenario_title
from app.parts.tornado_chart import tornado_chart
from app.parts.wording import months, usd
from core.economics.estimate import Estimate
from core.economics.tuning.case import FineTuneCase, example_case
from core.economics.tuning.case_json import case_from_json, case_to_json
from core.economics.tuning.payback_map import payback_map
from core.economics.tuning.scenarios import scenarios
from core.economics.tuning.sensitivity import BridgeStep, bridge, swings_of
from core.economics.tuning.uncertainty import simulate
from core.economics.tuning.verdict import FineTuneResult, assess
from core.frozen.document import Figures

from .conftest import log_rows

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Compute = Callable[..., Figures]


def digest() -> str:
    (log,) = services.known_logs()
    return log.digest


def result_of(figures: Compute, **changes: float) -> FineTuneResult:
    """What core says of the usual case on the log's bill after routing."""
    outcome = figures(digest()).outcome
    left_over = outcome.planned.central / outcome.baseline_usd
    case = fresh_case(round(outcome.baseline_usd, 2), left_over)
    return assess(replace(case, **changes))


@pytest.mark.parametrize("kind", [None, "unsorted", "unpriced"])
def test_the_page_says_what_it_waits_for(open_app: Open, kind: str | None) -> None:
    app = open_app("fine_tuning", kind)
    assert len(app.info) == 1 and len(app.get("page_link")) == 1
    assert not app.metric and not app.slider


def test_a_small_bill_cannot_pay_for_training(
    open_app: Open, words: Words, figures: Compute
) -> None:
    app = open_app("fine_tuning", "sorted")
    result = result_of(figures)
    assert result.sustained_payback_months is None
    assert "not pay back" in app.header[0].value
    said = words(app)
    assert usd(result.investment_likely_usd) in said
    assert months(result.textbook_payback_months) in said


def test_a_large_bill_pays_back_and_says_when(
    open_app: Open, words: Words, figures: Compute
) -> None:
    app = open_app("fine_tuning", "sorted")
    app.number_input(key=f"bill-{digest()}").set_value(5_000_000.0).run()
    assert not app.exception
    result = result_of(figures, current_monthly_usd=5_000_000.0)
    assert result.sustained_payback_months is not None
    assert f"{result.sustained_payback_months:.1f} months" in app.header[0].value
    # The textbook figure by hand: investment over half the bill times (1 - 1 / times cheaper).
    textbook = result.textbook_payback_months
    assert textbook is not None and months(textbook) in words(app)
    usual = app.header[0].value
    app.number_input(key=f"slice-{digest()}").set_value(1.0).run()
    assert app.header[0].value != usual


def test_the_case_is_there_again_after_a_reload(open_app: Open) -> None:
    app = open_app("fine_tuning", "sorted")
    app.number_input(key=f"bill-{digest()}").set_value(750_000.0)
    app.number_input(key=f"life-{digest()}").set_value(36).run()
    again = open_app("fine_tuning", log=digest())
    assert again.number_input(key=f"bill-{digest()}").value == 750_000.0
    assert again.number_input(key=f"life-{digest()}").value == 36
    assert again.header[0].value == app.header[0].value


def test_an_empty_bill_is_answered_without_a_payback(open_app: Open) -> None:
    app = open_app("fine_tuning", "sorted")
    app.number_input(key=f"bill-{digest()}").set_value(0.0).run()
    assert not app.exception
    assert "nothing to save" in app.header[0].value


def test_a_chosen_segment_sets_the_slice_and_is_kept_by_the_case(
    open_app: Open, words: Words
) -> None:
    app = open_app("fine_tuning", "sorted")
    part = app.selectbox(key=f"part-{digest()}")
    assert part.value == WHOLE and set(part.options[1:]) == {"orders", "texts", "research", "code"}
    part.select("code").run()
    assert not app.exception and not app.error
    # The log costs what gpt-4o would: 2.5 in and 10 out per million, 60 queries of each kind.
    rows = [r for r in log_rows() if r["feature"] == "code"]
    share = sum(float(str(r["cost_usd"])) for r in rows)
    share /= sum(float(str(r["cost_usd"])) for r in log_rows())
    assert app.number_input(key=f"slice-{digest()}").value == pytest.approx(100 * share)
    again = open_app("fine_tuning", log=digest())
    assert again.selectbox(key=f"part-{digest()}").value == "code"
    assert again.header[0].value == app.header[0].value
    app.number_input(key=f"slice-{digest()}").set_value(33.0).run()
    assert app.selectbox(key=f"part-{digest()}").value == WHOLE


def test_the_segments_are_judged_at_the_volume_of_the_bill(open_app: Open, words: Words) -> None:
    app = open_app("fine_tuning", "sorted")
    assert "No segment alone could pay" in words(app)
    app.number_input(key=f"bill-{digest()}").set_value(5_000_000.0).run()
    assert "No segment alone could pay" not in words(app)
    table = app.dataframe[0].value
    assert set(table["Segment"]) == {"orders", "texts", "research", "code"}
    assert any("Pays back" in why for why in table["Why"])


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("bill", -5.0, "Use an amount in USD, 0 or more. Until then"),
        ("slice", 140.0, "Use a share from 0% to 100%. Until then 50% is used"),
        ("discount", 100.0, "Use a yearly rate from 0% to below 100%. Until then 12% is used"),
        ("failure", 100.0, "Use a chance from 0% to below 100%. Until then 20% is used"),
        ("retrain", -1.0, "Use an amount in USD, 0 or more. Until then 6,000 is used"),
        ("life", 0, "Use a whole number of months from 1 to 120. Until then 24 is used"),
        ("horizon", 500, "Use a whole number of months from 1 to 120. Until then 36 is used"),
    ],
)
def test_a_number_that_cannot_be_is_answered_beside_its_field(
    open_app: Open, words: Words, key: str, value: float, says: str
) -> None:
    app = open_app("fine_tuning", "sorted")
    before = app.header[0].value
    app.number_input(key=f"{key}-{digest()}").set_value(value).run()
    assert not app.exception and len(app.error) == 1
    assert says in words(app)
    assert app.header[0].value == before, "the last value that can be is used"
    assert len(app.metric) == 4, "the page stays"


def type_into_table(app: AppTest, field: str, **ends: float) -> AppTest:
    """The page after somebody typed these numbers into the row of that field."""
    row = list(ROWS).index(field)
    app.session_state[f"estimates-{digest()}"] = {
        "edited_rows": {row: ends}, "added_rows": [], "deleted_rows": []
    }  # fmt: skip
    return app.run()


@pytest.mark.parametrize(
    ("field", "ends", "says"),
    [
        ("hosting_monthly_usd", {"Low": 5_000.0}, "Give them in order: low, then likely"),
        ("hosting_monthly_usd", {"Low": -1.0}, "'Hosting per month, $' is -1. Use an amount"),
        ("yearly_price_decline", {"High": 130.0}, "is 130%. Use a rate above -100% and below 100%"),
        ("monthly_growth", {"High": 100.0}, "is 100%. Use a rate above -100% and below 100%"),
        ("cost_ratio", {"Low": 0.0}, "Use how many times cheaper"),
    ],
)
def test_a_range_that_cannot_be_is_answered_under_the_table(
    open_app: Open, words: Words, field: str, ends: dict[str, float], says: str
) -> None:
    app = type_into_table(open_app("fine_tuning", "sorted"), field, **ends)
    assert not app.exception and len(app.error) == 1
    assert says in words(app) and "Until then" in words(app)
    assert len(app.metric) == 4


def test_a_gain_beyond_all_answers_leaves_both_accuracies_as_they_were(
    open_app: Open, words: Words
) -> None:
    app = type_into_table(
        open_app("fine_tuning", "sorted"), "accuracy_gain", Low=30.0, Likely=30.0, High=30.0
    )
    assert not app.exception and len(app.error) == 1
    assert "at most 20 points" in words(app)


def test_a_range_that_can_be_is_used(open_app: Open) -> None:
    app = open_app("fine_tuning", "sorted")
    before = {m.label: m.value for m in app.metric}["Investment"]
    app = type_into_table(app, "data_preparation_usd", Likely=15_000.0)
    assert not app.exception and not app.error
    assert {m.label: m.value for m in app.metric}["Investment"] != before


def test_a_case_that_was_put_another_way_is_read_too(open_app: Open) -> None:
    by_query = FineTuneCase(
        monthly_queries=1e6, cost_per_query_usd=0.05, tuned_monthly_usd=Estimate(1e3, 2e3, 4e3)
    )
    open_app("fine_tuning", "sorted")
    draft = planning.read_draft(digest())
    assert draft is not None
    planning.write_draft(digest(), replace(draft, fine_tuning=case_to_json(by_query)))
    app = open_app("fine_tuning", log=digest())
    assert app.number_input(key=f"bill-{digest()}").value == 50_000.0
    shown = set(app.data_editor(key=f"estimates-{digest()}").value["What"])
    assert shown == set(ROWS.values()) - {"Tuned model: times cheaper"}
    assert not app.error and len(app.metric) == 4


def test_months_that_do_not_count_are_said_beside_their_field(open_app: Open, words: Words) -> None:
    app = open_app("fine_tuning", "sorted")
    assert "Only 24 of them count" in words(app)
    app.number_input(key=f"lead-{digest()}").set_value(24).run()
    assert "go live after the last month that counts" in words(app)
    app.number_input(key=f"lead-{digest()}").set_value(2)
    app.number_input(key=f"life-{digest()}").set_value(48).run()
    assert "of them count" not in words(app)


def test_every_chart_has_its_alternative_and_its_table(open_app: Open) -> None:
    app = open_app("fine_tuning", "sorted")
    app.number_input(key=f"bill-{digest()}").set_value(5_000_000.0).run()
    charts = app.get("plotly_chart")
    assert len(charts) == 4  # fan, bridge, tornado, map
    assert all(chart.proto.alt for chart in charts)
    tables = [frame.value for frame in app.dataframe]
    for column in ("Segment", "Month", "Adds", "Break-even at", "Chance of a loss", "Volume"):
        assert any(column in table.columns for table in tables), column


def test_the_swap_is_a_scenario_where_one_model_will_do(open_app: Open) -> None:
    app = open_app("fine_tuning", "sorted")
    (table,) = [f.value for f in app.dataframe if "Chance of a loss" in f.value.columns]
    names = list(table["Scenario"])
    assert names[:4] == ["Conservative", "Base", "Optimistic", "Do nothing"]
    assert len(names) == 4 or names[4].startswith("Swap model only (")


CASES = (
    example_case(),
    FineTuneCase(current_monthly_usd=500.0, asset_life_months=48),
    FineTuneCase(current_monthly_usd=0.0),
)


@pytest.mark.parametrize("case", CASES, ids=["pays", "does not", "empty"])
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_charts_are_drawn_whatever_the_case(case: FineTuneCase, colours: object) -> None:
    result, futures = assess(case), simulate(case, draws=200)
    fan = fan_chart(case, result, futures, colours)  # type: ignore[arg-type]
    retires = [shape for shape in fan.layout.shapes if shape.x0 == shape.x1 == 24]
    assert len(retires) == (case.asset_life_months == 24)
    steps = bridge(case)
    bars = bridge_chart(steps, colours).data[0]  # type: ignore[arg-type]
    assert len(bars.text) == len(steps) + 1
    assert (bars.text[-1] == "never") == (result.sustained_payback_months is None)
    assert len(tornado_chart(case, swings_of(case), colours).data) == 2  # type: ignore[arg-type]
    found = payback_map(case)
    drawn = map_chart(case, found, colours).data[0]  # type: ignore[arg-type]
    assert len(drawn.z) == len(found.volumes)
    assert map_title(case, found).startswith("With prices falling 30% a year it pays back ")


def test_the_bars_of_the_bridge_lead_from_one_payback_to_the_next() -> None:
    steps = [BridgeStep("Textbook", 2.0), BridgeStep("Lead time", 5.0), BridgeStep("Growth", 4.0)]
    bars = bridge_chart(steps, LIGHT).data[0]
    assert list(bars.base) == [0.0, 2.0, 4.0, 0.0]
    assert list(bars.x) == pytest.approx([2.0, 3.0, 1.0, 4.0])
    assert list(bars.text) == ["2.0", "5.0", "4.0", "4.0"]
    assert bars.marker.color[1:3] == (LIGHT.cost, LIGHT.saving)


def test_the_bridges_title_names_the_step_that_loses_the_payback() -> None:
    steps = [BridgeStep("Textbook", 2.0), BridgeStep("After routing", None)]
    assert bridge_title(steps) == "The textbook says 2.0 months; with routing counted it is never"
    assert bridge_title([BridgeStep("Textbook", None)]) == "Not even the textbook figure pays back"


def test_the_scenarios_title_says_what_is_worth_most() -> None:
    case = example_case()
    worth = scenario_title(scenarios(case, draws=50))
    assert worth.startswith("Training is worth $8,499, but conservatively -$")
    swapped = scenario_title(scenarios(case, 100.0, draws=50))
    assert swapped.startswith("Swapping the model without training is worth more: $")
    poor = FineTuneCase(current_monthly_usd=10.0)
    assert scenario_title(scenarios(poor, draws=50)).startswith("Doing nothing")


def test_long_labels_are_cut_in_two_even_lines() -> None:
    assert wrapped("Lead time") == "Lead time"
    assert wrapped("Accuracy, fallbacks and growth") == "Accuracy, fallbacks<br>and growth"
    assert wrapped("x" * 40) == "x" * 40


def test_a_saved_case_opens_again_and_a_broken_one_says_what_is_wrong(open_app: Open) -> None:
    app = open_app("fine_tuning", "sorted")
    (log,) = services.known_logs()
    file = app.file_uploader(key=f"case-file-{log.digest}")
    file.upload("case.json", b'{"current_monthly_usd": -5}', "application/json").run()
    assert any("'current_monthly_usd' is -5" in e.value.replace("\\", "") for e in app.error)
    case = example_case()
    file = app.file_uploader(key=f"case-file-{log.digest}")
    file.upload("case.json", case_to_json(case).encode(), "application/json").run()
    assert not app.exception and not app.error
    kept = planning.read_draft(log.digest)
    assert kept is not None
    opened = case_from_json(kept.fine_tuning)
    assert opened.accuracy_gain == case.accuracy_gain
    assert opened.other_one_off_usd == case.other_one_off_usd
    assert opened.slice_share == case.slice_share
