"""Plan: who should answer what?"""

from dataclasses import replace

import pandas as pd
import streamlit as st

from app import evidence, planning, replays
from app.parts import charts
from app.parts.export_form import draw_export
from app.parts.figures import draw_chart, draw_figures
from app.parts.frame import need_traffic
from app.parts.messages import show_error
from app.parts.own_labels import draw_own_labels
from app.parts.palette import palette
from app.parts.plan_cards import choose_strategy, choose_tiers, choose_tolerances, take_choice
from app.parts.plan_draft import assumptions_of, current_draft, plan_of
from app.parts.rules_form import draw_rules
from app.parts.save_form import draw_save
from app.parts.wording import (
    bill_words,
    kept_label,
    kept_range,
    looks_words,
    plain,
    saving_range,
    share,
    swap_words,
    usd,
    usd_range,
    verified_words,
)
from core.commands.findings_words import findings_words, window_words
from core.economics.log_claims import log_claims
from core.errors import BadInput
from core.routing.controls import best_swap, controls
from core.routing.findings import findings
from core.routing.rule_effects import rule_effects
from core.routing.simulate import expected_quality_kept, simulate
from core.workload.notes import monthly_calls

found = need_traffic("Plan")
draft = current_draft(found.log.digest)
answer = st.container()
cards = choose_tiers(found.log.digest, draft, found.traffic)
draft = cards.draft

try:
    plan = plan_of(replace(draft, cascade=False), found)
    found = planning.on_plan(found, plan)
    best = planning.best_choices(found, plan, assumptions_of(draft))
    uncertainty = found.uncertainty
    draft = choose_strategy(found.log.digest, draft, plan, replays.judge_rates(found.log.digest))
    if not draft.cascade:
        draft = choose_tolerances(
            found.log.digest,
            draft,
            best,
            lambda d: expected_quality_kept(found.traffic, plan_of(d, found), uncertainty),
        )
    plan = plan_of(draft, found)
    outcome = simulate(found.traffic, plan, uncertainty, assumptions_of(draft))
except BadInput as error:
    show_error(error)
    st.stop()
planning.write_draft(found.log.digest, draft)
cards.fill(outcome)

compared = controls(
    found.traffic, found.workload.lengths, plan, outcome, uncertainty, assumptions_of(draft)
)
swap = best_swap(found.traffic, compared)
beside = findings(found.traffic, plan, outcome, compared, uncertainty, assumptions_of(draft), best)
looks = looks_words(found.workload.basis)
with answer:
    st.header(plain(bill_words(outcome, found.learned)))
    st.write(
        f"Expected quality is {kept_range(outcome.quality_kept)} of today's. "
        + verified_words(found.learned, looks)
    )
    # Always one box, so that nothing below it jumps when a slider moves.
    st.info(plain(swap_words(swap, outcome)), icon=":material/swap_horiz:")
    planned, kept = outcome.planned, outcome.quality_kept
    draw_figures(
        [
            ("Cost per month", usd(planned.central), f"{usd(planned.low)} to {usd(planned.high)}"),
            (
                "Saved per month",
                usd(outcome.saving_usd),
                saving_range(outcome.saving_share),
            ),
            (
                kept_label(found.learned),
                f"{kept.central:.1%}",
                f"{share(kept.low)} to {share(kept.high)}",
            ),
        ]
    )
    for words in window_words(found.workload, plan):
        st.caption(f":material/unfold_more: {words}")
    if found.traffic.left_out_share:
        left_out = (
            f"{share(found.traffic.left_out_share)} of the queries ran on models without a known "
            "price; they are in none of these figures. The Log page lets you say what they stand "
            "for."
        )
        (st.warning if found.traffic.left_out_share > 0.1 else st.caption)(left_out)


def take_point() -> None:
    """Take the plan of the point that was clicked on the frontier's line."""
    for point in st.session_state["frontier"].selection.points:
        if "customdata" in point:
            number = point["customdata"]
            take_choice(found.log.digest, best[number[0] if isinstance(number, list) else number])


effects = rule_effects(
    found.workload,
    found.names,
    plan,
    uncertainty,
    assumptions_of(draft),
    monthly_calls(found.workload, found.notes),
)
draw_rules(found, effects)

colours = palette()
left, right = st.columns(2)
with left:
    st.subheader("Who answers what")
    rows = [
        ("Queries", [t.share_of_queries for t in outcome.tiers]),
        ("Spend today", [t.share_of_spend_today for t in outcome.tiers]),
    ]
    answering = outcome.planned.central - outcome.check_usd
    if answering:
        rows.append(("Planned cost", [t.usd / answering for t in outcome.tiers]))
    by_tier = ", ".join(f"{t.tier} {share(t.share_of_queries)}" for t in outcome.tiers)
    draw_chart(charts.shares_chart(rows, colours), "plan-shares", f"Shares by tier: {by_tier}.")
    if outcome.check_usd:
        st.caption(plain(f"Checking the answers costs {usd(outcome.check_usd)} a month more."))
with right:
    st.subheader("What quality costs with these models")
    draw_chart(
        charts.frontier_chart(best, outcome, compared, colours),
        "frontier",
        f"Cost against quality; this plan costs {usd_range(outcome.planned)} a month.",
        on_point=take_point,
    )
    st.caption(
        "Click a point of the line to take that plan"
        + (", which routes." if draft.cascade else ".")
    )

st.subheader("How good is it, and what is claimed")
claims = log_claims(found.traffic, plan, outcome)
for words in findings_words(plan, outcome, beside, claims):
    st.markdown(plain(f"- {words}"))

st.subheader("Compared with doing it without a classifier")
table = pd.DataFrame(
    {
        "": ["this plan", *(c.name for c in compared)],
        "Per month": [outcome.planned.central, *(c.monthly_usd for c in compared)],
        "Quality kept": [outcome.quality_kept.central, *(c.quality_kept for c in compared)],
    }
)
st.dataframe(
    table.assign(**{"Quality kept": 100 * table["Quality kept"]}),
    hide_index=True,
    column_config={
        "Per month": st.column_config.NumberColumn(format="dollar"),
        "Quality kept": st.column_config.NumberColumn(format="%.1f%%"),
    },
    alt="This plan and its controls: cost per month and quality kept",
)
st.caption(
    "Quality of every row is what the same classifier expects, which leans towards the plan that "
    "uses it. A control that comes out level is a reason to prefer the simpler way."
)
draw_own_labels(*evidence.on_own_labels(found, plan))
draw_export(draft, found)
draw_save(replace(draft), found)
