"""The plan in the making: read from where it was left, turned into a plan, frozen when saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app import merging, planning, services, workspaces
from app.identity import asking, called, now
from app.planning import SortedLog
from app.state import Calls, Draft
from core.catalog.catalogue import Catalogue
from core.complexity.scale import Tier
from core.economics.options import Thrift
from core.economics.tuning.case_json import case_from_json, case_to_json
from core.errors import BadInput, Conflict, Forbidden, Hindered
from core.frozen.document import PlanDocument
from core.frozen.freeze import freeze
from core.routing.assumptions import Assumptions
from core.routing.check import ACCEPTS_BAD, ACCEPTS_GOOD, Check
from core.routing.findings import usual_check
from core.routing.plan import DEFAULT_TOLERANCE, Plan
from core.routing.settings import EFFORTS, TierSettings
from core.store.plans import list_versions
from core.store.saved import SavedPlan
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


def draft_of(before: Draft, saved: SavedPlan, document: PlanDocument) -> Draft:
    """The draft that a saved version would have been made of, on whatever log is open."""
    plan = document.plan
    return replace(
        before,
        simple=plan.simple.id,
        medium=plan.medium.id,
        complex=plan.complex.id,
        to_medium=plan.to_medium,
        to_complex=plan.to_complex,
        cascade=plan.check is not None,
        check=plan.check.model.id if plan.check else "",
        accepts_good=plan.check.accepts_good if plan.check else ACCEPTS_GOOD,
        accepts_bad=plan.check.accepts_bad if plan.check else ACCEPTS_BAD,
        judged=plan.check.judged if plan.check and plan.check.origin == "measured" else 0,
        calls=calls_of(plan),
        cache_kept=document.assumptions.cache_kept,
        outlook=document.growth,
        waits=document.thrift.waits,
        repeats=document.thrift.repeats,
        fine_tuning=case_to_json(document.fine_tuning) if document.fine_tuning else "",
        name=saved.name,
        author=called() or before.author,
        plan_id=saved.id,
        version=saved.version,
    )


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


def save(draft: Draft, found: SortedLog, *, as_new: bool, renamed: bool = True) -> Draft:
    """The draft after saving it, as a new plan or as the version that follows its own.

    With `renamed` its name becomes the plan's; otherwise a plan keeps the name it has by now.
    Where somebody else saved that plan meanwhile, Conflict; the document waits for the merge page.
    """
    document = frozen(draft, found)
    after = None if as_new else _made_from(draft)
    here = workspaces.current().id
    name = draft.name if renamed or after is None else None
    try:
        at = save_document(*asking(), document, name=name, after=after, workspace_id=here)
    except Conflict:
        assert after is not None
        merging.keep(after, name, document)
        raise
    return replace(draft, plan_id=at.plan_id, version=at.version)


def _made_from(draft: Draft) -> At | None:
    """The version that a draft continues; None where it continues none, or its plan is gone."""
    if draft.plan_id is None:
        return None
    try:
        newest = list_versions(*asking(), draft.plan_id, now=now(), limit=1)[0]
    except (Forbidden, Hindered):
        raise
    except BadInput:
        return None  # deleted meanwhile: what was made of it is saved as a plan of its own
    if newest.workspace_id != workspaces.current().id:
        return None  # a plan of another workspace, to which this log's knowledge does not belong
    return At(draft.plan_id, draft.version or newest.version)
