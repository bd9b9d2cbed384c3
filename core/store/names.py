"""Names and notes that people give: one line that a list can show and a database store."""

from __future__ import annotations

import unicodedata
from typing import Final

from core.errors import BadInput

NAME_LENGTH: Final = 120
NOTE_LENGTH: Final = 2_000


def clean_name(name: str, what: str = "name") -> str:
    """The name without outer space; BadInput unless it has 1 to 120 printable characters."""
    name = name.strip()
    if not 1 <= len(name) <= NAME_LENGTH:
        raise BadInput(
            f"it has {len(name)} characters",
            where=what,
            remedy=f"Use 1 to {NAME_LENGTH} characters",
        )
    kinds = {unicodedata.category(character) for character in name}
    # Line breaks, NUL and half characters: a list cannot show them, a database not store them.
    if kinds & {"Cc", "Cs", "Zl", "Zp"}:
        raise BadInput("it has control characters", where=what, remedy="Type it on one line")
    if kinds <= {"Cf", "Mn", "Zs"}:
        raise BadInput("nothing of it can be seen", where=what, remedy="Use letters or digits")
    return name


def clean_note(note: str, what: str = "note") -> str:
    """The note in characters that a database can store; BadInput when it is over 2,000 long."""
    note = note.strip()
    if len(note) > NOTE_LENGTH:
        raise BadInput(
            f"it has {len(note):,} characters",
            where=what,
            remedy=f"Use at most {NOTE_LENGTH:,}",
        )
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in note
    )


def storable(text: str) -> str:
    """The text as any database takes it: it may quote a file, or somebody's idea of a name."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
