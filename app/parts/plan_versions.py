"""A plan's versions: who, when, why, what changed; the money between two; today's prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from app import briefs, identity, services, state
from app.elsewhere import WORKING, worked_out
from app.identity import asking, now
from app.parts import charts
from app.parts.figures import draw_chart
from app.parts.messages import show_error
from app.parts.palette import palette
from app.parts.plan_actions import open_in_planner
from app.parts.wording import moment, plain, plain_untrusted, rests_words, usd
from core.economics.projection import waterfall
from core.errors import BadInput
from core.frozen.changes import inputs_changed
from core.frozen.document import PlanDocument
from core.frozen.moved import LABELS, Step, moved_words
from core.frozen.repricing import repriced
from core.frozen.rerunning import revised
from core.reports.words import change_words
from core.store.plans import list_versions, load_plan
from core.store.saved import PlanRow, SavedPlan
from core.store.saving import At, save_document


def draw_versions(saved: SavedPlan, *, can_write: bool) -> None:
    """The history, newest first; with the right to, the ways to the next version."""
    rows = list_versions(*asking(), saved.id, now=now())
    if can_write:
        _draw_next(saved)
    if len(rows) > 1:
        _draw_moved(rows, saved)
    for row in rows:
        head = row.headline
        st.markdown(
            f"**Version {row.version}**, {plain_untrusted(row.author)}, {moment(row.updated_at)}: "
            + plain(f"{usd(head.planned_monthly_usd)} a month, {change_words(head.saving_share)}")
            + f", {head.quality:.1%} quality, {rests_words(head)}."
        )
        if head.note:
            st.text(head.note)
        if row.changes:
            with st.expander(f"What changed in version {row.version}"):
                for words in row.changes:
                    st.markdown(f"- {plain_untrusted(words)}")


def _draw_next(saved: SavedPlan) -> None:
    digest = state.log_digest()
    with st.container(horizontal=True):
        if st.button("Open in the Plan page", key=f"open-{saved.id}", icon=":material/tune:"):
            open_in_planner(saved, briefs.document_of(saved))
        reprices = st.button(
            "Re-price today", key=f"reprice-{saved.id}", icon=":material/price_change:",
            help="The same plan and log at today's list prices, as a new version",
        )  # fmt: skip
        reruns = st.button(
            "Re-run with the open log", key=f"rerun-{saved.id}", icon=":material/refresh:",
            disabled=digest is None,
            help="The same plan and prices on the log that is open, as a new version",
        )  # fmt: skip
    if not (reprices or reruns):
        return
    document = briefs.document_of(saved)
    who = identity.called() or identity.SOMEBODY
    try:
        if reprices:
            with st.spinner(WORKING):
                made = worked_out(
                    repriced, document, services.catalogue(), author=who, now=now(),
                    note="Re-priced",
                )  # fmt: skip
        else:
            assert digest is not None
            with st.spinner("Working it out on the open log ..."):
                made = worked_out(
                    revised, document, services.folder_of(digest), author=who, now=now(),
                    note="Re-run with a new log",
                )  # fmt: skip
        _save(saved, document, made)
    except BadInput as error:
        show_error(error)


def _save(saved: SavedPlan, document: PlanDocument, made: PlanDocument) -> None:
    """The next version, unless nothing but its note would differ."""
    told = inputs_changed(document, replace(made, note=document.note, author=document.author))
    if not told and made.figures == document.figures:
        st.info("Nothing has changed since this version, so none was saved.")
        return
    at = save_document(*asking(), made, after=At(saved.id, saved.version))
    state.say(f"Saved as version {at.version}.")
    st.rerun()


def _draw_moved(rows: Sequence[PlanRow], saved: SavedPlan) -> None:
    """Why the money moved between two versions, cause by cause."""
    numbers = [row.version for row in rows]
    with st.expander("Why did the money move?", key=f"moved-{saved.id}", on_change="rerun") as box:
        if not box.open:
            return
        left, right = st.columns(2)
        first = left.selectbox("From version", numbers[1:], key=f"moved-from-{saved.id}")
        later = [n for n in numbers if n > first]
        last = right.selectbox("to version", later, key=f"moved-to-{saved.id}-{first}")
        steps = _steps(saved.id, first, last)
        if not steps:
            st.write("Nothing moved between these two.")
            return
        changed: dict[str, float] = {}
        for step in steps:
            name = " and ".join(LABELS[cause] for cause in step.causes)
            changed[name] = changed.get(name, 0.0) + step.planned_change_usd
        bars = waterfall(
            steps[0].before.planned_usd, changed, steps[-1].after.planned_usd,
            first=f"Version {first}", last=f"Version {last}",
        )  # fmt: skip
        words = "; ".join(moved_words(steps))
        draw_chart(charts.waterfall_chart(bars, palette()), f"moved-chart-{saved.id}", words)
        for line in moved_words(steps):
            st.markdown(f"- {plain_untrusted(line)}")


def _steps(plan_id: str, first: int, last: int) -> tuple[Step, ...]:
    before, after = (
        briefs.document_of(load_plan(*asking(), plan_id, number, now=now()))
        for number in (first, last)
    )
    return briefs.moved_between(plan_id, first, last, before, after)
