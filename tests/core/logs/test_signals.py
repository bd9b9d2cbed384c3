from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.logs.canonical import Canonical, Circumstances, canonical
from core.logs.mapping import Mapping, guess_mapping
from core.logs.query import SCHEMA
from core.logs.query_file import query_batches
from core.logs.signals import read_signal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def read(columns: dict[str, list[str | None]]) -> Canonical:
    chunk = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    mapping = Mapping(**{name: name for name in columns})  # type: ignore[arg-type]
    return canonical(chunk, mapping, Circumstances(1, NOW))


def test_yes_and_no_and_amounts_are_read() -> None:
    cells = pa.array(["True", "no", "0", "3", "0.25", "", None, "perhaps"])
    found, unreadable = read_signal(cells)
    assert found.to_pylist() == [True, False, False, True, True, None, None, None]
    assert unreadable == 1


def test_where_nobody_rates_what_happened_is_the_verdict() -> None:
    columns: dict[str, list[str | None]] = {
        "text": ["a"] * 5,
        "escalated": ["yes", "yes", "no", "no", ""],
        "edited": ["", "", "", "2", ""],
    }
    found = read(columns).rows
    assert found["feedback"].to_pylist() == [0.0, 0.0, 1.0, 0.0, None]
    rated = read({**columns, "feedback": ["1", "", "", "0", ""]}).rows
    assert rated["feedback"].to_pylist() == [1.0, None, None, 0.0, None]  # silence is no rating
    assert found["escalated"].to_pylist() == [True, True, False, False, None]
    assert found["edited"].to_pylist() == [None, None, None, True, None]


def test_a_word_that_is_neither_is_doubted() -> None:
    found = read({"text": ["a", "b"], "escalated": ["maybe", "no"]})
    assert found.doubts == {"escalated: neither yes nor no": 1}


def test_columns_of_signals_are_found_by_their_names() -> None:
    row = {"prompt": "Where is my order?", "handed_off": "true", "edit_count": "2"}
    found = guess_mapping([*row, "resolved"], [{**row, "resolved": "no"}] * 5)
    assert (found.escalated, found.edited) == ("handed_off", "edit_count")
    assert found.feedback == "resolved"


def test_an_older_copy_of_a_log_reads_as_if_nothing_was_said(tmp_path: Path) -> None:
    older = pa.table({"request_id": ["a", "b"], "turns": pa.array([1, 2], pa.int16())})
    pq.write_table(older, tmp_path / "queries.parquet")
    (batch,) = query_batches(
        tmp_path / "queries.parquet", ["request_id", "escalated", "answer"], 10
    )
    (whole,) = query_batches(tmp_path / "queries.parquet", None, 10)
    assert batch.to_pylist() == [
        {"request_id": name, "escalated": None, "answer": None} for name in "ab"
    ]
    assert set(whole.schema.names) == set(SCHEMA.names)
