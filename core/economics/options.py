"""What else could be done with the same traffic: every option beside doing nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.catalog.model import Price
from core.catalog.tariff import batch_price
from core.economics.forecast import Bill, forecast, nothing_changes
from core.economics.outlook import Outlook
from core.economics.projection import Projection
from core.economics.tuning.verdict import FineTuneResult
from core.errors import BadInput
from core.routing.controls import Control, best_swap
from core.routing.plan import Plan
from core.routing.simulate import Outcome
from core.routing.strategies import Comparison
from core.routing.traffic import Stream, Traffic

NOTHING, CACHE_AND_BATCH, SWAP = "Do nothing", "Cache and batch", "One cheaper model"
ROUTE, CASCADE, FINE_TUNE = "Route", "Cascade", "and fine-tune"


@dataclass(frozen=True)
class Thrift:
    """What could be had from today's models for less, as shares: nobody can read it from a log.

    `waits` of the queries can wait for a batch; `repeats` of the input is the same in many calls,
    at its head, and could come from the provider's cache.
    """

    waits: float = 0.0
    repeats: float = 0.0

    def __post_init__(self) -> None:
        for name, share in (("can wait", self.waits), ("repeats", self.repeats)):
            if not 0 <= share <= 1:
                raise BadInput(
                    f"the share that {name} is {share:g}", remedy="Use 0 to 1 (0.3 means 30%)"
                )


@dataclass(frozen=True)
class Option:
    """One way to go on, and what it comes to; `quality_kept` is over today's, None where unknown.

    `note` says what it is or why it has no figures; `forecast` is None where it has none.
    """

    name: str
    note: str
    bill: Bill | None
    quality_kept: float | None
    forecast: Projection | None
    planned: bool = False  # the plan itself


def options(
    traffic: Traffic,
    plan: Plan,
    outcome: Outcome,
    compared: Sequence[Control],
    strategies: Comparison,
    outlook: Outlook,
    *,
    thrift: Thrift | None = None,
    tuned: FineTuneResult | None = None,
) -> list[Option]:
    """Every option in the same months: nothing, thrift, one model, route, cascade, fine-tune."""
    today = Bill(outcome.baseline_usd)
    still = nothing_changes(outlook)
    found = [
        Option(NOTHING, "today's models, today's way", today, 1.0, forecast(today, today, still))
    ]
    found.append(_thrifty(traffic, today, still, thrift or Thrift()))
    swap = best_swap(traffic, list(compared))
    if swap is None:
        note = "none costs less and keeps 98% of today's quality"
        found.append(Option(SWAP, note, None, None, None))
    else:
        name = swap.name.removeprefix("always ")
        found.append(_option(SWAP, name, today, Bill(swap.monthly_usd), swap.quality_kept, outlook))
    own = plan_bill(plan, outcome)
    kept = outcome.quality_kept.central
    route, cascade = _strategies(plan, outcome, strategies, own, kept)
    for name, bill, quality, note in ((ROUTE, *route), (CASCADE, *cascade)):
        is_plan = (plan.check is not None) == (name == CASCADE)
        if bill is None:
            found.append(Option(name, note, None, None, None))
        else:
            option = _option(name, note, today, bill, quality, outlook)
            found.append(replace(option, planned=is_plan))
    if tuned is not None:
        bill = replace(
            own,
            extra_usd=tuple(-net for net in tuned.monthly_net_usd),
            started_usd=tuned.investment_mean_usd,
        )
        first = CASCADE if plan.check is not None else ROUTE
        note = "the plan, and the case of the Fine-tuning page on what it leaves"
        if outlook.volume_plan or outlook.season or outlook.monthly_token_drift.likely:
            note += "; its own part follows growth only"
        if tuned.months < outlook.months:
            note += f"; nothing of it counts after month {tuned.months}"
        found.append(_option(f"{first} {FINE_TUNE}", note, today, bill, None, outlook))
    return found


def plan_bill(plan: Plan, outcome: Outcome) -> Bill:
    """The planned bill, with the rent in it that follows neither volume nor prices."""
    rents = plan.rents_usd([tier.queries > 0 for tier in outcome.tiers])
    return Bill(outcome.planned.central, min(sum(rents), outcome.planned.central))


def thrifty_usd(traffic: Traffic, thrift: Thrift) -> float:
    """Today's bill with more of the input read from the cache and some of the work in batches.

    What list prices say is saved is taken off in proportion to what was really paid.
    """
    return sum(_thrifty_stream(stream, thrift) for stream in traffic.streams)


def _thrifty_stream(stream: Stream, thrift: Thrift) -> float:
    paid = float(stream.usd.sum())
    price = stream.model.price
    if price is None:
        return paid
    given, read, written, output = (
        float(np.sum(tokens))
        for tokens in (
            stream.input_tokens,
            stream.cache_read_tokens,
            stream.cache_write_tokens,
            stream.output_tokens,
        )
    )
    listed = price.cost_usd(given, read, output, written)
    if listed <= 0:
        return paid
    more = max(thrift.repeats * given - read - written, 0.0)
    cached = price.cost_usd(given, read + more, output, written)
    batch = batch_price(stream.model) or price
    in_batch = _cost(batch, given, read + more, output, written)
    return paid * ((1 - thrift.waits) * cached + thrift.waits * min(in_batch, cached)) / listed


def _cost(price: Price, given: float, read: float, output: float, written: float) -> float:
    return float(price.cost_usd(given, read, output, written))


def _thrifty(traffic: Traffic, today: Bill, still: Outlook, thrift: Thrift) -> Option:
    if not thrift.waits and not thrift.repeats:
        note = "say below how much could wait, or repeats: a log does not tell"
        return Option(CACHE_AND_BATCH, note, None, None, None)
    bill = Bill(min(thrifty_usd(traffic, thrift), today.usd))
    words = (
        f"{thrift.repeats:.0%} of the input cached, {thrift.waits:.0%} of the queries in batches"
    )
    return _option(CACHE_AND_BATCH, words, today, bill, 1.0, still)


def _strategies(
    plan: Plan, outcome: Outcome, strategies: Comparison, own: Bill, kept: float
) -> tuple[tuple[Bill | None, float | None, str], tuple[Bill | None, float | None, str]]:
    """The plan and the other strategy with the same models: route first, then cascade."""
    before = outcome.baseline_quality or 1.0
    mine = (own, kept, "this plan")
    if plan.check is None:
        usd, quality = strategies.cascade_usd, strategies.cascade_quality / before
        rents = min(own.fixed_usd, usd)
        return mine, (
            Bill(usd, rents),
            quality,
            f"the same models, checked by {_judge(strategies)}",
        )
    if strategies.routed is None:
        return (None, None, "no routing of these models reaches the cascade's quality"), mine
    routed = strategies.routed
    bill = Bill(routed.usd, min(own.fixed_usd, routed.usd))
    return (bill, routed.quality / before, "the same models and quality, sorted first"), mine


def _judge(strategies: Comparison) -> str:
    return strategies.check.model.name


def _option(
    name: str, note: str, today: Bill, bill: Bill, kept: float | None, outlook: Outlook
) -> Option:
    return Option(name, note, bill, kept, forecast(today, bill, outlook))
