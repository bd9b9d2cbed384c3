from dataclasses import replace

import numpy as np
import pytest

from core.routing.plan import Plan
from core.routing.settings import TierSettings
from core.routing.simulate import plan_cuts, simulate
from core.routing.tier_costs import alone_usd, routed_usd, tier_cost
from core.routing.traffic import Traffic, traffic_of
from core.workload.grid import tier_by_place

from ..workload.conftest import make_model, make_workload, row
from .conftest import CERTAIN, EASY, FOUR_O, HARD, MINI, traffic

SOL = make_model("sol", 2.0, 10.0, cached=0.1, ability=4.0)
CHEAPER = make_model("cheaper", 0.75, 3.75, cached=0.075, ability=1.0)
PLAN = Plan(CHEAPER, CHEAPER, SOL)
TURN = {"model": "sol", "input_tokens": 8_000, "cache_read_tokens": 7_500, "output_tokens": 300}


def talk(*difficulty: float, sessions: str = "") -> Traffic:
    """Turns of one conversation (or of those named by a letter each), 1 million a month."""
    whose = sessions or "a" * len(difficulty)
    rows = [row(str(i), session=name, **TURN) for i, name in enumerate(whose)]
    return traffic_of(make_workload(rows, list(difficulty)), {"sol": SOL}, 1e6)


def usd(found: Traffic, plan: Plan = PLAN) -> float:
    return simulate(found, plan, CERTAIN).planned.central


# economics 1.3: a turn costs 4,750 on the model that has it cached, 7,125 on a cold cheaper one,
# 2,062.50 on a warm one; and 19,000 on the dear one once its cache is lost.
def test_a_turn_after_one_of_its_own_tier_is_warm() -> None:
    assert usd(talk(EASY, EASY)) == pytest.approx((7_125.0 + 2_062.5) / 2)
    assert usd(talk(HARD, HARD)) == pytest.approx(4_750.0)


def test_a_turn_after_one_that_went_elsewhere_has_lost_its_cache() -> None:
    assert usd(talk(EASY, HARD)) == pytest.approx((7_125.0 + 19_000.0) / 2)
    assert usd(talk(HARD, EASY)) == pytest.approx((4_750.0 + 7_125.0) / 2)


def test_queries_of_different_conversations_say_nothing_of_each_other() -> None:
    assert usd(talk(EASY, HARD, sessions="ab")) == pytest.approx((7_125.0 + 4_750.0) / 2)
    # of three turns the last one follows the first
    assert usd(talk(EASY, HARD, EASY, sessions="aba")) == pytest.approx(
        (7_125.0 + 4_750.0 + 2_062.5) / 3
    )


def test_one_model_for_everything_keeps_every_conversation_warm() -> None:
    found = talk(EASY, HARD, EASY, HARD)
    assert alone_usd(found, SOL).sum() == pytest.approx(4_750.0)
    assert alone_usd(found, CHEAPER).sum() == pytest.approx((7_125.0 + 3 * 2_062.5) / 4)


def test_places_cost_what_the_plan_costs() -> None:
    found = talk(EASY, HARD, EASY)
    cuts = plan_cuts(PLAN, CERTAIN.spread)
    tiers = tier_by_place(cuts)
    costs = routed_usd(found, PLAN, cuts)
    assert sum(float(c[tiers == t].sum()) for t, c in enumerate(costs)) == pytest.approx(usd(found))


def test_settings_change_what_a_tier_costs() -> None:
    found = traffic([EASY], monthly_queries=1e6)  # 1,000 in, 300 out on the four-o

    def cost(model=MINI, **values: float) -> float:  # type: ignore[no-untyped-def]
        return float(tier_cost(found, model, TierSettings(**values)).usd.sum())

    assert cost() == pytest.approx(330.0)  # 150 in and 180 out
    assert cost(output_share=2.0) == pytest.approx(150.0 + 360.0)
    assert cost(cached_share=0.5) == pytest.approx(75.0 + 37.5 + 180.0)
    assert cost(retry_share=0.5) == pytest.approx(1.75 * 330.0)
    # the model that answers today, too
    assert cost(FOUR_O) == pytest.approx(5_500.0)
    assert cost(FOUR_O, output_share=0.5) == pytest.approx(2_500.0 + 1_500.0)
    assert cost(FOUR_O, cached_share=1.0) == pytest.approx(1_250.0 + 3_000.0)


def test_retries_in_the_log_are_in_its_bill_already() -> None:
    rows = [row("1", model="sol"), row("2", model="sol", attempt=2), row("3", model="sol")]
    found = traffic_of(make_workload(rows, [EASY] * 3), {"sol": SOL})
    assert found.calls_per_answer == 1.5
    as_logged = tier_cost(found, CHEAPER).usd.sum()
    assert tier_cost(found, CHEAPER, TierSettings(retry_share=0.0)).usd.sum() == pytest.approx(
        as_logged / 1.5
    )


def test_the_steps_of_an_agent_are_no_retries() -> None:
    rows = [row(str(n), model="sol", attempt=1 + n) for n in range(8)]
    found = traffic_of(make_workload(rows, [EASY] * 8), {"sol": SOL})
    assert found.calls_per_answer == 1.0
    retried = tier_cost(found, CHEAPER, TierSettings(retry_share=0.1)).usd.sum()
    assert retried == pytest.approx(1.11 * tier_cost(found, CHEAPER).usd.sum())


def test_a_simulation_takes_the_settings_of_each_tier() -> None:
    found = traffic([EASY, HARD], monthly_queries=1e6)
    plan = Plan(MINI, MINI, FOUR_O)
    plain = simulate(found, plan, CERTAIN)
    simple = (TierSettings(output_share=2.0), *plan.settings[1:])
    changed = simulate(found, replace(plan, settings=simple), CERTAIN)
    assert changed.tiers[0].usd == pytest.approx(plain.tiers[0].usd * 510 / 330)
    assert changed.tiers[2].usd == plain.tiers[2].usd
    assert np.isfinite(changed.planned.high) and changed.planned.high >= changed.planned.central
