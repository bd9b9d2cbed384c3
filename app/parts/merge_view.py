"""Two versions made from the same one, side by side; what to keep of each, and both in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from app import briefs, identity, merging, services, state
from app.merging import Mine
from app.parts.messages import show_error
from app.parts.wording import counted, kept_range, moment, plain, plain_untrusted, usd_range
from core.errors import BadInput, Conflict
from core.frozen.document import PlanDocument
from core.frozen.merging import Part, Side, differences
from core.store.access import Actor
from core.store.names import NOTE_LENGTH
from core.store.plans import load_plan
from core.store.saved import SavedPlan
from core.store.saving import At, save_document


def draw_merge(mine: Mine, actor: Actor) -> At | None:
    """Where the merged version was saved, once it was; None while the choice is open.

    Without a difference left there is nothing to choose, and the page says so.
    """
    engine, now = services.engine(), identity.now()
    plan_id = mine.after.plan_id
    theirs = load_plan(engine, actor, plan_id, now=now)
    base = briefs.document_of(load_plan(engine, actor, plan_id, mine.after.version, now=now))
    document = briefs.document_of(theirs)
    differ = differences(base, document, mine.document)
    parts = [part for part in differ if part.name != "note"]  # of notes both are kept, below
    st.header(plain_untrusted(f"Two versions of {theirs.name}"), anchor=False)
    st.write(
        plain_untrusted(
            f"{theirs.author} saved version {theirs.version} while you worked on version "
            f"{mine.after.version}. Nothing is lost: choose what to keep of each."
        )
    )
    _draw_sides(theirs, document, mine)
    if not differ:
        st.info("Both changed the same things in the same way: there is nothing to merge.")
        if st.button("Go on with theirs", key="merge-drop"):
            return _done(plan_id, actor, At(plan_id, theirs.version))
        return None
    choices = _choices(parts, plan_id, theirs)
    made = _made(theirs, mine, choices) if choices is not None else document
    both = "\n".join(dict.fromkeys(filter(None, (document.note, mine.document.note))))
    note = st.text_area(
        "Note", value=both[:NOTE_LENGTH], max_chars=NOTE_LENGTH,
        key=f"merge-note-{plan_id}-{theirs.version}",
    )  # fmt: skip
    renames = mine.name not in (None, theirs.name) and st.checkbox(
        plain_untrusted(f"Call it {mine.name}"), value=True, key=f"merge-name-{plan_id}"
    )
    with st.container(horizontal=True):
        # A click on what stood here before somebody else saved once more does nothing.
        saves = st.button(
            f"Save as version {theirs.version + 1}", type="primary",
            key=f"merge-save-{theirs.version}", disabled=choices is None,
        )  # fmt: skip
        drops = st.button("Drop mine, keep theirs", key=f"merge-drop-{theirs.version}")
    if drops:
        return _done(plan_id, actor, At(plan_id, theirs.version))
    if not saves:
        return None
    made = replace(made, author=mine.document.author, note=note, created_at=now)
    try:
        after = At(plan_id, theirs.version)
        name = mine.name if renames else None
        at = save_document(engine, actor, made, name=name, after=after)
    except Conflict:
        st.rerun()  # somebody was faster once more: their version is the one to look at now
    except BadInput as error:
        show_error(error)
        return None
    return _done(plan_id, actor, at)


def _draw_sides(theirs: SavedPlan, document: PlanDocument, mine: Mine) -> None:
    left, right = st.columns(2, gap="large")
    for column, whose, made in (
        (left, f"Theirs: version {theirs.version}, {theirs.author}", document),
        (right, "Mine, not saved yet", mine.document),
    ):
        outcome = made.figures.outcome
        column.subheader(plain_untrusted(whose), anchor=False)
        column.markdown(
            plain(
                f"{usd_range(outcome.planned)} a month, {kept_range(outcome.quality_kept)} of "
                f"today's quality, saved {moment(made.created_at)}."
                if made is document
                else f"{usd_range(outcome.planned)} a month, {kept_range(outcome.quality_kept)} of "
                "today's quality."
            )
        )


def _choices(parts: Sequence[Part], plan_id: str, theirs: SavedPlan) -> Mapping[str, Side] | None:
    """A choice for each part that differs, set to the side that changed it.

    Where both did it waits for a person: None until all are made.
    """
    both = sum(part.both for part in parts)
    st.subheader(counted(len(parts), "difference"))
    if both:
        st.warning(
            f"{counted(both, 'part was', 'parts were')} changed by both, differently: choose there."
        )
    found: dict[str, Side] = {}
    for part in parts:
        with st.container(border=True, key=f"merge-part-{part.name}"):
            left, right = st.columns(2, gap="large")
            left.markdown(_words("Theirs", part.theirs))
            right.markdown(_words("Mine", part.mine))
            sides: list[Side] = ["theirs", "mine"]
            chosen = st.radio(
                f"{part.title}{', changed by both' if part.both else ''}: keep", sides,
                index=None if part.both else sides.index(part.suggested),
                horizontal=True, format_func=str.capitalize,
                key=f"merge-{plan_id}-{theirs.version}-{part.name}",
            )  # fmt: skip
            if chosen is not None:
                found[part.name] = chosen
    return found if len(found) == len(parts) else None


def _words(whose: str, changes: Sequence[str]) -> str:
    said = "; ".join(plain_untrusted(words) for words in changes) or "as before"
    return f"**{whose}:** {said}"


def _made(theirs: SavedPlan, mine: Mine, choices: Mapping[str, Side]) -> PlanDocument:
    """Both in one, with what it comes to."""
    made = briefs.both_in_one(theirs, mine, choices)
    outcome = made.figures.outcome
    st.markdown(
        plain(
            f"**Together:** {usd_range(outcome.planned)} a month, "
            f"{kept_range(outcome.quality_kept)} of today's quality."
        )
    )
    return made


def _done(plan_id: str, actor: Actor, at: At) -> At:
    merging.let_go(plan_id, actor)
    state.say(f"Version {at.version} is the newest one.")
    return at
