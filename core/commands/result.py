"""What a command gives back: one JSON object, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True)
class Result:
    """The JSON object for `--json`, and the lines for people.

    `code` is the exit code; where it is not 0, the lines are for standard error.
    """

    json: dict[str, Json]
    lines: tuple[str, ...]
    code: int = 0


def iso(moment: datetime | date | None) -> str | None:
    """A time as ISO 8601 text, null when there is none."""
    return moment.isoformat() if moment else None


def finite(value: float) -> float | None:
    """The number, or null where JSON has no word for it."""
    return value if abs(value) < float("inf") else None
