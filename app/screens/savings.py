"""Savings: what is it worth over time?"""

import pandas as pd
import streamlit as st

from app import forecasting, planning
from app.parts import charts
from app.parts.claim import draw_claim
from app.parts.figures import draw_chart, draw_figures
from app.parts.frame import need_traffic
from app.parts.hosting_choice import draw_hosting
from app.parts.messages import show_error
from app.parts.options_table import draw_options
from app.parts.outlook_form import draw_outlook_form, thrift_of
from app.parts.palette import palette
from app.parts.plan_draft import assumptions_of, current_draft, plan_of
from app.parts.register_table import register_table
from app.parts.savings_charts import hinge_chart, saving_fan
from app.parts.savings_exports import draw_savings_exports
from app.parts.savings_words import ends_of, futures_words, hinge_names, hinge_words
from app.parts.wording import TIER_NAMES, looks_words, plain, share, usd, verified_words
from core.economics.projection import waterfall
from core.economics.register import register
from core.economics.tuning.case_json import case_from_json
from core.errors import BadInput

found = need_traffic("Savings")
digest = found.log.digest
draft = current_draft(digest)
answer = st.container()
horizon = st.container()
detail = st.container()
spans = (12, 24, 36)
nearest = min(spans, key=lambda m: abs(m - draft.outlook.months))
months = horizon.radio(
    "Over", spans, spans.index(nearest), lambda m: f"{m} months", f"months-{digest}",
    horizontal=True,
)  # fmt: skip
draft = draw_outlook_form(draft, digest, months, forecasting.season(found))
planning.write_draft(digest, draft)
plan = plan_of(draft, found)
found = planning.on_plan(found, plan)
try:
    made = forecasting.forecasts(found, plan, draft, assumptions_of(draft), thrift_of(draft))
except BadInput as error:
    with answer:
        show_error(error)
    st.stop()
outcome, central, futures = made.outcome, made.central, made.futures

with answer:
    total = central.total_saving_usd
    verb = "save" if total >= 0 else "cost"
    st.header(
        plain(
            f"Over {months} months the plan would {verb} {usd(abs(total))}"
            f"{'' if total >= 0 else ' more'}"
        )
    )
    st.write(
        plain(futures_words(futures, months) + " " + hinge_words(made.hinges, draft.outlook))
        + " "
        + verified_words(found.learned, looks_words(found.workload.basis))
    )
    saving = outcome.saving_share
    draw_figures(
        [
            ("Saved in month 1", usd(central.saving_usd[0]), f"{share(saving.central)} less"
             if saving.central >= 0 else f"{share(-saving.central)} more"),
            (f"Today's bill in month {months}", usd(central.baseline_usd[-1]),
             "if nothing changes"),
            (f"Planned bill in month {months}", usd(central.planned_usd[-1]),
             f"{usd(made.high.planned_usd[-1])} to {usd(made.low.planned_usd[-1])}"),
            ("In 8 of 10 futures", f"{usd(futures.low_usd)} to {usd(futures.high_usd)}",
             "saved in all"),
        ]
    )  # fmt: skip

with detail:
    colours = palette()
    draw_options(made.options, months)
    left, right = st.columns(2)
    with left:
        st.subheader("From today's bill to the planned one")
        steps = {
            TIER_NAMES[t.tier]: t.usd - t.share_of_spend_today * outcome.baseline_usd
            for t in outcome.tiers
            if t.queries
        }
        if outcome.check_usd:
            steps["Checks"] = outcome.check_usd
        bars = waterfall(outcome.baseline_usd, steps, outcome.planned.central)
        words = ", ".join(f"{bar.name} {usd(bar.amount_usd)}" for bar in bars)
        draw_chart(charts.waterfall_chart(bars, colours), "waterfall", f"Waterfall: {words}.")
    with right:
        st.subheader("The saving so far")
        draw_chart(
            saving_fan(futures, central.cumulative_usd, colours),
            "fan",
            f"Saved so far over {months} months. {futures_words(futures, months)}",
        )
    if made.hinges:
        st.subheader("What the saving hinges on")
        names, ends = hinge_names(made.hinges), [ends_of(h) for h in made.hinges]
        draw_chart(
            hinge_chart(made.hinges, names, ends, total, colours),
            "hinges",
            hinge_words(made.hinges, draft.outlook),
        )
        st.caption(
            "Each input by itself between the tenth and the ninetieth of a hundred of its values, "
            "all others as expected. It says what matters, not how likely anything is."
        )
    with st.expander("Month by month"):
        table = pd.DataFrame(
            {
                "Month": central.months,
                "As today": central.baseline_usd,
                "Planned": central.planned_usd,
                "Saved": central.saving_usd,
                "Saved so far": central.cumulative_usd,
                "1 future in 10 is below": futures.bands_usd[10][1:],
                "1 future in 10 is above": futures.bands_usd[90][1:],
            }
        )
        money = {c: st.column_config.NumberColumn(format="dollar") for c in table.columns[1:]}
        st.dataframe(table, hide_index=True, column_config=money, alt="Both bills month by month")
    draw_claim(outcome)
    with st.expander("What would hosting a tier yourself cost?"):
        draw_hosting(outcome, digest)
    with st.expander("Every assumption, with its source"):
        case = case_from_json(draft.fine_tuning) if draft.fine_tuning else None
        entries = register(
            plan, draft.outlook, assumptions_of(draft), thrift=thrift_of(draft), case=case
        )
        st.dataframe(register_table(entries), hide_index=True, alt="The register of assumptions")
        st.caption("Edited below, on the Plan and Models pages, and on the Fine-tuning page.")
    draw_savings_exports(made, plan, draft.outlook, entries, digest)
st.caption(f"{futures.draws:,} simulated futures, seed {futures.seed}.")
st.page_link(
    "screens/fine_tuning.py", label="Would fine-tuning pay?", icon=":material/arrow_forward:"
)
