"""Why the money moved between two versions of a plan, cause by cause."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.frozen.document import PlanDocument
from core.frozen.inputs import Cause, Causes, Inputs, inputs_of, replacements
from core.frozen.saying import usd
from core.routing.simulate import Outcome, simulate
from core.routing.traffic import traffic_of

ROUNDING: Final = 1e-9  # of a figure: another machine adds up in another order

LABELS: Final[Mapping[Cause, str]] = {
    "program": "This program counts otherwise",
    "prices": "Prices",
    "volume": "Volume",
    "mix": "Other queries",
    "classifier": "Sorting and abilities",
    "rules": "Rules",
    "plan": "The plan",
    "assumptions": "Assumptions",
}


@dataclass(frozen=True)
class Standing:
    """Both bills, USD a month, and the plan's quality over today's."""

    today_usd: float
    planned_usd: float
    quality_kept: float


@dataclass(frozen=True)
class Step:
    """What one cause, or several that cannot be told apart, moved: from where to where."""

    causes: Causes
    before: Standing
    after: Standing

    @property
    def cause(self) -> str:
        """Its causes in one word each: "prices", "mix and classifier"."""
        return " and ".join(self.causes)

    @property
    def today_change_usd(self) -> float:
        """By how much today's monthly bill rose."""
        return self.after.today_usd - self.before.today_usd

    @property
    def planned_change_usd(self) -> float:
        """By how much the planned monthly bill rose."""
        return self.after.planned_usd - self.before.planned_usd

    @property
    def quality_change(self) -> float:
        """By how much the quality kept rose, as a share."""
        return self.after.quality_kept - self.before.quality_kept


def moved(before: PlanDocument, after: PlanDocument) -> tuple[Step, ...]:
    """The steps from the frozen figures of one version to those of the other, in a fixed order.

    Prices, volume, mix, classifier, plan, assumptions (`core.frozen.inputs` says what each
    holds): each cause takes the place it has here, on top of those before it, so another order
    would share out the same total otherwise. A cause whose inputs are the same has no step; where
    nothing differs there is none. Where this program works out other figures than those frozen,
    that is a step of its own, cause "program": first what differs in `before`, last what differs
    in `after`. BadInput where a workload is damaged.
    """
    start, end = standing_of(before.figures.outcome), standing_of(after.figures.outcome)
    steps: list[Step] = []
    here = start

    def step(causes: Causes, there: Standing) -> None:
        nonlocal here
        steps.append(Step(causes, here, there))
        here = there

    worked_out = _worked_out(inputs_of(before))
    if not _same(start, worked_out):
        step(("program",), worked_out)
    found = replacements(before, after)
    for number, (causes, inputs) in enumerate(found, start=1):
        worked_out = _worked_out(inputs)
        # The last one holds exactly what `after` rests on, and so leads to its figures.
        last = number == len(found) and _same(worked_out, end)
        step(causes, end if last else worked_out)
    if not _same(worked_out, end):
        step(("program",), end)
    return tuple(steps)


def standing_of(outcome: Outcome) -> Standing:
    """The three figures of an outcome that steps lead between."""
    return Standing(outcome.baseline_usd, outcome.planned.central, outcome.quality_kept.central)


def moved_words(steps: Sequence[Step]) -> tuple[str, ...]:
    """A line per step: "Prices: $120 a month less, today's bill $200 less"."""
    return tuple(f"{_label(step.causes)}: {_moves(step)}" for step in steps)


def _moves(step: Step) -> str:
    planned, today = _money(step.planned_change_usd), _money(step.today_change_usd)
    words = [f"{planned[0]} a month {planned[1]}" if planned else "the planned bill stays"]
    if today:
        words.append(f"today's bill {' '.join(today)}")
    quality = round(100 * step.quality_change, 1)
    if quality:
        words.append(f"quality kept {abs(quality):g} points {'higher' if quality > 0 else 'lower'}")
    return ", ".join(words)


def _label(causes: Causes) -> str:
    first, *others = (LABELS[cause] for cause in causes)
    if not others:
        return first
    words = [first, *(f"{other[0].lower()}{other[1:]}" for other in others)]
    return f"{' together with '.join(words)} (cannot be told apart)"


def _money(change: float) -> tuple[str, str] | None:
    """An amount and its direction; None for less than half a cent."""
    if abs(change) < 0.005:
        return None
    return usd(abs(change)), "more" if change > 0 else "less"


def _worked_out(inputs: Inputs) -> Standing:
    traffic = traffic_of(inputs.workload, inputs.names, inputs.monthly_queries, inputs.plan.windows)
    return standing_of(simulate(traffic, inputs.plan, inputs.uncertainty, inputs.assumptions))


def _same(one: Standing, other: Standing) -> bool:
    pairs = (
        (one.today_usd, other.today_usd),
        (one.planned_usd, other.planned_usd),
        (one.quality_kept, other.quality_kept),
    )
    return all(math.isclose(a, b, rel_tol=ROUNDING, abs_tol=ROUNDING) for a, b in pairs)
