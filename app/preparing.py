"""A replay that nobody has confirmed yet: its sample, and what it will cost."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Final

import numpy as np
import streamlit as st

from app import evidence, planning, reading, replays, services
from app.elsewhere import WORKING, read_through
from app.planning import SortedLog
from app.replays import plan_key
from core.catalog.model import Model
from core.errors import BadInput, Hindered
from core.quality.prepare import Prepared
from core.quality.replay import replay_folder, write_replay
from core.routing.plan import Plan
from core.workload.labelling import NextLabels, next_labels
from core.workload.learning import placing_of
from core.workload.notes import monthly_calls
from core.workload.placing import Placing
from core.workload.spend import monthly_factor

USUAL_SIZE: Final = 200  # as many as make a plan count as verified
USUAL_CAP_USD: Final = 2.0


def prepared(
    found: SortedLog,
    plan: Plan,
    judge: Model,
    *,
    plan_name: str,
    size: int,
    cap_usd: float,
    stop_early: bool = True,
    wanted: Mapping[str, int] | None = None,
    also: Sequence[Model] = (),
) -> Prepared:
    """A replay to confirm; BadInput where there is nothing to compare, or to replay.

    With `wanted` it asks so many new queries of these segments.
    """
    before = replays.latest(found.log.digest) if wanted is not None else None
    key = json.dumps(
        [
            found.log.digest, found.placed_by, services.said_key(found.notes), plan_key(plan),
            repr(judge), repr(also), plan_name, size, cap_usd,
            stop_early, wanted, before.replay.id if before else None,
        ]
    )  # fmt: skip
    values = (plan_name, size, cap_usd, stop_early)
    without = before.replay.rows if before else ()
    return _prepared(key, found, plan, judge, values, wanted, without, also)


@st.cache_resource(max_entries=8, show_spinner=WORKING)
def _prepared(
    key: str,
    _found: SortedLog,
    _plan: Plan,
    _judge: Model,
    _values: tuple[str, int, float, bool],
    _wanted: Mapping[str, int] | None,
    _without: Sequence[int],
    _also: Sequence[Model],
) -> Prepared:
    """Kept, because every control asks for it and it reads the whole log."""
    plan_name, size, cap_usd, stop_early = _values
    return read_through(
        reading.prepared,
        *where(_found),
        _plan,
        _judge,
        replay_id="unconfirmed",
        log_digest=_found.log.digest,
        plan_name=plan_name,
        names=_found.names,
        size=size,
        cap_usd=cap_usd,
        stop_early=stop_early,
        wanted=_wanted,
        also=_also,
        without=np.array(_without, dtype=np.int64) if _without else None,
    )


def usual_cap(found: SortedLog, plan: Plan, judge: Model) -> float:
    """USD that the usual replay stays within: two dollars, or what long answers take."""
    try:
        ready = prepared(found, plan, judge, plan_name="", size=USUAL_SIZE, cap_usd=USUAL_CAP_USD)
    except Hindered:
        raise
    except BadInput:
        return USUAL_CAP_USD  # the form says what is wrong
    return max(USUAL_CAP_USD, float(ceil(ready.estimate.high)))


def where_it_tells(found: SortedLog, plan: Plan) -> NextLabels:
    """How many queries of each segment would change the plan most, and what they are worth."""
    standing = evidence.standing_of(found, plan.simple, plan.complex)
    factor = monthly_factor(found.workload, monthly_calls(found.workload, found.notes))
    return next_labels(
        standing.gains,
        [queries * factor for queries in standing.queries],
        tolerance=plan.to_medium + plan.to_complex,
        extra_usd_per_query=planning.extra_usd_per_query(found, plan.simple, plan.complex),
    )


def where(found: SortedLog) -> tuple[str, Path, Placing]:
    """What reading a sorted log takes: a key for how it is sorted, its folder, and its sorting."""
    folder = services.folder_of(found.log.digest)
    by = services.classifier().on(found.notes.basis)
    return json.dumps([str(folder), found.placed_by]), folder, placing_of(folder, by, found.notes)


def confirm(found: SortedLog, ready: Prepared) -> str:
    """Keep a replay as it was confirmed; its id."""
    confirmed = replace(ready.replay, id=secrets.token_hex(6))
    folder = services.folder_of(found.log.digest)
    write_replay(replay_folder(folder, confirmed.id), confirmed)
    return confirmed.id
