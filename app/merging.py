"""A version that could not be saved, since somebody else was faster: kept until it is merged."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from typing import Final

import streamlit as st

from app import services
from app.identity import me, now
from core.frozen.document import PlanDocument, document_from_json, document_to_json
from core.store import drafts
from core.store.access import Actor
from core.store.saved import document_digest
from core.store.saving import At

WORD: Final = "mine"  # in the address
_WORD: Final = re.compile("[0-9a-f]{8}")


@dataclass(frozen=True)
class Mine:
    """What somebody wanted to save: made from which version, and the name if they gave another."""

    after: At
    name: str | None
    document: PlanDocument
    digest: str  # of the document


def keep(after: At, name: str | None, document: PlanDocument, actor: Actor | None = None) -> None:
    """Keep a version for whoever made it (the bearer of a link as `actor`); a reload loses nothing.

    Several people may share a link, or a machine: a word in this tab's address tells theirs apart.
    """
    st.query_params.pop(WORD, None)  # what waits under an earlier word stays there
    st.session_state["mine"] = secrets.token_hex(4)
    body = json.dumps([after.version, name, document_to_json(document)])
    subject = _subject(after.plan_id)
    drafts.write_draft(services.engine(), actor or me(), subject, body, now())


def kept(plan_id: str, actor: Actor | None = None) -> Mine | None:
    """What waits to be merged into that plan in this tab; None when nothing does."""
    if not _word():
        return None
    body = drafts.read_draft(services.engine(), actor or me(), _subject(plan_id))
    if body is None:
        return None
    st.query_params[WORD] = _word()  # a change of pages clears it; put it back
    version, name, document = json.loads(body)
    digest = document_digest(document)
    return Mine(At(plan_id, version), name, _document(digest, document), digest)


@st.cache_resource(max_entries=16, show_spinner=False)
def _document(digest: str, _text: str) -> PlanDocument:
    return document_from_json(_text)


def let_go(plan_id: str, actor: Actor | None = None) -> None:
    """Forget it: it was merged, or is not wanted any more."""
    drafts.forget_draft(services.engine(), actor or me(), _subject(plan_id))
    st.session_state.pop("mine", None)
    st.query_params.pop(WORD, None)


def _word() -> str:
    said = str(st.query_params.get(WORD) or st.session_state.get("mine", ""))
    return said if _WORD.fullmatch(said) else ""


def _subject(plan_id: str) -> str:
    known = plan_id if plan_id.isalnum() else ""  # an address may say anything
    return f"merge {_word()} {known[:32]}"
