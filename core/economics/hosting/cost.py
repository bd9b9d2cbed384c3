"""Hosting a model oneself: what it costs at a volume, and from which volume on it is cheaper.

    replicas = max(fewest, ceil(volume / queries_per_replica)) + spare
    cost     = replicas x rent x (1 + overhead) + people

so cost climbs a staircase with volume, while an API's is a straight line through zero. A line
can cross one step and fall below the next: there is a first volume at which hosting is no dearer,
and one from which it stays so. Decode-bound throughput is assumed; GPU and API prices are
today's, and a path of either is the caller's (they do not move together).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from core.economics.hosting.case import PRICE, VOLUME, WHERE, SelfHostCase

Floats = npt.NDArray[np.float64]
WhyNever = Literal["", "API costs nothing", "full replica loses"]

ROUNDING: Final = 1e-12  # relative: a replica this little over its limit is floating point
TIE: Final = 1e-9  # relative: bills that meet exactly at the end of a step do meet


@dataclass(frozen=True)
class HostingMonth:
    """A month of hosting at one volume; without queries the two unit costs are None."""

    monthly_queries: float
    replicas: int  # with the spare ones
    gpu_usd: float
    overhead_usd: float
    people_usd: float
    total_usd: float
    capacity_queries: float  # a month that the replicas carry, the spare ones left aside
    utilisation: float  # of what all replicas could write in the hours that are paid
    usd_per_query: float | None
    usd_per_mtok_output: float | None


@dataclass(frozen=True)
class Crossing:
    """A monthly volume at which hosting and the API cost the same."""

    monthly_queries: float
    usd: float


@dataclass(frozen=True)
class BreakEven:
    """Where hosting gets no dearer than the API: at first, and to stay; both None if never."""

    first: Crossing | None
    lasting: Crossing | None
    why_never: WhyNever = ""


@dataclass(frozen=True)
class Comparison:
    """Hosting against an API at one volume."""

    month: HostingMonth
    usd_per_query_api: float
    api_usd: float
    break_even: BreakEven
    full_replica_usd_per_query: float  # rent and overhead of a replica that carries all it can

    @property
    def cheaper(self) -> bool:
        """Whether hosting costs no more than the API at this volume."""
        return self.month.monthly_queries > 0 and self.month.total_usd <= self.api_usd

    @property
    def times_volume(self) -> float | None:
        """The first break-even over this volume; None where there is none, or no volume."""
        if self.break_even.first is None or not self.month.monthly_queries:
            return None
        return self.break_even.first.monthly_queries / self.month.monthly_queries


def replicas_at(case: SelfHostCase, monthly_queries: npt.ArrayLike) -> Floats:
    """Replicas that are paid at each volume, the spare ones included; shape as the volumes."""
    volume = np.asarray(monthly_queries, dtype=np.float64)
    needed = np.ceil(volume / case.queries_per_replica * (1.0 - ROUNDING))
    return np.asarray(np.maximum(case.fewest_replicas, needed) + case.spare_replicas)


def monthly_usd(case: SelfHostCase, monthly_queries: npt.ArrayLike) -> Floats:
    """USD a month at each volume: rent, overhead and people; shape as the volumes."""
    replicas = replicas_at(case, monthly_queries)
    return np.asarray(replicas * case.usd_per_replica + case.people_usd)


def hosting_month(case: SelfHostCase, monthly_queries: float) -> HostingMonth:
    """A month at that volume. Raises BadInput for a volume below 0."""
    VOLUME.check("monthly_queries", monthly_queries, WHERE)
    replicas = int(replicas_at(case, monthly_queries))
    gpu = replicas * case.gpu_usd_per_replica
    total = float(monthly_usd(case, monthly_queries))
    tokens = monthly_queries * case.output_tokens_per_query
    return HostingMonth(
        monthly_queries=monthly_queries,
        replicas=replicas,
        gpu_usd=gpu,
        overhead_usd=gpu * case.overhead_share,
        people_usd=case.people_usd,
        total_usd=total,
        capacity_queries=(replicas - case.spare_replicas) * case.queries_per_replica,
        utilisation=tokens / (replicas * case.tokens_per_replica),
        usd_per_query=total / monthly_queries if monthly_queries else None,
        usd_per_mtok_output=1e6 * total / tokens if monthly_queries else None,
    )


def break_even(case: SelfHostCase, usd_per_query_api: float) -> BreakEven:
    """Where on the staircase hosting gets no dearer than an API at that price per query.

    Step k (k replicas and the spare) costs F(k) and ends at k x cap queries; the API is as dear
    as a full one where F(k) <= price x k x cap, and as one that has just begun where
    F(k) <= price x (k - 1) x cap. Both are linear in k, so the step is found at once, without
    climbing there: no break-even is too far off to be found. Raises BadInput for a bad price.
    """
    PRICE.check("usd_per_query_api", usd_per_query_api, WHERE)
    if usd_per_query_api == 0:
        return BreakEven(None, None, "API costs nothing")
    api_per_replica = usd_per_query_api * case.queries_per_replica
    won = api_per_replica - case.usd_per_replica  # by each full replica, toward the rest
    if won <= ROUNDING * case.usd_per_replica:
        return BreakEven(None, None, "full replica loses")
    rest = case.spare_replicas * case.usd_per_replica + case.people_usd
    first = math.ceil(rest / won * (1.0 - TIE))
    last_that_begins_dearer = math.ceil((rest + api_per_replica) / won * (1.0 - TIE)) - 1
    return BreakEven(
        _crossing(case, first, usd_per_query_api),
        _crossing(case, last_that_begins_dearer, usd_per_query_api),
    )


def compare(case: SelfHostCase, monthly_queries: float, usd_per_query_api: float) -> Comparison:
    """Hosting against an API of that price, at that volume. Raises BadInput for either below 0."""
    crossings = break_even(case, usd_per_query_api)
    return Comparison(
        month=hosting_month(case, monthly_queries),
        usd_per_query_api=usd_per_query_api,
        api_usd=monthly_queries * usd_per_query_api,
        break_even=crossings,
        full_replica_usd_per_query=case.usd_per_replica / case.queries_per_replica,
    )


def _crossing(case: SelfHostCase, step: int, usd_per_query_api: float) -> Crossing:
    """Where the API's line crosses that step, or the first step where `step` lies before it."""
    replicas = max(case.fewest_replicas, step) + case.spare_replicas
    usd = replicas * case.usd_per_replica + case.people_usd
    return Crossing(usd / usd_per_query_api, usd)
