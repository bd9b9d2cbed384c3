"""What a log is: the sentence, the figures, what was left out, and what its models stand for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import jobs, services, state
from app.parts.model_names import draw_names
from app.parts.volume import draw_volume
from app.parts.wording import period, plain, plain_untrusted, usd
from core.logs.log import Log
from core.workload.notes import model_counts, read_notes, resolve_names


def draw_log(log: Log) -> None:
    """The whole Log page for a log that has been read."""
    notes = read_notes(services.folder_of(log.digest))
    names = resolve_names(model_counts(log), services.catalogue(), notes)
    money = services.log_money(log.digest, names, notes)
    monthly = services.monthly_spend(log, money, notes)
    known = "at least" if money.unpriced_queries else "about"
    st.header(
        plain(
            f"{log.rows_kept:,} queries, {len(log.models)} models, "
            + (f"{known} {usd(monthly)} a month" if monthly is not None else "spend still unknown")
        )
    )
    st.write(
        f"**{plain_untrusted(log.name)}** covers {period(log.first_time, log.last_time)}. "
        + plain(_money_words(log, money))
    )
    a, b, c, d = st.columns(4)
    a.metric("Queries", f"{log.rows_kept:,}", border=True)
    b.metric("Input tokens", _tokens(log.input_tokens, log.input_tokens_estimated), border=True)
    c.metric("Output tokens", _tokens(log.output_tokens, log.output_tokens_estimated), border=True)
    d.metric(
        "Cost in the log",
        plain(usd(money.usd)) if money.usd is not None else "unknown",
        border=True,
    )
    draw_volume(log, notes)
    for warning in log.warnings:
        st.caption(f":material/info: {plain_untrusted(warning)}")
    if names:
        draw_names(log, names, notes)
    left, right = st.columns(2)
    with left.expander(f"Left out: {log.rows - log.rows_kept:,} of {log.rows:,} rows"):
        if log.dropped:
            rows = {"Why": list(log.dropped), "Rows": list(log.dropped.values())}
            st.dataframe(pd.DataFrame(rows), hide_index=True)
        else:
            st.write("Nothing was left out.")
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
    is_sorted = services.sorted_log(log.digest) is not None
    words = "See the sorted queries" if is_sorted else "Sort the queries"
    if go.button(words, type="primary", key="sort", width="stretch"):
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
        words.append("Token counts marked 'est.' are estimated from the text (about 10% off).")
    if log.days and log.days < 7:
        words.append("The log covers less than a week, so a month is an extrapolation.")
    return " ".join(words)
