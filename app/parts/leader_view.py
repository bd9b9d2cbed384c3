"""A frozen plan for whoever decides: how much, how sure, what risk, what it needs, by when."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.parts import charts
from app.parts.actual_money import actual_words, draw_actual
from app.parts.figures import draw_chart, draw_figures, kept_figure
from app.parts.palette import palette
from app.parts.shared_facts import assumption_table, controls_table, scenario_table
from app.parts.wording import (
    TIER_NAMES,
    counted,
    moment,
    period,
    plain,
    plain_untrusted,
    share,
    usd,
    usd_range,
)
from core.frozen.document import PlanDocument
from core.reports.brief import Brief
from core.store.actuals import Month
from core.store.saved import SavedPlan


def draw_leader_view(
    saved: SavedPlan, document: PlanDocument, brief: Brief, months: Sequence[Month]
) -> None:
    """All of it, top down; every figure as it was frozen."""
    st.caption(
        f"**{plain_untrusted(saved.name)}**, by {plain_untrusted(document.author)}, "
        f"{moment(document.created_at)}, version {saved.version}. {plain_untrusted(brief.status)}"
    )
    if document.note:
        st.caption(plain_untrusted(document.note))
    st.header(plain_untrusted(brief.headline), anchor=False)
    draw_key_figures(brief)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**How sure.** {plain(brief.how_sure)}")
        st.markdown(f"**Main risk.** {plain_untrusted(brief.main_risk)}")
    with right:
        st.markdown(f"**What it needs.** {plain_untrusted(brief.needs)}")
        st.markdown(f"**By when.** {plain(brief.by_when)}")
        st.markdown(f"**The simple alternative.** {plain_untrusted(brief.alternative)}")
    if months:
        _draw_months(months)
    left, right = st.columns(2, gap="large")
    with left:
        draw_saved(document, brief)
    with right:
        _draw_shares(document)
    st.subheader("If it goes worse, and if it goes better")
    st.table(scenario_table(brief))
    st.caption(plain(brief.assumes))
    if len(brief.risks) > 1:
        with st.expander(counted(len(brief.risks), "risk")):
            for risk in brief.risks:
                st.markdown(f"- {plain_untrusted(risk)}")
    with st.expander("Compared with doing it without a classifier"):
        st.dataframe(controls_table(document), hide_index=True, alt="The plan beside its controls")
    with st.expander("What is assumed"):
        st.dataframe(assumption_table(document), hide_index=True, alt="Assumptions of this plan")
    st.caption(plain_untrusted(brief.made_with))


def draw_key_figures(brief: Brief) -> None:
    """Four figures with what puts them into proportion."""
    draw_figures([(f.label, f.value, f.note) for f in brief.figures])


def draw_saved(document: PlanDocument, brief: Brief) -> None:
    """The saving so far, month by month, with its range."""
    figures = document.figures
    over = brief.saved.usd
    st.subheader(plain(f"{brief.saved.label}: {usd_range(over)}"), anchor=False)
    draw_chart(
        kept_figure(charts.projection_chart, figures.central, figures.low, figures.high, palette()),
        "projection",
        f"{brief.saved.label}: {usd(brief.saved.usd.central)}.",
    )


def _draw_shares(document: PlanDocument) -> None:
    outcome = document.figures.outcome
    st.subheader("Who answers what")
    rows = [
        ("Queries", [t.share_of_queries for t in outcome.tiers]),
        ("Spend today", [t.share_of_spend_today for t in outcome.tiers]),
    ]
    by_tier = ", ".join(f"{t.tier} {share(t.share_of_queries)}" for t in outcome.tiers)
    chart = kept_figure(charts.shares_chart, rows, palette())
    draw_chart(chart, "shares", f"Shares by tier: {by_tier}.")
    for t in outcome.tiers:
        st.caption(
            f"{TIER_NAMES[t.tier]}: {plain_untrusted(t.model.name)}, "
            + plain(f"{share(t.share_of_queries)} of queries, {usd(t.usd)} a month")
        )
    if outcome.check_usd:
        st.caption(plain(f"Checks of answers: {usd(outcome.check_usd)} a month"))


def _draw_months(months: Sequence[Month]) -> None:
    """Projected against actual: the last month that was held against the plan, and those before."""
    month = months[0]
    st.subheader("What really happened")
    st.markdown(
        f"{plain(actual_words(month.found))} From log {plain_untrusted(month.log_name)}, "
        f"{period(month.first_time, month.last_time)}, against version {month.version}."
    )
    draw_actual(month.found)
    if len(months) > 1:
        with st.expander(f"{len(months)} months held against the plan"):
            st.dataframe(_month_table(months), hide_index=True, alt="Months against the plan")


def _month_table(months: Sequence[Month]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                period(m.first_time, m.last_time),
                m.log_name,
                m.version,
                usd(m.found.planned.central),
                usd(m.found.came),
                usd(m.found.saved),
                "yes" if m.found.within else "no",
            )
            for m in months
        ],
        columns=["Period", "Log", "Version", "Planned", "Came", "Saved", "Within range"],
    )
