import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.routing.check import Check
from core.routing.frontier import frontier
from core.routing.optimum import optimum
from core.routing.plan import Plan
from core.routing.rule_effects import rule_effects
from core.routing.simulate import simulate
from core.routing.traffic import Traffic, traffic_of
from core.workload.routing_rules import RoutingRule
from core.workload.workload import Workload

from ..workload.conftest import make_model, make_workload, row
from .conftest import CERTAIN, EASY, FOUR_O, HARD, MIDDLING, MINI, UNSURE

MIDDLE = make_model("middle", 1.0, 4.0, ability=2.5)
NAMES = {"four-o": FOUR_O}
UP = RoutingRule("segment", "chat", "force", "complex")
DOWN = RoutingRule("segment", "search", "cap", "simple")


def workload(difficulty: list[float], rules: list[RoutingRule]) -> Workload:
    rows = [
        row(str(n), model="four-o", segment=("chat", "search")[n % 2], output_tokens=300)
        for n in range(len(difficulty))
    ]
    return make_workload(rows, difficulty, rules)


def traffic(difficulty: list[float], rules: list[RoutingRule]) -> Traffic:
    return traffic_of(workload(difficulty, rules), NAMES, 1e6)


def test_a_rule_moves_its_queries_and_costs_what_they_cost_there() -> None:
    plan = Plan(MINI, MIDDLE, FOUR_O, rules=(UP, DOWN))
    made = workload([EASY] * 6 + [HARD] * 4, [UP, DOWN])
    up, down = rule_effects(made, NAMES, plan, CERTAIN, monthly_queries=1e6)
    assert up.queries == down.queries == pytest.approx(500_000)
    assert up.moved == pytest.approx(300_000), "the easy half of the chats"
    assert up.usd == pytest.approx(300_000 * (0.0055 - 0.00033))
    assert down.moved == pytest.approx(200_000) and down.usd < 0
    outcome = simulate(traffic_of(made, NAMES, 1e6), plan, CERTAIN)
    assert [t.share_of_queries for t in outcome.tiers] == pytest.approx([0.5, 0.0, 0.5])
    free = simulate(traffic([EASY] * 6 + [HARD] * 4, []), plan, CERTAIN)
    assert outcome.planned.central - free.planned.central == pytest.approx(up.usd + down.usd)


def test_a_rule_that_fits_nothing_or_changes_nothing_says_so() -> None:
    never = RoutingRule("segment", "nowhere", "force", "simple")
    stays = RoutingRule("segment", "chat", "floor", "simple")
    made = workload([EASY, HARD], [never, stays])
    none, same = rule_effects(
        made, NAMES, Plan(MINI, MIDDLE, FOUR_O, rules=(never, stays)), CERTAIN
    )
    assert (none.queries, none.moved) == (0, 0)
    assert same.queries > 0 and same.moved == 0 and same.usd == pytest.approx(0)


@given(
    st.lists(st.floats(-6, 6), min_size=2, max_size=6), st.sampled_from([[UP], [DOWN], [UP, DOWN]])
)
@settings(max_examples=25, deadline=None)
def test_frontier_and_optimum_keep_within_the_rules(
    difficulty: list[float], rules: list[RoutingRule]
) -> None:
    found = traffic(difficulty, rules)
    plan = Plan(MINI, MIDDLE, FOUR_O, rules=tuple(rules))
    best = optimum(found, plan, UNSURE)
    for choice in frontier(found, plan, UNSURE)[::7]:
        other = Plan(MINI, MIDDLE, FOUR_O, choice.to_medium, choice.to_complex, rules=tuple(rules))
        outcome = simulate(found, other, UNSURE)
        assert outcome.planned.central == pytest.approx(choice.usd)
        assert outcome.quality.central == pytest.approx(choice.quality)
        assert best.quality_at(choice.usd) >= choice.quality - 1e-9


def test_a_cascade_starts_and_ends_where_the_rules_say() -> None:
    found = traffic([MIDDLING] * 10, [UP, DOWN])
    plan = Plan(MINI, MIDDLE, FOUR_O, check=Check(MINI, 0.5, 0.5), rules=(UP, DOWN))
    outcome = simulate(found, plan, UNSURE)
    simple, medium, complex_ = outcome.tiers
    assert medium.calls == 0
    assert simple.calls == complex_.calls == pytest.approx(500_000)
    assert outcome.check_usd == 0, "nothing that is checked could go higher"
    assert np.isclose(outcome.planned.central, simple.usd + complex_.usd)
    (up, _) = rule_effects(workload([MIDDLING] * 10, [UP, DOWN]), NAMES, plan, UNSURE)
    assert up.moved is None and up.usd is None
