from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from scipy.optimize import linprog

from core.catalog.model import Model
from core.routing.assumptions import Uncertainty
from core.routing.controls import Control, best_swap, controls
from core.routing.plan import Plan
from core.routing.simulate import Range, simulate
from core.routing.traffic import Traffic, traffic_of
from core.workload.workload import Workload, empty_workload

from ..workload.conftest import make_model, make_workload, row
from .conftest import (
    CERTAIN,
    EASY,
    FOUR_O,
    HARD,
    MIDDLING,
    MINI,
    UNSURE,
    any_plan,
    any_traffic,
    logistic,
    traffic,
)

MID = make_model("mid", 0.8, 3.0, ability=2.5)
NAMES = {"four-o": FOUR_O, "mini": MINI}


def logged(difficulty: list[float], characters: list[int]) -> Workload:
    """Queries of FOUR_O, 1,000 tokens in and 300 out, with prompts of those lengths."""
    rows = [
        row(str(i), model="four-o", output_tokens=300, text_chars=c)
        for i, c in enumerate(characters)
    ]
    return make_workload(rows, difficulty)


def controls_of(
    found: Traffic, plan: Plan, uncertainty: Uncertainty = UNSURE, lengths: object = None
) -> dict[str, Control]:
    outcome = simulate(found, plan, uncertainty)
    frame = empty_workload().lengths if lengths is None else lengths
    assert isinstance(frame, pd.DataFrame)
    return {c.name: c for c in controls(found, frame, plan, outcome, uncertainty)}


def test_all_controls_are_there_in_this_order() -> None:
    found = controls_of(traffic([EASY, HARD]), Plan(MINI, MID, FOUR_O))
    assert list(found) == [
        "today's mix",
        "always Mini",
        "always Mid",
        "always Four-O",
        "random, same shares",
        "fixed split, same cost",
        "prompt length, same shares",
    ]


@settings(max_examples=12, deadline=None)
@given(any_traffic(), any_plan())
def test_always_one_model_is_a_plan_with_that_model_in_all_tiers(
    found: Traffic, plan: Plan
) -> None:
    given_controls = controls_of(found, plan)
    by_name = {m.name: (m, s) for m, s in zip(plan.models.values(), plan.settings, strict=True)}
    for model, called in by_name.values():
        alone = simulate(found, Plan(model, model, model, settings=(called,) * 3), UNSURE)
        control = given_controls[f"always {model.name}"]
        assert control.monthly_usd == pytest.approx(alone.planned.central, abs=1e-9)
        assert control.quality == pytest.approx(alone.quality.central)
        assert control.quality_kept == pytest.approx(alone.quality_kept.central)
    today = given_controls["today's mix"]
    assert today.monthly_usd == pytest.approx(found.monthly_usd)
    assert today.quality_kept == pytest.approx(1.0)


def hull(points: list[tuple[float, float]], usd: float) -> float:
    """The best expected quality of a random split that costs `usd` or less, as a linear program."""
    cost, quality = np.array(points).T
    best = linprog(-quality, A_ub=[cost], b_ub=[usd], A_eq=[np.ones(3)], b_eq=[1.0])
    return float(-best.fun)


@settings(max_examples=12, deadline=None)
@given(any_traffic(), any_plan())
def test_the_fixed_split_lies_on_the_hull_of_the_single_models(found: Traffic, plan: Plan) -> None:
    plan = replace(plan, **{t: replace(m, name=t) for t, m in plan.models.items()})
    given_controls = controls_of(found, plan)
    points = [
        (given_controls[f"always {t}"].monthly_usd, given_controls[f"always {t}"].quality)
        for t in plan.models
    ]
    split = given_controls["fixed split, same cost"]
    planned = simulate(found, plan, UNSURE).planned.central
    if planned >= min(usd for usd, _ in points) + 1e-9:
        assert split.monthly_usd == pytest.approx(planned)
        assert split.quality == pytest.approx(hull(points, planned), abs=1e-6)
    else:  # nothing to mix: the cheapest model alone
        assert split.monthly_usd == pytest.approx(min(usd for usd, _ in points))


# routing 2.2: cheap (.0003, .70), mid (.0011, .80), frontier (.0055, .85) per query
@pytest.mark.parametrize(
    ("usd", "quality"),
    [(0.0020, 0.81023), (0.0010, 0.7875), (0.0003, 0.70), (0.0055, 0.85), (0.0099, 0.85)],
)
def test_the_mixing_line_of_three_models_is_the_golden_one(usd: float, quality: float) -> None:
    def model(name: str, per_query: float, rate: float) -> Model:
        ability = MIDDLING + float(np.log(rate / (1 - rate)))
        return make_model(name, per_query * 1_000, ability=ability)  # 1,000 tokens in

    plan = Plan(model("a", 0.0003, 0.70), model("b", 0.0011, 0.80), model("c", 0.0055, 0.85))
    found = traffic([MIDDLING])
    outcome = replace(simulate(found, plan, CERTAIN), planned=Range(usd, usd, usd))
    given_controls = controls(found, empty_workload().lengths, plan, outcome, CERTAIN)
    split = next(c for c in given_controls if c.name == "fixed split, same cost")
    assert split.quality == pytest.approx(quality, abs=5e-6)
    assert split.monthly_usd == pytest.approx(usd)


def test_below_the_cheapest_model_there_is_nothing_to_mix() -> None:
    # the log states that today's queries cost next to nothing, so staying beats every other model
    found = traffic([EASY, EASY], cost_usd=0.000001)
    plan = Plan(FOUR_O, MID, MID)
    split = controls_of(found, plan)["fixed split, same cost"]
    alone = controls_of(found, plan)["always Four-O"]
    assert split.monthly_usd == pytest.approx(alone.monthly_usd)


def test_random_at_equal_shares_is_the_mean_of_many_random_assignments() -> None:
    rows = [
        row(str(i), model="four-o", input_tokens=100 * i + 50, output_tokens=300) for i in range(40)
    ]
    difficulty = np.random.default_rng(1).normal(0.5, 2.0, 40).tolist()
    found = traffic_of(make_workload(rows, difficulty), NAMES)
    plan = Plan(MINI, MID, FOUR_O)
    outcome = simulate(found, plan, CERTAIN)
    shares = [t.share_of_queries for t in outcome.tiers]
    assert min(shares) > 0
    # shuffle who goes where, many times, query by query
    tiers = np.repeat(range(3), [round(40 * s) for s in shares])
    models = list(plan.models.values())
    usd = np.array([[m.price.cost_usd(100 * i + 50, 0, 300) for m in models] for i in range(40)])  # type: ignore[union-attr]
    middle = np.floor((np.array(difficulty) + 8) / 0.04) * 0.04 + 0.02 - 8
    good = np.array([[logistic(m.ability.mean - d) for m in models] for d in middle])
    random = np.random.default_rng(2)
    tries = [random.permutation(tiers) for _ in range(4_000)]
    control = controls_of(found, plan, CERTAIN)["random, same shares"]
    rows_of = np.arange(40)
    assert control.monthly_usd == pytest.approx(
        np.mean([usd[rows_of, t].sum() for t in tries]), rel=0.005
    )
    assert control.quality == pytest.approx(
        np.mean([good[rows_of, t].mean() for t in tries]), abs=0.002
    )
    assert outcome.quality.central > control.quality


def test_length_does_as_well_as_the_plan_where_long_prompts_are_the_hard_ones() -> None:
    difficulty = [EASY] * 6 + [MIDDLING] * 2 + [HARD] * 2
    plan = Plan(MINI, MID, FOUR_O)
    alike = logged(difficulty, [10] * 6 + [500] * 2 + [20_000] * 2)
    turned = logged(difficulty, [20_000] * 6 + [500] * 2 + [10] * 2)
    found = traffic_of(alike, NAMES)
    planned = simulate(found, plan, CERTAIN)
    by_length = {
        name: controls_of(found, plan, CERTAIN, w.lengths)["prompt length, same shares"]
        for name, w in (("alike", alike), ("turned", turned))
    }
    assert by_length["alike"].quality == pytest.approx(planned.quality.central)
    assert by_length["alike"].monthly_usd == pytest.approx(planned.planned.central)
    assert by_length["turned"].quality < planned.quality.central
    # all queries have the same tokens, so any order of the same shares costs the same
    assert by_length["turned"].monthly_usd == pytest.approx(planned.planned.central)


def test_length_is_random_where_all_prompts_are_as_long() -> None:
    workload = logged([EASY] * 5 + [HARD] * 5, [300] * 10)
    found = traffic_of(workload, NAMES)
    given_controls = controls_of(found, Plan(MINI, MID, FOUR_O), CERTAIN, workload.lengths)
    by_length, random = (
        given_controls[n] for n in ("prompt length, same shares", "random, same shares")
    )
    assert by_length.quality == pytest.approx(random.quality)
    assert by_length.monthly_usd == pytest.approx(random.monthly_usd)


def test_rent_is_part_of_a_control_that_uses_the_model() -> None:
    own = make_model("own", 0.0, ability=1.0, fixed=70.0)
    workload = logged([EASY] * 7 + [MIDDLING] * 3, [10] * 7 + [999] * 3)
    found = traffic_of(workload, NAMES)
    # the third tier is never used: MID and the rented model are alike to every query
    spare = make_model("spare", 0.0, ability=2.5, fixed=9_000.0)
    given_controls = controls_of(found, Plan(own, MID, spare), CERTAIN, workload.lengths)
    mid_usd = 3 * (1_000 * 0.8 + 300 * 3.0) / 1e6
    assert given_controls["always Own"].monthly_usd == pytest.approx(70.0)
    assert given_controls["always Spare"].monthly_usd == pytest.approx(9_000.0)
    for name in ("random, same shares", "prompt length, same shares"):
        assert given_controls[name].monthly_usd == pytest.approx(70.0 + mid_usd)


@pytest.mark.parametrize("difficulty", [[], [MIDDLING]])
def test_a_tiny_log_has_controls_without_nan(difficulty: list[float]) -> None:
    workload = logged(difficulty, [40] * len(difficulty))
    found = traffic_of(workload, NAMES)
    for control in controls_of(found, Plan(MINI, MID, FOUR_O), UNSURE, workload.lengths).values():
        assert np.isfinite([control.monthly_usd, control.quality, control.quality_kept]).all()


def test_the_best_swap_is_the_cheapest_single_model_that_is_good_enough_and_saves() -> None:
    found = traffic([EASY] * 9 + [MIDDLING], monthly_queries=1e6)  # 5,500 USD today
    plan = Plan(MINI, MID, FOUR_O)
    given_controls = list(controls_of(found, plan, CERTAIN).values())
    kept = {c.name: c.quality_kept for c in given_controls}
    assert kept["always Mini"] < 0.98 < kept["always Mid"]
    best = best_swap(found, given_controls)
    assert best is not None and best.name == "always Mid"
    low = best_swap(found, given_controls, 0.5)
    assert low is not None and low.name == "always Mini"
    assert best_swap(found, given_controls, 1.01) is None
    # today's own model keeps everything and saves nothing
    assert best_swap(found, given_controls, 1.0) is None
