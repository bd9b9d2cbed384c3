"""What the catalogue knows besides models: the four kinds, default tiers, discounts, rent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from core.catalog.model import ModelKind, Price

HOURS_PER_MONTH = 730.0  # 8,760 / 12


@dataclass(frozen=True)
class KindGuide:
    """One of the four kinds of model in plain words, and the current model to start from."""

    kind: ModelKind
    title: str
    what: str
    when: str
    when_not: str
    gap: str
    default_model: str
    source: str
    as_of: date


@dataclass(frozen=True)
class TierSet:
    """Three model ids that make a sensible plan to start from."""

    name: str
    simple: str
    medium: str
    complex: str


@dataclass(frozen=True)
class Discount:
    """A negotiated share (0..1) off every list price of one provider."""

    provider: str
    share: float
    source: str
    as_of: date

    def apply(self, price: Price) -> Price:
        """The price after the discount; its source says so, its date is the list's."""
        said = f"{price.source}, less {self.share:.1%} ({self.source}, {self.as_of})"
        return replace(price.less(self.share), source=said)


@dataclass(frozen=True)
class Rent:
    """GPUs rented around the clock for one model; `overhead_share` is storage, egress, support."""

    replicas: int
    gpus_per_replica: int
    gpu_usd_per_hour: float
    overhead_share: float
    source: str
    as_of: date
    output_tokens_per_second: float | None = None  # of a replica, at the latency wanted

    @property
    def output_tokens_per_month(self) -> float | None:
        """What the replicas write if they are never idle; None where nobody measured it."""
        if self.output_tokens_per_second is None:
            return None
        return self.replicas * self.output_tokens_per_second * 3600 * HOURS_PER_MONTH

    @property
    def monthly_usd(self) -> float:
        """USD a month, busy or idle; people are not in it."""
        gpus = self.replicas * self.gpus_per_replica
        return gpus * self.gpu_usd_per_hour * HOURS_PER_MONTH * (1.0 + self.overhead_share)

    @property
    def words(self) -> str:
        """How the monthly figure was worked out, for a note."""
        return (
            f"Rent: {self.replicas} replicas x {self.gpus_per_replica} GPU x "
            f"${self.gpu_usd_per_hour:.2f}/h x {HOURS_PER_MONTH:.0f} h, plus "
            f"{self.overhead_share:.0%} for storage, egress and support = "
            f"${self.monthly_usd:,.2f} a month, without people ({self.source}, {self.as_of})."
        )
