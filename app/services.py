"""Every cache, the database, the worker pool and the background jobs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import streamlit as st

from app.state import Draft, draft_values
from core.catalog.catalogue import Catalogue, load_catalogue
from core.catalog.model import Model
from core.complexity.classifier import Classifier, load_classifier
from core.complexity.figures import Measured, load_measured
from core.complexity.learned import Learned, SegmentGain
from core.complexity.rules import Rule
from core.complexity.scale import Tier
from core.economics.finetune_json import case_from_json
from core.economics.uncertainty import Simulation
from core.economics.uncertainty import simulate as simulate_case
from core.logs.glimpse import glimpse
from core.logs.log import QUERIES, Log, delete_log, list_logs, log_folder, open_log
from core.logs.mapping import Mapping
from core.logs.preview import Preview, preview
from core.logs.remembered import forget, recall, remember
from core.places import home, shipped
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.frontier import Choice, frontier
from core.routing.plan import Plan
from core.routing.tier_costs import tier_cost
from core.routing.traffic import Traffic, traffic_of
from core.store.engine import Engine, open_engine
from core.store.freeze import uncertainty_of
from core.workload.aggregate import BASELINE_COLUMNS, Baseline, baseline
from core.workload.bill import Bill, read_bill
from core.workload.browse import Hits, find_queries
from core.workload.learning import (
    keep_outcomes,
    kept_outcomes,
    models_with_evidence,
    outcome_names,
    placing_of,
)
from core.workload.notes import Notes, monthly_calls, read_notes, resolve_names, write_notes
from core.workload.outcomes import OwnOutcomes, bring_to_log, read_outcomes
from core.workload.reconcile import Reconciliation, reconcile
from core.workload.scores import learned_file, scores_file, workload_file
from core.workload.spend import DAYS_PER_MONTH
from core.workload.standing import Standing, standing, unlabelled
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
    def catalogue(self) -> Catalogue:
        """The models with their prices, and with abilities as this log's outcomes showed them."""
        return catalogue().with_models(*self.measured.values())


# What never changes while the app runs


@st.cache_resource(max_entries=1)
def engine() -> Engine:
    """The database."""
    return open_engine()


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


def own_models_example() -> str:
    """A models.yaml to start from."""
    return shipped("catalog/own_models_example.yaml").read_text("utf-8")


# Logs


def logs_folder() -> Path:
    """Where the local working copies of logs are."""
    return home() / "logs"


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
    return _log_money(digest, _said(notes), names)


def reconciled(
    log: Log, names: dict[str, Model | None], notes: Notes, invoice_usd: float
) -> Reconciliation:
    """A month's invoice beside the log; BadInput for an invoice that is none."""
    return reconcile(_bill(log.digest, _said(notes), names), invoice_usd, log, notes.calls_per_row)


@st.cache_resource(max_entries=16, show_spinner=False)
def _bill(digest: str, said: str, _names: dict[str, Model | None]) -> Bill:
    return read_bill(folder_of(digest) / QUERIES, _names, log_of(digest).source)


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
    return _baseline(digest, _said(notes), names)


@st.cache_resource(max_entries=16, show_spinner=False)
def _baseline(digest: str, said: str, _names: dict[str, Model | None]) -> Baseline:
    rows = pq.read_table(folder_of(digest) / QUERIES, columns=BASELINE_COLUMNS)
    return baseline(rows, _names, log_of(digest).source)


def forget_log(digest: str) -> None:
    """Delete the local copy of a log and everything worked out from it."""
    delete_log(logs_folder(), digest)


def _said(notes: Notes) -> str:
    """What a person said about prices and volume, as a cache key."""
    names = {name: vars(s) for name, s in sorted(notes.stand_ins.items())}
    return json.dumps([names, notes.monthly_queries, notes.calls_per_row])


# Sorted logs and plans


def sorted_log(digest: str) -> SortedLog | None:
    """The sorted log with that digest; None until its queries are sorted."""
    folder = folder_of(digest)
    notes = read_notes(folder)
    file = workload_file(folder, classifier().on(notes.basis), notes)
    if not file.exists():
        return None
    workload = _workload(str(file))
    learned = _kept_learned(str(learned_file(folder, classifier().on(notes.basis), notes)))
    names, traffic, measured = _traffic(str(file), _said(notes), notes, learned)
    informed = classifier().on(workload.basis).informed(learned.level_sd if learned else None)
    return SortedLog(
        log_of(digest),
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


@st.cache_resource(max_entries=8, show_spinner=False)
def _traffic(
    file: str, said: str, _notes: Notes, _learned: Learned | None
) -> tuple[dict[str, Model | None], Traffic, dict[str, Model]]:
    workload = _workload(file)
    source = log_of(Path(file).parent.name).source
    found = outcome_names(_learned, catalogue(), _notes, source)
    measured = models_with_evidence(_learned, found)
    names = {
        name: measured.get(model.id, model) if model else None
        for name, model in resolve_names(workload.models, catalogue(), _notes, source).items()
    }
    traffic = traffic_of(workload, names, monthly_calls(workload, _notes))
    return names, traffic, measured


def best_choices(sorted_: SortedLog, plan: Plan, assumptions: Assumptions) -> list[Choice]:
    """The cost/quality frontier with the plan's models; kept, because sliders ask for it often."""
    key = "|".join(
        [
            sorted_.log.digest,
            sorted_.notes.basis,
            sorted_.notes.placing_digest,
            _said(sorted_.notes),
            *(m.id for m in plan.models.values()),
            str(assumptions.cache_kept),
        ]
    )
    return _choices(key, sorted_.traffic, plan, sorted_.uncertainty, assumptions)


@st.cache_resource(max_entries=32, show_spinner=False)
def _choices(
    key: str,
    _traffic: Traffic,
    _plan: Plan,
    _uncertainty: Uncertainty,
    _assumptions: Assumptions,
) -> list[Choice]:
    return frontier(_traffic, _plan, _uncertainty, _assumptions)


@st.cache_data(max_entries=64, show_spinner=False)
def futures(case: str) -> Simulation:
    """The simulated futures of a fine-tuning case, given as its JSON."""
    return simulate_case(case_from_json(case))


def hits(found: SortedLog, tier: Tier, words: str, limit: int) -> Hits:
    """Queries of a tier that hold these words; kept, because a search reads the whole log."""
    said = f"{found.notes.basis} {found.notes.placing_digest}"
    return _hits(found.log.digest, said, tier, words, limit, found.notes)


@st.cache_data(max_entries=64, show_spinner=False)
def _hits(digest: str, said: str, tier: Tier, words: str, limit: int, _notes: Notes) -> Hits:
    by = classifier().on(_notes.basis)
    return find_queries(folder_of(digest), by, _notes, tier, words, limit=limit)


def save_notes(digest: str, notes: Notes) -> None:
    """Keep what a person said about a log."""
    write_notes(folder_of(digest), notes)


def keep_volume(digest: str, monthly_queries: float | None) -> None:
    """Keep how many queries a month a log stands for; None takes it from the log's dates."""
    notes = read_notes(folder_of(digest))
    save_notes(digest, replace(notes, monthly_queries=monthly_queries))


def take_outcomes(digest: str, path: Path, name: str) -> OwnOutcomes:
    """Keep a file of outcomes beside its log; BadInput when none belongs to it."""
    folder = folder_of(digest)
    own = bring_to_log(read_outcomes(path, name), folder / QUERIES)
    save_notes(digest, replace(read_notes(folder), outcomes=keep_outcomes(folder, own)))
    return own


def forget_outcomes(digest: str) -> None:
    """Sort a log without its own outcomes again."""
    save_notes(digest, replace(read_notes(folder_of(digest)), outcomes=None))


def standing_of(found: SortedLog, weak: Model, strong: Model) -> Standing:
    """How much the strong model gains over the weak one in each segment."""
    said = f"{found.notes.basis} {found.notes.placing_digest} {weak.id} {strong.id}"
    return _standing(found.log.digest, said, found.notes, weak, strong)


def record_of(found: SortedLog, weak: Model, strong: Model) -> dict[str, SegmentGain]:
    """By segment what its outcomes say of the gain; empty before there are outcomes."""
    if found.learned is None:
        return {}
    return {gain.segment: gain for gain in standing_of(found, weak, strong).gains}


@st.cache_resource(max_entries=16, show_spinner=False)
def _standing(digest: str, said: str, _notes: Notes, _weak: Model, _strong: Model) -> Standing:
    folder, by = folder_of(digest), classifier().on(_notes.basis)
    placing = placing_of(folder, by, _notes)
    return standing(folder / QUERIES, scores_file(folder, by), placing, _weak, _strong)


def to_label(found: SortedLog, wanted: dict[str, int]) -> list[tuple[str, str]]:
    """Request ids and segments of the queries whose outcomes are wanted next."""
    said = f"{found.notes.basis} {found.notes.placing_digest}"
    return _to_label(found.log.digest, said, wanted, found.notes)


@st.cache_data(max_entries=16, show_spinner=False)
def _to_label(
    digest: str, said: str, wanted: dict[str, int], _notes: Notes
) -> list[tuple[str, str]]:
    folder, by = folder_of(digest), classifier().on(_notes.basis)
    own = kept_outcomes(folder) if _notes.outcomes else None
    placing = placing_of(folder, by, _notes)
    return unlabelled(folder / QUERIES, scores_file(folder, by), placing, own, wanted)


def extra_usd_per_query(found: SortedLog, weak: Model, strong: Model) -> float | None:
    """What the strong model costs more on this traffic, USD per query; None without prices."""
    if weak.price is None or strong.price is None or not found.traffic.monthly_queries:
        return None
    low, high = (float(tier_cost(found.traffic, m).usd.sum()) for m in (weak, strong))
    return (high - low) / found.traffic.monthly_queries


def keep_segment_names(digest: str, names: dict[str, str]) -> None:
    """Keep what a person calls the segments of a log; one name for two merges them."""
    save_notes(digest, replace(read_notes(folder_of(digest)), segment_names=names))


def measured_figures() -> Measured:
    """What ways of sorting were measured to be worth, as shipped with the classifier."""
    return load_measured()


def keep_rule(digest: str, rule: Rule | None) -> bool:
    """Keep what a log's texts are sorted by; whether they have been sorted that way before."""
    folder = folder_of(digest)
    notes = replace(read_notes(folder), rule=rule)
    save_notes(digest, notes)
    return workload_file(folder, classifier().on(notes.basis), notes).exists()


def read_draft(digest: str) -> Draft | None:
    """The plan in the making on that log, as it was left."""
    file = folder_of(digest) / "draft.json"
    if not file.exists():
        return None
    found: dict[str, Any] = json.loads(file.read_text())
    return Draft(**found)


def write_draft(digest: str, draft: Draft) -> None:
    """Keep the plan in the making beside its log, so that a reload loses nothing."""
    file = folder_of(digest) / "draft.json"
    unfinished = file.with_suffix(".part")
    unfinished.write_text(json.dumps(draft_values(draft)))
    unfinished.replace(file)
