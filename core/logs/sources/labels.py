"""What a call is for, and whose it is, as teams name that in free metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

# Names in order of preference, compared without case, "_", "-" and blanks.
_FEATURES: Final = (
    "feature", "usecase", "task", "workflow", "component", "service", "app", "appname",
    "application", "product", "langgraphnode",
)  # fmt: skip
_CONVERSATIONS: Final = ("sessionid", "threadid", "conversationid", "chatid", "session")
_USERS: Final = ("userid", "user", "enduser", "enduserid", "customerid")


def feature(*metadata: Mapping[str, Any]) -> str | None:
    """The part of the product that the call serves; None when nothing names it."""
    return _named(_FEATURES, metadata)


def conversation(*metadata: Mapping[str, Any]) -> str | None:
    """The id of the conversation; None when nothing names it."""
    return _named(_CONVERSATIONS, metadata)


def person(*metadata: Mapping[str, Any]) -> str | None:
    """The id of the user, for hashing only; None when nothing names it."""
    return _named(_USERS, metadata)


def kind(value: object) -> str:
    """The name that a tool gives a kind of row, to be shown; "other" for anything unusual."""
    name = str(value)
    return name if re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_.-]{0,30}", name) else "other"


def _named(names: tuple[str, ...], metadata: tuple[Mapping[str, Any], ...]) -> str | None:
    plain = [{_plain(k): v for k, v in found.items()} for found in metadata]
    for name in names:
        for found in plain:
            value = found.get(name)
            if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
                return str(value)
    return None


def _plain(name: object) -> str:
    return re.sub(r"[\W_]+", "", str(name).lower())
