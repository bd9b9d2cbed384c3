# ruff: noqa: E501 - one row of a table is one line

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.logs.ingest import ingest
from core.logs.log import QUERIES, Log
from core.logs.preview import preview

RESPONSES = (
    "CREATE TABLE responses(id TEXT PRIMARY KEY, model TEXT, prompt TEXT, system TEXT, "
    "prompt_json TEXT, options_json TEXT, response TEXT, response_json TEXT, "
    "conversation_id TEXT, duration_ms INTEGER, datetime_utc TEXT{more})"
)
TOKENS = ", input_tokens INTEGER, output_tokens INTEGER, token_details TEXT, schema_id TEXT"
NEWEST = f"{TOKENS}, resolved_model TEXT, reasoning TEXT"
TURNS = (
    "CREATE TABLE turns(id TEXT PRIMARY KEY, thread_id TEXT, parent_message_hash TEXT, "
    "tip_message_hash TEXT, model TEXT, resolved_model TEXT, options_json TEXT, schema_id TEXT, "
    "input_tokens INTEGER, output_tokens INTEGER, token_details TEXT, duration_ms INTEGER, "
    "datetime_utc TEXT, response_json TEXT)"
)
SEARCH = (
    "CREATE TABLE turn_search(id INTEGER PRIMARY KEY, turn_id TEXT, prompt TEXT, response TEXT)"
)
MESSAGES = "CREATE TABLE messages(hash TEXT PRIMARY KEY, parent_hash TEXT, role TEXT)"
PARTS = (
    "CREATE TABLE parts(id INTEGER PRIMARY KEY, message_hash TEXT, position INTEGER, type TEXT, "
    "tool_name TEXT, text TEXT, payload TEXT)"
)

Read = Callable[..., tuple[Log, list[dict[str, object]]]]


@pytest.fixture
def read(tmp_path: Path, noon: object) -> Read:
    """The log and its rows of a database made by statements."""

    def make(
        *statements: str | tuple[str, tuple[object, ...]],
    ) -> tuple[Log, list[dict[str, object]]]:
        path = tmp_path / "logs.db"
        connection = sqlite3.connect(path)
        for statement in statements:
            if isinstance(statement, str):
                connection.execute(statement)
            else:
                connection.execute(*statement)
        connection.commit()
        connection.close()
        look = preview(path, "logs.db")
        assert (look.source, look.container) == ("llm_sqlite", "SQLite database")
        log = ingest(path, look.mapping, tmp_path / "logs", name="l", now=noon)  # type: ignore[arg-type]
        return log, pq.read_table(tmp_path / "logs" / log.digest / QUERIES).to_pylist()

    return make


def response(key: str, **values: object) -> tuple[str, tuple[object, ...]]:
    """A row of the older table with these values."""
    row = {"id": key, "model": "gpt-4o", "prompt": f"ask {key}", "response": "so", "duration_ms": 800, "datetime_utc": "2026-03-01T10:00:00", **values}  # fmt: skip
    return f"INSERT INTO responses({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())  # fmt: skip


def turn(key: str, **values: object) -> tuple[str, tuple[object, ...]]:
    """A row of the newer table with these values."""
    row = {"id": key, "model": "gpt-4o", "input_tokens": 30, "output_tokens": 9, "duration_ms": 700, "datetime_utc": "2026-09-01T10:00:00+00:00", **values}  # fmt: skip
    return f"INSERT INTO turns({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())  # fmt: skip


def test_both_generations_are_read_and_no_call_counts_twice(read: Read) -> None:
    log, rows = read(
        RESPONSES.format(more=NEWEST), TURNS, SEARCH,
        response("old", input_tokens=12, output_tokens=4, conversation_id="c"),
        response("both", input_tokens=30, output_tokens=9),
        turn("both", resolved_model="gpt-4o-2024-08-06", thread_id="t",
             token_details=json.dumps({"cached_tokens": 10})),
        "INSERT INTO turn_search(turn_id, prompt, response) VALUES ('both', 'ask both', 'yes')",
        "INSERT INTO turn_search(turn_id, prompt, response) VALUES ('both', 'ask both', 'yes')",
    )  # fmt: skip
    assert (log.rows_kept, log.input_tokens, log.output_tokens) == (2, 42, 13)
    assert (log.cache_read_tokens, log.sessions) == (10, 2)
    newer, older = rows
    assert (newer["request_id"], newer["model"], newer["text"]) == ("both", "gpt-4o-2024-08-06", "ask both")  # fmt: skip
    assert (newer["latency_ms"], str(newer["time"])) == (700.0, "2026-09-01 10:00:00+00:00")
    assert (older["request_id"], older["text"], older["input_tokens"]) == ("old", "ask old", 12)


def test_files_of_2023_have_neither_turns_nor_tokens_nor_resolved_models(read: Read) -> None:
    log, rows = read(RESPONSES.format(more=""), response("a", system="be brief"))
    assert log.input_tokens is None and log.input_tokens_estimated > 0
    assert (rows[0]["model"], rows[0]["system_text"], rows[0]["turns"]) == ("gpt-4o", "be brief", 2)
    log, _ = read("DROP TABLE responses", RESPONSES.format(more=TOKENS), response("b", input_tokens=5))  # fmt: skip
    assert log.input_tokens == 5


def test_what_was_sent_is_followed_back_along_the_tree_of_messages(read: Read) -> None:
    messages = [("s", None, "system"), ("u1", "s", "user"), ("a1", "u1", "assistant"), ("r", "a1", "tool")]  # fmt: skip
    parts = [("s", 0, "text", None, "be brief"), ("u1", 0, "text", None, "what "), ("u1", 1, "text", None, "time?"), ("a1", 0, "tool_call", "clock", None), ("r", 0, "tool_result", "clock", None)]  # fmt: skip
    log, rows = read(
        TURNS, SEARCH, MESSAGES, PARTS,
        *(("INSERT INTO messages VALUES (?, ?, ?)", row) for row in messages),
        *(("INSERT INTO parts(message_hash, position, type, tool_name, text) VALUES (?, ?, ?, ?, ?)", row) for row in parts),
        turn("first", parent_message_hash="u1"),
        turn("step", parent_message_hash="r"),
        "INSERT INTO turn_search(turn_id, prompt, response) VALUES ('first', 'what time?', '')",
    )  # fmt: skip
    first, step = rows
    assert (first["text"], first["system_text"], first["turns"]) == ("what time?", "be brief", 2)
    assert "what" in str(step["text"]) and "time?" in str(step["text"])
    assert (step["system_text"], step["turns"], step["tools"]) == ("be brief", 4, "clock")
    assert log.rows_kept == 2


def test_a_tree_that_bites_its_tail_ends(read: Read) -> None:
    log, _ = read(
        TURNS, SEARCH, MESSAGES, PARTS,
        "INSERT INTO messages VALUES ('a', 'b', 'user'), ('b', 'a', 'user')",
        "INSERT INTO parts(message_hash, position, type, text) VALUES ('a', 0, 'text', 'hello')",
        turn("x", parent_message_hash="a"),
    )  # fmt: skip
    assert log.rows_kept == 1


def test_cached_tokens_of_anthropic_stand_beside_the_input(read: Read) -> None:
    details = json.dumps({"cache_read_input_tokens": 50, "cache_creation_input_tokens": 20})
    log, _ = read(TURNS, SEARCH, turn("a", token_details=details),
                  "INSERT INTO turn_search(turn_id, prompt, response) VALUES ('a', 'ask', '')")  # fmt: skip
    assert (log.input_tokens, log.cache_read_tokens, log.cache_write_tokens) == (100, 50, 20)


def test_a_prompt_that_is_json_stays_a_prompt(read: Read) -> None:
    chat = json.dumps([{"role": "user", "content": "inner"}])
    _, rows = read(RESPONSES.format(more=NEWEST), response("a", prompt=chat))
    assert rows[0]["text"] == chat
