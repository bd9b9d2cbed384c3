"""The database, the catalogue and the logs, cached."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from app import reading, state
from app.elsewhere import WORKING, read_through
from core.catalog.catalogue import Catalogue, load_catalogue
from core.catalog.model import Model
from core.complexity.classifier import Classifier, load_classifier
from core.errors import BadInput, Hindered
from core.events import event
from core.logs.glimpse import glimpse
from core.logs.log import QUERIES, Log, delete_log, list_logs, log_folder, open_log
from core.logs.mapping import Mapping
from core.logs.preview import Preview, preview
from core.logs.remembered import forget, recall, remember
from core.places import home, shipped
from core.store.bin import empty_bin
from core.store.engine import Engine, open_engine
from core.store.tables import MAIN
from core.workload.aggregate import Baseline
from core.workload.bill import Bill, read_bill
from core.workload.notes import Notes, read_notes, write_notes
from core.workload.reconcile import Reconciliation, reconcile
from core.workload.spend import DAYS_PER_MONTH

# What never changes while the app runs


@st.cache_resource(max_entries=1)
def engine() -> Engine:
    """The database; what lay in the bin for over thirty days goes when the app starts.

    Whatever keeps it shut is a matter of the machine: Hindered.
    """
    try:
        found = open_engine()
    except BadInput as error:
        raise Hindered(error.found, where=error.where, remedy=error.remedy) from error
    try:
        empty_bin(found, datetime.now(UTC))
    except Hindered as error:  # plans can be read all the same
        event("bin_not_emptied", logging.WARNING, found=error.found)
    return found


@st.cache_resource(max_entries=1)
def catalogue() -> Catalogue:
    """The models with their dated prices."""
    return load_catalogue()


@st.cache_resource(max_entries=1)
def classifier() -> Classifier:
    """The shipped classifier."""
    return load_classifier()


def today() -> date:
    """The reader's day, for the age of prices."""
    return datetime.now(UTC).date()


def own_models_file() -> Path:
    """Where the user's own models and prices are read from."""
    return home() / "models.yaml"


def forget_prices() -> None:
    """Read the catalogue anew, and everything that was priced by it."""
    for kept in (catalogue, _bill, _baseline):
        kept.clear()


def own_models_example() -> str:
    """A models.yaml to start from."""
    return shipped("catalog/own_models_example.yaml").read_text("utf-8")


# Logs


def logs_folder() -> Path:
    """Where the local working copies of this workspace's logs are."""
    here = state.workspace_id()
    return home() / "logs" if here == MAIN else home() / "workspaces" / here / "logs"


def known_logs() -> list[Log]:
    """The logs read before on this machine, newest first."""
    return list_logs(logs_folder())


def log_of(digest: str) -> Log:
    """The log with that digest; BadInput when it is gone."""
    return open_log(logs_folder(), digest)


def folder_of(digest: str) -> Path:
    """The folder of a log's working copy."""
    return log_folder(logs_folder(), digest)


@st.cache_data(max_entries=8, show_spinner=False)
def first_look(path: str, name: str) -> Preview:
    """What a dropped file is, and a guess at its columns."""
    return preview(Path(path), name)


@st.cache_data(max_entries=16, show_spinner=False)
def first_rows(path: str, name: str, mapping: Mapping) -> pd.DataFrame:
    """The first queries of a dropped file as they would be read, redacted."""
    return glimpse(Path(path), name, mapping, datetime.now(UTC)).to_pandas()


def remembered_mapping(columns: Sequence[str]) -> Mapping | None:
    """The mapping that was made by hand for a file with these columns."""
    return recall(logs_folder(), columns)


def remember_mapping(columns: Sequence[str], mapping: Mapping) -> None:
    """Keep a mapping for the next file with these columns."""
    remember(logs_folder(), columns, mapping)


def forget_mapping(columns: Sequence[str]) -> None:
    """Guess the next file with these columns afresh."""
    forget(logs_folder(), columns)


@dataclass(frozen=True)
class LogMoney:
    """What a log costs over its period: as logged, as priced where nothing is logged, at list.

    `usd` is the two together, None when nothing is known.
    """

    usd: float | None
    logged_usd: float
    priced_usd: float
    list_usd: float | None
    unpriced_queries: int


def log_money(digest: str, names: dict[str, Model | None], notes: Notes) -> LogMoney:
    """What the log costs, with the names as they are understood now."""
    return _log_money(digest, said_key(notes), names)


def reconciled(
    log: Log, names: dict[str, Model | None], notes: Notes, invoice_usd: float
) -> Reconciliation:
    """A month's invoice beside the log; BadInput for an invoice that is none."""
    return reconcile(
        _bill(log.digest, said_key(notes), names), invoice_usd, log, notes.calls_per_row
    )


@st.cache_resource(max_entries=16, show_spinner=WORKING)
def _bill(digest: str, said: str, _names: dict[str, Model | None]) -> Bill:
    return read_through(read_bill, folder_of(digest) / QUERIES, _names, log_of(digest).source)


def _log_money(digest: str, said: str, names: dict[str, Model | None]) -> LogMoney:
    bill = _bill(digest, said, names)
    total = bill.total
    return LogMoney(
        usd=total.usd,
        logged_usd=total.logged_usd,
        priced_usd=total.priced_usd,
        list_usd=bill.list_usd,
        unpriced_queries=total.unpriced_rows,
    )


def monthly_spend(log: Log, money: LogMoney, notes: Notes) -> float | None:
    """What the log comes to per month; None without prices, or without dates and volume."""
    if money.usd is None:
        return None
    if notes.monthly_queries is not None:
        return money.usd * notes.calls_per_row * notes.monthly_queries / log.rows_kept
    if not log.days or log.days < 1 / 24:
        return None
    return money.usd * notes.calls_per_row * DAYS_PER_MONTH / log.days


def baseline_of(digest: str, names: dict[str, Model | None], notes: Notes) -> Baseline:
    """What a summed-up log comes to, by model and by month."""
    return _baseline(digest, said_key(notes), names)


@st.cache_resource(max_entries=16, show_spinner=WORKING)
def _baseline(digest: str, said: str, _names: dict[str, Model | None]) -> Baseline:
    queries, source = folder_of(digest) / QUERIES, log_of(digest).source
    return read_through(reading.baseline_of, queries, _names, source)


def forget_log(digest: str) -> None:
    """Delete the local copy of a log and everything worked out from it."""
    delete_log(logs_folder(), digest)


def said_key(notes: Notes) -> str:
    """What a person said about prices and volume, as a cache key."""
    names = {name: vars(s) for name, s in sorted(notes.stand_ins.items())}
    return json.dumps([names, notes.monthly_queries, notes.calls_per_row])


# Sorted logs and plans


def save_notes(digest: str, notes: Notes) -> None:
    """Keep what a person said about a log."""
    write_notes(folder_of(digest), notes)


def keep_volume(digest: str, monthly_queries: float | None) -> None:
    """Keep how many queries a month a log stands for; None takes it from the log's dates."""
    notes = read_notes(folder_of(digest))
    save_notes(digest, replace(notes, monthly_queries=monthly_queries))
