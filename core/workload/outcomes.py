"""Outcomes of a team's own traffic: which model answered which query how well.

A table (CSV, JSON, Parquet or Excel) with `request_id` or `query`, `model` and `score` 0..1.
Several models for one query make it paired, and paired outcomes tell who gains from a
stronger model.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import BadInput
from core.logs.containers.reading import read_chunks
from core.logs.parts import parts_of
from core.logs.privacy.redaction import redact
from core.logs.query_file import query_batches
from core.logs.texts import read_texts
from core.logs.verdicts import read_feedback

MOST_ROWS: Final = 200_000
_ALIASES: Final = {
    "request_id": ("request_id", "requestid", "id", "query_id", "trace_id"),
    "query": ("query", "prompt", "text", "question", "input"),
    "model": ("model", "model_name"),
    "score": ("score", "quality", "correct", "ok", "passed", "label", "rating"),
}
_CHUNK_ROWS: Final = 50_000


@dataclass(frozen=True)
class Outcomes:
    """Rows of an outcome file; a query is named by its id in the log, else by its text."""

    by_id: bool
    query: pa.Array  # request ids, or texts redacted as the log's are
    model: pa.Array  # as written
    score: npt.NDArray[np.float64]  # 0..1
    skipped: dict[str, int]  # rows that could not be used, by reason


@dataclass(frozen=True)
class OwnOutcomes:
    """Outcomes of queries of one log: the row in the log, the model, the score, per outcome."""

    row: npt.NDArray[np.int64]
    model: pa.Array
    score: npt.NDArray[np.float64]
    skipped: dict[str, int]

    @property
    def queries(self) -> int:
        """Queries of the log with at least one outcome."""
        return len(np.unique(self.row))

    @property
    def paired(self) -> int:
        """Queries with outcomes of at least two models."""
        names = self.model.dictionary_encode()
        pairs = {(int(r), m) for r, m in zip(self.row, names.indices.to_pylist(), strict=True)}
        return sum(count > 1 for count in Counter(row for row, _ in pairs).values())


def read_outcomes(path: Path, name: str) -> Outcomes:
    """The outcomes in a file; BadInput when it has not the columns, or no row can be used."""
    pieces: list[pa.Table] = []
    rows = 0
    part = parts_of(path, name).parts[0]
    columns: dict[str, str] = {}
    with closing(read_chunks(part.place, part.container, part.name)) as chunks:
        for chunk in chunks:
            table = chunk.table()
            columns = columns or _columns(table.column_names, name)
            absent = [column for column in columns.values() if column not in table.column_names]
            for column in absent:
                table = table.append_column(column, pa.nulls(len(table), pa.string()))
            pieces.append(table.select(list(columns.values())).rename_columns(list(columns)))
            rows += len(table)
            if rows > MOST_ROWS:
                raise BadInput(
                    f"more than {MOST_ROWS:,} outcomes",
                    where=name,
                    remedy="A few hundred queries with two models each are enough",
                )
    if not pieces:
        raise BadInput(part.empty, where=name, remedy="Export the outcomes again")
    return _usable(pa.concat_tables(pieces).combine_chunks(), name)


def bring_to_log(outcomes: Outcomes, queries: Path) -> OwnOutcomes:
    """The outcomes of queries that are in the log's Parquet file; BadInput when none is.

    A text that occurs several times in the log stands for its first place.
    """
    wanted = pc.unique(outcomes.query)
    place = np.full(len(wanted), -1, dtype=np.int64)
    column = "request_id" if outcomes.by_id else "text"
    start = 0
    for batch in query_batches(queries, [column], _CHUNK_ROWS):
        found = pc.index_in(batch.column(column), value_set=wanted, skip_nulls=True)
        rows = np.flatnonzero(found.is_valid())[::-1]  # so that the first of equals stays
        which = found.take(pa.array(rows)).to_numpy()
        new = place[which] < 0
        place[which[new]] = rows[new] + start
        start += len(batch)
    row = place[pc.index_in(outcomes.query, value_set=wanted).to_numpy()]
    known = row >= 0
    skipped = dict(outcomes.skipped)
    if not known.all():
        skipped["not in this log"] = int((~known).sum())
    if not known.any():
        what = "request ids" if outcomes.by_id else "query texts"
        raise BadInput(
            f"none of the {len(row):,} outcomes belongs to a query of this log (by their {what})",
            remedy="Take outcomes of this log's own queries",
        )
    return OwnOutcomes(
        row[known], outcomes.model.filter(pa.array(known)), outcomes.score[known], skipped
    )


def _columns(names: list[str], where: str) -> dict[str, str]:
    by_plain = {name.strip().lower().replace(" ", "_"): name for name in reversed(names)}
    found = {
        role: next(by_plain[alias] for alias in aliases if alias in by_plain)
        for role, aliases in _ALIASES.items()
        if any(alias in by_plain for alias in aliases)
    }
    missing = [role for role in ("model", "score") if role not in found]
    if not {"request_id", "query"} & set(found):
        missing.insert(0, "request_id or query")
    if missing:
        raise BadInput(
            f"outcomes need a column {' and a column '.join(missing)}",
            where=where,
            remedy="Give request_id or query, model, and score from 0 to 1",
        )
    if "request_id" in found:
        found.pop("query", None)
    return found


def _usable(rows: pa.Table, name: str) -> Outcomes:
    """The rows with a query, a model and a score; the others counted by reason."""
    by_id = "request_id" in rows.column_names
    column = rows["request_id" if by_id else "query"].combine_chunks()
    query = pc.utf8_trim_whitespace(column) if by_id else _as_in_logs(column)
    model = pc.utf8_trim_whitespace(rows["model"].combine_chunks())
    score, _ = read_feedback(rows["score"].combine_chunks(), "0-1")
    reasons = {
        "no query": _missing(query),
        "no model": _missing(model),
        "score is not 0..1": pc.is_null(score),
    }
    keep = np.ones(len(rows), dtype=bool)
    skipped: dict[str, int] = {}
    for reason, broken in reasons.items():
        falls = keep & broken.to_numpy(zero_copy_only=False)
        if falls.any():
            skipped[reason] = int(falls.sum())
            keep &= ~falls
    if not keep.any():
        words = ", ".join(f"{count:,} {reason}" for reason, count in skipped.items())
        raise BadInput(
            f"none of the {len(rows):,} outcomes can be used: {words}" if words else "no outcomes",
            where=name,
            remedy="Give request_id or query, model, and score from 0 to 1",
        )
    mask = pa.array(keep)
    scores = score.filter(mask).to_numpy()
    return Outcomes(by_id, query.filter(mask), model.filter(mask), scores, skipped)


def _as_in_logs(texts: pa.Array) -> pa.Array:
    """The texts as a log keeps them: the last question of a chat, redacted."""
    return redact(read_texts(texts).question)[0]


def _missing(texts: pa.Array) -> pa.Array:
    return pc.fill_null(pc.equal(texts, ""), True)
