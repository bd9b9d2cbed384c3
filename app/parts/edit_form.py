"""Another version of a saved plan, made on its own frozen log: for those with a link to edit."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app import briefs, identity, merging, services, state
from app.parts.messages import show_error
from app.parts.wording import bill_words, kept_range, plain
from core.catalog.model import Model
from core.errors import BadInput, Conflict
from core.frozen.document import PlanDocument
from core.routing.plan import Plan
from core.store.access import Actor
from core.store.names import NOTE_LENGTH
from core.store.saved import SavedPlan
from core.store.saving import At, save_document


def draw_edit_form(saved: SavedPlan, document: PlanDocument, actor: Actor) -> None:
    """Models and tolerances, what they come to on this log, and the next version."""
    st.subheader("Change this plan")
    key = f"{saved.id}-{saved.version}"
    try:
        plan = _plan(document.plan, key)
    except BadInput as error:
        show_error(error)
        return
    changed = plan != document.plan
    if changed:
        made = briefs.planned_anew(saved, plan)
        outcome = made.figures.outcome
        st.markdown(
            plain(
                f"This would cost {bill_words(outcome, document.taught)}, at "
                f"{kept_range(outcome.quality_kept)} of today's quality."
            )
        )
    with st.form(f"edit-{key}", border=False, enter_to_submit=False):
        name = st.text_input(
            "Your name", value=identity.called(), max_chars=120, key=f"edit-name-{key}"
        )
        note = st.text_area(
            "Why", max_chars=NOTE_LENGTH, key=f"edit-note-{key}",
            placeholder="What you changed, for those who read the history",
        )  # fmt: skip
        pressed = st.form_submit_button(
            "Save as the next version", type="primary", key=f"edit-save-{key}"
        )
    if not pressed:
        return
    if not changed:
        st.info("Nothing is changed yet.")
        return
    who = replace(actor, name=name)
    made = replace(made, author=name, note=note, created_at=identity.now())
    after = At(saved.id, saved.version)
    try:
        save_document(services.engine(), who, made, after=after)
    except Conflict:
        merging.keep(after, None, made, who)
        st.rerun()
    except BadInput as error:
        show_error(error)
        return
    identity.call_me(name)
    state.edit_newest(saved.id)
    state.say("Saved as the next version.")
    st.rerun()


def _plan(plan: Plan, key: str) -> Plan:
    """The plan as the controls say; models keep their frozen prices where they stay."""
    catalogue = services.catalogue()
    models: list[Model] = []
    columns = st.columns(3)
    for column, (tier, model) in zip(columns, plan.models.items(), strict=True):
        known = {**{m.id: m for m in catalogue.models.values() if m.price}, model.id: model}
        ids = sorted(known, key=lambda i: known[i].name.lower())
        chosen = column.selectbox(
            f"{tier.capitalize()} queries go to", ids, index=ids.index(model.id),
            format_func=lambda i, of=known: of[i].name, key=f"edit-{tier}-{key}",
        )  # fmt: skip
        models.append(known[chosen])
    left, right = st.columns(2)
    most = 50.0
    steps = []
    for column, words, value, name in (
        (left, "Points given up before simple becomes medium", plan.to_medium, "to-medium"),
        (right, "Points given up before medium becomes complex", plan.to_complex, "to-complex"),
    ):
        points = column.slider(
            words, 0.0, most, min(100 * value, most), 0.5, format="%.1f", key=f"edit-{name}-{key}"
        )
        steps.append(value if abs(points - min(100 * value, most)) < 1e-9 else points / 100)
    return replace(
        plan, simple=models[0], medium=models[1], complex=models[2],
        to_medium=steps[0], to_complex=steps[1],
    )  # fmt: skip
