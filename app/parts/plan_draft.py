"""The plan in the making: read from where it was left, turned into a plan, frozen when saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app import planning, services
from app.planning import SortedLog
from app.state import Calls, Draft
from core.catalog.catalogue import Catalogue
from core.complexity.scale import Tier
from core.economics.options import Thrift
from core.economics.tuning.case_json import case_from_json
from core.errors import BadInput
from core.routing.assumptions import Assumptions
from core.routing.check import Check
from core.routing.findings import usual_check
from core.routing.plan import DEFAULT_TOLERANCE, Plan
from core.routing.settings import EFFORTS, TierSettings
from core.store.document import PlanDocument, document_to_json
from core.store.freeze import freeze, headline_of
from core.store.plans import save_plan
from core.workload.notes import monthly_calls


def current_draft(digest: str) -> Draft:
    """The draft on that log; a new one starts with the default models and tolerances."""
    usual = services.catalogue().default_tiers
    fresh = Draft(usual.simple, usual.medium, usual.complex, DEFAULT_TOLERANCE, DEFAULT_TOLERANCE)
    draft = planning.read_draft(digest) or fresh
    known = services.catalogue().models
    # A model that has left the catalogue since is replaced by the tier's default.
    return replace(
        draft,
        simple=draft.simple if draft.simple in known else usual.simple,
        medium=draft.medium if draft.medium in known else usual.medium,
        complex=draft.complex if draft.complex in known else usual.complex,
    )


def plan_of(draft: Draft, found: SortedLog) -> Plan:
    """The plan that a draft describes on that log, with its rules, and abilities as known there."""
    models = found.catalogue
    plan = Plan(
        simple=models.get(draft.simple),
        medium=models.get(draft.medium),
        complex=models.get(draft.complex),
        to_medium=draft.to_medium,
        to_complex=draft.to_complex,
        rules=found.notes.routing_rules,
        settings=(
            _settings(draft, "simple", models),
            _settings(draft, "medium", models),
            _settings(draft, "complex", models),
        ),
    )
    return replace(plan, check=check_of(draft, plan, models)) if draft.cascade else plan


def _settings(draft: Draft, tier: Tier, models: Catalogue) -> TierSettings:
    said = draft.calls.get(tier, Calls())
    known = said.fallback in models.models and said.fallback != getattr(draft, tier)
    return TierSettings(
        fallback=models.get(said.fallback) if known else None,
        effort=next((effort for effort in EFFORTS if effort == said.effort), None),
        retry_share=said.retry_share,
        cached_share=said.cached_share,
        output_share=1.0 if said.output_share is None else said.output_share,
        seconds=said.seconds,
    )


def calls_of(plan: Plan) -> dict[str, Calls]:
    """The settings of a plan as a draft keeps them."""
    found = {}
    for tier, settings in zip(plan.models, plan.settings, strict=True):
        found[tier] = Calls(
            fallback=settings.fallback.id if settings.fallback else "",
            effort=settings.effort or "",
            retry_share=settings.retry_share,
            cached_share=settings.cached_share,
            output_share=None if settings.output_share == 1.0 else settings.output_share,
            seconds=settings.seconds,
        )
    return found


def check_of(draft: Draft, plan: Plan, models: Catalogue) -> Check:
    """Who checks in the draft's cascade, and how well."""
    judge = models.get(draft.check) if draft.check in models.models else usual_check(plan).model
    if draft.judged:
        return Check(judge, draft.accepts_good, draft.accepts_bad, draft.judged, "measured")
    return Check(judge, draft.accepts_good, draft.accepts_bad)


def assumptions_of(draft: Draft) -> Assumptions:
    """What the simulation of a draft takes for granted."""
    return Assumptions(cache_kept=draft.cache_kept)


def frozen(draft: Draft, found: SortedLog) -> PlanDocument:
    """The draft as a document, with the workload, prices and figures of this moment."""
    case = case_from_json(draft.fine_tuning) if draft.fine_tuning else None
    return freeze(
        author=draft.author,
        now=datetime.now(UTC),
        log=found.log,
        workload=found.workload,
        classifier=services.classifier().informed(found.uncertainty.level_sd),
        names=found.names,
        monthly_queries=monthly_calls(found.workload, found.notes),
        prices_as_of=services.catalogue().as_of,
        plan=plan_of(draft, found),
        assumptions=assumptions_of(draft),
        growth=draft.outlook,
        thrift=Thrift(draft.waits, draft.repeats),
        fine_tuning=case,
        learned=found.learned,
        segment_names=found.notes.segment_names,
    )


def save(draft: Draft, found: SortedLog, *, as_new: bool) -> Draft:
    """The draft after saving it, as a new plan or as the next version of its own plan."""
    document = frozen(draft, found)
    plan_id = None if as_new else draft.plan_id
    try:
        plan_id = _store(draft, document, plan_id)
    except BadInput:
        if plan_id is None:
            raise
        plan_id = _store(draft, document, None)  # its plan was deleted meanwhile
    return replace(draft, plan_id=plan_id)


def _store(draft: Draft, document: PlanDocument, plan_id: str | None) -> str:
    return save_plan(
        services.engine(),
        name=draft.name,
        author=draft.author,
        document=document_to_json(document),
        headline=headline_of(document),
        now=document.created_at,
        plan_id=plan_id,
    )
