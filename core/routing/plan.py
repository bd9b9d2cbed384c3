"""A routing plan: three tiers, each with a model, and the tolerances that sort queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from core.catalog.model import Model
from core.complexity.scale import TIERS, Tier
from core.errors import BadInput
from core.routing.check import Check
from core.routing.settings import AS_LOGGED, TierSettings
from core.workload.routing_rules import RoutingRule
from core.workload.windows import Windows

DEFAULT_TOLERANCE: Final = 0.05  # five points, the design's default for both steps


Strategy = Literal["route", "cascade"]


@dataclass(frozen=True)
class Plan:
    """Which model answers each tier, and how much quality a cheaper tier may give up.

    A query goes to medium only when the medium model's chance of an acceptable answer is more
    than `to_medium` above the simple model's, and to complex when the complex model's is more
    than `to_complex` above the medium one's. Both are shares: 0.05 is five points.

    `rules`, tried in order, bound the tiers of the queries that they fit; the workload counts
    those. With a `check` the plan is a cascade instead: every query starts at the simple tier
    and goes up while its answer fails the check, and the tolerances are not used. `settings` say
    how each tier calls its model.
    """

    simple: Model
    medium: Model
    complex: Model
    to_medium: float = DEFAULT_TOLERANCE
    to_complex: float = DEFAULT_TOLERANCE
    check: Check | None = None
    rules: tuple[RoutingRule, ...] = ()
    settings: tuple[TierSettings, TierSettings, TierSettings] = (AS_LOGGED, AS_LOGGED, AS_LOGGED)

    def __post_init__(self) -> None:
        for name in ("to_medium", "to_complex"):
            value = getattr(self, name)
            if not 0.0 <= value <= 1.0:
                raise BadInput(
                    f"a tolerance is {value:g}", where=name, remedy="Give a share from 0 to 1"
                )
        for (tier, model), settings in zip(self.models.items(), self.settings, strict=True):
            if settings.fallback is not None and settings.fallback.id == model.id:
                raise BadInput(
                    f"{model.name} cannot stand in for itself",
                    where=f"{tier} tier",
                    remedy="Choose another model as its fallback, or none",
                )
            if model.price is None and not model.fixed_monthly_usd:
                raise BadInput(
                    f"{model.name} has no price",
                    where=f"{tier} tier",
                    remedy="Choose a priced model or state its price in models.yaml",
                )

    def with_rules(self, rules: Sequence[RoutingRule]) -> Plan:
        """The same plan with these rules on top."""
        return replace(self, rules=tuple(rules))

    @property
    def strategy(self) -> Strategy:
        """Route: classify, then call one model. Cascade: try cheap, check, escalate."""
        return "cascade" if self.check else "route"

    @property
    def models(self) -> dict[Tier, Model]:
        """The model of each tier, from simple to complex."""
        return {"simple": self.simple, "medium": self.medium, "complex": self.complex}

    @property
    def windows(self) -> Windows:
        """The context windows of the three models, in tokens; None where not known."""
        low, mid, high = (model.context_window for model in self.models.values())
        return low, mid, high

    def rents_usd(self, used: Sequence[bool]) -> tuple[float, float, float]:
        """The fixed monthly cost of each tier, where `used` says which tiers get queries.

        An endpoint that serves two tiers is paid once, in the first of them that is used.
        """
        paid: set[str] = set()
        found = []
        for model, in_use in zip(self.models.values(), used, strict=True):
            due = in_use and model.id not in paid
            found.append(model.fixed_monthly_usd if due else 0.0)
            paid |= {model.id} if in_use else set()
        simple, medium, complex_ = found
        return simple, medium, complex_

    @property
    def abilities(self) -> tuple[float, float, float]:
        """The mean abilities of the three models, in logits."""
        low, mid, high = (self.models[tier].ability.mean for tier in TIERS)
        return low, mid, high
