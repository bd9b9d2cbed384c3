"""From a plan in the making to a document that shows the same numbers for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from importlib.metadata import version

from core.catalog.model import Model
from core.complexity.classifier import Classifier
from core.complexity.learned import Learned
from core.economics.forecast import Bill, forecast
from core.economics.options import Thrift, plan_bill
from core.economics.outlook import Outlook
from core.economics.projection import Projection
from core.economics.tuning.case import FineTuneCase
from core.frozen.document import Figures, LogFacts, PlanDocument
from core.logs.log import Log
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.controls import controls
from core.routing.plan import Plan
from core.routing.simulate import Outcome, simulate
from core.routing.traffic import traffic_of
from core.workload.grid import BINS
from core.workload.workload import Workload, from_json, to_json, without_examples


def uncertainty_of(classifier: Classifier) -> Uncertainty:
    """What the classifier says of its own errors, in logits."""
    return Uncertainty(classifier.spread, classifier.log_sd)


def freeze(
    *,
    author: str,
    now: datetime,
    log: Log,
    workload: Workload,
    classifier: Classifier,
    names: Mapping[str, Model | None],
    monthly_queries: float | None = None,
    prices_as_of: date,
    plan: Plan,
    assumptions: Assumptions,
    growth: Outlook,
    fine_tuning: FineTuneCase | None = None,
    learned: Learned | None = None,
    segment_names: Mapping[str, str] | None = None,
    note: str = "",
    thrift: Thrift | None = None,
) -> PlanDocument:
    """The plan with everything that its figures rest on; no query text goes in."""
    uncertainty = uncertainty_of(classifier.on(workload.basis))
    cells = workload.cells
    return PlanDocument(
        author=author,
        created_at=now,
        program_version=version("tierwise"),
        log=LogFacts(
            name=log.name,
            source=log.source,
            queries=workload.queries,
            first_time=workload.first_time,
            last_time=workload.last_time,
            tokens_estimated_share=_share(cells["estimated_queries"].sum(), workload.queries),
            cost_logged_share=_share(cells["costed_queries"].sum(), workload.queries),
            digest=log.digest,
        ),
        classifier_version=classifier.version,
        classifier_digest=classifier.digest,
        uncertainty=uncertainty,
        assumptions=assumptions,
        growth=growth,
        prices_as_of=prices_as_of,
        plan=plan,
        names=dict(names),
        workload=to_json(without_examples(workload)),
        monthly_queries=monthly_queries,
        figures=figures_of(
            workload, names, plan, uncertainty, assumptions, growth, monthly_queries
        ),
        fine_tuning=fine_tuning,
        learned=learned.without_ranges().to_json() if learned else "",
        segment_names=dict(segment_names or {}),
        note=note,
        thrift=thrift or Thrift(),
    )


def figures_of(
    workload: Workload,
    names: Mapping[str, Model | None],
    plan: Plan,
    uncertainty: Uncertainty,
    assumptions: Assumptions,
    growth: Outlook,
    monthly_queries: float | None = None,
) -> Figures:
    """All figures of a plan on a workload."""
    traffic = traffic_of(workload, names, monthly_queries, plan.windows)
    outcome = simulate(traffic, plan, uncertainty, assumptions)
    found = controls(traffic, workload.lengths, plan, outcome, uncertainty, assumptions)
    central, low, high = projections(plan, outcome, growth)
    return Figures(
        outcome=outcome,
        controls=tuple(found),
        central=central,
        low=low,
        high=high,
        difficulty=tuple(float(v) for v in traffic.queries.reshape(-1, BINS).sum(axis=0)),
    )


def refigured(document: PlanDocument) -> Figures:
    """The figures worked out anew from the frozen inputs: equal to those kept, same program."""
    return figures_of(
        from_json(document.workload),
        document.names,
        document.plan,
        document.uncertainty,
        document.assumptions,
        document.growth,
        document.monthly_queries,
    )


def refrozen(
    document: PlanDocument, *, author: str, now: datetime, note: str | None = None
) -> PlanDocument:
    """A document whose inputs were changed, with its figures worked out from them."""
    return replace(
        document,
        author=author,
        created_at=now,
        program_version=version("tierwise"),
        note=document.note if note is None else note,
        figures=refigured(document),
    )


def projections(
    plan: Plan, outcome: Outcome, outlook: Outlook
) -> tuple[Projection, Projection, Projection]:
    """The bill over the coming months: central, and at both ends of the saving's range."""
    today, own = Bill(outcome.baseline_usd), plan_bill(plan, outcome)
    saving = outcome.saving_share
    central, low, high = (
        forecast(
            today,
            replace(own, usd=max(outcome.baseline_usd * (1 - share), own.fixed_usd)),
            outlook,
        )
        for share in (saving.central, saving.low, saving.high)
    )
    return central, low, high


def _share(part: float, whole: int) -> float:
    return float(part) / whole if whole else 0.0
