"""Which part of the traffic a tuned model could pay for: the segments as candidates."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.parts.aligned_table import draw_table
from app.parts.wording import plain, share, usd
from app.tuning import Bill
from core.economics.tuning.candidates import Candidate, Segment
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.futures_words import rounded_up
from core.economics.tuning.verdict import FineTuneResult

WHOLE = "A share of the whole bill"
HELP = {
    "If it ran free": "Ceiling test: even if the tuned model cost nothing to run, the segment's "
    "bill of today could not pay for the investment sooner.",
    "Pays back from": "The queries a month from which it pays back within the months counted.",
    "After routing": "What the plan leaves of the segment's bill: all that tuning can save on.",
    "Simple": "The share of its queries that look simple. Where most do, a cheaper model may do "
    "untrained.",
    "Harder than": "The share of the log's queries that look easier than the segment's mean.",
}


def choose_part(bill: Bill, case: FineTuneCase, key: str) -> Segment | None:
    """The segment that the case is about; choosing one sets the slice to its share of the bill.

    None for a share of the whole bill. The case's name keeps the choice.
    """
    part, names = part_key(key), [segment.name for segment in bill.segments]
    if st.session_state.get(part, case.name) not in names:
        st.session_state[part] = WHOLE
    st.session_state.setdefault(part, case.name)

    def take() -> None:
        """Set the slice to the chosen segment's share, before the form is drawn."""
        chosen = bill.segment(st.session_state[part])
        if chosen is not None:
            st.session_state[slice_key(key)] = 100 * chosen.spend_share

    chosen = st.selectbox(
        "The tuned model takes over",
        [WHOLE, *names],
        key=part,
        on_change=take,
        persist_state="page",
        help="A segment is a named part of the log. Choosing one sets the slice to its share of "
        "the bill; the share can also be typed under Assumptions.",
    )
    return bill.segment(chosen or "")


def draw_candidates(found: Sequence[Candidate], case: FineTuneCase, result: FineTuneResult) -> None:
    """The ceiling test of the case in words, and every segment judged as a case of its own."""
    st.write(plain(ceiling_words(case, result)))
    if not found:
        return
    st.markdown(f"**{plain(candidate_title(found))}**")
    rows = pd.DataFrame(
        {
            "Segment": [one.segment.name for one in found],
            "If it ran free": [_ceiling(one) for one in found],
            "Pays back from": [_from(one) for one in found],
            "Queries": [f"{one.segment.queries:,.0f}" for one in found],
            "Spend": [usd(one.segment.usd) for one in found],
            "Of the bill": [share(one.segment.spend_share) for one in found],
            "After routing": [usd(one.segment.usd * one.segment.left_over) for one in found],
            "Simple": [share(one.segment.simple_share) for one in found],
            "Harder than": [share(one.segment.harder_than_share) for one in found],
            "Why": [one.reason for one in found],
        }
    )
    draw_table(
        rows,
        "The segments as candidates for fine-tuning, best first",
        words=["Why"],
        help=HELP,
        keep_first=True,
    )
    st.caption(
        "Per month; best first, by how much more volume a segment needs to pay for the whole "
        "investment alone. How often queries repeat, which tuning lives from, is not shown: a log "
        "is kept as sums, and they do not know it."
    )


def ceiling_words(case: FineTuneCase, result: FineTuneResult) -> str:
    """The test that needs nothing but the bill and the investment."""
    if result.ceiling_months is None:
        return "The slice costs nothing today, so there is nothing to save."
    if result.investment_mean_usd == 0:
        return "Without an investment there is nothing to pay back."
    free = (
        f"Ceiling test: even if the tuned model ran for free, {usd(result.slice_monthly_usd)} a "
        f"month could not pay for {usd(result.investment_mean_usd)} in less than "
        f"{result.ceiling_months:,.1f} months"
    )
    if result.ceiling_months > case.months:
        return f"{free}, and only {case.months} count. No detail below can mend that."
    return f"{free}. What is left of that after routing and running costs is the rest of this page."


def candidate_title(found: Sequence[Candidate]) -> str:
    """How many segments could pay for a model of their own."""
    worth = [one for one in found if one.worth]
    if not worth:
        return "No segment alone could pay for a model of its own."
    if len(worth) == 1:
        return "One segment could pay for a model of its own."
    return f"{len(worth)} of {len(found)} segments could pay for a model of their own."


def part_key(key: str) -> str:
    """The session's key of the chosen part."""
    return f"part-{key}"


def slice_key(key: str) -> str:
    """The session's key of the slice, in percent of the bill."""
    return f"slice-{key}"


def _from(one: Candidate) -> str:
    if one.break_even_queries is None:
        return "no volume"
    if one.break_even_queries >= 1e9:
        return "over a billion"
    return rounded_up(one.break_even_queries)


def _ceiling(one: Candidate) -> str:
    return "n/a" if one.ceiling_months is None else f"{one.ceiling_months:,.1f} months"
