"""Would hosting the model ourselves be cheaper: the answer, the staircase, the assumptions."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Final

import pandas as pd
import streamlit as st

from app.parts.figures import draw_chart, draw_figures
from app.parts.messages import show_error
from app.parts.palette import palette
from app.parts.staircase_chart import staircase_chart
from app.parts.wording import plain, plain_untrusted, share, usd, usd_per_1000
from core.economics.hosting.case import SelfHostCase, check_input
from core.economics.hosting.cost import Comparison, compare
from core.economics.hosting.defaults import PROVENANCE
from core.economics.hosting.stairs import Staircase, staircase
from core.economics.hosting.words import meeting, sentences, volume_words
from core.errors import BadInput

# field: label, what to know, step
NUMBERS: Final = {
    "gpu_usd_per_hour": ("$ per GPU and hour", "", 0.1),
    "gpus_per_replica": ("GPUs per replica", "", 1),
    "output_tokens_per_second": (
        "Output tokens a second",
        "Of one replica, at the latency that you want, with requests like yours: long prompts "
        "lower it.",
        50.0,
    ),
    "peak_to_average": ("Busiest hour over average", "", 0.5),
    "fewest_replicas": ("Replicas, at least", "", 1),
    "spare_replicas": ("Spare replicas", "Paid on top of what traffic needs.", 1),
    "engineers": ("Engineers", "As a part of one person's time, or several people.", 0.05),
    "engineer_usd_per_year": ("$ per engineer and year", "", 5_000.0),
    "hours_per_month": (
        "Hours a month",
        "Fewer where replicas are switched off; all queries then come in the hours that are left.",
        10.0,
    ),
}
PERCENT: Final = {
    "busy_at_most": (
        "Busy at most",
        "What the busiest hour may take of a replica. How busy it is on average is a result.",
    ),
    "overhead_share": ("Storage, egress and support on top", ""),
}
DEFAULTS: Final = {f.name: f.default for f in fields(SelfHostCase) if f.default is not MISSING}


def draw_self_host(
    monthly_queries: float,
    usd_per_query_api: float,
    output_tokens_per_query: float,
    compared_with: str,
    key: str,
) -> None:
    """A section that holds hosting against an API; `compared_with` names the API, untrusted.

    `key` tells the widgets of one section from those of another; a new log needs a new one.
    """
    top = st.container()
    case = _edit_case(output_tokens_per_query, key)
    with top:
        if case is None:
            st.subheader("Would hosting it yourself be cheaper?")
            st.info("The answer waits for the assumption below that cannot be used.")
            return
        try:
            found = compare(case, monthly_queries, usd_per_query_api)
        except BadInput as error:
            show_error(error)
            return
        _draw_answer(found, staircase(case, found), compared_with, key)


def _draw_answer(found: Comparison, stairs: Staircase, compared_with: str, key: str) -> None:
    answer, *others = sentences(found, compared_with)
    st.subheader(plain_untrusted(answer))
    st.markdown(plain_untrusted(" ".join(others)))
    month, first = found.month, found.break_even.first
    each = month.usd_per_query
    full = f"{usd_per_1000(found.full_replica_usd_per_query)} per 1,000 at the very best"
    draw_figures(
        [
            ("Hosting, today's volume", f"{usd(month.total_usd)} a month",
             f"{usd_per_1000(each)} per 1,000 queries" if each is not None else "no queries"),
            ("The same by API", f"{usd(found.api_usd)} a month",
             f"{usd_per_1000(found.usd_per_query_api)} per 1,000 queries"),
            ("Cheaper from, queries a month",
             volume_words(first.monthly_queries) if first else "never", full),
            ("How busy the GPUs are", share(month.utilisation), "a result of your traffic"),
        ]
    )  # fmt: skip
    st.markdown(plain(f"**{meeting(found)}**"))
    draw_chart(
        staircase_chart(stairs, found, compared_with, palette()),
        f"staircase-{key}",
        f"Monthly cost of hosting, in steps, against {compared_with}. {meeting(found)}. "
        f"Today: {usd(month.total_usd)} hosting, {usd(found.api_usd)} by API.",
    )
    with st.expander("The steps in numbers"):
        _draw_table(stairs)
    st.caption(
        "This holds at equal quality only: check first that the model you would host answers these "
        "queries as well. The same open model from an API is often several times cheaper than "
        "GPUs that are mostly idle (list prices of 2026-11); hosting is for data that may not "
        "leave, weights of your own, or very high and steady volume. Prices are today's."
    )


def _draw_table(stairs: Staircase) -> None:
    table = pd.DataFrame(
        {
            "Replicas": [step.replicas for step in stairs.steps],
            "Up to, queries a month": [step.to_queries for step in stairs.steps],
            "Hosting a month": [step.usd for step in stairs.steps],
            "By API at that volume": [step.api_usd for step in stairs.steps],
            "Hosting per 1,000 queries, when full": [
                usd_per_1000(step.usd_per_query) for step in stairs.steps
            ],
            "Hosting is no dearer from, queries a month": [
                volume_words(step.no_dearer_from) if step.no_dearer_from is not None else "nowhere"
                for step in stairs.steps
            ],
        }
    )
    money = st.column_config.NumberColumn(format="dollar")
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "Up to, queries a month": st.column_config.NumberColumn(format="%,.0f"),
            "Hosting a month": money,
            "By API at that volume": money,
        },
        alt="What each number of replicas carries and costs",
    )


def _edit_case(output_tokens_per_query: float, key: str) -> SelfHostCase | None:
    """The case as the fields stand; None where one cannot be used, which is said beside it."""
    st.markdown("**Assumptions**")
    columns = st.columns(4)
    tokens = columns[0].number_input(
        "Output tokens per query", value=None, step=10.0, format="%g",
        placeholder=f"{output_tokens_per_query:,.0f}, as in the log",
        help="Measured: the mean of your log, unless you fill it in.",
        key=f"output_tokens_per_query-{key}", persist_state="page",
    )  # fmt: skip
    values = {"output_tokens_per_query": output_tokens_per_query if tokens is None else tokens}
    places = {"output_tokens_per_query": columns[0]}
    for number, (name, (label, note, step)) in enumerate(NUMBERS.items(), start=1):
        if number % 4 == 0:
            columns = st.columns(4)
        places[name] = columns[number % 4]
        said = places[name].number_input(
            label, value=DEFAULTS[name], step=step, help=_help(name, note),
            format="%d" if isinstance(step, int) else "%g",
            key=f"{name}-{key}", persist_state="page",
        )  # fmt: skip
        values[name] = DEFAULTS[name] if said is None else said
    for column, (name, (label, note)) in zip(columns[2:], PERCENT.items(), strict=True):
        percent = column.slider(
            label, 1 if name == "busy_at_most" else 0, 100, round(100 * DEFAULTS[name]),
            format="%d%%", help=_help(name, note), key=f"{name}-{key}", persist_state="page",
        )  # fmt: skip
        values[name] = percent / 100
    usable = True
    for name, place in places.items():
        try:
            check_input(name, values[name])
        except BadInput as error:
            place.error(plain_untrusted(f"This cannot be {values[name]:g}. {error.remedy}."))
            usable = False
    return SelfHostCase(**values) if usable else None


def _help(name: str, note: str) -> str:
    """What to know of a field, and where its default is from."""
    known = PROVENANCE[name]
    return plain(f"{note} {known.origin.capitalize()}: {known.note}.".strip())
