"""The logs.db of simonw's llm: one call may lie in two generations of tables, and counts once.

Calls made since llm 0.32 are in `turns`, with what was sent as a tree of messages; older ones
are in `responses`, which newer versions keep as history.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from core.logs.containers.chunk import Chunk
from core.logs.containers.records import Record
from core.logs.containers.sqlite import Table, Value, as_text, opened, pieces, tables

MARK: Final = "llm_table"  # the key that tells these records apart: "turns" or "responses"
_NEEDED: Final = ("id", "model", "datetime_utc", "duration_ms")
_TREE_DEPTH: Final = 400  # messages that are followed back from a call
_KEYS: Final = (
    "id", "datetime_utc", "model", "conversation_id", "system", "prompt", "response",
    "input_tokens", "output_tokens", "token_details", "duration_ms", "leaf",
)  # fmt: skip
_CHAIN: Final = f"""
WITH RECURSIVE up(hash, parent, role, depth) AS (
    SELECT hash, parent_hash, role, 0 FROM messages WHERE hash = ?
    UNION ALL
    SELECT m.hash, m.parent_hash, m.role, depth + 1
    FROM up JOIN messages m ON m.hash = up.parent WHERE depth < {_TREE_DEPTH}
)
SELECT up.depth, up.role, p.type, p.tool_name, p.text
FROM up LEFT JOIN parts p ON p.message_hash = up.hash
ORDER BY up.depth DESC, p.position
"""


def is_llm(found: Sequence[Table]) -> bool:
    """Whether these are the tables of an llm log."""
    return any(t.name in ("turns", "responses") and t.has(*_NEEDED) for t in found)


def read(path: Path, name: str, chunk_rows: int) -> Iterator[Chunk]:
    """The calls as records, the newer generation first, each with its messages where kept."""
    with opened(path, name) as connection:
        found = {table.name: table for table in tables(connection)}
        selects = {"turns": _turns(found), "responses": _responses(found)}
        counts = [
            connection.execute(f"SELECT count(*) FROM ({sql})").fetchone()[0]
            for sql in selects.values() if sql
        ]  # fmt: skip
        size, done, total = path.stat().st_size, 0, max(sum(counts), 1)
        tree = _has_tree(found)
        for table, sql in selects.items():
            if sql:
                for rows in pieces(connection.execute(sql), chunk_rows):
                    records = [_record(connection, table, row, tree) for row in rows]
                    done += len(rows)
                    yield Chunk(records, {}, min(size, size * done // total))


def _turns(found: Mapping[str, Table]) -> str | None:
    """One row per turn, with the searchable texts where there are any."""
    turns = found.get("turns")
    if turns is None or not turns.has(*_NEEDED):
        return None
    search = found.get("turn_search")
    joined = bool(search and search.has("turn_id", "prompt", "response"))
    columns = [
        "t.id", "t.datetime_utc", _model(turns), _column(turns, "thread_id"), "NULL",
        "s.prompt" if joined else "NULL", "s.response" if joined else "NULL",
        *(_column(turns, key) for key in _KEYS[7:11]), _column(turns, "parent_message_hash"),
    ]  # fmt: skip
    texts = "SELECT turn_id, prompt, response FROM turn_search GROUP BY turn_id"
    join = f" LEFT JOIN ({texts}) s ON s.turn_id = t.id" if joined else ""
    return f"SELECT {', '.join(columns)} FROM turns t{join}"


def _responses(found: Mapping[str, Table]) -> str | None:
    """The older calls, without those that were carried over to `turns`."""
    responses = found.get("responses")
    if responses is None or not responses.has(*_NEEDED):
        return None
    columns = [
        "t.id", "t.datetime_utc", _model(responses),
        *(_column(responses, key) for key in _KEYS[3:11]), "NULL",
    ]  # fmt: skip
    newer = found.get("turns")
    once = ""
    if newer is not None and newer.has(*_NEEDED):
        once = " WHERE t.id NOT IN (SELECT id FROM turns WHERE id IS NOT NULL)"
    return f"SELECT {', '.join(columns)} FROM responses t{once}"


def _column(table: Table, name: str) -> str:
    return f"t.{name}" if table.has(name) else "NULL"


def _model(table: Table) -> str:
    return "COALESCE(t.resolved_model, t.model)" if table.has("resolved_model") else "t.model"


def _has_tree(found: Mapping[str, Table]) -> bool:
    messages, parts = found.get("messages"), found.get("parts")
    return bool(
        messages
        and parts
        and messages.has("hash", "parent_hash", "role")
        and parts.has("message_hash", "position", "type", "tool_name", "text")
    )


def _record(connection: sqlite3.Connection, table: str, row: Sequence[Value], tree: bool) -> Record:
    record: Record = {MARK: table}
    for key, value in zip(_KEYS, row, strict=True):
        kept = as_text(value) if isinstance(value, bytes) else value
        if kept is not None and kept != "":
            record[key] = kept
    leaf = record.pop("leaf", None)
    if tree and leaf:
        record["messages"] = _messages(connection, leaf, record.get("prompt"))
    return record


def _messages(connection: sqlite3.Connection, leaf: object, prompt: object) -> list[Record]:
    """What was sent, the oldest message first, as chat messages; `prompt` is the last question.

    The tree keeps what a prompt borrowed from fragments elsewhere; `prompt` has what was typed.
    """
    messages: dict[int, Record] = {}
    for depth, role, kind, tool, text in connection.execute(_CHAIN, (leaf,)):
        message = messages.setdefault(depth, {"role": str(role or "user"), "content": []})
        if kind == "tool_call" and tool:
            message["content"].append({"type": "tool_call", "name": str(tool)})
        elif kind == "text" and isinstance(text, str):
            message["content"].append({"type": "text", "text": text})
    chain = list(messages.values())
    asked = next((m for m in reversed(chain) if m["role"] == "user"), None)
    if asked is not None and isinstance(prompt, str) and chain[-1] is asked:
        asked["content"] = prompt
    return chain
