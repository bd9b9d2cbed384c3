"""What each tier of a plan would cost at every place of the traffic.

Queries that a model answers today go on costing what they cost today, but for the cache that is
lost where the turn before now goes elsewhere. Queries that change model keep their tokens; the
conversation's cache is warm where the turn before goes the same way, else it is cold but for the
share that is assumed to be kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.catalog.model import Model
from core.complexity.scale import NEUTRAL
from core.routing.assumptions import Assumptions
from core.routing.plan import Plan
from core.routing.settings import AS_LOGGED, TierSettings
from core.routing.traffic import Stream, Traffic
from core.routing.warmth import same_model
from core.workload.grid import PLACES, Cuts

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TierCost:
    """USD per month and place if one tier answered everything, without rent; shape (PLACES,).

    `stays` is the part of `usd` for queries that its model answers today. In conversations the
    cost is usd + follows * lost - warm * kept: `follows` is the share of cached tokens that follow
    a known turn, `warm` that of those whose turn before went to the same model.
    """

    usd: Floats
    stays: Floats
    lost: Floats
    kept: Floats

    def at(self, follows: Floats, warm: Floats) -> Floats:
        """The cost with those shares, per place."""
        return np.asarray(self.usd + follows * self.lost - warm * self.kept)


def tier_cost(
    traffic: Traffic,
    model: Model,
    settings: TierSettings = AS_LOGGED,
    assumptions: Assumptions | None = None,
) -> TierCost:
    """The cost of a model that is called as `settings` say."""
    cold = (assumptions or Assumptions()).cache_kept
    usd, stays, lost, kept = np.zeros((4, PLACES))
    for s in traffic.streams:
        here = s.usd if s.model.id == model.id else _moved(model, s, settings, cold)
        discount = _discount(model, s) if settings.cached_share is None else np.zeros(PLACES)
        if s.model.id == model.id:
            # A log may state less than its tokens cost at list prices; no bill is below nothing.
            here = np.maximum(here + _changed(model, s, settings), 0.0)
            stays += here
            lost += discount
        else:
            lost += cold * discount
        usd += here
        kept += discount
    calls = settings.calls_per_answer
    again = calls / traffic.calls_per_answer if calls is not None else 1.0
    return TierCost(again * usd, again * stays, again * lost, again * kept)


def tier_costs(
    traffic: Traffic, plan: Plan, assumptions: Assumptions | None = None
) -> tuple[TierCost, TierCost, TierCost]:
    """The costs of the plan's three tiers."""
    simple, medium, complex_ = (
        tier_cost(traffic, model, settings, assumptions)
        for model, settings in zip(plan.models.values(), plan.settings, strict=True)
    )
    return simple, medium, complex_


def routed_usd(
    traffic: Traffic, plan: Plan, cuts: Cuts, assumptions: Assumptions | None = None
) -> tuple[Floats, Floats, Floats]:
    """Per tier the cost per place with the caches that a plan with these cuts keeps warm."""
    costs = tier_costs(traffic, plan, assumptions)
    if not traffic.conversation.known:
        return costs[0].usd, costs[1].usd, costs[2].usd
    follows = traffic.conversation.follows()
    warm = traffic.conversation.warm(cuts[NEUTRAL], [m.id for m in plan.models.values()])
    simple, medium, complex_ = (c.at(follows, w) for c, w in zip(costs, warm, strict=True))
    return simple, medium, complex_


def cascaded_usd(
    traffic: Traffic, plan: Plan, assumptions: Assumptions | None = None
) -> tuple[Floats, Floats, Floats]:
    """Per tier the cost per place in a cascade.

    The simple model sees every turn and stays warm; the others see some turns only, so what they
    had cached of a conversation is taken as lost.
    """
    costs = tier_costs(traffic, plan, assumptions)
    if not traffic.conversation.known:
        return costs[0].usd, costs[1].usd, costs[2].usd
    follows = traffic.conversation.follows()
    models = [m.id for m in plan.models.values()]
    simple, medium, complex_ = (
        cost.at(follows, follows if 0 in same_model(models, tier) else np.zeros(PLACES))
        for tier, cost in enumerate(costs)
    )
    return simple, medium, complex_


def warmest_usd(
    traffic: Traffic, plan: Plan, assumptions: Assumptions | None = None
) -> tuple[Floats, Floats, Floats]:
    """Per tier the cost per place if no plan ever lost a conversation's cache: the least it can."""
    simple, medium, complex_ = (
        alone_usd(traffic, model, settings, assumptions)
        for model, settings in zip(plan.models.values(), plan.settings, strict=True)
    )
    return simple, medium, complex_


def alone_usd(
    traffic: Traffic,
    model: Model,
    settings: TierSettings = AS_LOGGED,
    assumptions: Assumptions | None = None,
) -> Floats:
    """The cost per place if the model answered everything."""
    cost = tier_cost(traffic, model, settings, assumptions)
    if not traffic.conversation.known:
        return cost.usd
    follows = traffic.conversation.follows()
    return cost.at(follows, follows)


def written_tokens(traffic: Traffic, plan: Plan) -> list[Floats]:
    """Per tier the output tokens per month and place if it answered everything."""
    logged = np.sum([s.output_tokens for s in traffic.streams] or [np.zeros(PLACES)], axis=0)
    found = []
    for settings in plan.settings:
        calls = settings.calls_per_answer or traffic.calls_per_answer
        found.append(logged * settings.output_share * calls / traffic.calls_per_answer)
    return found


def usd_of(traffic: Traffic, model: Model) -> float:
    """The cost if one model answered everything with a cold cache: USD per month, rent included."""
    return float(tier_cost(traffic, model).usd.sum()) + model.fixed_monthly_usd


def _moved(model: Model, stream: Stream, settings: TierSettings, kept: float) -> Floats:
    """What another model's traffic would cost on this one, with conversations all cold."""
    if model.price is None:  # self-hosted: paid by the month, not by the token
        return np.zeros(PLACES)
    read = stream.cache_read_tokens * kept
    written = stream.cache_write_tokens
    if settings.cached_share is not None:
        read = stream.input_tokens * settings.cached_share
        written = np.minimum(written, stream.input_tokens - read)
    return model.price.cost_usd(
        stream.input_tokens, read, stream.output_tokens * settings.output_share, written
    )


def _changed(model: Model, stream: Stream, settings: TierSettings) -> Floats:
    """What a person's settings change of the cost of queries that the model answers today."""
    if model.price is None:
        return np.zeros(PLACES)
    more = stream.output_tokens * (settings.output_share - 1.0)
    usd = more * model.price.output_usd_per_mtok / 1e6
    if settings.cached_share is not None:
        fewer = stream.cache_read_tokens - settings.cached_share * stream.input_tokens
        usd = usd + fewer * _per_token(model)
    return np.asarray(usd)


def _discount(model: Model, stream: Stream) -> Floats:
    """What the cached tokens cost less than fresh ones on that model."""
    return stream.cache_read_tokens * _per_token(model)


def _per_token(model: Model) -> float:
    price = model.price
    if price is None:
        return 0.0
    return (price.input_usd_per_mtok - price.cached_usd_per_mtok) / 1e6
