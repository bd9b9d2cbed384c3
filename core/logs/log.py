"""What is known of an imported log: `log.json` beside its `queries.parquet`."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from core.errors import BadInput
from core.logs.mapping import Mapping

Grain = Literal["request_text", "request_notext", "aggregate"]

QUERIES: Final = "queries.parquet"
_FACTS: Final = "log.json"
_DIGEST: Final = re.compile(r"[0-9a-f]{16}")
_TIMES: Final = ("first_time", "last_time", "imported_at")


@dataclass(frozen=True)
class Log:
    """An imported log: totals over its kept rows, and what was left out and why.

    `rows` = `rows_kept` + the sums of `dropped` and `failed` (calls by status; they stay in the
    file but outside of every other figure). `passed_over` counts rows that are no calls.
    `repeats` counts calls that repeat an ask, None when nothing in the log tells. Token totals
    are logged counts (cached ones included in the input, None when nothing was logged); the
    totals of estimated rows stand apart. `models` and `segments` count requests by name,
    "other" for the many rare names.
    """

    digest: str
    name: str
    source: str
    grain: Grain
    rows: int
    rows_kept: int
    dropped: dict[str, int]
    failed: dict[str, int]
    failed_usd: float
    passed_over: dict[str, int]
    requests: int  # calls: as many as rows, more in aggregates
    repeats: int | None
    sessions: int | None  # conversations
    models: dict[str, int]
    segments: dict[str, int]
    input_tokens: int | None
    cache_read_tokens: int
    cache_write_tokens: int
    reasoning_tokens: int
    output_tokens: int | None
    input_tokens_estimated: int
    output_tokens_estimated: int
    logged_cost_usd: float | None
    rows_with_cost: int
    first_time: datetime | None
    last_time: datetime | None
    rows_with_time: int
    days: float | None  # from the first time to the last
    redactions: dict[str, int]
    warnings: tuple[str, ...]
    mapping: Mapping
    imported_at: datetime

    def to_json(self) -> str:
        """The log as a JSON object, times in ISO form."""
        facts = dataclasses.asdict(self)
        for key in _TIMES:
            facts[key] = facts[key].isoformat() if facts[key] else None
        return json.dumps(facts, ensure_ascii=False, indent=1)

    @property
    def calls_per_ask(self) -> float | None:
        """How many calls one ask takes, from 1; None when nothing in the log tells."""
        if self.repeats is None or not self.rows_kept:
            return None
        return self.rows_kept / max(self.rows_kept - self.repeats, 1)

    @staticmethod
    def from_json(text: str) -> Log:
        """The log that `to_json` wrote; BadInput for anything else."""
        try:
            facts = json.loads(text)
            for key in _TIMES:
                facts[key] = datetime.fromisoformat(facts[key]) if facts[key] else None
            facts["mapping"] = Mapping.from_json(json.dumps(facts["mapping"]))
            facts["warnings"] = tuple(facts["warnings"])
            return Log(**facts)
        except (ValueError, TypeError, KeyError) as error:
            raise BadInput(
                "The stored facts of this log cannot be read", remedy="Import the log again"
            ) from error


def open_log(folder: Path, digest: str) -> Log:
    """The log of that digest; BadInput when the folder has none."""
    try:
        return Log.from_json((log_folder(folder, digest) / _FACTS).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BadInput(
            f"There is no log {digest}", remedy="Import it again, or choose another one"
        ) from error


def list_logs(folder: Path) -> list[Log]:
    """All logs of a folder, the newest first; damaged ones are left out."""
    places = folder.iterdir() if folder.is_dir() else ()
    logs = []
    for place in places:
        try:
            logs.append(open_log(folder, place.name))
        except (BadInput, OSError):
            continue  # an import under way, or a stranger's folder
    return sorted(logs, key=lambda log: (log.imported_at, log.digest), reverse=True)


def delete_log(folder: Path, digest: str) -> None:
    """Nothing is left of the log; BadInput when the folder has none."""
    open_log(folder, digest)
    shutil.rmtree(log_folder(folder, digest))


def save_facts(log: Log, place: Path) -> None:
    """The log's facts beside its queries."""
    (place / _FACTS).write_text(log.to_json(), "utf-8")


def log_folder(folder: Path, digest: str) -> Path:
    """Where a log lies; BadInput for a text that is not a digest (it may come from a link)."""
    if not _DIGEST.fullmatch(digest):
        raise BadInput(f"{digest[:40]!r} is not the digest of a log", remedy="Choose one listed")
    return folder / digest
