"""Sorted logs and the plans on them, cached, and the draft that a tab works on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from app import services, state
from app.elsewhere import WORKING, read_through, worked_out
from app.identity import asking, now
from app.state import Draft, draft_from, draft_values
from core.catalog.catalogue import Catalogue
from core.catalog.model import Ability, Model
from core.complexity.learned import Learned
from core.complexity.rules import Rule
from core.complexity.scale import Tier
from core.errors import Hindered
from core.frozen.freeze import uncertainty_of
from core.logs.log import Log
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.frontier import Choice, frontier
from core.routing.plan import Plan
from core.routing.tier_costs import tier_cost
from core.routing.traffic import Traffic, traffic_of
from core.store import drafts
from core.workload.browse import Hits, find_queries
from core.workload.learning import known_names
from core.workload.notes import Notes, monthly_calls, read_notes
from core.workload.scores import learned_file, workload_file
from core.workload.windows import Windows, stepped_up
from core.workload.workload import Workload, from_json


@dataclass(frozen=True)
class SortedLog:
    """A log with everything that the planning pages read."""

    log: Log
    notes: Notes
    workload: Workload
    names: dict[str, Model | None]
    traffic: Traffic
    uncertainty: Uncertainty  # of its difficulties, wider where there was no text to read
    learned: Learned | None = None  # what its own outcomes taught
    measured: dict[str, Model] = field(default_factory=dict)  # abilities that they showed

    @property
    def placed_by(self) -> str:
        """What its queries were placed by: with the log's digest a key for all read from them."""
        return f"{self.notes.basis} {self.notes.placing_digest}"

    @property
    def catalogue(self) -> Catalogue:
        """The models with their prices, and with abilities as this log's outcomes showed them."""
        return services.catalogue().with_models(*self.measured.values())


def change_own_models(change: Callable[[date, Mapping[str, Ability]], None]) -> None:
    """Change the models and discounts that were added here, and read all prices anew."""
    known = services.catalogue()
    change(known.as_of, known.abilities)
    services.forget_prices()
    for kept in (_traffic, _traffic_within, _choices):
        kept.clear()


def sorted_log(digest: str) -> SortedLog | None:
    """The sorted log with that digest; None until its queries are sorted."""
    folder = services.folder_of(digest)
    notes = read_notes(folder)
    file = workload_file(folder, services.classifier().on(notes.basis), notes)
    if not file.exists():
        return None
    workload = _workload(str(file))
    kept = learned_file(folder, services.classifier().on(notes.basis), notes)
    learned = _kept_learned(str(kept))
    names, traffic, measured = _traffic(str(file), services.said_key(notes), notes, learned)
    by = services.classifier().on(workload.basis)
    informed = by.informed(learned.level_sd if learned else None)
    return SortedLog(
        services.log_of(digest),
        notes,
        workload,
        names,
        traffic,
        uncertainty_of(informed),
        learned,
        measured,
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _kept_learned(file: str) -> Learned | None:
    path = Path(file)
    return Learned.from_json(path.read_text("utf-8")) if path.exists() else None


@st.cache_resource(max_entries=8, show_spinner=False)
def _workload(file: str) -> Workload:
    return from_json(Path(file).read_text())


@st.cache_resource(max_entries=8, show_spinner=WORKING)
def _traffic(
    file: str, said: str, _notes: Notes, _learned: Learned | None
) -> tuple[dict[str, Model | None], Traffic, dict[str, Model]]:
    workload = _workload(file)
    source = services.log_of(Path(file).parent.name).source
    names, measured = known_names(workload, _learned, services.catalogue(), _notes, source)
    traffic = worked_out(traffic_of, workload, names, monthly_calls(workload, _notes))
    return names, traffic, measured


def on_plan(found: SortedLog, plan: Plan) -> SortedLog:
    """The log with what is too long for a model of the plan bound to tiers that can hold it."""
    if not stepped_up(found.workload, plan.windows):
        return found
    key = json.dumps([found.log.digest, found.placed_by])
    said = json.dumps([services.said_key(found.notes), plan.windows])
    return replace(found, traffic=_traffic_within(key, said, found, plan.windows))


@st.cache_resource(max_entries=8, show_spinner=WORKING)
def _traffic_within(key: str, said: str, _found: SortedLog, _windows: Windows) -> Traffic:
    monthly = monthly_calls(_found.workload, _found.notes)
    return worked_out(traffic_of, _found.workload, _found.names, monthly, _windows)


def best_choices(sorted_: SortedLog, plan: Plan, assumptions: Assumptions) -> list[Choice]:
    """The cost/quality frontier with the plan's models; kept, because sliders ask for it often."""
    key = "|".join(
        [
            sorted_.log.digest,
            sorted_.placed_by,
            services.said_key(sorted_.notes),
            *(m.id for m in plan.models.values()),
            str(assumptions.cache_kept),
            repr(plan.settings),
            str(plan.windows),
        ]
    )
    return _choices(key, sorted_.traffic, plan, sorted_.uncertainty, assumptions)


@st.cache_resource(max_entries=32, show_spinner=WORKING)
def _choices(
    key: str,
    _traffic: Traffic,
    _plan: Plan,
    _uncertainty: Uncertainty,
    _assumptions: Assumptions,
) -> list[Choice]:
    return worked_out(frontier, _traffic, _plan, _uncertainty, _assumptions)


def hits(found: SortedLog, tier: Tier, words: str, limit: int) -> Hits:
    """Queries of a tier that hold these words; kept, because a search reads the whole log."""
    return _hits(found.log.digest, found.placed_by, tier, words, limit, found.notes)


@st.cache_data(max_entries=64, show_spinner=WORKING)
def _hits(digest: str, said: str, tier: Tier, words: str, limit: int, _notes: Notes) -> Hits:
    by = services.classifier().on(_notes.basis)
    folder = services.folder_of(digest)
    return read_through(find_queries, folder, by, _notes, tier, words, limit=limit)


def read_draft(digest: str) -> Draft | None:
    """The plan in the making on that log, as it was left."""
    kept = drafts.read_draft(*asking(), _subject(digest))
    if kept is None:
        file = services.folder_of(digest) / "draft.json"  # where earlier versions kept it
        if not file.exists():
            return None
        kept = file.read_text("utf-8")
    found: dict[str, Any] = json.loads(kept)
    return draft_from(found)


def write_draft(digest: str, draft: Draft) -> None:
    """Keep the plan in the making for its editor, so that a reload loses nothing.

    Where that cannot be done now the page goes on and says so; the next change tries again.
    """
    body = json.dumps(draft_values(draft))
    try:
        if drafts.read_draft(*asking(), _subject(digest)) != body:
            drafts.write_draft(*asking(), _subject(digest), body, now())
    except Hindered as error:
        words = f"This draft is not kept beyond this tab yet. The database: {error.found}."
        st.toast(words, icon=":material/warning:")


def _subject(digest: str) -> str:
    """What a draft is about: the same log may lie in several workspaces."""
    here = state.workspace_id()
    return digest if here == state.MAIN else f"{here} {digest}"


def extra_usd_per_query(found: SortedLog, weak: Model, strong: Model) -> float | None:
    """What the strong model costs more on this traffic, USD per query; None without prices."""
    if weak.price is None or strong.price is None or not found.traffic.monthly_queries:
        return None
    low, high = (float(tier_cost(found.traffic, m).usd.sum()) for m in (weak, strong))
    return (high - low) / found.traffic.monthly_queries


def keep_rule(digest: str, rule: Rule | None) -> bool:
    """Keep what a log's texts are sorted by; whether they have been sorted that way before."""
    folder = services.folder_of(digest)
    notes = replace(read_notes(folder), rule=rule)
    services.save_notes(digest, notes)
    return workload_file(folder, services.classifier().on(notes.basis), notes).exists()
