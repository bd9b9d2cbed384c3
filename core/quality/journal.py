"""What a replay sent and got back, kept line by line, so that it goes on where it was cut off.

Every line is on the disk before anything depends on it, and whole: of one that the disk did not
take nothing is left. Texts are redacted; no key, no prompt and no header is ever written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pyarrow as pa

from core.disk import writing
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
        self._under_way.clear()

    @property
    def spent_usd(self) -> float:
        """What all replies cost."""
        return sum(reply.usd for reply in self.replies.values())

    def take(self, line: Mapping[str, Any]) -> None:
        """Take in one more line."""
        rest = dict(line)
        if "sent" in line:
            # Sent anew after a process died: the first time may have been billed as well.
            self.doubtful_usd += self._under_way.pop(line["sent"], 0.0)
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
    """The journal of one replay; only one process may have it open to write.

    Hindered where the disk does not take a line: a call is not sent then, and what an answer
    cost that could not be kept counts as doubtful from then on.
    """

    def __init__(self, folder: Path) -> None:
        self._told = Told(folder)
        self._path = folder / _FILE
        with writing(self._path):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _cut_torn_line(self._path)
            self._file = self._path.open("ab", buffering=0)

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
        text = (json.dumps(line, ensure_ascii=False) + "\n").encode()
        with writing(self._path):
            before = self._file.tell()
            try:
                written = 0
                while written < len(text):  # a disk that runs full takes the first part
                    written += self._file.write(text[written:])
                os.fsync(self._file.fileno())
            except OSError:
                self._file.truncate(before)
                self._file.seek(before)
                raise
        self._told.take(line)


def _whole_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines that were written whole; one that was torn or wiped out is passed over.

    After a power cut there may be zeros where lines were. What was sent and not answered is then
    doubtful, and what had not ended is done again.
    """
    if not path.exists():
        return
    # As bytes: in a text every Unicode line separator of an answer would end a line.
    for line in path.read_bytes().split(b"\n")[:-1]:
        with suppress(ValueError):
            yield json.loads(line)


def _cut_torn_line(path: Path) -> None:
    if path.exists():
        end = path.read_bytes().rfind(b"\n") + 1
        with path.open("r+b") as file:
            file.truncate(end)


def _redacted(text: str) -> str:
    return str(redact(pa.array([text.encode("utf-8", "replace").decode()]))[0][0].as_py())
