"""Savings: what is it worth over time?"""

from dataclasses import replace

import pandas as pd
import streamlit as st

from app import planning
from app.parts import charts
from app.parts.claim import draw_claim
from app.parts.figures import draw_chart, draw_figures
from app.parts.frame import need_traffic
from app.parts.palette import palette
from app.parts.plan_draft import assumptions_of, current_draft, growth_of, plan_of
from app.parts.wording import TIER_NAMES, looks_words, plain, share, usd, verified_words
from core.economics.projection import waterfall
from core.routing.simulate import simulate
from core.store.freeze import projections

found = need_traffic("Savings")
draft = current_draft(found.log.digest)
plan = plan_of(draft, found)
found = planning.on_plan(found, plan)
outcome = simulate(found.traffic, plan, found.uncertainty, assumptions_of(draft))
answer = st.container()

st.subheader("Assumptions")
a, b, c = st.columns(3)
growth = a.number_input(
    "Growth of traffic, % per month",
    -50.0,
    100.0,
    value=100 * draft.monthly_growth,
    step=0.5,
    key=f"growth-{found.log.digest}",
    help="Judgement: 0 until you say otherwise. Volume moves both bills.",
)
decline = b.number_input(
    "Fall of list prices, % per year",
    0.0,
    95.0,
    value=100 * draft.yearly_price_decline,
    step=5.0,
    key=f"decline-{found.log.digest}",
    help="Judgement: 30% a year. A pinned model does not get cheaper; its successors do. A "
    "larger fall makes the saving smaller, because today's bill falls too.",
)
kept = c.number_input(
    "Cached input that stays cached after a switch, %",
    0.0,
    100.0,
    value=100 * draft.cache_kept,
    step=10.0,
    key=f"cache-{found.log.digest}",
    help="Judgement: 0, because a query that moves to another model finds a cold cache.",
)
draft = replace(
    draft, monthly_growth=growth / 100, yearly_price_decline=decline / 100, cache_kept=kept / 100
)
planning.write_draft(found.log.digest, draft)
outcome = simulate(found.traffic, plan, found.uncertainty, assumptions_of(draft))
central, low, high = projections(outcome, growth_of(draft))

with answer:
    total = central.total_saving_usd
    verb = "save" if total >= 0 else "cost"
    st.header(
        plain(
            f"Over 12 months the plan would {verb} {usd(abs(total))}{'' if total >= 0 else ' more'}"
        )
    )
    st.write(
        plain(
            f"Between {usd(low.total_saving_usd)} and {usd(high.total_saving_usd)} in nine of ten "
            "cases, before the work of switching. It hinges on traffic staying as it is in this "
            f"log, and on list prices falling {share(draft.yearly_price_decline)} a year. "
        )
        + verified_words(found.learned, looks_words(found.workload.basis))
    )
    saving = outcome.saving_share
    draw_figures(
        [
            ("Saved in month 1", usd(central.saving_usd[0]), f"{share(saving.central)} less"),
            ("Today's bill in month 12", usd(central.baseline_usd[-1]), "if nothing changes"),
            ("Planned bill in month 12", usd(central.planned_usd[-1]),
             f"{usd(high.planned_usd[-1])} to {usd(low.planned_usd[-1])}"),
        ]
    )  # fmt: skip
    steps = {
        TIER_NAMES[t.tier]: t.usd - t.share_of_spend_today * outcome.baseline_usd
        for t in outcome.tiers
        if t.queries
    }
    if outcome.check_usd:
        steps["Checks"] = outcome.check_usd
    bars = waterfall(outcome.baseline_usd, steps, outcome.planned.central)
    colours = palette()
    left, right = st.columns(2)
    with left:
        st.subheader("From today's bill to the planned one")
        words = ", ".join(f"{bar.name} {usd(bar.amount_usd)}" for bar in bars)
        draw_chart(charts.waterfall_chart(bars, colours), "waterfall", f"Waterfall: {words}.")
    with right:
        st.subheader("The two bills over 12 months")
        draw_chart(
            charts.bills_chart(central, low, high, colours),
            "bills",
            f"Monthly bills; {usd(total)} apart over 12 months.",
        )

draw_claim(outcome)

with st.expander("Month by month"):
    table = pd.DataFrame(
        {
            "Month": central.months,
            "As today": central.baseline_usd,
            "Planned": central.planned_usd,
            "Saved": central.saving_usd,
            "Saved so far": central.cumulative_usd,
            "At the low end": low.cumulative_usd,
            "At the high end": high.cumulative_usd,
        }
    )
    money = {c: st.column_config.NumberColumn(format="dollar") for c in table.columns[1:]}
    st.dataframe(table, hide_index=True, column_config=money, alt="Both bills month by month")
st.page_link(
    "screens/fine_tuning.py", label="Would fine-tuning pay?", icon=":material/arrow_forward:"
)
