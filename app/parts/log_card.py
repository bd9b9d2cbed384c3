"""What a log is: the sentence, the figures, what was left out, and what its models stand for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import jobs, planning, services, state
from app.parts.baseline import draw_baseline
from app.parts.log_checks import draw_invoice, draw_row_meaning
from app.parts.model_names import draw_names
from app.parts.volume import draw_volume
from app.parts.wording import counted, log_size, period, plain, plain_untrusted, usd, with_article
from core.logs.log import Log
from core.logs.sources.registry import source_of
from core.workload.grains import grain_words
from core.workload.notes import model_counts, read_notes, resolve_names

FAILED = {"error": "the call failed", "cancelled": "the call was cancelled"}


def draw_log(log: Log) -> None:
    """The whole Log page for a log that has been read."""
    notes = read_notes(services.folder_of(log.digest))
    names = resolve_names(model_counts(log), services.catalogue(), notes, log.source)
    money = services.log_money(log.digest, names, notes)
    monthly = services.monthly_spend(log, money, notes)
    is_sum = log.grain == "aggregate"
    st.header(
        plain(f"{log_size(log)}, {counted(len(log.models), 'model')}, " + _spend(monthly, money))
    )
    kind = with_article(source_of(log.source).label)
    st.write(
        f"**{plain_untrusted(log.name)}** is {kind} and covers "
        f"{period(log.first_time, log.last_time)}. {grain_words(log.grain)} "
        + plain(_money_words(log, money))
    )
    a, b, c, d = st.columns(4)
    if is_sum:
        a.metric("Calls", f"{log.requests:,}", border=True)
    else:
        a.metric("Queries", f"{log.rows_kept:,}", border=True)
    b.metric("Input tokens", _tokens(log.input_tokens, log.input_tokens_estimated), border=True)
    c.metric("Output tokens", _tokens(log.output_tokens, log.output_tokens_estimated), border=True)
    d.metric(
        "Cost in the log",
        plain(usd(money.usd)) if money.usd is not None else "unknown",
        border=True,
    )
    if not is_sum:
        draw_volume(log, notes)
    for warning in log.warnings:
        st.caption(f":material/info: {plain_untrusted(warning)}")
    if names:
        draw_names(log, names, notes)
    if is_sum:
        draw_baseline(log, names, notes)
    else:
        with st.expander("One row, one call?", expanded=log.calls_per_ask is None):
            draw_row_meaning(log, notes)
    with st.expander("Is this all that you pay for?", expanded=notes.invoice_usd is not None):
        draw_invoice(log, notes, names)
    left, right = st.columns(2)
    with left.expander(f"Left out: {log.rows - log.rows_kept:,} of {log.rows:,} rows"):
        out = {**log.dropped, **{FAILED[s]: n for s, n in log.failed.items()}}
        if out:
            rows = {"Why": list(out), "Rows": list(out.values())}
            st.dataframe(pd.DataFrame(rows), hide_index=True)
        else:
            st.write("Nothing was left out.")
        if log.passed_over:
            st.write("Not counted at all, because they are no model calls:")
            rows = {"What": list(log.passed_over), "Rows": list(log.passed_over.values())}
            st.dataframe(pd.DataFrame(rows), hide_index=True)
    with right.expander(f"Redacted: {sum(log.redactions.values()):,} pieces of personal data"):
        if log.redactions:
            rows = {"Kind": list(log.redactions), "Found": list(log.redactions.values())}
            st.dataframe(pd.DataFrame(rows), hide_index=True)
        st.write(
            "Names, postal addresses and free-text health or legal facts are not recognised "
            "and stay in the local copy. Nothing leaves this machine."
        )
    st.divider()
    go, another, remove, _ = st.columns([1, 1, 1, 2])
    is_sorted = planning.sorted_log(log.digest) is not None
    words = "See the sorted queries" if is_sorted else "Sort the queries"
    if is_sum:
        go.page_link("screens/models.py", label="See the models", icon=":material/arrow_forward:")
    elif go.button(words, type="primary", key="sort", width="stretch"):
        if not is_sorted:
            jobs.start_sorting(log.digest)
        st.switch_page("screens/queries.py")
    another.button(
        "Open another log", on_click=state.open_log, args=(None,), key="close", width="stretch"
    )
    with remove.popover("Delete this log", width="stretch"):
        st.write("Deletes the local copy and what was worked out from it. Saved plans stay.")
        if st.button("Delete", key="delete-log"):
            services.forget_log(log.digest)
            state.open_log(None)
            state.say("The log was deleted from this machine.")
            st.rerun()


def _spend(monthly: float | None, money: services.LogMoney) -> str:
    known = "at least" if money.unpriced_queries else "about"
    if monthly is not None:
        return f"{known} {usd(monthly)} a month"
    return f"{known} {usd(money.usd)} in all" if money.usd is not None else "spend still unknown"


def _tokens(logged: int | None, estimated: int) -> str:
    total = (logged or 0) + estimated
    if not total:
        return "unknown"
    short = f"{total / 1e6:,.1f} M" if total >= 1e6 else f"{total:,}"
    return f"{short} est." if estimated else short


def _money_words(log: Log, money: services.LogMoney) -> str:
    words = []
    if money.logged_usd:
        words.append(f"Its own cost column sums to {usd(money.logged_usd)}.")
    if money.priced_usd:
        words.append(
            f"{usd(money.priced_usd)} is priced from the list of "
            f"{services.catalogue().as_of:%d %b %Y}, where the log states no cost."
        )
    if money.list_usd is not None and money.logged_usd:
        words.append(f"At list prices all of it would be {usd(money.list_usd)}.")
    if money.unpriced_queries:
        words.append(
            f"{money.unpriced_queries / max(log.rows_kept, 1):.0%} of the queries have no known "
            "price yet: they are not counted as free, but left out of every sum."
        )
    if log.input_tokens_estimated or log.output_tokens_estimated:
        words.append("Token counts marked 'est.' are not the provider's own; see the notes.")
    if log.days and log.days < 7:
        words.append("The log covers less than a week, so a month is an extrapolation.")
    return " ".join(words)
