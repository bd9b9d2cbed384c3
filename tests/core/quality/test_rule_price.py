import pytest

from core.errors import BadInput
from core.quality.rule_price import rule_price_usd
from core.routing.plan import Plan
from core.routing.rule_effects import rule_effects
from core.workload.routing_rules import RoutingRule

from ..routing.conftest import CERTAIN, EASY, FOUR_O, HARD, MINI
from ..workload.conftest import make_workload, row

PLAN = Plan(MINI, FOUR_O, FOUR_O)
NAMES = {"four-o": FOUR_O, "mini": MINI}
ROWS = [
    row(str(n), model="four-o", segment=("chat", "search")[n % 2], output_tokens=300)
    for n in range(8)
]
DIFFICULTY = [EASY, EASY, HARD, HARD] * 2


def test_the_price_beforehand_is_what_the_rule_then_costs() -> None:
    rule = RoutingRule("segment", "chat", "floor", "complex")
    before = rule_price_usd(
        make_workload(ROWS, DIFFICULTY), NAMES, PLAN, rule, CERTAIN, monthly_queries=8e6
    )
    plan = Plan(MINI, FOUR_O, FOUR_O, rules=(rule,))
    ruled = make_workload(ROWS, DIFFICULTY, [rule])
    (effect,) = rule_effects(ruled, NAMES, plan, CERTAIN, monthly_queries=8e6)
    assert before == pytest.approx(effect.usd) and before > 0


def test_other_rules_have_no_price_beforehand() -> None:
    rule = RoutingRule("contains", "refund", "floor", "complex")
    with pytest.raises(BadInput, match="only rules by segment"):
        rule_price_usd(make_workload(ROWS, DIFFICULTY), NAMES, PLAN, rule, CERTAIN)
