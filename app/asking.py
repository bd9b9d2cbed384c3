"""Categories asked of a model, as the Evidence page sees them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from app import preparing, reading, replays, services
from app.elsewhere import read_through
from app.planning import SortedLog
from core.catalog.model import Model
from core.complexity.scale import TIERS, Tier
from core.complexity.sorting import usual_tiers
from core.logs.log import QUERIES
from core.quality.categories import (
    FOLDER,
    Agreement,
    Categories,
    agreement,
    estimate_categories,
    latest_categories,
    read_categories,
    told,
    write_categories,
)
from core.quality.estimate import Estimate
from core.quality.journal import Told
from core.quality.replay import Candidate
from core.routing.exports.files import slug
from core.workload.learning import placing_of
from core.workload.notes import read_notes
from core.workload.scores import scored_batches, scores_file
from core.workload.seen import on_scores


@dataclass(frozen=True)
class Asked:
    """Categories as they stand."""

    place: Path
    what: Categories
    said: dict[int, Tier]
    spent_usd: float
    left: int
    agreement: Agreement | None


def prepared(
    found: SortedLog, model: Model, size: int, cap_usd: float
) -> tuple[Categories, Estimate]:
    """A sample to confirm, and what asking for it costs."""
    rows, weights = _drawn(found.log.digest, found.placed_by, size, found)
    asked = Candidate(model, slug(model))
    prompts = replays.prompts(found.log.digest, rows)
    return (
        Categories(secrets.token_hex(6), asked, rows, weights, cap_usd),
        estimate_categories(prompts.values(), asked),
    )


@st.cache_data(max_entries=8, show_spinner=False)
def _drawn(
    digest: str, placed_by: str, size: int, _found: SortedLog
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    sample = read_through(reading.sampled, *preparing.where(_found), size)
    return tuple(sample.row.tolist()), tuple(sample.weight.tolist())


def confirm(found: SortedLog, what: Categories) -> str:
    """Keep what was confirmed; its id."""
    write_categories(services.folder_of(found.log.digest) / FOLDER / what.id, what)
    return what.id


def latest(found: SortedLog) -> Asked | None:
    """What was asked for last; None before anything was."""
    place = latest_categories(services.folder_of(found.log.digest))
    if place is None:
        return None
    what, journal = read_categories(place), Told(place)
    said = told(journal.items)
    sorted_to = _sorted_to(found.log.digest, found.placed_by, tuple(said), found)
    return Asked(
        place,
        what,
        said,
        journal.spent_usd,
        len(what.rows) - len(journal.items),
        agreement(what, said, sorted_to),
    )


@st.cache_data(max_entries=8, show_spinner=False)
def _sorted_to(
    digest: str, placed_by: str, rows: tuple[int, ...], _found: SortedLog
) -> dict[int, Tier]:
    """The tiers that these rows were sorted to, by how hard they look."""
    folder, by = services.folder_of(digest), services.classifier().on(_found.notes.basis)
    scores = scores_file(folder, by)
    placing = on_scores(placing_of(folder, by, replace(_found.notes, corrections={})), scores)
    found: dict[int, Tier] = {}
    start = 0
    wanted = sorted(rows)
    for batch, scored in scored_batches(
        folder / QUERIES, scores, topics=placing.learned is not None
    ):
        here = [row for row in wanted if start <= row < start + len(batch)]
        if here:
            snapped = placing.place(batch, scored).binned()
            codes = usual_tiers(placing.classifier, snapped.difficulty, snapped.lever)
            found |= {row: TIERS[int(codes[row - start])] for row in here}
        start += len(batch)
    return found


def use(found: SortedLog, asked: Asked) -> int:
    """Take the categories as corrections, which people's own are never overwritten by; how many."""
    folder = services.folder_of(found.log.digest)
    prompts = replays.prompts(found.log.digest, tuple(asked.said))
    notes = read_notes(folder)
    new = {prompts[row].request_id: tier for row, tier in asked.said.items()}
    services.save_notes(found.log.digest, replace(notes, corrections=new | notes.corrections))
    return len(new.keys() - notes.corrections.keys())
