"""Two questions that a log cannot answer alone: what a row is, and whether the bill is right."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app import services
from app.parts.messages import show_error
from app.parts.wording import plain, plain_untrusted, share, usd
from core.catalog.model import Model
from core.errors import BadInput
from core.logs.log import Log
from core.workload.notes import Notes

MEANINGS = {
    None: "I do not know",
    "call": "One billed call",
    "task": "One finished task, however many calls it took",
}


def draw_row_meaning(log: Log, notes: Notes) -> None:
    """How many calls one ask takes, from the log where it tells, else from the user."""
    if log.calls_per_ask is not None:
        st.write(_repeats_words(log))
        return
    st.write(
        "Nothing in this log ties calls together (a trace, a conversation or a user), so retries "
        "and tool loops cannot be told from new questions."
    )
    said = st.radio(
        "What does each row mean?",
        list(MEANINGS),
        index=list(MEANINGS).index(notes.row_means),
        format_func=MEANINGS.__getitem__,
        key=f"row-means-{log.digest}",
        help="A task may take several billed calls: retries, tool steps. If every call has its "
        "row, the bill is complete. If only finished tasks do, the calls between are missing.",
    )
    calls = notes.calls_per_task
    if said == "task":
        calls = st.number_input(
            "Billed calls per task, on average",
            min_value=1.0,
            max_value=100.0,
            value=notes.calls_per_task,
            step=0.1,
            key=f"calls-per-task-{log.digest}",
            help="1 if the tokens and the cost in a row already cover the whole task. Otherwise "
            "the month's calls and spend are multiplied by it.",
        )
    if said != notes.row_means or calls != notes.calls_per_task:
        services.save_notes(log.digest, replace(notes, row_means=said, calls_per_task=calls))
        st.rerun()


def _repeats_words(log: Log) -> str:
    assert log.repeats is not None and log.calls_per_ask is not None
    sessions = f" in {log.sessions:,} conversations" if log.sessions else ""
    if not log.repeats:
        return f"Each row is one call{sessions}, and no call repeats an earlier ask."
    return (
        f"Each row is one call{sessions}. {log.repeats:,} calls repeat an ask (a retry, or the "
        f"next step of a tool loop): {log.calls_per_ask:.2f} calls per ask. They are billed, so "
        "they stay in the plan."
    )


def draw_invoice(log: Log, notes: Notes, names: dict[str, Model | None]) -> None:
    """A field for the month's invoice, and what lies between it and the log."""
    typed = st.number_input(
        "The provider's invoice for the month, in USD",
        min_value=0.0,
        value=notes.invoice_usd or 0.0,
        step=1.0,
        format="%.2f",
        key=f"invoice-{log.digest}",
        help="Type it to see whether this log holds all that you pay for. 0 leaves it out.",
    )
    invoice = float(typed) or None
    if invoice != notes.invoice_usd:
        services.save_notes(log.digest, replace(notes, invoice_usd=invoice))
        st.rerun()
    if invoice is None:
        return
    try:
        found = services.reconciled(log, names, notes, invoice)
    except BadInput as error:
        show_error(error)
        return
    when = f"{found.month:%B %Y}" if found.month else "its whole period, as it has no dates"
    if found.ratio is None or found.log_usd is None:
        st.write(f"No price is known for the calls of {when}, so there is nothing to compare yet.")
        return
    st.write(
        plain(
            f"The log comes to **{usd(found.log_usd)}** for {when}: "
            f"**{share(found.ratio)}** of the invoice. "
        )
        + ("The two agree." if found.agrees else "What usually lies between, the likeliest first:")
    )
    for cause in found.causes:
        st.markdown(f"- {plain_untrusted(cause.words)}")
