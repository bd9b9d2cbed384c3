"""What a replay showed: its scores as outcomes of the log, and quality by tier with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.complexity.scale import TIERS, Tier
from core.errors import BadInput
from core.quality.journal import Item
from core.quality.judge_error import JudgeLabels, true_rate
from core.quality.people import Said, judge_labels
from core.quality.replay import Replay
from core.routing.assumptions import Uncertainty
from core.routing.plan import Plan
from core.routing.simulate import Range, plan_cuts
from core.workload.grid import tier_by_place
from core.workload.labelled import Labelled
from core.workload.outcomes import OwnOutcomes

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TierQuality:
    """A tier's measured quality: the share of acceptable answers among `n` judged queries."""

    tier: Tier
    n: int
    quality: Range


@dataclass(frozen=True)
class Shown:
    """What a replay shows of a plan.

    All are shares of acceptable answers: `plan` over all tiers together, `models` of each
    candidate for every query, `reference` of the plan's strongest, `today` of the log's own
    answers (None where it has none). `agreement` is the share of pairs in which the judge said
    the same in both orders, None without any; `judge` how it did on what people judged.
    """

    tiers: tuple[TierQuality, ...]
    plan: Range
    reference: Range
    today: Range | None
    models: dict[str, Range]
    queries: int
    agreement: float | None
    judge: JudgeLabels


def outcomes_of(items: Mapping[int, Item]) -> OwnOutcomes:
    """The scores as outcomes of the log's own queries; BadInput when there is none yet."""
    scored = [item for _, item in sorted(items.items()) if item.scores]
    if not scored:
        raise BadInput("no query has ended yet", where="replay", remedy="Let it go on")
    rows = [(item.row, model, score) for item in scored for model, score in item.scores.items()]
    row, model, score = zip(*rows, strict=True)
    return OwnOutcomes(np.array(row), pa.array(model, pa.string()), np.array(score), {})


def together(first: OwnOutcomes, then: OwnOutcomes) -> OwnOutcomes:
    """Both; where they tell of the same query and model, what came later holds."""
    found = {
        (int(row), name): float(score)
        for each in (first, then)
        for row, name, score in zip(each.row, each.model.to_pylist(), each.score, strict=True)
    }
    row, model = zip(*found, strict=True)
    return OwnOutcomes(
        np.array(row), pa.array(model, pa.string()), np.array(list(found.values())), first.skipped
    )


def shown(
    replay: Replay,
    items: Mapping[int, Item],
    labelled: Labelled,
    plan: Plan,
    uncertainty: Uncertainty,
    said: Sequence[Said] = (),
) -> Shown:
    """What the items that ended show of the plan; `labelled` are exactly their outcomes.

    Every query speaks for as many of the log as it stands for; a query half acceptable (in one
    order only) counts as half. What people said wins, and tells the error of the judge.
    """
    labels = judge_labels(items, said)
    known = {(one.row, one.candidate) for one in said}
    known |= {(one.row, items[one.row].reference) for one in said if one.row in items}
    rows = sorted(row for row, item in items.items() if item.scores)
    weight_of = dict(zip(replay.rows, replay.weights, strict=True))
    weight = np.array([weight_of[row] for row in rows])
    tiers = tier_by_place(plan_cuts(plan, uncertainty.spread))[labelled.places(plan.windows)]
    column = {name: n for n, name in enumerate(labelled.models)}
    answered = [column[model.id] for model in plan.models.values()]
    score = np.choose(tiers, [labelled.score[:, n] for n in answered])
    names = [model.id for model in plan.models.values()]
    by_people = np.array([(r, names[t]) in known for r, t in zip(rows, tiers, strict=True)])
    found = []
    for code, tier in enumerate(TIERS):
        here = tiers == code
        if here.any():
            quality = _rate(score[here], weight[here], by_people[here], labels)
            found.append(TierQuality(tier, int(here.sum()), quality))
    verdicts = sum(item.verdicts for item in items.values())
    agreed = sum(item.agreed for item in items.values())

    def rate_of(models: Mapping[int, str]) -> Range:
        """The share of acceptable answers of these rows, each by its model."""
        here = np.array([row in models for row in rows])
        score = [labelled.score[n, column[models[r]]] for n, r in enumerate(rows) if r in models]
        own = [(row, model) in known for row, model in models.items()]
        return _rate(np.array(score), weight[here], np.array(own), labels)

    logged = set(replay.logged.values())
    today = {row: items[row].reference for row in rows if items[row].reference in logged}
    models = {c.model.id: rate_of(dict.fromkeys(rows, c.model.id)) for c in replay.candidates}
    return Shown(
        tiers=tuple(found),
        plan=_rate(score, weight, by_people, labels),
        reference=models[replay.reference.model.id],
        today=rate_of(today) if today else None,
        models=models,
        queries=len(rows),
        agreement=agreed / verdicts if verdicts else None,
        judge=labels,
    )


def _rate(
    score: Floats, weight: Floats, by_people: npt.NDArray[np.bool_], labels: JudgeLabels
) -> Range:
    """The weighted share with a range; unequal weights make a sample worth fewer queries."""
    judged, worth = _share(score[~by_people], weight[~by_people])
    own, own_worth = _share(score[by_people], weight[by_people])
    part = float(weight[by_people].sum() / weight.sum())
    return true_rate(judged, worth, labels, by_people=(part, own, own_worth))


def _share(score: Floats, weight: Floats) -> tuple[float, float]:
    """The weighted share, and the number of equally weighted answers that are worth as much."""
    if not len(score):
        return 0.0, 0.0
    return float(score @ weight / weight.sum()), float(weight.sum() ** 2 / (weight @ weight))
