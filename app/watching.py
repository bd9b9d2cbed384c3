"""A plan after the switch: what users say, what has moved, and what came of the money."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import streamlit as st

from app import jobs, planning, reading, services, workspaces
from app.elsewhere import read_through
from app.identity import asking, now
from app.parts.plan_draft import current_draft
from app.planning import SortedLog
from core.frozen.document import PlanDocument, document_from_json
from core.logs.log import QUERIES
from core.quality.actual import Actual, actual_against
from core.quality.drift import Drift, drift
from core.quality.observed import observed
from core.quality.promise import Promise, promise_of
from core.quality.rule_price import rule_price_usd
from core.routing.assumptions import Uncertainty
from core.routing.plan import Plan
from core.routing.traffic import traffic_of
from core.store.access import Actor
from core.store.engine import Engine
from core.store.finding import plans_on_other_logs
from core.store.plans import load_plan
from core.store.saved import PlanRow
from core.store.saving import At
from core.workload.learning import placing_of
from core.workload.notes import monthly_calls, read_notes
from core.workload.routing_rules import RoutingRule
from core.workload.scores import cluster_names, scores_file
from core.workload.workload import Workload, from_json


@dataclass(frozen=True)
class Watched:
    """A saved plan beside a later log."""

    document: PlanDocument
    promise: Promise
    ratings: pd.DataFrame
    drift: Drift
    actual: Actual

    @property
    def rated(self) -> int:
        """Ratings in the later log."""
        return int(self.ratings["rated"].sum())


def plans_to_watch(found: SortedLog) -> list[PlanRow]:
    """Saved plans that were made on another log than the one that is open, newest first."""
    here = workspaces.current().id
    return plans_on_other_logs(*asking(), found.log.digest, workspace_id=here)


@st.cache_resource(max_entries=16, show_spinner=False)
def _document(plan_id: str, version: int, _asking: tuple[Engine, Actor]) -> PlanDocument:
    return document_from_json(load_plan(*_asking, plan_id, version, now=now()).document)


def watched(found: SortedLog, row: PlanRow) -> Watched:
    """What the open log says of a saved plan."""
    today = _at_todays_prices(_document(row.id, row.version, asking()).plan)
    said = json.dumps([found.placed_by, services.said_key(found.notes), repr(today)])
    return _watched(found.log.digest, said, row.id, row.version, found, today)


@st.cache_resource(max_entries=8, show_spinner="Reading the log ...")
def _watched(
    digest: str, said: str, plan_id: str, version: int, _found: SortedLog, _today: Plan
) -> Watched:
    document = _document(plan_id, version, asking())
    workload = from_json(document.workload)
    plan, uncertainty = document.plan, document.uncertainty
    before = traffic_of(workload, document.names, document.monthly_queries, plan.windows)
    monthly = monthly_calls(_found.workload, _found.notes)
    now = traffic_of(_found.workload, _found.names, monthly, plan.windows)
    return Watched(
        document,
        promise_of(workload, before, plan, uncertainty),
        _ratings(_found, plan, uncertainty),
        _drift(document, workload, _found),
        actual_against(
            document.figures.outcome,
            before,
            now,
            plan,
            _today,
            uncertainty,
            document.assumptions,
        ),
    )


def _drift(document: PlanDocument, before: Workload, found: SortedLog) -> Drift:
    by = services.classifier().on(found.notes.basis)
    folders = [services.folder_of(d) for d in (document.log.digest, found.log.digest)]
    here = [folder / QUERIES for folder in folders if document.log.digest]
    known = here and all(map(Path.exists, here))
    topics = read_through(reading.new_topics, *here) if known else None
    scores = [file for folder in folders if (file := scores_file(folder, by)).exists()]
    clustered = any(cluster_names(file) for file in scores)
    return drift(before, found.workload, topics=topics, named=not clustered)


def _ratings(found: SortedLog, plan: Plan, uncertainty: Uncertainty) -> pd.DataFrame:
    folder, by = services.folder_of(found.log.digest), services.classifier().on(found.notes.basis)
    return read_through(
        observed,
        folder / QUERIES,
        scores_file(folder, by),
        placing_of(folder, by, found.notes),
        plan,
        found.names,
        uncertainty,
    )


def _at_todays_prices(plan: Plan) -> Plan:
    """The same models as the catalogue prices them now; one that left it keeps its price."""
    known = services.catalogue().models
    simple, medium, complex_ = (
        replace(model, price=known[model.id].price) if model.id in known else model
        for model in plan.models.values()
    )
    return replace(plan, simple=simple, medium=medium, complex=complex_)


def rule_price(found: SortedLog, plan: Plan, rule: RoutingRule) -> float:
    """What a suggested rule would cost more a month on the open log."""
    monthly = monthly_calls(found.workload, found.notes)
    return rule_price_usd(
        found.workload, found.names, plan, rule, found.uncertainty, monthly_queries=monthly
    )


def apply_rule(found: SortedLog, row: PlanRow, rule: RoutingRule, why: str) -> None:
    """Put a suggested rule on top of the watched plan: its next version, on this log."""
    digest = found.log.digest
    plan = _document(row.id, row.version, asking()).plan
    draft = current_draft(digest)
    planning.write_draft(
        digest,
        replace(
            draft,
            simple=plan.simple.id,
            medium=plan.medium.id,
            complex=plan.complex.id,
            to_medium=plan.to_medium,
            to_complex=plan.to_complex,
            name=row.name,
            author=row.author,
            plan_id=row.id,
            version=row.version + 1,  # which is saved in the background
        ),
    )
    rules = (*plan.rules, *found.notes.routing_rules, rule)
    notes = read_notes(services.folder_of(digest))
    services.save_notes(digest, replace(notes, routing_rules=tuple(dict.fromkeys(rules))))
    jobs.start_revision(digest, At(row.id, row.version), why)
