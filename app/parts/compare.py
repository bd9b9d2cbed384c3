"""Two or more saved plans side by side, each with its own frozen figures."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app import briefs
from app.identity import asking, now
from app.parts import charts
from app.parts.figures import draw_chart
from app.parts.palette import palette
from app.parts.wording import kept_label, kept_range, months, share, share_range, usd, usd_range
from core.economics.tuning.verdict import assess
from core.frozen.document import PlanDocument
from core.reports.scenarios import saved_by
from core.store.plans import load_plan


def draw_comparison(plan_ids: Sequence[str]) -> None:
    """A table with a column per plan, and their monthly bills."""
    plans = [load_plan(*asking(), plan_id, now=now()) for plan_id in plan_ids]
    documents = [briefs.document_of(plan) for plan in plans]
    st.subheader("Side by side")
    names = [plan.name for plan in plans]
    headings = [n if names.count(n) == 1 else f"{n} ({i})" for i, n in enumerate(names, start=1)]
    table = pd.DataFrame(
        {h: _facts(d) for h, d in zip(headings, documents, strict=True)}
    ).rename_axis("")
    st.dataframe(table, alt="The chosen plans side by side", height=38 + 35 * len(table))
    today = documents[0].figures.outcome.baseline_usd
    if all(d.figures.outcome.baseline_usd == today for d in documents):
        bills = [today, *(d.figures.outcome.planned.central for d in documents)]
        draw_chart(
            charts.compare_chart(["Today", *headings], bills, palette()),
            "compare",
            "Monthly bills: " + ", ".join(usd(bill) for bill in bills),
        )
    else:
        st.caption("The plans were made on different logs, so their bills are not drawn together.")


def _facts(document: PlanDocument) -> dict[str, str]:
    outcome, saved = document.figures.outcome, saved_by(document)
    facts = {
        "Log": document.log.name,
        "Today, per month": usd(outcome.baseline_usd),
        "Planned, per month": usd_range(outcome.planned),
        "Saving": share_range(outcome.saving_share),
        "Quality kept": kept_range(outcome.quality_kept),
        "Known from": kept_label(document.taught).removeprefix("Quality kept, "),
        saved.label: usd(saved.usd.central),
    }
    facts["Strategy"] = document.plan.strategy
    for tier in outcome.tiers:
        facts[f"{tier.tier.capitalize()} tier"] = (
            f"{tier.model.name}, {share(tier.share_of_queries)} of queries"
        )
    if document.fine_tuning:
        facts["Fine-tuning"] = months(assess(document.fine_tuning).sustained_payback_months)
    facts["Prices of"] = f"{document.prices_as_of:%d %b %Y}"
    return facts
