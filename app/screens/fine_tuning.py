"""Fine-tuning: does training our own pay back?"""

from dataclasses import replace

import streamlit as st

from app import planning, state, tuning
from app.parts.bridge_chart import draw_bridge
from app.parts.candidate_table import choose_part, draw_candidates
from app.parts.case_exports import draw_case_exports
from app.parts.case_form import edit_case, fresh_case
from app.parts.case_upload import draw_case_upload
from app.parts.cash_fan import draw_cash_fan
from app.parts.figures import draw_figures
from app.parts.frame import need_traffic
from app.parts.payback_map import draw_payback_map
from app.parts.plan_draft import assumptions_of, current_draft, plan_of
from app.parts.scenario_table import draw_scenarios
from app.parts.tornado_chart import draw_tornado
from app.parts.wording import months, plain, share, together_words, usd
from core.economics.tuning.candidates import candidates
from core.economics.tuning.case_json import case_from_json, case_to_json
from core.economics.tuning.futures_words import chance_words, change_words
from core.economics.tuning.sensitivity import value_usd
from core.economics.tuning.verdict import assess
from core.economics.tuning.words import answer, sentences

found = need_traffic("Fine-tuning")
digest = found.log.digest
draft = current_draft(digest)
plan = plan_of(draft, found)
found = planning.on_plan(found, plan)
bill = tuning.bill_of(found, plan, assumptions_of(draft))
kept = (
    case_from_json(draft.fine_tuning) if draft.fine_tuning else fresh_case(bill.usd, bill.left_over)
)

top = st.container()
st.subheader("Which part of the traffic?")
part = choose_part(bill, kept, digest)
parts, charts = st.container(), st.container()
case = tuning.on_bill(edit_case(tuning.on_bill(kept, bill, part), digest), bill, part)
written = case_to_json(case)
planning.write_draft(digest, replace(draft, fine_tuning=written))
result = assess(case)
outlook = tuning.outlook_of(written, bill.swap_left_over)
futures = outlook.futures

with top:
    st.header(plain(answer(case, result)))
    st.write(
        plain(
            f"{chance_words(case, futures)} {change_words(case, result, outlook.swings)} The bill "
            f"of this slice is {usd(result.slice_monthly_usd)} a month today and "
            f"{usd(result.routed_monthly_usd)} after the routing plan, which tuning has to beat."
        )
    )
    within = futures.probability_payback_within_months[12]
    value = futures.value_usd
    draw_figures(
        [
            ("Payback, after routing", months(result.sustained_payback_months),
             f"textbook, before routing: {months(result.textbook_payback_months)}"),
            ("Chance within 12 months", share(within), f"of {futures.draws:,} simulated futures"),
            (f"Value over {case.months} months", usd(value_usd(case)),
             f"8 in 10: {usd(value.p10 or 0)} to {usd(value.p90 or 0)}"),
            ("Investment", usd(result.investment_likely_usd),
             f"{usd(result.investment_low_usd)} to {usd(result.investment_high_usd)}"),
        ]
    )  # fmt: skip
with parts:
    draw_candidates(candidates(tuning.segments_at(case, bill), case), case, result)
with charts:
    draw_cash_fan(case, result, futures)
    with st.expander("Why, and what would change it"):
        for words in (*sentences(case, result)[1:], together_words(result)):
            st.markdown(plain(f"- {words}"))
    left, right = st.columns(2)
    with left:
        draw_bridge(outlook.steps)
    with right:
        draw_tornado(case, outlook.swings)
    draw_scenarios(case, outlook.scenarios, bill.swap_name)
    draw_payback_map(case, outlook.map)
with st.expander("Take it along, or open another case"):
    draw_case_exports(case, digest)
    if (opened := draw_case_upload(digest)) is not None:
        planning.write_draft(digest, replace(draft, fine_tuning=case_to_json(opened)))
        state.forget_widgets(digest)
        state.say("The case is open.")
        st.rerun()
