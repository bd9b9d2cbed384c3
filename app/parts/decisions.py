"""What was said to a plan, and the form to say something: approve, ask for changes, comment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from app import identity, services, state
from app.parts.messages import show_error
from app.parts.wording import moment, plain_untrusted
from core.errors import BadInput
from core.store.access import Actor
from core.store.decisions import Decision, Kind, decide
from core.store.names import NOTE_LENGTH
from core.store.saved import SavedPlan

SAID: Final = {"approved": "approved", "changes": "asked for changes to", "comment": "on"}
_BUTTONS: Final[dict[Kind, str]] = {
    "approved": "Approve", "changes": "Ask for changes", "comment": "Comment"
}  # fmt: skip


def status_words(decisions: Sequence[Decision], version: int) -> str:
    """What was decided last on that version: "Approved by Ada, 3 Nov 2026, 12:00 UTC"."""
    for said in decisions:
        if said.version == version and said.kind != "comment":
            how = "Approved" if said.kind == "approved" else "Changes asked for"
            return f"{how} by {said.who}{_by_link(said)}, {moment(said.made_at)}"
    return "Not decided yet"


def draw_decisions(decisions: Sequence[Decision]) -> None:
    """The history, newest first, each word as it was typed."""
    for said in decisions:
        st.markdown(
            f"**{plain_untrusted(said.who)}**{_by_link(said)} {SAID[said.kind]} version "
            f"{said.version}, "
            f"{moment(said.made_at)}"
        )
        if said.note:
            st.text(said.note)


def _by_link(said: Decision) -> str:
    """Whoever has a link types their name; nobody vouches for it."""
    return " (by a link)" if said.via.startswith("link ") else ""


def draw_decision_form(plan: SavedPlan, actor: Actor) -> None:
    """Approve, ask for changes or comment, with a note that stays in the history."""
    st.subheader("Your decision")
    with st.form(f"decide-{plan.id}-{plan.version}", border=False, enter_to_submit=False):
        known = bool(actor.email)
        name = "" if known else st.text_input(
            "Your name", value=identity.called(), max_chars=120, key=f"decide-name-{plan.id}"
        )  # fmt: skip
        note = st.text_area(
            "Note", max_chars=NOTE_LENGTH, key=f"decide-note-{plan.id}-{plan.version}",
            placeholder="What you decided and why, what should change, or a question",
        )  # fmt: skip
        with st.container(horizontal=True):
            pressed = [
                kind
                for kind, words in _BUTTONS.items()
                if st.form_submit_button(
                    words,
                    key=f"decide-{kind}-{plan.id}-{plan.version}",
                    type="primary" if kind == "approved" else "secondary",
                )
            ]
    if not pressed:
        return
    who = actor if known else Actor(
        name, local=actor.local, token=actor.token, key=actor.key
    )  # fmt: skip
    try:
        decide(services.engine(), who, plan.id, plan.version, pressed[0], note, identity.now())
    except BadInput as error:
        show_error(error)
        return
    if not known:
        identity.call_me(name)
    state.forget_note(plan.id, plan.version)
    state.say("Your words are in the plan's history.")
    st.rerun()
