"""One mapping of a YAML file, read key by key; a mistake names the file, the key and the remedy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn, TypeVar

import yaml

from core.errors import BadInput

Choice = TypeVar("Choice", bound=str)

# The C loader is ten times faster; a PyYAML built without libyaml has only the other.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Entry:
    """A mapping and the place it came from; every reader checks type and range."""

    def __init__(self, values: Mapping[object, object], where: str) -> None:
        self.values = values
        self.where = where

    def fail(self, key: str, found: str, remedy: str) -> NoReturn:
        """Raises BadInput for that key."""
        raise BadInput(found, where=f"{self.where}, {key}", remedy=remedy)

    def __contains__(self, key: str) -> bool:
        return self.values.get(key) is not None

    def only(self, *keys: str) -> None:
        """Raises BadInput when the mapping has a key that nobody reads (mostly a typo)."""
        for key in self.values:
            if key not in keys:
                known = ", ".join(sorted(keys))
                self.fail(str(key), "unknown key", f"Use one of: {known}")

    def text(self, key: str, default: str | None = None) -> str:
        """The text under the key, on one line; numbers that YAML read as such are text again."""
        value = self.values.get(key)
        if value is None:
            return default if default is not None else self.missing(key, "a text")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.fail(key, f"{_kind(value)} where a text belongs", "Write it in quotes")
        return " ".join(str(value).split()) or self.missing(key, "a text")

    def number(
        self, key: str, low: float, high: float = math.inf, default: float | None = None
    ) -> float:
        """The number under the key, `low` to `high` inclusive."""
        value = self.values.get(key)
        if value is None:
            return default if default is not None else self.missing(key, "a number")
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fail(key, f"'{value}' is not a number", "Write a plain number such as 0.25")
        if not (math.isfinite(value) and low <= value <= high):
            limit = f"at least {low:g}" if high == math.inf else f"from {low:g} to {high:g}"
            self.fail(key, f"{value} is out of range", f"Write a number {limit}")
        return float(value)

    def whole(self, key: str, low: int) -> int:
        """The whole number under the key, `low` or more."""
        value = self.number(key, low)
        if value != int(value):
            self.fail(key, f"{value} is not a whole number", "Write a whole number")
        return int(value)

    def day(self, key: str) -> date:
        """The date under the key."""
        value = self.values.get(key)
        if value is None:
            self.missing(key, "a date")
        if isinstance(value, datetime):
            return value.date()
        if not isinstance(value, date):
            self.fail(key, f"'{value}' is not a date", "Write it as 2026-11-23")
        return value

    def choice(self, key: str, choices: Sequence[Choice]) -> Choice:
        """The one of `choices` that the text under the key is."""
        text = self.text(key)
        for choice in choices:
            if choice == text:
                return choice
        self.fail(key, f"'{text}' is not known", f"Use one of: {', '.join(choices)}")

    def entry(self, key: str) -> Entry:
        """The mapping under the key."""
        value = self.values.get(key)
        if not isinstance(value, Mapping):
            found = "missing" if value is None else f"{_kind(value)} where a mapping belongs"
            self.fail(key, found, "Write 'key: value' lines under it")
        return Entry(value, f"{self.where}, {key}")

    def entries(self, key: str) -> list[Entry]:
        """The list of mappings under the key, empty when the key is missing."""
        places = self._list(key)
        found = []
        for number, value in enumerate(places, start=1):
            if not isinstance(value, Mapping):
                self.fail(key, f"item {number} is {_kind(value)}", "Write 'key: value' lines")
            label = value.get("id") or value.get("name") or number
            found.append(Entry(value, f"{self.where}, {key} {label}"))
        return found

    def texts(self, key: str) -> list[str]:
        """The list of texts under the key, empty when the key is missing."""
        return [Entry({key: value}, self.where).text(key) for value in self._list(key)]

    def _list(self, key: str) -> list[object]:
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(key, f"{_kind(value)} where a list belongs", "Start each item with '- '")
        return value

    def missing(self, key: str, what: str) -> NoReturn:
        """Raises BadInput for a key that has to be there."""
        self.fail(key, "missing", f"Add '{key}:' with {what}")


def read_entry(path: Path) -> Entry:
    """The top mapping of a YAML file; BadInput when it is missing or not YAML."""
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=_LOADER)
    except OSError as error:
        raise BadInput(
            f"cannot be read: {error.strerror}", where=str(path), remedy="Check the path"
        ) from error
    except UnicodeDecodeError as error:
        raise BadInput("is not UTF-8 text", where=str(path), remedy="Save it as UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it does not parse"
        raise BadInput(
            f"is not YAML: {problem}", where=f"{path}{line}", remedy="Mend that line"
        ) from error
    if content is None:
        content = {}
    if not isinstance(content, Mapping):
        raise BadInput(
            f"holds {_kind(content)} where a mapping belongs",
            where=str(path),
            remedy="Start with 'models:'",
        )
    return Entry(content, str(path))


def _kind(value: object) -> str:
    names = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), f"a {type(value).__name__}")
