"""The staircase of hosting costs against an API's line, as data for a chart and a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from core.economics.hosting.case import SelfHostCase
from core.economics.hosting.cost import Comparison, monthly_usd, replicas_at

MOST_STEPS: Final = 200  # drawn; finer ones than that are a slope to the eye


@dataclass(frozen=True)
class Step:
    """A range of monthly volumes (above `from_queries`, up to `to_queries`) at one cost."""

    replicas: int
    from_queries: float
    to_queries: float
    usd: float
    usd_per_query: float  # with the step used to its end
    api_usd: float  # the API's bill at its end
    no_dearer_from: float | None  # queries a month, within the step; None where it is dearer


@dataclass(frozen=True)
class Staircase:
    """Steps from no queries to at least `until_queries`, where the API's bill is the second."""

    steps: tuple[Step, ...]
    until_queries: float
    until_api_usd: float


def staircase(case: SelfHostCase, found: Comparison) -> Staircase:
    """The steps around the volume and the break-even of a comparison.

    Beyond MOST_STEPS several replicas share a step, which then has the cost of the last of them.
    """
    until = _until(case, found)
    first = case.fewest_replicas
    last = max(int(replicas_at(case, until)) - case.spare_replicas, first)
    stride = math.ceil((last - first + 1) / MOST_STEPS)
    counts = [first, *range(first + stride, last + stride, stride)]
    begins = [0, *counts[:-1]]
    return Staircase(
        tuple(
            _step(case, found.usd_per_query_api, begin, count)
            for begin, count in zip(begins, counts, strict=True)
        ),
        until,
        until * found.usd_per_query_api,
    )


def _step(case: SelfHostCase, price: float, begin: int, count: int) -> Step:
    """The step that ends where `count` replicas are full and begins where `begin` are."""
    start, end = begin * case.queries_per_replica, count * case.queries_per_replica
    usd = float(monthly_usd(case, end))
    return Step(
        replicas=count + case.spare_replicas,
        from_queries=start,
        to_queries=end,
        usd=usd,
        usd_per_query=usd / end,
        api_usd=price * end,
        no_dearer_from=max(usd / price, start) if price and usd <= price * end else None,
    )


def _until(case: SelfHostCase, found: Comparison) -> float:
    """Queries a month at the chart's right edge: what matters well inside, and a second step.

    A second step that lies far beyond what matters is left out, or it would be all one sees.
    """
    second = (case.fewest_replicas + 1) * case.queries_per_replica
    crossing = found.break_even.lasting
    if crossing is None:
        return max(1.25 * found.month.monthly_queries, second)
    matters = max(found.month.monthly_queries, crossing.monthly_queries)
    return max(1.25 * matters, min(second, 4.0 * matters))
