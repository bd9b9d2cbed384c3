"""Which segment of a log could pay for a model of its own, the ceiling test first.

How often the same thing is asked, which a tuned model lives from, is not here: a workload
keeps sums and not texts, so it does not know.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.complexity.scale import TIERS
from core.economics.estimate import Estimate
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.case_json import NAME_CHARS
from core.economics.tuning.payback_map import volume_to_pay_back
from core.economics.tuning.verdict import FineTuneResult, assess
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.plan import Plan
from core.routing.simulate import expected_cascade, plan_cuts
from core.routing.tier_costs import routed_usd
from core.routing.traffic import Traffic, traffic_of
from core.workload.grid import BINS, UNBOUND_PLACES, Cuts, bin_centres, tier_by_place
from core.workload.latencies import no_latencies
from core.workload.pricing import Names
from core.workload.spend import spend_today
from core.workload.workload import Workload, places

MOST: Final = 12  # segments; the rest of a long list is too small to train for
MOSTLY_SIMPLE: Final = 0.7  # of its queries: then a cheaper model may do untrained


@dataclass(frozen=True)
class Segment:
    """One named part of a log, per month, as far as a workload knows it.

    Only queries with a known cost count. The name is untrusted text.
    """

    name: str
    queries: float
    usd: float
    spend_share: float  # of the log's known spend
    simple_share: float  # of its queries, as they look
    difficulty: float  # mean, in logits
    harder_than_share: float  # of the log's queries, those that look easier than its mean
    left_over: float = 1.0  # what routing leaves of its bill


@dataclass(frozen=True)
class Candidate:
    """What training a model for one segment would come to."""

    rank: int  # 1 is the best
    segment: Segment
    case: FineTuneCase
    worth: bool  # it pays back within the months counted
    payback_months: float | None
    ceiling_months: float | None  # not sooner, even if the tuned model ran for free
    break_even_queries: float | None  # a month, from which it pays back; None: at no volume
    reason: str


def segments_of(
    workload: Workload, names: Names, monthly_factor: float, cuts: Cuts
) -> tuple[Segment, ...]:
    """The segments with a known cost that spend most, dearest first, at most MOST of them.

    `monthly_factor` turns sums over the log into sums of a month, `cuts` say what looks simple.
    """
    usd = spend_today(workload, names).usd
    known = ~np.isnan(usd)
    cells, usd = workload.cells[known], usd[known]
    place = places(cells) % UNBOUND_PLACES
    queries = cells["queries"].to_numpy(dtype=float)
    logits = bin_centres()[place % BINS]
    simple = tier_by_place(cuts)[place] == TIERS.index("simple")
    total = float(usd.sum())
    found = []
    for name in cells["segment"].unique():
        here = (cells["segment"] == name).to_numpy()
        count = float(queries[here].sum())
        mean = float(logits[here] @ queries[here]) / count if count else 0.0
        spent = float(usd[here].sum())
        found.append(
            Segment(
                name=str(name),
                queries=count * monthly_factor,
                usd=spent * monthly_factor,
                spend_share=spent / total if total else 0.0,
                simple_share=float(queries[here & simple].sum()) / count if count else 0.0,
                difficulty=mean,
                harder_than_share=float(queries[logits < mean].sum()) / float(queries.sum() or 1.0),
            )
        )
    return tuple(sorted(found, key=lambda segment: (-segment.usd, segment.name))[:MOST])


def after_routing(
    segments: Sequence[Segment],
    workload: Workload,
    names: Names,
    monthly_factor: float,
    plan: Plan,
    uncertainty: Uncertainty,
    assumptions: Assumptions | None = None,
) -> tuple[Segment, ...]:
    """The segments with what a plan leaves of each one's bill.

    Rents of whole endpoints are left out: they stay when a slice moves away.
    """
    found = []
    for segment in segments:
        cells = workload.cells[workload.cells["segment"] == segment.name]
        part = replace(workload, cells=cells, latencies=no_latencies())
        traffic = traffic_of(part, names, monthly_factor * part.queries, plan.windows)
        planned = _planned_usd(traffic, plan, uncertainty, assumptions or Assumptions())
        left = min(planned / traffic.monthly_usd, 1.0) if traffic.monthly_usd else 1.0
        found.append(replace(segment, left_over=left))
    return tuple(found)


def candidates(segments: Sequence[Segment], template: FineTuneCase) -> tuple[Candidate, ...]:
    """Every segment as a case of its own, best first: those that need least extra volume.

    `template` gives everything but the bill, the slice and what routing leaves; a tuned model's
    bill in it is taken in proportion to the segment's.
    """
    cases = [case_of(segment, template) for segment in segments]
    judged = list(zip(map(volume_to_pay_back, cases), segments, cases, strict=True))
    judged.sort(key=lambda one: (one[0] is None, one[0] or 0.0, -one[1].usd, one[1].name))
    return tuple(
        _candidate(rank, segment, case, needed)
        for rank, (needed, segment, case) in enumerate(judged, start=1)
    )


def case_of(segment: Segment, template: FineTuneCase) -> FineTuneCase:
    """The template as a case on one segment alone."""
    tuned = template.tuned_monthly_usd
    if tuned is not None:
        slice_usd = template.slice_monthly_usd
        part = segment.usd / slice_usd if slice_usd else 0.0
        tuned = Estimate(part * tuned.low, part * tuned.likely, part * tuned.high)
    return replace(
        template,
        name=segment.name[:NAME_CHARS],
        current_monthly_usd=segment.usd,
        monthly_queries=segment.queries,
        cost_per_query_usd=None,
        slice_share=1.0,
        routing_multiplier=segment.left_over,
        tuned_monthly_usd=tuned,
    )


def _candidate(rank: int, segment: Segment, case: FineTuneCase, needed: float | None) -> Candidate:
    result = assess(case)
    return Candidate(
        rank=rank,
        segment=segment,
        case=case,
        worth=result.sustained_payback_months is not None,
        payback_months=result.sustained_payback_months,
        ceiling_months=result.ceiling_months,
        break_even_queries=None if needed is None else needed * segment.queries,
        reason=_reason(segment, case, result, needed),
    )


def _reason(
    segment: Segment, case: FineTuneCase, result: FineTuneResult, needed: float | None
) -> str:
    """One line: why it is a candidate, or what stands against it, the ceiling test first."""
    payback, ceiling = result.sustained_payback_months, result.ceiling_months
    if payback is not None:
        text = f"Pays back in {payback:.1f} months."
        if segment.simple_share >= MOSTLY_SIMPLE:
            return f"{text} Mostly simple: try a cheaper model first."
        return text
    if ceiling is None:
        return "Costs nothing today: there is nothing to save."
    if ceiling > case.months:
        return f"Not within {math.floor(ceiling):,} months even if it ran for free."
    if needed is None:
        return "At no volume: routing makes it as cheap already."
    return f"Needs {needed:,.1f} times its volume."


def _planned_usd(
    traffic: Traffic, plan: Plan, uncertainty: Uncertainty, assumptions: Assumptions
) -> float:
    """What the plan costs on that traffic, USD a month, without rents."""
    if plan.check is not None:
        tiers, checks = expected_cascade(traffic, plan, plan.check, uncertainty, assumptions)
        rents = plan.rents_usd([tier.calls > 0 for tier in tiers])
        return sum(tier.usd for tier in tiers) + checks - sum(rents)
    cuts = plan_cuts(plan, uncertainty.spread)
    tier = tier_by_place(cuts)
    costs = routed_usd(traffic, plan, cuts, assumptions)
    return float(sum(usd[tier == code].sum() for code, usd in enumerate(costs)))
