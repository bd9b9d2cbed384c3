"""What the program did, one line each on standard error, for whoever runs it.

With `TIERWISE_LOG=json` every line of every library is one JSON object, and of an exception only
its kind and place are kept: its text may quote a log. Otherwise the lines are short text.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from core.scrub import scrub

Plain = str | int | float | bool | None

LONGEST: Final = 300  # characters of a text field; a log is no place for a document
_ROOT: Final = Path(__file__).parents[1]


@dataclass(frozen=True)
class Event:
    """Something that happened, and the few plain facts about it."""

    name: str
    facts: Mapping[str, Plain]

    def __str__(self) -> str:
        return " ".join([self.name, *(f"{key}={value}" for key, value in self.facts.items())])


def event(name: str, level: int = logging.INFO, /, **facts: Plain) -> None:
    """Write one line: the event's name (such as `job_done`) and its facts, scrubbed.

    Names and numbers belong here, never what somebody wrote.
    """
    kept = {
        key: scrub(" ".join(value.split()))[:LONGEST] if isinstance(value, str) else value
        for key, value in facts.items()
    }
    _our_logger().log(level, Event(name, kept))


def place_of(error: BaseException) -> str:
    """Where an exception arose: `module:line` of the last of our own frames, else of the last.

    One that comes from another process has lost its frames and says so itself, by `arose_at`.
    """
    if isinstance(noted := getattr(error, "arose_at", None), str):
        return noted
    frames = traceback.extract_tb(error.__traceback__)
    rooms = [_ROOT / "app", _ROOT / "core"]
    ours = [f for f in frames if any(Path(f.filename).is_relative_to(r) for r in rooms)]
    if not frames:
        return "unknown"
    last = (ours or frames)[-1]
    file = Path(last.filename)
    named = file.relative_to(_ROOT) if ours else Path(file.name)
    return f"{'.'.join(named.with_suffix('').parts)}:{last.lineno}"


def is_json() -> bool:
    """Whether the log is to be read by a machine."""
    return os.environ.get("TIERWISE_LOG", "").strip().lower() == "json"


def watch_logs() -> None:
    """From now on every log line of this process is scrubbed; as JSON where that is asked for.

    Safe to call again, for loggers that were given other handlers meanwhile.
    Records are cleaned as they are made. A filter would not do: a filter on a logger does not see
    the records of the loggers below it, and each of Streamlit's modules has a logger of its own.
    """
    logging.setLogRecordFactory(_clean_record)
    logging.getLogger("uvicorn.error").addFilter(_is_no_frame)
    _our_logger().setLevel(logging.INFO)
    if is_json():
        logging.captureWarnings(True)
        logging.basicConfig(level=logging.WARNING, format="%(message)s")
        known = map(logging.getLogger, list(logging.root.manager.loggerDict))
        for logger in (logging.root, *known):
            for handler in logger.handlers:
                handler.setFormatter(logging.Formatter("%(message)s"))


class _OurHandler(logging.Handler):
    """Writes events, in a process that watches its logs and in one that does not."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(f"{self.format(record)}\n")  # as it is now: tests replace it
        except (OSError, ValueError):
            self.handleError(record)

    def format(self, record: logging.LogRecord) -> str:
        if not is_json():
            return super().format(record)
        said = record.msg
        return json.dumps(_as_object(record, None)) if isinstance(said, Event) else str(said)


def _our_logger() -> logging.Logger:
    logger = logging.getLogger("tierwise")
    if not logger.handlers:
        handler = _OurHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
        # A command says nothing by the way, unless it is asked to; a server tells what it does.
        asked = bool(os.environ.get("TIERWISE_LOG"))
        logger.setLevel(logging.INFO if asked else logging.WARNING)
        logger.propagate = False
    return logger


def _clean_record(*arguments: object, **named: object) -> logging.LogRecord:
    record = logging.LogRecord(*arguments, **named)  # type: ignore[arg-type]
    error = record.exc_info[1] if record.exc_info else None
    if is_json():
        record.msg = json.dumps(_as_object(record, error))
        record.args = record.exc_info = record.stack_info = None
        return record
    if record.name != "uvicorn.access":  # whose formatter wants its arguments one by one
        record.msg, record.args = scrub(_text(record)), None
    if error:
        record.exc_text = "\n".join(_story(error))
    return record


def _as_object(record: logging.LogRecord, error: BaseException | None) -> dict[str, Plain]:
    said: dict[str, Plain] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
    }
    if isinstance(record.msg, Event):
        return said | {"event": record.msg.name, **record.msg.facts}
    said["message"] = scrub(_text(record))
    if error:
        said |= {"error": type(error).__name__, "at": place_of(error)}
    return said


def _text(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # its arguments do not fit its text
        return str(record.msg)


def _story(error: BaseException) -> Iterator[str]:
    """An exception and what led to it, as Python tells it, each part scrubbed by itself."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier:
        yield from _story(earlier)
        yield "which led to:"
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip()  # code, and no values
    yield f"{type(error).__name__}: {scrub(str(error))}"


def _is_no_frame(record: logging.LogRecord) -> bool:
    """Not what passes through a websocket: at the level "debug" that is everything typed."""
    return "websockets" not in Path(record.pathname).parts or record.levelno > logging.DEBUG
