"""The errors that a person can mend; every other exception is a bug."""

from __future__ import annotations

from functools import partial


class TierwiseError(Exception):
    """Something the user can put right; the text says what, where, and how."""


class BadInput(TierwiseError):
    """An input that cannot be used.

    The message reads "<where>: <found>. <remedy>", on one line, because screens and
    commands show it as it is.
    """

    def __init__(self, found: str, *, where: str = "", remedy: str = "") -> None:
        self.found = found
        self.where = where
        self.remedy = remedy
        place = f"{where}: " if where else ""
        advice = f" {_sentence(remedy)}" if remedy else ""
        super().__init__(" ".join(f"{place}{_sentence(found)}{advice}".split()))


class Forbidden(BadInput):
    """Something that this person, or the bearer of this link, may not do."""


class Hindered(BadInput):
    """What was asked for is in order, but the machine could not: a full disk, a busy database.

    The same may well work later. It is a BadInput because whoever asked is told in the same way;
    whoever takes BadInput for "there is no such thing" has to let it pass.
    """


class Conflict(BadInput):
    """Somebody else saved first; `newest` is the number of their version."""

    def __init__(self, found: str, *, newest: int, where: str = "", remedy: str = "") -> None:
        self.newest = newest
        super().__init__(found, where=where, remedy=remedy)

    def __reduce__(self) -> tuple[object, ...]:
        again = partial(Conflict, newest=self.newest, where=self.where, remedy=self.remedy)
        return again, (self.found,), self.__dict__  # by itself it would not come back from a worker


class Cancelled(TierwiseError):
    """The user stopped the work; nothing was kept half-done."""


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else f"{text}."
