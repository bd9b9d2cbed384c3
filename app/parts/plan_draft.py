"""The plan in the making: read from where it was left, turned into a plan, frozen when saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app import merging, planning, services, workspaces
from app.identity import asking, now
from app.planning import SortedLog
from app.state import Calls, Draft
from core.catalog.catalogue import Catalogue
from core.complexity.scale import Tier
from core.economics.options import Thrift
from core.economics.tuning.case_json import case_from_json
from core.errors import BadInput, Conflict, Forbidden
from core.frozen.document import PlanDocument
from core.frozen.freeze import freeze
from core.routing.assumptions import Assumptions
from core.routing.check import Check
from core.routing.findings import usual_check
from core.routing.plan import DEFAULT_TOLERANCE, Plan
from core.routing.settings import EFFORTS, TierSettings
from core.store.plans import list_versions
from core.store.saving import At, save_document
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
    """The draft after saving it, as a new plan or as the version that follows its own.

    Where somebody else saved that plan meanwhile, Conflict; the document waits for the merge page.
    """
    document = frozen(draft, found)
    after = None if as_new else _made_from(draft)
    here = workspaces.current().id
    try:
        at = save_document(*asking(), document, name=draft.name, after=after, workspace_id=here)
    except Conflict:
        assert after is not None
        merging.keep(merging.Mine(after, draft.name, document))
        raise
    return replace(draft, plan_id=at.plan_id, version=at.version)


def _made_from(draft: Draft) -> At | None:
    """The version that a draft continues; None where it continues none, or its plan is gone."""
    if draft.plan_id is None:
        return None
    try:
        newest = list_versions(*asking(), draft.plan_id, now=now(), limit=1)[0].version
    except Forbidden:
        raise
    except BadInput:
        return None  # deleted meanwhile: what was made of it is saved as a plan of its own
    return At(draft.plan_id, newest if draft.version is None else draft.version)
