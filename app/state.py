"""Typed session state; what must survive a reload is mirrored to the URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import streamlit as st
from pydantic import TypeAdapter, ValidationError

from core.economics.outlook import Outlook
from core.errors import BadInput
from core.store.tables import MAIN

_OUTLOOK: TypeAdapter[Outlook] = TypeAdapter(Outlook)
_OUTLOOK_BEFORE = ("monthly_growth", "yearly_price_decline")


@dataclass(frozen=True)
class Calls:
    """How a tier of a draft calls its model; empty and None are "as the log shows"."""

    fallback: str = ""
    effort: str = ""
    retry_share: float | None = None
    cached_share: float | None = None
    output_share: float | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Draft:
    """A plan in the making: model ids, tolerances, and what the money pages were set to.

    A cascade has a model that checks answers, and shares of good and of bad ones that pass.
    """

    simple: str
    medium: str
    complex: str
    to_medium: float
    to_complex: float
    cache_kept: float = 0.0
    cascade: bool = False
    check: str = ""  # who checks in a cascade; empty for the usual judge
    accepts_good: float = 0.90
    accepts_bad: float = 0.30
    judged: int = 0  # answers that people judged, behind these shares; 0 for a judgement
    outlook: Outlook = field(default_factory=Outlook)
    waits: float = 0.0  # the share of queries that could wait for a batch
    repeats: float = 0.0  # the share of the input that could come from the cache
    fine_tuning: str = ""  # the fine-tuning case as JSON; empty until that page was used
    name: str = ""
    author: str = ""
    plan_id: str | None = None  # the saved plan that this draft continues
    version: int | None = None  # and the version it was made from; None for the newest
    calls: dict[str, Calls] = field(default_factory=dict)  # by tier


@dataclass(frozen=True)
class Pending:
    """A file that was dropped and is not read yet: where it lies, and its name to show."""

    path: Path
    name: str
    monthly_queries: float | None = None  # known when it is a sample of a month's traffic


def workspace_id() -> str:
    """The workspace that this tab works in, as the frame has checked it."""
    return str(st.session_state.get("ws") or MAIN)


def set_workspace(workspace_id: str) -> None:
    """Work in that workspace, and close the log of another one."""
    if st.session_state.get("ws", MAIN) != workspace_id:
        if st.query_params.get("log") == st.session_state.get("log"):
            st.query_params.pop("log", None)  # not one that the address names for this workspace
        st.session_state["log"] = None
        set_deleted_plan(None)
        if "chosen-plans" in st.session_state:
            choose_plans([])
    st.session_state["ws"] = workspace_id


def log_digest() -> str | None:
    """The log that this tab works on: the one in the URL, else the last one opened."""
    wanted = st.query_params.get("log")
    if wanted:
        st.session_state["log"] = wanted
    elif st.session_state.get("log"):
        st.query_params["log"] = st.session_state["log"]  # navigation clears it; put it back
    return cast("str | None", st.session_state.get("log"))


def open_log(digest: str | None) -> None:
    """Make that log the one this tab works on; None closes it."""
    st.session_state["log"] = digest
    st.session_state["pending"] = None
    if digest:
        st.query_params["log"] = digest
    else:
        st.query_params.pop("log", None)


def has_log() -> bool:
    """Whether this tab has a log open, or is about to have one."""
    return bool(st.session_state.get("log") or pending())


def pending() -> Pending | None:
    """The dropped file that waits to be read."""
    return cast("Pending | None", st.session_state.get("pending"))


def set_pending(file: Pending | None) -> None:
    """Remember the dropped file, and give the uploader a new key so that it holds none."""
    st.session_state["pending"] = file
    empty_uploaders()


def empty_uploaders() -> None:
    """Give uploaders a new key with the next run, so that they hold no file."""
    st.session_state["upload_round"] = upload_round() + 1


def upload_round() -> int:
    """A number for the uploader's key; a new one empties the uploader."""
    return cast(int, st.session_state.get("upload_round", 0))


def say(words: str) -> None:
    """Words to show once at the top of the next page that is drawn."""
    st.session_state["notice"] = words


def heard() -> str | None:
    """The words left by `say`, once."""
    return cast("str | None", st.session_state.pop("notice", None))


def deleted_plan() -> tuple[str, str] | None:
    """Id and name of the plan deleted last in this tab, for undo."""
    return cast("tuple[str, str] | None", st.session_state.get("deleted_plan"))


def set_deleted_plan(plan: tuple[str, str] | None) -> None:
    """Remember the plan deleted last, or with None forget it."""
    st.session_state["deleted_plan"] = plan


def choose_plans(plan_ids: Sequence[str]) -> None:
    """Choose these from the next time that page is drawn."""
    st.session_state["choose-next"] = list(plan_ids)


def plans_to_choose() -> list[str] | None:
    """What was left by `choose_plans`, once; before the widget that holds the choice is drawn."""
    return cast("list[str] | None", st.session_state.pop("choose-next", None))


def shared_token(plan_id: str) -> str | None:
    """The token of the link made last in this tab to a plan: shown until tab or link closes."""
    return cast("str | None", st.session_state.get(f"token-{plan_id}"))


def set_shared_token(plan_id: str, token: str | None) -> None:
    """Remember (or with None forget) a token: the store keeps only its digest."""
    st.session_state[f"token-{plan_id}"] = token


def editing(plan_id: str, newest: int) -> int:
    """The version that this tab edits: the one it first showed, whatever others save meanwhile."""
    return cast(int, st.session_state.setdefault(f"editing-{plan_id}", newest))


def edit_newest(plan_id: str) -> None:
    """Take the newest version as what this tab edits, from the next run on."""
    st.session_state.pop(f"editing-{plan_id}", None)


def forget_note(plan_id: str, version: int) -> None:
    """Let the field for a decision's note be empty again."""
    st.session_state.pop(f"decide-note-{plan_id}-{version}", None)


def forget_widgets(digest: str) -> None:
    """Let the controls of a log's plan take their values from the draft again."""
    for key in [k for k in st.session_state if isinstance(k, str) and k.endswith(f"-{digest}")]:
        del st.session_state[key]


def draft_values(draft: Draft) -> dict[str, object]:
    """The draft as plain values, to be kept as JSON."""
    return asdict(draft)


def draft_from(values: Mapping[str, Any]) -> Draft:
    """The draft that `draft_values` wrote."""
    rest = dict(values)
    calls = {tier: Calls(**said) for tier, said in rest.pop("calls", {}).items()}
    # Drafts of earlier versions kept two numbers of it.
    old = {name: rest.pop(name) for name in _OUTLOOK_BEFORE if name in rest}
    try:
        outlook = _OUTLOOK.validate_python(rest.pop("outlook", old))
    except (BadInput, ValidationError):
        outlook = Outlook()  # a draft is no document: what it cannot mean starts afresh
    return Draft(**rest, calls=calls, outlook=outlook)
