"""A plan on the labelled queries of its own log, beside single models and an oracle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from core.catalog.model import Model
from core.routing.assumptions import Uncertainty
from core.routing.metrics import confusion_of
from core.routing.plan import Plan
from core.routing.settings import TierSettings
from core.routing.simulate import RANGE, Range, plan_cuts
from core.workload.grid import tier_by_place
from core.workload.labelled import Labelled
from core.workload.pricing import Names

Floats = npt.NDArray[np.float64]

FEWEST: Final = 20  # labelled queries; fewer say nothing
DRAWS: Final = 1_000
SEED: Final = 20261126


@dataclass(frozen=True)
class OnLabels:
    """One way to answer the labelled queries: share answered acceptably, USD per 1,000 queries.

    `against_complex` is its quality less that of the complex model, on the same queries.
    """

    name: str
    usd_per_1000: float
    quality: Range
    against_complex: Range


@dataclass(frozen=True)
class LabelControls:
    """The plan first, the oracle last; `queries` have outcomes of all three models.

    `too_low` and `too_high` are shares that the plan sent below and above the oracle's tier.
    """

    queries: int
    rows: tuple[OnLabels, ...]
    too_low: float
    too_high: float


def on_labels(
    labelled: Labelled, names: Names, plan: Plan, uncertainty: Uncertainty
) -> LabelControls | None:
    """The plan's measured quality, and what an oracle would have reached.

    The oracle asks the cheapest model that answers acceptably, and the cheapest of all where none
    does: an upper bound that no router reaches. None for a cascade, and where fewer than FEWEST
    queries have outcomes of every model of the plan; `missing_outcomes` names those without.
    """
    if plan.check is not None or missing_outcomes(labelled, names, plan):
        return None
    score = np.column_stack([_scores(labelled, names, m) for m in plan.models.values()])
    known = ~np.isnan(score).any(axis=1)
    if known.sum() < FEWEST:
        return None
    score = score[known]
    usd = np.column_stack(
        [
            _usd(labelled, model, settings)[known]
            for model, settings in zip(plan.models.values(), plan.settings, strict=True)
        ]
    )
    tiers = tier_by_place(plan_cuts(plan, uncertainty.spread))
    sent = tiers[labelled.places(plan.windows)][known]
    cheapest_first = np.argsort(usd.mean(axis=0), kind="stable")
    good = score[:, cheapest_first] >= 0.5
    oracle = cheapest_first[np.where(good.any(axis=1), good.argmax(axis=1), 0)]
    every = np.arange(len(sent))
    alone = {
        f"always {model.name}": np.full(len(sent), tier)
        for tier, model in enumerate(plan.models.values())
    }
    shares = np.bincount(sent, minlength=3) / len(sent)
    found = [_row("this plan", score[every, sent], usd[every, sent], score[:, 2])]
    found += [_row(n, score[every, t], usd[every, t], score[:, 2]) for n, t in alone.items()]
    found.append(_row("random, same shares", score @ shares, usd @ shares, score[:, 2]))
    found.append(_row("oracle", score[every, oracle], usd[every, oracle], score[:, 2]))
    table = confusion_of(oracle, sent)
    return LabelControls(len(sent), tuple(found), table.sent_too_low, table.sent_too_high)


def missing_outcomes(labelled: Labelled, names: Names, plan: Plan) -> list[Model]:
    """The models of the plan that no labelled query has an outcome of."""
    known = {model.id for name in labelled.models if (model := names.get(name))}
    return [m for m in {m.id: m for m in plan.models.values()}.values() if m.id not in known]


def _scores(labelled: Labelled, names: Names, model: Model) -> Floats:
    """The scores of a model, whatever names the outcomes have for it; NaN without."""
    columns = [
        n for n, name in enumerate(labelled.models) if (m := names.get(name)) and m.id == model.id
    ]
    found = np.full(len(labelled.place), np.nan)
    for column in columns:
        found = np.where(np.isnan(found), labelled.score[:, column], found)
    return found


def _usd(labelled: Labelled, model: Model, settings: TierSettings) -> Floats:
    """List price per query, with its logged tokens and nothing cached unless settings say so."""
    if model.price is None:
        return np.zeros(len(labelled.place))
    tokens = labelled.tokens
    read = tokens["input_tokens"] * (settings.cached_share or 0.0)
    written = np.minimum(tokens["cache_write_tokens"], tokens["input_tokens"] - read)
    usd = model.price.cost_usd(
        tokens["input_tokens"], read, tokens["output_tokens"] * settings.output_share, written
    )
    return usd * (settings.calls_per_answer or 1.0)


def _row(name: str, score: Floats, usd: Floats, strongest: Floats) -> OnLabels:
    """Ranges from a bootstrap over queries: scores of one query are never torn apart."""
    weights = _weights(len(score))
    quality, against = weights @ score, weights @ (score - strongest)
    return OnLabels(
        name,
        1000 * float(usd.mean()),
        Range(float(score.mean()), *np.percentile(quality, RANGE).tolist()),
        Range(float((score - strongest).mean()), *np.percentile(against, RANGE).tolist()),
    )


@lru_cache(maxsize=2)
def _weights(queries: int) -> Floats:
    """How often each query is drawn in each bootstrap, over their number, (DRAWS, queries)."""
    dice = np.random.default_rng(SEED)
    return dice.multinomial(queries, np.full(queries, 1 / queries), DRAWS) / queries
