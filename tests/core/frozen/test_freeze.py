from dataclasses import replace
from datetime import timedelta

import pytest

from core.economics.estimate import Estimate
from core.economics.outlook import Outlook
from core.economics.tuning.case import example_case
from core.economics.tuning.verdict import assess
from core.errors import BadInput
from core.frozen.document import PlanDocument, document_from_json, document_to_json
from core.frozen.freeze import projections, refigured, refrozen, uncertainty_of
from core.frozen.headline import headline_of
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.check import Check
from core.routing.controls import controls
from core.routing.plan import Plan
from core.routing.simulate import simulate
from core.routing.traffic import traffic_of
from core.workload.grid import BINS
from core.workload.workload import empty_workload, from_json

from ..workload.conftest import make_classifier, make_model
from .conftest import BIG, NOON, PLAN, SMALL, frozen, made_workload


def outlook(growth: float, decline: float, months: int) -> Outlook:
    return Outlook(
        monthly_growth=Estimate.exactly(growth),
        yearly_price_decline=Estimate.exactly(decline),
        months=months,
    )


LATER = NOON + timedelta(hours=1)
NAMES = {"big": BIG, "small": SMALL, "unknown": None}


@pytest.mark.parametrize(
    "document",
    [
        frozen(),
        frozen(plan=Plan(BIG, BIG, BIG)),
        frozen(plan=Plan(SMALL, BIG, BIG, to_medium=0.0)),
        frozen(plan=Plan(make_model("own", None, fixed=900.0), SMALL, BIG, 0.3, 0.1)),
        frozen(assumptions=Assumptions(cache_kept=0.7, token_spread=0.3, seed=5)),
        frozen(growth=outlook(0.05, 0.1, 24), monthly_queries=1e6 / 3),
        frozen(workload=empty_workload(), names={}),
        frozen(plan=Plan(SMALL, BIG, BIG, check=Check(SMALL, 0.8, 0.1, judged=20))),
    ],
    ids=["usual", "inf", "-inf", "rented", "assumptions", "volume", "empty", "cascade"],
)
def test_a_saved_plan_shows_the_same_numbers_for_ever(document: PlanDocument) -> None:
    assert refigured(document) == document.figures
    assert refigured(document_from_json(document_to_json(document))) == document.figures


def test_the_figures_are_those_of_the_plan_on_the_workload() -> None:
    document, workload = frozen(), made_workload()
    traffic = traffic_of(workload, NAMES)
    outcome = simulate(traffic, PLAN, Uncertainty(1.0, 0.5), Assumptions())
    assert document.figures.outcome == outcome
    assert document.figures.controls == tuple(
        controls(traffic, workload.lengths, PLAN, outcome, Uncertainty(1.0, 0.5))
    )
    by_bin = document.figures.difficulty
    # the query of the unknown model, at 0.0 as well, is left out
    assert (len(by_bin), sum(by_bin), by_bin[50], by_bin[200]) == (BINS, 6, 1, 1)


def test_a_stated_volume_scales_the_money_and_not_the_shares() -> None:
    one, many = frozen().figures.outcome, frozen(monthly_queries=7_000.0).figures.outcome
    assert many.baseline_usd == pytest.approx(1_000 * one.baseline_usd)
    assert many.planned.central == pytest.approx(1_000 * one.planned.central)
    assert many.saving_share.central == pytest.approx(one.saving_share.central)


def test_the_document_names_what_its_figures_rest_on() -> None:
    case = example_case()
    document = frozen(fine_tuning=case, note="why")
    classifier = make_classifier()
    assert (document.author, document.created_at, document.note) == ("Ada", NOON, "why")
    assert (document.classifier_version, document.classifier_digest) == ("test", classifier.digest)
    assert document.uncertainty == uncertainty_of(classifier) == Uncertainty(1.0, 0.5)
    assert document.fine_tuning == case
    assert document.names == NAMES
    assert document.log.name == "support.csv" and document.log.queries == 7
    # one of the seven has an estimated count, two state their cost
    assert document.log.tokens_estimated_share == pytest.approx(1 / 7)
    assert document.log.cost_logged_share == pytest.approx(2 / 7)
    assert document.figures.outcome.left_out_share == pytest.approx(1 / 7)


def test_the_kept_workload_is_the_log_without_its_examples() -> None:
    kept, workload = from_json(frozen().workload), made_workload()
    assert workload.examples and kept.examples == ()
    assert kept.cells.equals(workload.cells) and kept.lengths.equals(workload.lengths)


def test_the_bill_of_the_coming_months_follows_growth_and_prices() -> None:
    outcome = frozen().figures.outcome
    central, low, high = projections(frozen().plan, outcome, outlook(0.02, 0.3, 12))
    # month t: 1.02^t more queries at 0.7^(t/12) of the price
    factors = [1.02**t * 0.7 ** (t / 12) for t in range(1, 13)]
    assert central.baseline_usd == pytest.approx([outcome.baseline_usd * f for f in factors])
    assert central.planned_usd == pytest.approx([outcome.planned.central * f for f in factors])
    saved = outcome.saving_share
    for end, share in ((low, saved.low), (high, saved.high)):
        assert end.saving_usd == pytest.approx([outcome.baseline_usd * share * f for f in factors])
        assert end.baseline_usd == central.baseline_usd


def test_a_bill_never_falls_below_nothing() -> None:
    outcome = frozen().figures.outcome
    too_good = replace(outcome, saving_share=replace(outcome.saving_share, high=1.2))
    assert set(projections(frozen().plan, too_good, Outlook())[2].planned_usd) == {0.0}


def test_the_headline_is_what_the_document_says() -> None:
    document = frozen()
    outcome, line = document.figures.outcome, headline_of(document)
    assert line.baseline_monthly_usd == outcome.baseline_usd
    assert line.planned_monthly_usd == outcome.planned.central
    assert line.saving_share == outcome.saving_share.central
    assert line.quality == outcome.quality_kept.central
    assert (line.log_name, line.log_digest) == ("support.csv", document.log.digest)
    assert (line.verified_queries, line.note, line.payback_months) == (0, "", None)
    months = document.figures.central.saving_usd
    assert line.trend == pytest.approx([sum(months[:n]) for n in range(1, 13)])


def test_a_list_shows_a_year_of_a_longer_outlook_and_all_of_a_shorter_one() -> None:
    assert len(headline_of(frozen(growth=outlook(0.0, 0.0, 24))).trend) == 12
    assert len(headline_of(frozen(growth=outlook(0.0, 0.0, 6))).trend) == 6


def test_the_headline_says_when_a_fine_tuning_case_pays_back() -> None:
    case = example_case()
    found = headline_of(frozen(fine_tuning=case, note="why"))
    assert found.payback_months == assess(case).sustained_payback_months
    assert found.payback_months is not None and found.note == "why"


def test_a_document_with_other_inputs_gets_their_figures() -> None:
    dearer = replace(frozen(), plan=Plan(BIG, BIG, BIG))
    again = refrozen(dearer, author="Bo", now=LATER, note="dearer")
    assert again == frozen(plan=Plan(BIG, BIG, BIG), author="Bo", now=LATER, note="dearer")
    assert refrozen(replace(frozen(), note="kept"), author="Bo", now=LATER).note == "kept"


def test_a_document_with_a_damaged_workload_is_refused() -> None:
    with pytest.raises(BadInput, match="workload is damaged"):
        refigured(replace(frozen(), workload="{}"))
