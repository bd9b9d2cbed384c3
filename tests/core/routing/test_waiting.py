from dataclasses import replace

import numpy as np
import pytest

from core.routing.answer_times import AnswerTimes, answer_times
from core.routing.check import Check
from core.routing.plan import Plan
from core.routing.settings import AS_LOGGED, TierSettings
from core.routing.simulate import simulate
from core.routing.traffic import Traffic, traffic_of
from core.routing.waiting import Waiting, waiting
from core.workload.workload import Workload

from ..workload.conftest import make_workload, row
from .conftest import CERTAIN, EASY, FOUR_O, HARD, MINI

NAMES = {"four-o": FOUR_O, "mini": MINI}


def timed(count: int = 100) -> Workload:
    """As many calls of the mini as of the four-o: one second and four seconds each."""
    rows, difficulty = [], []
    for i in range(count):
        rows.append(row(f"m{i}", model="mini", latency_ms=1_000.0))
        rows.append(row(f"f{i}", model="four-o", latency_ms=4_000.0))
        difficulty += [EASY, HARD]
    return make_workload(rows, difficulty)


def wait(plan: Plan, workload: Workload | None = None) -> Waiting:
    workload = workload or timed()
    found: Traffic = traffic_of(workload, NAMES)
    times = answer_times(workload, NAMES)
    assert times is not None
    return waiting(times, plan, simulate(found, plan, CERTAIN))


def near(seconds: float) -> object:
    return pytest.approx(seconds, rel=0.09)  # the width of a bin


def test_a_route_waits_for_the_tier_that_answers() -> None:
    found = wait(Plan(MINI, FOUR_O, FOUR_O))
    assert (found.p95, found.today_p95) == (near(4.0), near(4.0))
    everything = wait(Plan(MINI, MINI, MINI))
    assert (everything.p50, everything.p95) == (near(1.0), near(1.0))
    assert found.taken_as_today == ()


def test_a_cascade_waits_for_every_answer_and_every_check() -> None:
    never = Check(MINI, accepts_good=0.0, accepts_bad=0.0, seconds=0.5)
    found = wait(Plan(MINI, MINI, FOUR_O, check=never))
    assert found.p50 == near(1.0 + 0.5 + 1.0 + 0.5 + 4.0)
    always = Check(MINI, accepts_good=1.0, accepts_bad=1.0, seconds=0.5)
    found = wait(Plan(MINI, MINI, FOUR_O, check=always))
    assert found.p50 == pytest.approx(found.p95) == near(1.5)


def test_a_model_of_unknown_speed_takes_as_long_as_answers_do_today() -> None:
    found = wait(Plan(*[replace(MINI, id="new")] * 3))
    assert found.taken_as_today == ("simple",)  # the only tier that gets queries
    assert (found.p50, found.p95) == (pytest.approx(found.today_p50, rel=0.02), found.today_p95)


def test_stated_seconds_stand_for_half_of_the_answers() -> None:
    stated = TierSettings(seconds=0.2)
    plan = Plan(MINI, MINI, MINI, settings=(stated, AS_LOGGED, AS_LOGGED))
    found = wait(plan)
    assert found.p50 == pytest.approx(0.2, rel=0.01)


def test_few_calls_say_nothing_of_a_model() -> None:
    rows = [row(str(i), model="four-o", latency_ms=2_000.0) for i in range(50)]
    rows += [row("m", model="mini", latency_ms=50.0)]
    times = answer_times(make_workload(rows, [EASY] * 51), NAMES)
    assert times is not None and list(times.by_model) == ["four-o"]


def test_a_log_without_times_tells_nothing() -> None:
    assert answer_times(make_workload([row("1")], [EASY]), NAMES) is None


def test_queries_that_rules_start_higher_do_not_wait_for_lower_tiers() -> None:
    once, nine = np.full(400, 1.0), np.full(400, 9.0)
    times = AnswerTimes(once, {"mini": once, "four-o": nine})
    check = Check(MINI, accepts_good=1.0, accepts_bad=1.0, seconds=0.0)
    plan = Plan(MINI, MINI, FOUR_O, check=check)
    outcome = simulate(traffic_of(timed(), NAMES), plan, CERTAIN)
    simple, medium, complex_ = outcome.tiers
    half = {"queries": simple.queries / 2, "share_of_queries": 0.5, "calls": simple.queries / 2}
    bound = replace(outcome, tiers=(replace(simple, **half), medium, replace(complex_, **half)))
    assert waiting(times, plan, bound).p95 == pytest.approx(9.0)
