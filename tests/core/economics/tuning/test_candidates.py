from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.catalog.model import Model
from core.economics.estimate import Estimate
from core.economics.tuning.candidates import (
    MOST,
    after_routing,
    candidates,
    case_of,
    segments_of,
)
from core.economics.tuning.verdict import assess
from core.routing.plan import Plan
from core.routing.simulate import simulate
from core.routing.traffic import traffic_of
from core.workload.tiers import usual_cuts_by_lever

from ...routing.conftest import CERTAIN, EASY, FOUR_O, HARD, MINI
from ...workload.conftest import make_classifier, make_workload, row

CUTS = usual_cuts_by_lever(make_classifier())
NAMES: dict[str, Model | None] = {"four-o": FOUR_O, "mini": MINI}
QUERY_USD = 0.0055  # 1,000 tokens in and 300 out on four-o: the worked case G3


def workload(parts: Sequence[tuple[str, int, float]], model: str = "four-o"):
    """So many queries of each segment at that difficulty."""
    rows, difficulty = [], []
    for segment, count, hard in parts:
        for n in range(count):
            rows.append(row(f"{segment}{n}", segment=segment, model=model, output_tokens=300))
            difficulty.append(hard)
    return make_workload(rows, difficulty)


def by_name(found):
    return {one.name: one for one in found}


def test_a_segment_has_its_volume_spend_and_difficulty_of_a_month():
    found = segments_of(workload([("faq", 6, EASY), ("law", 2, HARD)]), NAMES, 10.0, CUTS)
    assert [one.name for one in found] == ["faq", "law"]  # dearest first
    faq, law = found
    assert (faq.queries, law.queries) == (60, 20)
    assert faq.usd == pytest.approx(60 * QUERY_USD)
    assert (faq.spend_share, law.spend_share) == pytest.approx((0.75, 0.25))
    assert (faq.simple_share, law.simple_share) == (1.0, 0.0)
    assert (faq.difficulty, law.difficulty) == pytest.approx((EASY, HARD))
    assert (faq.harder_than_share, law.harder_than_share) == pytest.approx((0.0, 0.75))


def test_queries_without_a_price_are_no_part_of_a_segment():
    mixed = workload([("faq", 4, EASY)])
    assert segments_of(mixed, {"four-o": None}, 1.0, CUTS) == ()


def test_a_log_without_queries_has_no_segments():
    empty = workload([("faq", 1, EASY)])
    empty = replace(empty, cells=empty.cells.iloc[:0])
    assert segments_of(empty, NAMES, 1.0, CUTS) == ()


def test_a_long_list_is_cut_to_the_segments_that_spend_most():
    many = workload([(f"s{n:02}", 1 + n, EASY) for n in range(MOST + 5)])
    found = segments_of(many, NAMES, 1.0, CUTS)
    assert len(found) == MOST
    assert found[0].name == f"s{MOST + 4:02}"


def test_what_routing_leaves_of_the_segments_sums_to_the_plan():
    log = workload([("faq", 6, EASY), ("law", 2, HARD)])
    plan = Plan(MINI, MINI, FOUR_O)
    segments = segments_of(log, NAMES, 1.0, CUTS)
    found = after_routing(segments, log, NAMES, 1.0, plan, CERTAIN)
    traffic = traffic_of(log, NAMES, log.queries)
    planned = simulate(traffic, plan, CERTAIN).planned.central
    assert sum(one.left_over * one.usd for one in found) == pytest.approx(planned)
    assert by_name(found)["faq"].left_over == pytest.approx(0.06)  # G3: mini costs 6%
    assert by_name(found)["law"].left_over == pytest.approx(1.0)


def template(bare, **changes):
    return bare(30_000, current_monthly_usd=1.0, cost_ratio=Estimate.exactly(10), **changes)


def test_the_best_candidate_needs_least_extra_volume(bare):
    log = workload([("faq", 6, EASY), ("law", 2, HARD), ("code", 3, HARD)])
    segments = segments_of(log, NAMES, 1e6, CUTS)
    found = candidates(segments, template(bare))
    assert [one.rank for one in found] == [1, 2, 3]
    assert [one.segment.name for one in found] == ["faq", "code", "law"]  # the largest first
    for one in found:
        result = assess(one.case)
        assert one.payback_months == result.sustained_payback_months
        assert one.ceiling_months == pytest.approx(30_000 / one.segment.usd)
        assert one.worth == (one.break_even_queries <= one.segment.queries)


def test_at_the_break_even_queries_a_segment_just_pays_back(bare):
    (segment,) = segments_of(workload([("faq", 6, EASY)]), NAMES, 100.0, CUTS)
    (one,) = candidates([segment], template(bare))
    assert not one.worth and one.break_even_queries is not None
    # 30,000 over 36 months, from 90% of 0.0055 USD a query
    assert one.break_even_queries == pytest.approx(30_000 / 36 / (0.9 * QUERY_USD))
    for times, pays in ((1.001, True), (0.999, False)):
        queries = times * one.break_even_queries
        scaled = replace(segment, queries=queries, usd=queries * QUERY_USD)
        assert candidates([scaled], template(bare))[0].worth == pays


def test_the_ceiling_is_said_before_anything_else(bare):
    (segment,) = segments_of(workload([("faq", 6, EASY)]), NAMES, 100.0, CUTS)
    (one,) = candidates([segment], template(bare))
    assert one.reason == "Not within 9,090 months even if it ran for free."  # 30,000 / 3.30


def test_a_segment_that_routing_made_cheap_is_none_at_any_volume(bare):
    (segment,) = segments_of(workload([("faq", 6, EASY)]), NAMES, 1e6, CUTS)
    (one,) = candidates([replace(segment, left_over=0.06)], template(bare))
    assert one.break_even_queries is None and not one.worth
    assert "At no volume" in one.reason


def test_a_mostly_simple_segment_that_pays_is_sent_to_a_cheaper_model_first(bare):
    (segment,) = segments_of(workload([("faq", 6, EASY)]), NAMES, 1e6, CUTS)
    (one,) = candidates([segment], template(bare))
    assert one.worth and "cheaper model first" in one.reason


def test_a_segment_without_spend_costs_nothing(bare):
    (segment,) = segments_of(workload([("faq", 6, EASY)]), NAMES, 1.0, CUTS)
    (one,) = candidates([replace(segment, usd=0.0)], template(bare))
    assert one.ceiling_months is None and not one.worth
    assert "nothing to save" in one.reason


def test_a_tuned_bill_in_the_template_is_taken_in_proportion(bare):
    (segment,) = segments_of(workload([("faq", 6, EASY)]), NAMES, 1e6, CUTS)
    whole = bare(current_monthly_usd=100_000, tuned_monthly_usd=Estimate(5_000, 10_000, 20_000))
    tuned = case_of(segment, whole).tuned_monthly_usd
    assert tuned is not None and tuned.likely == pytest.approx(segment.usd / 10)


def test_an_untrusted_name_is_kept_as_it_is_and_cut_to_what_a_case_holds(bare):
    name = "=cmd|' /C calc'!A0 " + "x" * 300
    (segment,) = segments_of(workload([(name, 2, EASY)]), NAMES, 1.0, CUTS)
    case = case_of(segment, template(bare))
    assert segment.name == name
    assert case.name == name[:200]
