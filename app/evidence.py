"""Outcomes of a log's own queries, as the pages read them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from app import services
from app.elsewhere import WORKING, read_through
from app.planning import SortedLog
from core.catalog.model import Model
from core.complexity.figures import Measured, load_measured
from core.complexity.learned import SegmentGain
from core.logs.log import QUERIES
from core.routing.on_labels import LabelControls, missing_outcomes, on_labels
from core.routing.plan import Plan
from core.workload.labelled import Labelled, labelled_queries
from core.workload.learning import (
    keep_outcomes,
    kept_outcomes,
    placing_of,
)
from core.workload.notes import Notes, read_notes, resolve_names
from core.workload.outcomes import OwnOutcomes, bring_to_log, read_outcomes
from core.workload.scores import scores_file
from core.workload.standing import Standing, standing, unlabelled


def take_outcomes(digest: str, path: Path, name: str) -> OwnOutcomes:
    """Keep a file of outcomes beside its log; BadInput when none belongs to it."""
    folder = services.folder_of(digest)
    own = bring_to_log(read_outcomes(path, name), folder / QUERIES)
    services.save_notes(digest, replace(read_notes(folder), outcomes=keep_outcomes(folder, own)))
    return own


def forget_outcomes(digest: str) -> None:
    """Sort a log without its own outcomes again."""
    services.save_notes(digest, replace(read_notes(services.folder_of(digest)), outcomes=None))


def standing_of(found: SortedLog, weak: Model, strong: Model) -> Standing:
    """How much the strong model gains over the weak one in each segment."""
    said = f"{found.placed_by} {weak.id} {strong.id}"
    return _standing(found.log.digest, said, found.notes, weak, strong)


def record_of(found: SortedLog, weak: Model, strong: Model) -> dict[str, SegmentGain]:
    """By segment what its outcomes say of the gain; empty before there are outcomes."""
    if found.learned is None:
        return {}
    return {gain.segment: gain for gain in standing_of(found, weak, strong).gains}


@st.cache_resource(max_entries=16, show_spinner=WORKING)
def _standing(digest: str, said: str, _notes: Notes, _weak: Model, _strong: Model) -> Standing:
    folder, by = services.folder_of(digest), services.classifier().on(_notes.basis)
    placing = placing_of(folder, by, _notes)
    return read_through(
        standing, folder / QUERIES, scores_file(folder, by), placing, _weak, _strong
    )


def to_label(found: SortedLog, wanted: dict[str, int]) -> list[tuple[str, str]]:
    """Request ids and segments of the queries whose outcomes are wanted next."""
    return _to_label(found.log.digest, found.placed_by, wanted, found.notes)


@st.cache_data(max_entries=16, show_spinner=WORKING)
def _to_label(
    digest: str, said: str, wanted: dict[str, int], _notes: Notes
) -> list[tuple[str, str]]:
    folder, by = services.folder_of(digest), services.classifier().on(_notes.basis)
    own = kept_outcomes(folder) if _notes.outcomes else None
    placing = placing_of(folder, by, _notes)
    scores = scores_file(folder, by)
    return read_through(unlabelled, folder / QUERIES, scores, placing, own, wanted)


def keep_segment_names(digest: str, names: dict[str, str]) -> None:
    """Keep what a person calls the segments of a log; one name for two merges them."""
    services.save_notes(
        digest, replace(read_notes(services.folder_of(digest)), segment_names=names)
    )


def measured_figures() -> Measured:
    """What ways of sorting were measured to be worth, as shipped with the classifier."""
    return load_measured()


def on_own_labels(found: SortedLog, plan: Plan) -> tuple[LabelControls | None, list[Model]]:
    """The plan on its labelled queries, where there are enough, and models without outcomes."""
    if found.learned is None or found.notes.outcomes is None:
        return None, []
    labelled = _labelled(found.log.digest, found.placed_by, found.notes)
    if labelled is None:
        return None, []
    names = resolve_names(labelled.models, found.catalogue, found.notes, found.log.source)
    return on_labels(labelled, names, plan, found.uncertainty), missing_outcomes(
        labelled, names, plan
    )


@st.cache_resource(max_entries=8, show_spinner=WORKING)
def _labelled(digest: str, said: str, _notes: Notes) -> Labelled | None:
    folder, by = services.folder_of(digest), services.classifier().on(_notes.basis)
    own = kept_outcomes(folder)
    if own is None:
        return None
    placing = placing_of(folder, by, _notes)
    scores = scores_file(folder, by)
    rules = _notes.routing_rules
    return read_through(labelled_queries, folder / QUERIES, scores, placing, own, rules)
