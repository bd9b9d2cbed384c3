"""Frozen plans as they are read and told, kept so that a redraw does not read them anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from app import services
from app.elsewhere import WORKING, worked_out
from app.identity import now
from app.merging import Mine
from core.frozen.document import PlanDocument, document_from_json
from core.frozen.freeze import refrozen
from core.frozen.merging import Side, merged
from core.frozen.moved import Step, moved
from core.reports.brief import Brief, brief_of
from core.routing.plan import Plan
from core.store.saved import SavedPlan, document_digest


def document_of(saved: SavedPlan) -> PlanDocument:
    """The document of a version; BadInput when it cannot be read."""
    return _document(document_digest(saved.document), saved.document)


def told(saved: SavedPlan, status: str) -> Brief:
    """The plan in the words of whoever decides, as of today."""
    key = f"{document_digest(saved.document)} {saved.name} {saved.version}"
    return _brief(key, status, saved.needs, saved.decide_by, services.today(), saved)


@st.cache_resource(max_entries=32, show_spinner=WORKING)
def moved_between(
    plan_id: str, first: int, last: int, _before: PlanDocument, _after: PlanDocument
) -> tuple[Step, ...]:
    """Why the money moved between two versions; kept, since each cause is simulated."""
    return worked_out(moved, _before, _after)


def planned_anew(saved: SavedPlan, plan: Plan) -> PlanDocument:
    """The same log with another plan on it, figures worked out; author and note are not set."""
    return _planned_anew(document_digest(saved.document), repr(plan), saved, plan)


@st.cache_resource(max_entries=32, show_spinner=WORKING)
def _planned_anew(digest: str, said: str, _saved: SavedPlan, _plan: Plan) -> PlanDocument:
    document = document_of(_saved)
    changed = replace(document, plan=_plan)
    return worked_out(refrozen, changed, author=document.author, now=now())


def both_in_one(theirs: SavedPlan, mine: Mine, choices: Mapping[str, Side]) -> PlanDocument:
    """What two versions made from the same one come to together; note and moment are not set."""
    key = f"{document_digest(theirs.document)} {mine.digest}"
    return _both_in_one(key, dict(choices), document_of(theirs), mine.document)


@st.cache_resource(max_entries=32, show_spinner=WORKING)
def _both_in_one(
    key: str, choices: dict[str, Side], _theirs: PlanDocument, _mine: PlanDocument
) -> PlanDocument:
    return worked_out(merged, _theirs, _mine, choices, author=_mine.author, now=now())


@st.cache_resource(max_entries=32, show_spinner=False)
def _document(digest: str, _text: str) -> PlanDocument:
    return document_from_json(_text)


@st.cache_resource(max_entries=64, show_spinner=False)
def _brief(
    key: str, status: str, needs: str, decide_by: date | None, today: date, _saved: SavedPlan
) -> Brief:
    return brief_of(
        document_of(_saved),
        name=_saved.name,
        version=_saved.version,
        today=today,
        needs=needs,
        decide_by=decide_by,
        status=status,
    )
