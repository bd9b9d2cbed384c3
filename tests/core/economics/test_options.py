import pytest

from core.economics.estimate import Estimate
from core.economics.options import (
    CACHE_AND_BATCH,
    CASCADE,
    FINE_TUNE,
    NOTHING,
    ROUTE,
    SWAP,
    Option,
    Thrift,
    options,
    plan_bill,
    thrifty_usd,
)
from core.economics.outlook import Outlook
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.verdict import assess
from core.errors import BadInput
from core.routing.check import Check
from core.routing.controls import controls
from core.routing.plan import Plan
from core.routing.simulate import simulate
from core.routing.strategies import compare

from ..routing.conftest import EASY, FOUR_O, HARD, MINI, UNSURE, traffic
from ..workload.conftest import make_model, make_workload, row

MIDDLE = make_model("middle", 1.0, 4.0, ability=2.5)
PLAN = Plan(MINI, MIDDLE, FOUR_O)
TRAFFIC = traffic([EASY] * 25 + [HARD] * 25, monthly_queries=1e6)
LENGTHS = make_workload([row("a")], [EASY]).lengths
FLAT = Outlook(yearly_price_decline=Estimate.exactly(0.0))


def found(plan: Plan = PLAN, outlook: Outlook = FLAT, **more: object) -> dict[str, Option]:
    outcome = simulate(TRAFFIC, plan, UNSURE)
    compared = controls(TRAFFIC, LENGTHS, plan, outcome, UNSURE)
    strategies = compare(TRAFFIC, plan, plan.check or Check(MIDDLE), UNSURE)
    made = options(TRAFFIC, plan, outcome, compared, strategies, outlook, **more)  # type: ignore[arg-type]
    return {option.name: option for option in made}


def saved(option: Option) -> float:
    assert option.forecast is not None
    return option.forecast.total_saving_usd


def test_the_plan_saves_what_it_saves_each_month_and_nothing_saves_nothing() -> None:
    made, outcome = found(), simulate(TRAFFIC, PLAN, UNSURE)
    assert saved(made[NOTHING]) == 0.0
    assert saved(made[ROUTE]) == pytest.approx(12 * outcome.saving_usd)
    assert made[ROUTE].planned and not made[CASCADE].planned
    assert made[ROUTE].quality_kept == outcome.quality_kept.central


def test_a_cascade_plan_stands_beside_routing_with_its_models() -> None:
    plan = Plan(MINI, MIDDLE, FOUR_O, check=Check(MIDDLE, 0.9, 0.3))
    made = found(plan)
    assert made[CASCADE].planned and not made[ROUTE].planned
    both = compare(TRAFFIC, plan, Check(MIDDLE, 0.9, 0.3), UNSURE)
    assert both.routed is not None and made[ROUTE].bill is not None
    assert made[ROUTE].bill.usd == pytest.approx(both.routed.usd)


def test_only_what_changes_something_pays_for_the_change() -> None:
    dear = Outlook(
        yearly_price_decline=Estimate.exactly(0.0), one_off_usd=Estimate.exactly(1_000),
        running_monthly_usd=Estimate.exactly(10),
    )  # fmt: skip
    before, after = found(), found(outlook=dear)
    assert saved(after[NOTHING]) == 0.0
    assert saved(before[ROUTE]) - saved(after[ROUTE]) == pytest.approx(1_000 + 12 * 10)


def test_what_a_log_cannot_tell_has_no_figures_until_somebody_says_it() -> None:
    silent = found()[CACHE_AND_BATCH]
    assert silent.bill is None and silent.forecast is None and "a log does not tell" in silent.note
    told = found(thrift=Thrift(repeats=0.5))[CACHE_AND_BATCH]
    # 1,000 tokens in at $2.50, 300 out at $10: half of the input at half of its price
    assert told.bill is not None
    assert told.bill.usd == pytest.approx(TRAFFIC.monthly_usd * (1 - 625 / 5_500))


def test_thrift_never_makes_it_dearer_and_all_of_nothing_is_today() -> None:
    assert thrifty_usd(TRAFFIC, Thrift()) == pytest.approx(TRAFFIC.monthly_usd)
    bills = [thrifty_usd(TRAFFIC, Thrift(share, share)) for share in (0.0, 0.3, 0.6, 1.0)]
    assert bills == sorted(bills, reverse=True)
    with pytest.raises(BadInput, match="can wait"):
        Thrift(waits=1.2)


def test_one_model_that_keeps_quality_is_named_and_else_said_to_be_missing() -> None:
    weak = make_model("weak", 0.01, 0.01, ability=-4.0)
    plan = Plan(weak, weak, FOUR_O)
    assert found(plan)[SWAP].bill is None and "none costs less" in found(plan)[SWAP].note
    able = make_model("able", 0.5, 1.0, ability=4.0)
    swap = found(Plan(weak, able, FOUR_O))[SWAP]
    assert swap.note == "Able" and swap.bill is not None and saved(swap) > 0


def test_rent_is_the_fixed_part_of_the_bill() -> None:
    own = make_model("own", 0.0, 0.0, ability=1.0, fixed=50.0)
    plan = Plan(own, MIDDLE, FOUR_O)
    outcome = simulate(TRAFFIC, plan, UNSURE)
    assert plan_bill(plan, outcome).fixed_usd == pytest.approx(50.0)


def test_a_fine_tune_adds_its_own_net_to_the_plan() -> None:
    case = FineTuneCase(current_monthly_usd=5_000, asset_life_months=12, horizon_months=12)
    tuned = assess(case)
    made = found(tuned=tuned)
    both = made[f"{ROUTE} {FINE_TUNE}"]
    assert saved(both) == pytest.approx(saved(made[ROUTE]) + tuned.cumulative_usd[12])
