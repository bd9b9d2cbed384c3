import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.model import Model
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.futures import baseline_quality
from core.routing.plan import Plan
from core.routing.settings import AS_LOGGED, TierSettings
from core.routing.simulate import Outcome, Range, expected_quality_kept, plan_cuts, simulate
from core.routing.traffic import Traffic, traffic_of
from core.workload.grid import PLACES, tier_by_place
from core.workload.workload import empty_workload, merge

from ..workload.conftest import make_model, make_workload, row
from .conftest import (
    CERTAIN,
    EASY,
    FOUR_O,
    HARD,
    LOG_NAMES,
    MIDDLING,
    MINI,
    UNSURE,
    Log,
    any_log,
    any_model,
    any_plan,
    any_traffic,
    logistic,
    traffic,
)

STAY = Plan(FOUR_O, FOUR_O, FOUR_O)


def ranges(outcome: Outcome) -> list[Range]:
    return [outcome.planned, outcome.saving_share, outcome.quality, outcome.quality_kept]


def test_seventy_percent_to_mini_saves_what_the_economics_page_says() -> None:
    # economics, case G3: 1M queries a month, 5,500.00 today, 1,881.00 planned, 65.8% saved
    found = simulate(
        traffic([EASY] * 7 + [HARD] * 3, monthly_queries=1e6), Plan(MINI, FOUR_O, FOUR_O), CERTAIN
    )
    simple, medium, complex_ = found.tiers
    assert found.baseline_usd == pytest.approx(5_500.00, abs=0.005)
    assert simple.usd == pytest.approx(231.00, abs=0.005)
    assert medium.usd == pytest.approx(1_650.00, abs=0.005)
    assert found.planned.central == pytest.approx(1_881.00, abs=0.005)
    assert found.saving_usd == pytest.approx(3_619.00, abs=0.005)
    assert found.saving_share.central == pytest.approx(3_619 / 5_500)
    assert [t.queries for t in found.tiers] == pytest.approx([700_000, 300_000, 0])
    assert [t.share_of_queries for t in found.tiers] == pytest.approx([0.7, 0.3, 0])
    assert [t.share_of_spend_today for t in found.tiers] == pytest.approx([0.7, 0.3, 0])
    # abilities 4 and 1 logits: the margin over an easy query is 9.98 and 6.98, over a hard .98
    assert simple.quality == pytest.approx(logistic(6.98))
    assert medium.quality == pytest.approx(logistic(0.98))
    assert complex_.quality == 0.0
    before = 0.7 * logistic(9.98) + 0.3 * logistic(0.98)
    after = 0.7 * logistic(6.98) + 0.3 * logistic(0.98)
    assert found.baseline_quality == pytest.approx(before)
    assert found.quality.central == pytest.approx(after)
    assert found.quality_kept.central == pytest.approx(after / before)


# economics 1.4: shares 70/20/10 at 1/20, 1/10 and 1 of the frontier's price, and so on
@pytest.mark.parametrize(
    ("shares", "ratios", "saving"),
    [
        ((70, 20, 10), (20, 10), 0.845),
        ((70, 20, 10), (10, 5), 0.79),
        ((70, 15, 15), (20, 10), 0.80),
        ((70, 25, 5), (20, 10), 0.89),
    ],
)
def test_three_tiers_save_what_their_shares_and_prices_say(
    shares: tuple[int, int, int], ratios: tuple[float, float], saving: float
) -> None:
    cheap, mid = (
        make_model(n, 2.5 / r, 10 / r, ability=a)
        for n, r, a in zip(("cheap", "mid"), ratios, (-2.0, 1.0), strict=True)
    )
    difficulty = [d for d, n in zip((EASY, -2.02, HARD), shares, strict=True) for _ in range(n)]
    found = simulate(traffic(difficulty), Plan(cheap, mid, FOUR_O), CERTAIN)
    assert [t.share_of_queries for t in found.tiers] == pytest.approx([s / 100 for s in shares])
    assert found.saving_share.central == pytest.approx(saving)


def test_unequal_queries_save_by_spend_and_not_by_count() -> None:
    rows = [
        row("1", model="four-o", input_tokens=10_000, output_tokens=0),  # 0.0250 USD
        row("2", model="four-o", input_tokens=1_000, output_tokens=0),  # 0.0025 USD
    ]
    found = simulate(
        traffic_of(make_workload(rows, [HARD, EASY]), {"four-o": FOUR_O}),
        Plan(MINI, FOUR_O, FOUR_O),
        CERTAIN,
    )
    assert [t.share_of_queries for t in found.tiers] == [0.5, 0.5, 0.0]
    assert [t.share_of_spend_today for t in found.tiers] == pytest.approx([1 / 11, 10 / 11, 0])
    assert found.planned.central == pytest.approx(0.025 + 0.00015)


def test_a_query_goes_up_only_for_more_than_the_tolerance() -> None:
    # the gain of ability 4 over 1 on a query of difficulty 0.02
    gain = logistic(4 - MIDDLING) - logistic(1 - MIDDLING)
    for tolerance, share in ((gain - 0.01, 0.0), (gain + 0.01, 1.0)):
        plan = Plan(MINI, FOUR_O, FOUR_O, to_medium=tolerance)
        found = simulate(traffic([MIDDLING]), plan, CERTAIN)
        assert found.tiers[0].share_of_queries == share


@settings(max_examples=12, deadline=None)
@given(any_traffic())
def test_staying_on_the_same_model_costs_what_is_logged(found: Traffic) -> None:
    for model in (FOUR_O, MINI):
        mine = replace(
            found,
            streams=tuple(s for s in found.streams if s.model == model),
            queries=sum((s.queries for s in found.streams if s.model == model), np.zeros(PLACES)),
        )
        stay = simulate(mine, Plan(model, model, model), UNSURE)
        assert stay.planned.central == pytest.approx(mine.monthly_usd, abs=1e-12)
        for share in (
            stay.saving_share.central, stay.saving_share.low, stay.saving_share.high,
        ):  # fmt: skip
            assert share == pytest.approx(0.0, abs=1e-9)
        if mine.monthly_queries:
            for kept in (
                stay.quality_kept.central, stay.quality_kept.low, stay.quality_kept.high,
            ):  # fmt: skip
                assert kept == pytest.approx(1.0, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(any_log(), any_log(), any_plan())
def test_planning_on_merged_workloads_is_planning_on_the_joined_log(
    first: Log, second: Log, plan: Plan
) -> None:
    parts = [make_workload(rows, difficulty) for rows, difficulty in (first, second)]
    joined = make_workload([*first[0], *second[0]], [*first[1], *second[1]])
    apart = (traffic_of(merge(parts), LOG_NAMES, 1e6), traffic_of(joined, LOG_NAMES, 1e6))
    merged, whole = (simulate(each, plan, UNSURE) for each in apart)
    assert merged == whole


@settings(max_examples=15, deadline=None)
@given(any_traffic(), any_plan())
def test_saving_never_exceeds_the_share_of_spend_that_moves(found: Traffic, plan: Plan) -> None:
    plan = replace(plan, settings=(AS_LOGGED,) * 3)  # other settings save on what stays, too
    outcome = simulate(found, plan, UNSURE)
    tiers = tier_by_place(plan_cuts(plan, UNSURE.spread))
    stays = sum(
        s.usd[tiers == code].sum()
        for s in found.streams
        for code, model in enumerate(plan.models.values())
        if model.id == s.model.id
    )
    if found.monthly_usd:
        moved = 1 - stays / found.monthly_usd
        assert outcome.saving_share.central <= moved + 1e-9
        assert outcome.saving_usd == pytest.approx(
            outcome.saving_share.central * found.monthly_usd, abs=1e-9
        )


@settings(max_examples=15, deadline=None)
@given(any_traffic(), any_plan(), any_model("new"), st.floats(0, 1), st.floats(0, 1))
def test_a_cheaper_tier_price_never_raises_the_cost(
    found: Traffic, plan: Plan, model: Model, less_in: float, less_out: float
) -> None:
    assert model.price is not None
    cheaper = replace(
        model,
        price=replace(
            model.price,
            input_usd_per_mtok=model.price.input_usd_per_mtok * less_in,
            cached_usd_per_mtok=model.price.cached_usd_per_mtok * less_in,
            output_usd_per_mtok=model.price.output_usd_per_mtok * less_out,
        ),
    )
    for tier in ("simple", "medium", "complex"):
        before, after = (
            simulate(found, replace(plan, **{tier: m}), CERTAIN).planned.central
            for m in (model, cheaper)
        )
        assert after <= before + 1e-9


@settings(max_examples=12, deadline=None)
@given(any_traffic(), any_plan(), st.floats(0, 1), st.sampled_from(["to_medium", "to_complex"]))
def test_a_larger_tolerance_never_lowers_the_cheap_share(
    found: Traffic, plan: Plan, other: float, step: str
) -> None:
    small, large = sorted([getattr(plan, step), other])
    strict, lax = (simulate(found, replace(plan, **{step: t}), UNSURE) for t in (small, large))
    assert lax.tiers[0].share_of_queries >= strict.tiers[0].share_of_queries - 1e-12
    assert lax.tiers[2].share_of_queries <= strict.tiers[2].share_of_queries + 1e-12


@settings(max_examples=12, deadline=None)
@given(any_traffic(), st.floats(-3, 3), st.floats(0.1, 2))
def test_an_abler_cheap_model_answers_the_same_queries_better(
    found: Traffic, ability: float, more: float
) -> None:
    weak, able = (make_model("cheap", ability=a) for a in (ability, ability + more))
    top = make_model("top", ability=9.0)
    # at a tolerance of 1 nothing goes up, so both plans send every query to the cheap model
    before, after = (simulate(found, Plan(m, top, top, 1.0, 1.0), UNSURE) for m in (weak, able))
    assert before.tiers[0].share_of_queries == after.tiers[0].share_of_queries == 1.0
    assert after.quality.central > before.quality.central


def test_naming_an_abler_cheap_model_raises_the_quality_of_an_easy_log() -> None:
    easy = traffic([EASY] * 5)
    able = replace(MINI, id="able", ability=replace(MINI.ability, mean=3.0))
    kept = [
        simulate(easy, Plan(m, FOUR_O, FOUR_O), CERTAIN).quality_kept.central for m in (MINI, able)
    ]
    assert kept == pytest.approx([logistic(6.98) / logistic(9.98), logistic(8.98) / logistic(9.98)])


@settings(max_examples=15, deadline=None)
@given(any_traffic(), any_plan())
def test_figures_are_finite_add_up_and_lie_in_their_ranges(found: Traffic, plan: Plan) -> None:
    outcome = simulate(found, plan, UNSURE)
    for figure in ranges(outcome):
        assert figure.low <= figure.central <= figure.high
        assert all(math.isfinite(end) for end in (figure.low, figure.central, figure.high))
    assert outcome.planned.low >= 0 and outcome.quality.high <= 1 + 1e-9
    assert sum(t.share_of_queries for t in outcome.tiers) == pytest.approx(1.0)
    assert sum(t.usd for t in outcome.tiers) == pytest.approx(outcome.planned.central)
    if found.monthly_usd:
        assert sum(t.share_of_spend_today for t in outcome.tiers) == pytest.approx(1.0)
    good = sum(t.queries * t.quality for t in outcome.tiers)
    assert good / found.monthly_queries == pytest.approx(outcome.quality.central)


def test_the_same_seed_gives_the_same_ranges_and_another_seed_others() -> None:
    found, plan = traffic([EASY, MIDDLING, HARD]), Plan(MINI, MINI, FOUR_O)
    unsure = replace(plan, simple=replace(MINI, ability=replace(MINI.ability, sd=1.0)))
    first, again, other = (
        simulate(found, unsure, UNSURE, Assumptions(seed=seed)) for seed in (1, 1, 2)
    )
    assert first == again
    assert first.quality.low != other.quality.low
    assert [r.central for r in ranges(first)] == [r.central for r in ranges(other)]


def test_ranges_close_when_everything_is_known() -> None:
    plan = Plan(MINI, FOUR_O, FOUR_O)
    many = traffic([EASY] * 700 + [HARD] * 300, monthly_queries=1e6)
    known = simulate(many, plan, CERTAIN, Assumptions(token_spread=0.0))
    unknown = simulate(many, plan, CERTAIN, Assumptions(token_spread=0.5))
    # what is left is the log being a sample of 1,000: a count of 300 is off by 6%
    width = known.saving_share.high - known.saving_share.low
    assert 0.0 < width < 0.1
    assert unknown.saving_share.high - unknown.saving_share.low > width
    few = simulate(
        traffic([EASY] * 7 + [HARD] * 3, monthly_queries=1e6), plan, CERTAIN,
        Assumptions(token_spread=0.0),
    )  # fmt: skip
    assert few.saving_share.high - few.saving_share.low > 3 * width


def test_half_the_futures_lie_on_either_side() -> None:
    # only the token count on another model is unknown: 10%, so a 90% range of 16.4% either way
    found = traffic([EASY] * 10_000, monthly_queries=1e6)
    outcome = simulate(found, Plan(MINI, MINI, MINI), CERTAIN)
    assert outcome.planned.low == pytest.approx(330 * (1 - 0.164), rel=0.03)
    assert outcome.planned.high == pytest.approx(330 * (1 + 0.164), rel=0.03)


def test_an_able_model_that_is_uncertain_has_a_wide_quality_range() -> None:
    sure, unsure = (make_model("cheap", ability=1.0, sd=sd) for sd in (0.0, 1.0))
    found = traffic([MIDDLING] * 10_000)
    widths = []
    for model in (sure, unsure):
        quality = simulate(found, Plan(model, model, model), CERTAIN).quality
        widths.append(quality.high - quality.low)
    # the 5th and the 95th percentile of the ability are 1.645 logits either way
    exact = logistic(1 - MIDDLING + 1.645) - logistic(1 - MIDDLING - 1.645)
    assert widths[0] == pytest.approx(0.0, abs=1e-9)
    assert widths[1] == pytest.approx(exact, rel=0.1)


def test_rent_is_paid_by_the_month_and_only_when_the_model_is_used() -> None:
    own = make_model("own", 0.0, ability=1.0, fixed=400.0)
    easy, hard = traffic([EASY] * 4, monthly_queries=1e6), traffic([HARD] * 4, monthly_queries=1e6)
    used = simulate(easy, Plan(own, FOUR_O, FOUR_O), CERTAIN)
    assert used.planned.central == pytest.approx(400.0)
    assert used.planned.low == used.planned.high == pytest.approx(400.0)
    assert used.saving_share.central == pytest.approx(1 - 400 / 5_500)
    idle = simulate(hard, Plan(own, FOUR_O, FOUR_O), CERTAIN)
    assert idle.planned.central == pytest.approx(5_500.0)
    assert idle.saving_share.central == pytest.approx(0.0)


def test_one_rented_endpoint_in_two_tiers_is_paid_once() -> None:
    own = make_model("own", 0.0, ability=1.0, fixed=400.0)
    # of the same ability nothing goes to medium; an abler stand-in of the same id does
    abler = replace(own, ability=replace(own.ability, mean=2.0))
    mixed = traffic([EASY, MIDDLING], monthly_queries=1e6)
    found = simulate(mixed, Plan(own, abler, FOUR_O, 0.05, 1.0), CERTAIN)
    assert [t.share_of_queries for t in found.tiers] == [0.5, 0.5, 0.0]
    assert [t.usd for t in found.tiers] == [400.0, 0.0, 0.0]
    assert found.planned.high == pytest.approx(400.0)


@pytest.mark.parametrize("difficulty", [[], [MIDDLING]])
@pytest.mark.parametrize("uncertainty", [CERTAIN, UNSURE])
def test_a_tiny_log_gives_numbers(difficulty: list[float], uncertainty: Uncertainty) -> None:
    own = make_model("own", 0.0, ability=1.0, fixed=400.0)
    for plan in (STAY, Plan(MINI, FOUR_O, FOUR_O), Plan(own, own, own)):
        outcome = simulate(traffic(difficulty), plan, uncertainty)
        for figure in ranges(outcome):
            assert figure.low <= figure.central <= figure.high
            assert math.isfinite(figure.low) and math.isfinite(figure.high)


def test_without_a_bill_nothing_is_saved() -> None:
    nothing = simulate(traffic_of(empty_workload(), {}), STAY, UNSURE)
    assert (nothing.baseline_usd, nothing.planned.central, nothing.saving_usd) == (0, 0, 0)
    assert nothing.saving_share == Range(0.0, 0.0, 0.0)
    free_today = simulate(traffic([EASY], cost_usd=0.0), Plan(MINI, MINI, MINI), CERTAIN)
    assert free_today.saving_share == Range(0.0, 0.0, 0.0)
    assert free_today.saving_usd == pytest.approx(-0.00033)


def test_futures_in_which_todays_models_fail_most_queries_are_left_out() -> None:
    unsure = replace(FOUR_O, ability=replace(FOUR_O.ability, mean=1.5, sd=2.0))
    found = simulate(traffic([MIDDLING] * 5_000, unsure), Plan(MINI, MINI, MINI), CERTAIN)
    # MINI has the same 1 - 0.02 logits in each future; today's model at least as much as 0.5
    assert found.quality_kept.high <= logistic(1 - MIDDLING) / 0.5 + 1e-9


def test_expected_quality_is_that_of_the_simulation() -> None:
    found = traffic([EASY, MIDDLING, HARD, HARD])
    for plan in (STAY, Plan(MINI, FOUR_O, FOUR_O), Plan(MINI, MINI, FOUR_O, 0.1, 0.3)):
        central = simulate(found, plan, UNSURE).quality_kept.central
        assert expected_quality_kept(found, plan, UNSURE) == pytest.approx(central)
    assert expected_quality_kept(traffic([]), STAY, UNSURE) == 0.0


def test_todays_quality_is_that_of_the_models_in_the_log() -> None:
    rows = [row("1", model="four-o"), row("2", model="mini"), row("3", model="mini")]
    found = traffic_of(
        make_workload(rows, [MIDDLING, MIDDLING, HARD]), {"four-o": FOUR_O, "mini": MINI}
    )
    good = logistic(4 - MIDDLING) + logistic(1 - MIDDLING) + logistic(1 - HARD)
    assert baseline_quality(found, 0.0) == pytest.approx(good / 3)


def test_settings_never_make_a_bill_less_than_nothing() -> None:
    """A log that states no cost for a call, and a tier that is said to write half as much."""
    free_today = traffic([EASY], cost_usd=0.0)
    half = TierSettings(output_share=0.5)
    plan = Plan(FOUR_O, FOUR_O, FOUR_O, settings=(half, half, half))
    assert simulate(free_today, plan, CERTAIN).planned.central == 0.0
