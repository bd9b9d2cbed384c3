"""Replays of a log, as the Evidence page sees them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import streamlit as st

from app import services
from app.elsewhere import read_through
from app.planning import SortedLog
from core.logs.log import QUERIES
from core.quality.journal import Item, Reply, Told
from core.quality.people import Said, as_people_say, judge_labels, keep_said, next_pair, read_said
from core.quality.prompts import Prompt, prompts_of
from core.quality.replay import (
    Replay,
    is_closed,
    latest_replay,
    read_replay,
)
from core.quality.results import Shown, outcomes_of, shown, together
from core.quality.stopping import is_clear
from core.routing.plan import Plan
from core.workload.labelled import labelled_queries
from core.workload.learning import keep_outcomes, kept_outcomes, placing_of
from core.workload.notes import read_notes
from core.workload.scores import scores_file

ENOUGH_PAIRS: Final = 10  # judged by people, until they say something of the judge


@dataclass(frozen=True)
class Standing:
    """A replay as it stands."""

    place: Path
    replay: Replay
    items: dict[int, Item]
    replies: dict[str, Reply]
    spent_usd: float
    doubtful_usd: float
    said: tuple[Said, ...]

    @property
    def settled(self) -> dict[int, Item]:
        """The items, with what people said."""
        return as_people_say(self.items, self.said)

    @property
    def clear(self) -> bool:
        """Whether it ended early, because the decision was clear."""
        limits = self.replay.tolerances
        return bool(limits and self.left) and is_clear(
            self.items.values(), self.replay.reference.model.id, limits
        )

    def answer_of(self, row: int, prompt: Prompt, model: str) -> str:
        """What a model said to a query: in the replay, else in the log."""
        reply = self.replies.get(f"{self.replay.id}:{row}:{model}")
        return reply.text if reply else prompt.answer or ""

    @property
    def can_go_on(self) -> bool:
        """Whether something is left that was not called off."""
        return bool(self.left) and not self.clear and not is_closed(self.place)

    @property
    def left(self) -> int:
        """Queries that have not ended."""
        return len(self.replay.rows) - len(self.items)


@st.cache_data(ttl=3, max_entries=8, show_spinner=False)
def so_far(digest: str) -> Standing | None:
    """The replay under way as it was a moment ago: a progress bar asks twice a second."""
    return latest(digest)


def latest(digest: str) -> Standing | None:
    """The replay of a log that was started last; None before there is one."""
    place = latest_replay(services.folder_of(digest))
    if place is None:
        return None
    journal = Told(place)
    return Standing(
        place,
        read_replay(place),
        journal.items,
        journal.replies,
        journal.spent_usd,
        journal.doubtful_usd,
        tuple(read_said(place)),
    )


@dataclass(frozen=True)
class JudgeRates:
    """How a judge did on the answers that people judged."""

    model: str
    accepts_good: float
    accepts_bad: float
    answers: int


def judge_rates(digest: str) -> JudgeRates | None:
    """The judge of the last replay, once people have judged enough of its answers."""
    place = latest_replay(services.folder_of(digest))
    said = tuple(read_said(place)) if place else ()
    if place is None or len(said) < ENOUGH_PAIRS:
        return None
    return _judge_rates(str(place), said)


@st.cache_data(max_entries=8, show_spinner=False)
def _judge_rates(place: str, said: tuple[Said, ...]) -> JudgeRates:
    """Kept, because the Plan page asks with every control, and a journal may be long."""
    replay = read_replay(Path(place))
    labels = judge_labels(Told(Path(place)).items, said)
    return JudgeRates(
        replay.judge.model.id, labels.accepts_good, labels.accepts_bad, round(labels.count)
    )


def plan_key(plan: Plan) -> str:
    """All of a plan, prices and abilities included."""
    return hashlib.blake2b(repr(plan).encode(), digest_size=8).hexdigest()


def show(found: SortedLog, plan: Plan, standing: Standing) -> Shown | None:
    """What the replay shows of a plan; None while nothing was judged, or of other models."""
    scored = [item.scores.keys() for item in standing.items.values() if item.scores]
    planned = {model.id for model in plan.models.values()}
    # A model that only the log answered has scores for its own queries alone.
    if not scored or not all(planned <= models for models in scored):
        return None
    what = [
        found.log.digest,
        found.placed_by,
        plan_key(plan),
        standing.replay.id,
        len(standing.items),
    ]
    return _shown(json.dumps([*what, repr(standing.said)]), found, plan, standing)


@st.cache_resource(max_entries=8, show_spinner="Reading the log ...")
def _shown(key: str, _found: SortedLog, _plan: Plan, _standing: Standing) -> Shown:
    folder, by = services.folder_of(_found.log.digest), services.classifier().on(_found.notes.basis)
    labelled = read_through(
        labelled_queries,
        folder / QUERIES,
        scores_file(folder, by),
        placing_of(folder, by, _found.notes),
        outcomes_of(_standing.settled),
        _found.notes.routing_rules,
    )
    standing = _standing
    return shown(
        standing.replay, standing.items, labelled, _plan, _found.uncertainty, standing.said
    )


@st.cache_resource(max_entries=4, show_spinner=False)
def prompts(digest: str, rows: tuple[int, ...]) -> dict[int, Prompt]:
    """The prompts of these rows of a log; kept, because every pair asks for them."""
    return prompts_of(services.folder_of(digest) / QUERIES, rows)


def use(found: SortedLog, standing: Standing) -> None:
    """Let the outcomes of a replay teach the log, on top of those it has."""
    folder = services.folder_of(found.log.digest)
    own = outcomes_of(standing.settled)
    before = kept_outcomes(folder) if found.notes.outcomes else None
    digest = keep_outcomes(folder, together(before, own) if before else own)
    services.save_notes(found.log.digest, replace(read_notes(folder), outcomes=digest))


@dataclass(frozen=True)
class Pair:
    """Two answers to one query, to be judged blind."""

    row: int
    candidate: str
    candidate_first: bool
    prompt: Prompt
    first: str
    second: str


def pair_to_judge(found: SortedLog, standing: Standing) -> Pair | None:
    """The next pair for a person; None when all were judged."""
    picked = next_pair(standing.items, standing.said, seed=0)
    if picked is None:
        return None
    row, candidate, candidate_first = picked
    prompt = prompts(found.log.digest, standing.replay.rows)[row]
    answers = [
        standing.answer_of(row, prompt, model)
        for model in (candidate, standing.items[row].reference)
    ]
    first, second = answers if candidate_first else reversed(answers)
    return Pair(row, candidate, candidate_first, prompt, first, second)


def say(standing: Standing, pair: Pair, first_ok: bool, second_ok: bool) -> None:
    """Keep what a person said of a pair."""
    mine, other = (first_ok, second_ok) if pair.candidate_first else (second_ok, first_ok)
    keep_said(standing.place, Said(pair.row, pair.candidate, mine, other))
