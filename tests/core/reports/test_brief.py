from dataclasses import replace
from datetime import date

import pytest

from core.catalog.model import Model
from core.economics.estimate import Estimate
from core.economics.outlook import Outlook
from core.economics.tuning.case import example_case
from core.economics.tuning.verdict import assess
from core.frozen.document import PlanDocument
from core.routing.check import Check
from core.routing.controls import Control
from core.routing.plan import Plan
from core.routing.simulate import Range
from core.workload.workload import empty_workload

from ..frozen.conftest import BIG, SMALL, frozen
from .conftest import TODAY, round_document, taught, told, with_months, with_outcome

DAY_OF_PRICES = date(2026, 11, 23)  # ten days before TODAY


def test_how_much_says_cost_saving_and_twelve_months_with_their_ranges() -> None:
    brief = told(round_document())
    assert brief.how_much == (
        "$400 a month instead of $1,000: it saves $600 a month (55% to 65% less). Over 12 months "
        "it saves $7,200 ($6,600 to $7,800 saved)."
    )
    assert [figure.value for figure in brief.figures] == ["$400", "$600", "97%", "$7,200"]
    assert [figure.note for figure in brief.figures] == [
        "today $1,000", "55% to 65% less", "94% to 99%", "$6,600 to $7,800",
    ]  # fmt: skip


def test_the_headline_names_each_model_once() -> None:
    assert told(round_document()).headline == (
        "Routing these queries to Small and Big costs $400 a month instead of $1,000, 60% less, "
        "if quality holds."
    )


def test_without_queries_there_is_nothing_to_route() -> None:
    brief = told(frozen(workload=empty_workload(), names={}))
    assert brief.headline.startswith("There are no queries")
    assert "forgoes no saving" in brief.by_when


@pytest.mark.parametrize(("months", "total"), [(6, 3_600), (12, 7_200), (36, 7_200)])
def test_the_saving_is_that_of_twelve_months_however_far_the_plan_looks(
    months: int, total: int
) -> None:
    document = with_months(round_document(), Range(600.0, 550.0, 650.0), months)
    figure = told(document).figures[3]
    assert figure.label == f"Saved over {min(months, 12)} months"
    assert figure.value == f"${total:,}"


def test_a_plan_that_costs_more_says_so_first() -> None:
    document = with_outcome(
        round_document(),
        planned=Range(1_200.0, 1_100.0, 1_300.0),
        saving_share=Range(-0.2, -0.3, -0.1),
    )
    brief = told(with_months(document, Range(-200.0, -300.0, -100.0)))
    assert brief.main_risk == "It is expected to cost $200 a month more than today."
    assert "it costs $200 more a month (10% to 30% more)" in brief.how_much
    assert "it costs $2,400 more" in brief.how_much
    assert "Waiting forgoes no saving" in brief.by_when


def test_a_low_end_below_nothing_is_the_main_risk() -> None:
    document = with_outcome(round_document(), saving_share=Range(0.6, -0.1, 0.8))
    assert "at the low end of its 90% range $100 a month more" in told(document).main_risk


def test_work_that_is_not_earned_back_is_the_main_risk() -> None:
    document = with_months(round_document(), Range(10.0, -50.0, 20.0))
    assert told(document).main_risk == (
        "The work of switching may not be earned back: at the low end of the range $600 is "
        "missing after 12 months."
    )


def test_unverified_and_verified_plans_never_read_the_same() -> None:
    document = round_document()
    unsure, hardly, sure = (
        told(document), told(taught(document, 199)), told(taught(document, 200)),
    )  # fmt: skip
    assert not unsure.verified and "not from judged answers: unverified" in unsure.how_sure
    assert not hardly.verified and "199 queries" in hardly.how_sure
    assert sure.verified and "learned from 400 judged answers" in sure.how_sure
    assert "level of difficulty" in unsure.main_risk
    assert "level of difficulty" not in " ".join(sure.risks)
    assert "check on a few hundred" in unsure.needs and "check on" not in sure.needs
    assert unsure.headline.endswith("if quality holds.")
    assert sure.headline.endswith("60% less.")


def test_the_risks_that_apply_are_named_with_their_figures() -> None:
    check = Check(SMALL, accepts_bad=0.3)
    document = round_document(plan=Plan(SMALL, BIG, BIG, check=check))
    risks = " ".join(told(with_outcome(document, left_out_share=0.2)).risks)
    assert "Small checks the cheaper answers and lets 30% of those through" in risks
    assert "20% of the log's queries went to models without a known price" in risks
    assert "5 more of 100 queries" in risks  # 0.9 * (1 - 0.94)


def test_a_model_that_is_switched_off_within_a_year_is_a_risk() -> None:
    def going(on: date) -> str:
        model: Model = replace(BIG, retires=on)
        return " ".join(told(round_document(plan=Plan(SMALL, model, model))).risks)

    assert "switches off Big on 1 Mar 2027" in going(date(2027, 3, 1))
    assert "switches off" not in going(date(2027, 12, 4))


def test_prices_tell_their_age_and_old_ones_are_a_risk() -> None:
    document = round_document()
    assert told(document).by_when.endswith("Prices are of 23 Nov 2026, 10 days old.")
    later = told(document, today=date(2027, 3, 23))
    assert "The prices are 120 days old" in " ".join(later.risks)
    assert "prices" not in " ".join(told(document).risks)


def test_by_when_is_the_owners_date_or_what_waiting_forgoes() -> None:
    document = round_document()
    assert told(document).by_when.startswith("Each month of waiting forgoes $600.")
    asked = {
        date(2026, 12, 13): "Decide by 13 Dec 2026, in 10 days.",
        TODAY: "Decide by 3 Dec 2026, today.",
        date(2026, 12, 2): "Decide by 2 Dec 2026, 1 day ago.",
    }
    for when, words in asked.items():
        assert told(document, decide_by=when).by_when.startswith(words)


def test_waiting_forgoes_the_saving_less_what_running_costs() -> None:
    outlook = Outlook(
        running_monthly_usd=Estimate.exactly(100.0), one_off_usd=Estimate.exactly(3_000.0)
    )
    brief = told(round_document(growth=outlook))
    assert "forgoes $500" in brief.by_when
    assert brief.needs.endswith("Work and running cost: $3,000 once and $100 a month.")
    assert "after $3,000 for the work of switching" in brief.how_much


def test_what_it_needs_is_what_the_owner_says() -> None:
    brief = told(round_document(), needs="  Two days of Ann  ")
    assert brief.needs == "Two days of Ann"
    worked_out = told(round_document()).needs
    assert worked_out and told(round_document(), needs="   ").needs == worked_out


def test_a_fine_tuning_case_asks_for_its_investment() -> None:
    case = example_case()
    brief = told(round_document(fine_tuning=case))
    assert f"would take ${assess(case).investment_mean_usd:,.0f}. Pays back in" in brief.needs


def test_the_simple_alternative_is_the_cheapest_that_keeps_quality() -> None:
    document = round_document()
    found = (
        Control("always poor", 10.0, 0.5, 0.6),
        Control("always small", 300.0, 0.89, 0.985),
        Control("always big", 900.0, 0.95, 1.05),
    )
    document = replace(document, figures=replace(document.figures, controls=found))
    assert told(document).alternative.startswith(
        "One model for everything, small, would cost $300 a month (70% less) at 98.5%"
    )


def test_scenarios_stand_side_by_side_and_add_up_to_todays_bill() -> None:
    cautious, expected, favourable = told(round_document()).scenarios
    assert (cautious.monthly_usd, expected.monthly_usd, favourable.monthly_usd) == pytest.approx(
        (450.0, 400.0, 350.0)
    )
    for made in (cautious, expected, favourable):
        assert made.monthly_usd + made.monthly_saving_usd == pytest.approx(1_000.0)
    assert [made.saved_usd for made in (cautious, expected, favourable)] == [6_600, 7_200, 7_800]
    assert [made.quality_kept for made in (cautious, expected, favourable)] == [0.94, 0.97, 0.99]


def test_no_scenario_costs_less_than_its_rent() -> None:
    rented = replace(SMALL, id="own", price=None, fixed_monthly_usd=380.0)
    document = round_document(plan=Plan(rented, BIG, BIG))
    assert document.figures.outcome.tiers[0].queries > 0
    assert told(document).scenarios[2].monthly_usd == 380.0


def test_telling_a_plan_changes_nothing_in_it() -> None:
    document: PlanDocument = frozen()
    kept = document.figures
    told(document)
    assert document.figures == kept
