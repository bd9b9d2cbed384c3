"""What a replay sent and got back, kept line by line, so that it goes on where it was cut off.

Every line is on the disk before anything depends on it. Texts are redacted; no key, no prompt
and no header is ever written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pyarrow as pa

from core.logs.privacy.redaction import redact

_FILE: Final = "journal.jsonl"


@dataclass(frozen=True)
class Reply:
    """What came back for a call: the text (redacted), tokens, USD, and seconds."""

    text: str
    input_tokens: int
    output_tokens: int
    usd: float
    seconds: float


@dataclass(frozen=True)
class Item:
    """A query that has ended: scores by model id, or why there are none.

    The last one in `scores` is the model whose answer the others were held against. `verdicts`
    and `agreed` count the pairs that were judged, and those that held in both orders; `logged`
    says that the reference is the log's own answer.
    """

    row: int
    scores: dict[str, float] = field(default_factory=dict)
    failed: str = ""
    verdicts: int = 0
    agreed: int = 0
    logged: bool = False

    @property
    def reference(self) -> str:
        """The model whose answer the others were held against; "" where there are no scores."""
        return next(reversed(self.scores), "")


class Told:
    """What a journal tells, read without touching it: it may be under way."""

    def __init__(self, folder: Path) -> None:
        self.replies: dict[str, Reply] = {}
        self.items: dict[int, Item] = {}
        self.doubtful_usd = 0.0
        self._under_way: dict[str, float] = {}
        for line in _whole_lines(folder / _FILE):
            self.take(line)
        # What was under way when a process died may have been billed.
        self.doubtful_usd += sum(self._under_way.values())

    @property
    def spent_usd(self) -> float:
        """What all replies cost."""
        return sum(reply.usd for reply in self.replies.values())

    def take(self, line: Mapping[str, Any]) -> None:
        """Take in one more line."""
        rest = dict(line)
        if "sent" in line:
            self._under_way[line["sent"]] = line["most_usd"]
        elif "answered" in line:
            key = rest.pop("answered")
            self._under_way.pop(key, None)
            self.replies[key] = Reply(**rest)
        elif "refused" in line:
            self._under_way.pop(line["refused"], None)
        elif "cut_off" in line:
            self.doubtful_usd += self._under_way.pop(line["cut_off"], 0.0)
        elif "ended" in line:
            row = rest.pop("ended")
            self.items[row] = Item(row, **rest)


class Journal:
    """The journal of one replay; only one process may have it open to write."""

    def __init__(self, folder: Path) -> None:
        self._told = Told(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / _FILE
        _cut_torn_line(path)
        self._file = path.open("a", encoding="utf-8")

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def replies(self) -> dict[str, Reply]:
        """All replies by key."""
        return self._told.replies

    @property
    def items(self) -> dict[int, Item]:
        """All queries that have ended, by row."""
        return self._told.items

    @property
    def spent_usd(self) -> float:
        """What all replies cost."""
        return self._told.spent_usd

    @property
    def doubtful_usd(self) -> float:
        """What calls that were cut off may have cost."""
        return self._told.doubtful_usd

    def sent(self, key: str, most_usd: float) -> None:
        """A call is about to be sent that may cost that much."""
        self._write({"sent": key, "most_usd": most_usd})

    def answered(self, key: str, reply: Reply) -> Reply:
        """A call came back; the reply as it is kept, redacted."""
        kept = Reply(**{**asdict(reply), "text": _redacted(reply.text)})
        self._write({"answered": key, **asdict(kept)})
        return kept

    def refused(self, key: str) -> None:
        """A call was refused, and costs nothing."""
        self._write({"refused": key})

    def cut_off(self, key: str) -> None:
        """A call was cut off: it may have been billed."""
        self._write({"cut_off": key})

    def ended(self, item: Item) -> None:
        """A query has ended."""
        self._write({"ended": item.row, **{k: v for k, v in asdict(item).items() if k != "row"}})

    def _write(self, line: dict[str, Any]) -> None:
        self._told.take(line)
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def _whole_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines that were written whole; a torn last one is passed over."""
    if not path.exists():
        return
    content = path.read_bytes()
    # As bytes: in a text every Unicode line separator of an answer would end a line.
    for line in content[: content.rfind(b"\n") + 1].splitlines():
        yield json.loads(line)


def _cut_torn_line(path: Path) -> None:
    if path.exists():
        end = path.read_bytes().rfind(b"\n") + 1
        with path.open("r+b") as file:
            file.truncate(end)


def _redacted(text: str) -> str:
    return str(redact(pa.array([text.encode("utf-8", "replace").decode()]))[0][0].as_py())
