"""What a replay showed: its scores as outcomes of the log, and quality by tier with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.complexity.scale import TIERS, Tier
from core.errors import BadInput
from core.quality.difference import paired_difference
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
    answers (None where it has none). `against_...` are the plan's less those of the reference and
    of today on the same queries. `agreement` is the share of pairs in which the judge said
    the same in both orders, None without any; `judge` how it did on what people judged.
    """

    tiers: tuple[TierQuality, ...]
    plan: Range
    reference: Range
    against_reference: Range
    today: Range | None
    against_today: Range | None
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
    sheet = _Sheet(replay, items, labelled, said)
    rows = sheet.rows
    tiers = tier_by_place(plan_cuts(plan, uncertainty.spread))[labelled.places(plan.windows)]
    names = [model.id for model in plan.models.values()]
    planned = {row: names[code] for row, code in zip(rows, tiers, strict=True)}
    strongest = dict.fromkeys(rows, replay.reference.model.id)
    today = {row: items[row].reference for row in rows if items[row].logged}
    found = []
    for code, tier in enumerate(TIERS):
        here = {row: planned[row] for row in np.array(rows)[tiers == code].tolist()}
        if here:
            found.append(TierQuality(tier, len(here), sheet.of(here).rate(labels)))
    verdicts = sum(item.verdicts for item in items.values())
    agreed = sum(item.agreed for item in items.values())
    return Shown(
        tiers=tuple(found),
        plan=sheet.of(planned).rate(labels),
        reference=sheet.of(strongest).rate(labels),
        against_reference=sheet.of(planned).less(sheet.of(strongest), labels),
        today=sheet.of(today).rate(labels) if today else None,
        against_today=(
            sheet.of({row: planned[row] for row in today}).less(sheet.of(today), labels)
            if today
            else None
        ),
        models={
            c.model.id: sheet.of(dict.fromkeys(rows, c.model.id)).rate(labels)
            for c in replay.candidates
        },
        queries=len(rows),
        agreement=agreed / verdicts if verdicts else None,
        judge=labels,
    )


@dataclass(frozen=True)
class _Answers:
    """One answer each to some queries: its score, the query's weight, whether people judged it."""

    score: Floats
    weight: Floats
    by_people: npt.NDArray[np.bool_]

    def rate(self, labels: JudgeLabels) -> Range:
        """The weighted share with a range; unequal weights make a sample worth fewer queries."""
        people = self.by_people
        judged, worth = _share(self.score[~people], self.weight[~people])
        own, own_worth = _share(self.score[people], self.weight[people])
        part = float(self.weight[people].sum() / self.weight.sum())
        return true_rate(judged, worth, labels, by_people=(part, own, own_worth))

    def less(self, other: _Answers, labels: JudgeLabels) -> Range:
        """This share less that of other answers to the same queries."""
        return paired_difference(
            (self.score, self.by_people), (other.score, other.by_people), self.weight, labels
        )


class _Sheet:
    """All scores of a replay, by row and model."""

    def __init__(
        self, replay: Replay, items: Mapping[int, Item], labelled: Labelled, said: Sequence[Said]
    ) -> None:
        self.rows = sorted(row for row, item in items.items() if item.scores)
        self._place = {row: n for n, row in enumerate(self.rows)}
        self._weight = dict(zip(replay.rows, replay.weights, strict=True))
        self._score = labelled.score
        self._column = {name: n for n, name in enumerate(labelled.models)}
        self._by_people = {(one.row, one.candidate) for one in said}
        self._by_people |= {(one.row, items[one.row].reference) for one in said if one.row in items}

    def of(self, models: Mapping[int, str]) -> _Answers:
        """The answers of these rows, each by its model."""
        pairs = list(models.items())
        return _Answers(
            np.array([self._score[self._place[r], self._column[m]] for r, m in pairs]),
            np.array([self._weight[row] for row in models]),
            np.array([pair in self._by_people for pair in pairs], dtype=bool),
        )


def _share(score: Floats, weight: Floats) -> tuple[float, float]:
    """The weighted share, and the number of equally weighted answers that are worth as much."""
    if not len(score):
        return 0.0, 0.0
    return float(score @ weight / weight.sum()), float(weight.sum() ** 2 / (weight @ weight))
