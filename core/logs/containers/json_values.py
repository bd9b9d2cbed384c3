"""JSON that is not one object per line: arrays, envelopes, pretty-printed objects."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from core.errors import BadInput
from core.logs.containers.chunk import CHUNK_BYTES, Chunk
from core.logs.containers.records import Record
from core.logs.containers.stream import TextStream

# keys under which tools put their list of rows; "messages" and "choices" are parts of a row
# fmt: off
ENVELOPES: Final = frozenset(
    {
        "data", "rows", "records", "items", "results", "result", "logs", "requests",
        "entries", "queries", "prompts", "calls", "runs", "events", "spans",
        "conversations", "generations", "hits", "value", "responses", "traces",
        "resourceSpans", "resource_spans",
    }
)
# fmt: on
# an object with one of these is a row itself (a span, a run), and its "events" are part of it
# fmt: off
_OF_A_SPAN: Final = frozenset(
    {
        "context", "attributes", "run_type", "span_kind", "kind", "parent_id", "status_code",
        "span_id", "spanId", "trace_id", "traceId", "parentSpanId",
    }
)
# fmt: on
_VALUE_LIMIT: Final = 4 * CHUNK_BYTES
_MOST_KEYS: Final = 20_000  # of one object outside of a list: more is a map keyed by ids
_BLANK: Final = re.compile(r"[\s,]*")


def envelope_key(record: Record) -> str | None:
    """The key under which an object holds a list of rows, or None when it is a row itself."""
    for key, value in record.items():
        rows = isinstance(value, list) and value and isinstance(value[0], dict)
        if rows and _is_envelope(key, record):
            return key
    return None


def _is_envelope(key: str, record: Record) -> bool:
    return key in ENVELOPES and not (key == "events" and not _OF_A_SPAN.isdisjoint(record))


def read(stream: TextStream, name: str, chunk_rows: int) -> Iterator[Chunk]:
    """The objects of an array, an envelope or a run of objects, in pieces.

    Texts in an array become a column named "text"; other values are counted and skipped.
    BadInput at the first place where the JSON is broken.
    """
    records: list[Record] = []
    skipped: Counter[str] = Counter()
    text = _Text(stream, name)
    start = 0
    for value in _rows(text):
        if isinstance(value, dict):
            records.append(value)
        elif isinstance(value, str):
            records.append({"text": value})
        else:
            skipped["not a JSON object"] += 1
        if len(records) >= chunk_rows or text.consumed - start >= CHUNK_BYTES:
            yield Chunk(records, dict(skipped), stream.bytes_read)
            records, skipped, start = [], Counter(), text.consumed
    if records or skipped:
        yield Chunk(records, dict(skipped), stream.bytes_read)


class _Text:
    """A window on a stream of JSON from which values are taken one by one."""

    def __init__(self, stream: TextStream, name: str) -> None:
        self._stream = stream
        self._name = name
        self._decoder = json.JSONDecoder()
        self._carry = b""
        self._window = ""
        self._at = 0
        self._lines = 1
        self.consumed = 0

    def peek(self) -> str:
        """The next character that is not blank or a comma; empty at the end."""
        while True:
            self._at = _end(self._window, self._at)
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Step over the character that `peek` saw."""
        self._at += 1

    def value(self) -> object:
        """The JSON value at hand; BadInput when it is broken or larger than a chunk."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._window, self._at)
            except RecursionError as error:
                raise self.broken("is nested too deeply") from error
            except ValueError as error:
                if len(self._window) - self._at > _VALUE_LIMIT:
                    raise self.broken("is broken or a value is too large") from error
                if not self._more():
                    raise self.broken("is broken or ends early") from error
                continue
            if end == len(self._window) and self._more():
                continue  # a number may go on in the next block
            self.consumed += end - self._at
            self._at = end
            found: object = value
            return found

    def broken(self, how: str) -> BadInput:
        line = self._lines + self._window.count("\n", 0, self._at)
        return BadInput(
            f"The JSON {how} near line {line}",
            where=self._name,
            remedy="Export it again, if possible as one JSON object per line",
        )

    def _more(self) -> bool:
        """Read on, at least doubling what is left, so that a large value is parsed few times."""
        left = self._window[self._at :]
        block = self._stream.read(max(1 << 20, len(left)))
        if not block:
            return False
        self._lines += self._window.count("\n", 0, self._at)
        data = self._carry + block
        cut = _whole_characters(data)
        self._carry = data[cut:]
        self._window, self._at = left + data[:cut].decode(), 0
        return True


def _end(window: str, at: int) -> int:
    blank = _BLANK.match(window, at)
    return blank.end() if blank else at


def _whole_characters(data: bytes) -> int:
    """How many leading bytes of UTF-8 hold only whole characters."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            return len(data)
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) if back == length else len(data) - back
    return len(data)


def _rows(text: _Text) -> Iterator[object]:
    while opening := text.peek():
        if opening == "[":
            yield from _elements(text)
        elif opening == "{":
            yield from _object_rows(text)
        else:
            raise text.broken("is not a list of objects")


def _elements(text: _Text) -> Iterator[object]:
    text.skip()
    while (next_one := text.peek()) != "]":
        if not next_one:
            raise text.broken("ends early")
        yield text.value()
    text.skip()


def _object_rows(text: _Text) -> Iterator[object]:
    """The rows of one top-level object: its envelope's, or the object itself."""
    text.skip()
    record: Record = {}
    enveloped = False
    while (next_one := text.peek()) != "}":
        if not next_one:
            raise text.broken("ends early")
        key = text.value()
        if not isinstance(key, str) or text.peek() != ":":
            raise text.broken("is broken")
        if len(record) > _MOST_KEYS:
            raise text.broken(f"has an object of more than {_MOST_KEYS:,} keys")
        text.skip()
        if _is_envelope(key, record) and text.peek() == "[":
            text.skip()
            if text.peek() == "{":
                enveloped = True
                while (element := text.peek()) != "]":
                    if not element:
                        raise text.broken("ends early")
                    yield text.value()
                text.skip()
                continue
            record[key] = []
            while text.peek() not in ("]", ""):
                record[key].append(text.value())
            text.skip()
            continue
        record[key] = text.value()
    text.skip()
    if enveloped:
        return
    inner = next((v for v in record.values() if isinstance(v, dict) and envelope_key(v)), None)
    if inner is None:
        yield record
    else:
        yield from inner[envelope_key(inner)]
