"""What the queries are sorted by: the trained classifier, or a simple rule instead."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from app import evidence, jobs, planning
from core.complexity.figures import Area, Measured
from core.complexity.rules import Basis

NAMES: Final[dict[Basis, str]] = {
    "text": "How hard the text looks",
    "length": "Length",
    "keywords": "Keywords",
}
SETS: Final = {  # of the measured ones, the most telling
    "llmrouter_dc": "Twelve tasks mixed",
    "mmlu_pro": "Hard exams",
    "mmlu": "Exams (MMLU)",
    "gsm8k": "School maths (GSM8K)",
}


def draw_method(found: planning.SortedLog) -> None:
    """A choice of three; another one sorts the log again and leaves corrections and plans alone."""
    digest, now = found.log.digest, found.notes.basis
    with st.expander("How they are sorted", expanded=now != "text"):
        wanted = st.radio(
            "Sort by",
            list(NAMES),
            index=list(NAMES).index(now),
            horizontal=True,
            format_func=NAMES.__getitem__,
            key=f"rule-{digest}",
        )
        draw_measured(evidence.measured_figures())
    if wanted != now:
        rule = None if wanted == "text" else wanted
        if not planning.keep_rule(digest, rule):
            jobs.start_sorting(digest)
        st.rerun()


def draw_measured(measured: Measured) -> None:
    """What each way is worth for routing on public sets, and where length does as well."""
    shown = [found for name in SETS for found in measured.sets if found.name == name]
    table = pd.DataFrame(
        {
            "Sorted by": list(NAMES.values()),
            f"Mean of {len(measured.sets)} sets": [
                f"{measured.mean(basis):.2f}" for basis in NAMES
            ],
        }
        | {SETS[found.name]: [_words(found.areas[basis]) for basis in NAMES] for found in shown}
    )
    st.dataframe(
        table,
        hide_index=True,
        alt="How well each way of sorting sends strong calls where they gain, by public set",
    )
    verdicts = {
        "The text is better than length beyond chance on": [f for f in shown if f.lead[0] > 0],
        "Length is better beyond chance on": [f for f in shown if f.lead[1] < 0],
        "They cannot be told apart on": [f for f in shown if f.lead[0] <= 0 <= f.lead[1]],
    }
    said = [
        f"{words}: {', '.join(SETS[f.name] for f in sets)}."
        for words, sets in verdicts.items()
        if sets
    ]
    st.caption(
        "Measured without any label of the set: how much of the quality gap closes as more of the "
        "hardest-looking queries go to the strong model, on average (APGR). 0.5 is what a random "
        f"split does, 1 finds every gain first; in brackets 95% intervals. "
        f"{' '.join(said)} Length and keywords are the simple rules that gateways ship, and cost "
        "nothing to explain."
    )


def _words(area: Area) -> str:
    return f"{area.apgr:.2f} ({area.low:.2f} to {area.high:.2f})"
