"""Who sits at the browser: the person at this machine, somebody signed in, or nobody we know."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Final, Literal, get_args

import streamlit as st

from app import services
from core.errors import BadInput, Forbidden
from core.store.access import Actor, the_person_here
from core.store.engine import Engine

Access = Literal["open", "login", "proxy"]
SOMEBODY: Final = "somebody here"  # who never said their name
ACCESS: Final = "TIERWISE_ACCESS"
OWNERS: Final = "TIERWISE_OWNERS"
_HERE: Final = ("localhost", "127.0.0.1", "::1")


def access() -> Access:
    """How people are told apart: not at all, by `st.login`, or by headers of a trusted proxy.

    `TIERWISE_ACCESS` says so; without it, secrets with an [auth] section mean "login". BadInput
    for another word: a mistyped setting must not leave a door open.
    """
    said = os.environ.get(ACCESS, "").strip().lower()
    if not said:
        return "login" if _has_auth() else "open"
    if said not in get_args(Access):
        raise BadInput(f"is '{said}'", where=ACCESS, remedy="Use open, login or proxy")
    return said  # type: ignore[return-value]


def actor() -> Actor | None:
    """Whoever is at the browser, as the store knows them; None until they have signed in."""
    if access() == "open":
        return the_person_here(st.session_state.get("called", "") or "you")
    email = _vouched_for()
    if not email:
        return None
    return Actor(_text("name") or email, email=email, steward=email in _owners())


def me() -> Actor:
    """The same where the frame has made sure of it; Forbidden otherwise."""
    here = actor()
    if here is None:
        raise Forbidden("nobody is signed in", where="this page", remedy="Sign in first")
    return here


def asking() -> tuple[Engine, Actor]:
    """What every call of the store begins with: the database, and who asks."""
    return services.engine(), me()


def now() -> datetime:
    """The moment of a change."""
    return datetime.now(UTC)


def call_me(name: str) -> None:
    """Remember the name that somebody gave in this tab, where nobody signs in."""
    st.session_state["called"] = name.strip()


def called() -> str:
    """What histories would call this person, to fill forms with; empty when unknown."""
    here = actor()
    if here is None or here.local:
        return str(st.session_state.get("called", ""))
    return here.name


def may_sign_out() -> bool:
    """Whether there is a session of ours to end."""
    return access() == "login" and bool(st.user.get("is_logged_in"))


def is_open_to_others() -> bool:
    """Whether others may reach this app although nobody has to sign in."""
    address = st.get_option("server.address") or ""
    return access() == "open" and address not in _HERE


def _vouched_for() -> str:
    """The address that the login or the proxy stands for, in small letters; empty without one."""
    # A provider that says the address is not confirmed has not said whose it is.
    unsure = not st.user.get("is_logged_in") or st.user.get("email_verified", True) is not True
    if access() == "login" and unsure:
        return ""
    return _text("email").lower()


def _text(name: str) -> str:
    found = st.user.get(name)
    return found.strip() if isinstance(found, str) else ""


def _owners() -> frozenset[str]:
    said = os.environ.get(OWNERS, "").split(",")
    return frozenset(address.strip().lower() for address in said if address.strip())


def _has_auth() -> bool:
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False
