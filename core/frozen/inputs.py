"""What a plan's bills rest on, and how one version's inputs take another's place, group by group.

- prices: prices and rents of the same models, in the plan and behind the log's names.
- volume: queries a month, stated or told by the log's dates.
- mix: another log, or logged names that stand for other models.
- classifier: another reading of the queries, what own outcomes taught, abilities of the same
  models, and how unsure all of that is.
- plan: models, tolerances, check, rules and settings: what people chose.
- assumptions.

Where another log was also read in another way, nobody can tell the two apart: they are one
group. So are rules, where nobody can tell what the earlier rules would have done there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from core.catalog.model import Model
from core.complexity.rules import Basis
from core.frozen.document import PlanDocument
from core.frozen.remodelling import models_behind, models_in, names_with, plan_with
from core.frozen.sameness import is_counted_alike, is_same_log, unruled
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.plan import Plan
from core.workload.spend import monthly_factor
from core.workload.workload import Workload, from_json

Cause = Literal["program", "prices", "volume", "mix", "classifier", "rules", "plan", "assumptions"]
Causes = tuple[Cause, ...]


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything that the two bills and the quality of a plan are worked out from."""

    workload: Workload
    names: Mapping[str, Model | None]
    monthly_queries: float | None
    uncertainty: Uncertainty
    plan: Plan
    assumptions: Assumptions

    def is_as(self, other: Inputs) -> bool:
        """Whether both are the same; a workload is when it is the very same object."""
        return self.workload is other.workload and _small(self) == _small(other)


Replace = Callable[[Inputs], Inputs]


def inputs_of(document: PlanDocument) -> Inputs:
    """What a document rests on; BadInput where its workload is damaged."""
    return Inputs(
        from_json(document.workload),
        document.names,
        document.monthly_queries,
        document.uncertainty,
        document.plan,
        document.assumptions,
    )


def replacements(before: PlanDocument, after: PlanDocument) -> list[tuple[Causes, Inputs]]:
    """The groups that differ, in the order above, each with the inputs once it is replaced.

    The last inputs are those of `after`.
    """
    here, end = inputs_of(before), inputs_of(after)
    found: list[tuple[Causes, Inputs]] = []
    for causes, replaced in _groups(before, after, here.workload.basis, end):
        there = replaced(here)
        if not there.is_as(here):
            here = there
            found.append((causes, here))
    if found:
        found[-1] = (found[-1][0], end)  # whatever else is written otherwise moves no money
    return found


def _groups(
    before: PlanDocument, after: PlanDocument, basis: Basis, end: Inputs
) -> Iterator[tuple[Causes, Replace]]:
    """Each group with what replaces it by that of `end`; `basis` is that of `before`."""

    def names(here: Inputs) -> Inputs:
        """Abilities stay those of here: what is known of models comes with the reading."""
        if _ids(here) == _ids(end):
            return here
        _, known = _known(here)
        return replace(here, names=names_with(end.names, lambda model: _as_able(model, known)))

    def reading(here: Inputs) -> Inputs:
        return replace(_able(here, end), uncertainty=end.uncertainty)

    def queries(here: Inputs) -> Inputs:
        there = replace(here, monthly_queries=end.monthly_queries)
        if not _keeps_rules(here.plan, end.plan):
            return replace(there, workload=end.workload, plan=here.plan.with_rules(end.plan.rules))
        return replace(there, workload=unruled(end.workload, len(here.plan.rules)))

    def plan(here: Inputs) -> Inputs:
        bound_alike = other_queries or is_counted_alike(before, after, ruled=True)
        if here.plan == end.plan and bound_alike:
            return here
        return replace(here, plan=end.plan, workload=end.workload)

    yield ("prices",), lambda here: _priced(here, end)
    yield ("volume",), lambda here: _at_volume(here, end)
    other_queries = not is_counted_alike(before, after)
    other_log = not is_same_log(before.log, after.log)
    other_reading = _reading(before, basis) != _reading(after, end.workload.basis)
    rules: Causes = () if _keeps_rules(before.plan, after.plan) else ("rules",)
    if not other_queries:
        yield ("mix",), names
        yield ("classifier",), reading
    elif other_log and other_reading:
        yield ("mix", "classifier", *rules), lambda here: reading(names(queries(here)))
    elif other_log:
        yield ("mix", *rules), lambda here: names(queries(here))
        yield ("classifier",), reading
    else:
        yield ("mix",), names
        yield ("classifier", *rules), lambda here: reading(queries(here))
    yield ("plan",), plan
    yield ("assumptions",), lambda here: replace(here, assumptions=end.assumptions)


def _at_volume(here: Inputs, end: Inputs) -> Inputs:
    then, now = (
        each.workload.queries * monthly_factor(each.workload, each.monthly_queries)
        for each in (here, end)
    )
    return here if math.isclose(then, now, rel_tol=1e-12) else replace(here, monthly_queries=now)


def _priced(here: Inputs, end: Inputs) -> Inputs:
    """The same models at the prices and rents that `end` has for them."""
    of_plan, of_names = _known(end)

    def priced(model: Model) -> Model:
        other = of_names.get(model.id, model)
        return replace(model, price=other.price, fixed_monthly_usd=other.fixed_monthly_usd)

    def still_priced(model: Model) -> Model:
        # A plan with a model without any price is none: that model keeps the price it had.
        other = of_plan.get(model.id, model)
        return replace(
            model, price=other.price or model.price, fixed_monthly_usd=other.fixed_monthly_usd
        )

    return replace(
        here, plan=plan_with(here.plan, still_priced), names=names_with(here.names, priced)
    )


def _able(here: Inputs, end: Inputs) -> Inputs:
    """The same models as able as `end` knows them."""
    of_plan, of_names = _known(end)
    return replace(
        here,
        plan=plan_with(here.plan, lambda model: _as_able(model, of_plan)),
        names=names_with(here.names, lambda model: _as_able(model, of_names)),
    )


def _as_able(model: Model, known: Mapping[str, Model]) -> Model:
    return replace(model, ability=known.get(model.id, model).ability)


def _known(inputs: Inputs) -> tuple[dict[str, Model], dict[str, Model]]:
    """Models by id: as the plan knows them before the log's names, and the other way round."""
    planned, logged = models_in(inputs.plan), models_behind(inputs.names)
    return logged | planned, planned | logged


def _keeps_rules(then: Plan, now: Plan) -> bool:
    """Whether the earlier rules are still there, in order, before any new one."""
    return now.rules[: len(then.rules)] == then.rules


def _ids(inputs: Inputs) -> dict[str, str | None]:
    return {name: model.id if model else None for name, model in inputs.names.items()}


def _reading(document: PlanDocument, basis: Basis) -> tuple[object, ...]:
    return document.classifier_digest, document.learned, document.uncertainty, basis


def _small(inputs: Inputs) -> tuple[object, ...]:
    return (
        inputs.names,
        inputs.monthly_queries,
        inputs.uncertainty,
        inputs.plan,
        inputs.assumptions,
    )
