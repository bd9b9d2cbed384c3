"""Fine-tuning: does training our own pay back?"""

from dataclasses import replace

import pandas as pd
import streamlit as st

from app import planning
from app.parts import charts
from app.parts.case_form import edit_case, fresh_case
from app.parts.figures import draw_chart, draw_figures
from app.parts.frame import need_traffic
from app.parts.messages import show_error
from app.parts.palette import palette
from app.parts.plan_draft import assumptions_of, current_draft, plan_of
from app.parts.wording import months, plain, share, together_words, usd
from core.economics.finetune import assess
from core.economics.finetune_json import case_from_json, case_to_json
from core.economics.finetune_words import answer, sentences
from core.economics.sensitivity import bridge
from core.errors import BadInput
from core.routing.simulate import simulate

found = need_traffic("Fine-tuning")
draft = current_draft(found.log.digest)
plan = plan_of(draft, found)
found = planning.on_plan(found, plan)
outcome = simulate(found.traffic, plan, found.uncertainty, assumptions_of(draft))
left_over = (
    min(outcome.planned.central / outcome.baseline_usd, 1.0) if outcome.baseline_usd else 1.0
)
case = fresh_case(outcome.baseline_usd, left_over)
if draft.fine_tuning:
    case = replace(case_from_json(draft.fine_tuning), routing_multiplier=left_over)

top = st.container()
try:
    case = edit_case(case, found.log.digest)
    result, futures = assess(case), planning.futures(case_to_json(case))
except BadInput as error:
    top.header("Does training our own pay back?")
    with top:
        show_error(error)
    st.stop()
planning.write_draft(found.log.digest, replace(draft, fine_tuning=case_to_json(case)))

with top:
    st.header(plain(answer(case, result)))
    within = futures.probability_payback_within_months[12]
    st.write(
        plain(
            f"In {round(100 * within)} of 100 simulated futures it pays back within a year. The "
            f"bill of this slice is {usd(result.slice_monthly_usd)} a month today and "
            f"{usd(result.routed_monthly_usd)} after the routing plan, which tuning has to beat."
        )
    )
    npv = result.npv_usd[24]
    draw_figures(
        [
            ("Investment", usd(result.investment_likely_usd),
             f"{usd(result.investment_low_usd)} to {usd(result.investment_high_usd)}"),
            ("Payback, after routing", months(result.sustained_payback_months),
             f"{share(within)} chance within 12 months"),
            ("Textbook payback", months(result.textbook_payback_months),
             "before routing, nothing to run"),
            ("Value after 24 months", usd(npv) if npv is not None else "n/a",
             f"{share(futures.probability_of_loss)} chance of a loss"),
        ]
    )  # fmt: skip
    st.subheader("Money out and back")
    draw_chart(
        charts.payback_chart(
            result.cumulative_usd,
            futures.bands_usd[10],
            futures.bands_usd[90],
            result.sustained_payback_months,
            palette(),
        ),
        "payback",
        f"Balance over {result.months} months. {answer(case, result)}",
    )
    st.caption(
        "Expected balance with the chance of failure in it; the band holds eight of ten simulated "
        f"futures ({futures.draws:,} draws, seed {futures.seed})."
    )
    with st.expander("Why, and what would change it", expanded=True):
        for words in (*sentences(case, result)[1:], together_words(result)):
            st.markdown(plain(f"- {words}"))
    with st.expander("From the textbook payback to this one"):
        steps = bridge(case)
        st.dataframe(
            pd.DataFrame(
                {
                    "With everything up to": [step.label for step in steps],
                    "Payback": [months(step.payback_months) for step in steps],
                }
            ),
            hide_index=True,
            alt="The payback as one thing more is counted at each step",
        )
