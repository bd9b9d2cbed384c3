"""Evidence: is it true on our traffic?"""

from dataclasses import replace

import streamlit as st

from app import jobs, planning, replays, state
from app.parts.after_switch import draw_after_switch
from app.parts.blind_pair import draw_blind_pair
from app.parts.category_form import draw_categories
from app.parts.frame import need_traffic
from app.parts.messages import show_error
from app.parts.plan_draft import assumptions_of, current_draft, plan_of
from app.parts.progress import is_running, show_job
from app.parts.replay_form import draw_go_on, draw_replay_form
from app.parts.replay_results import draw_results, heading, so_far_words
from app.parts.wording import plain
from core.errors import BadInput
from core.routing.simulate import simulate

found = need_traffic("Evidence")
digest = found.log.digest
draft = current_draft(digest)
plan = plan_of(replace(draft, cascade=False), found)
found = planning.on_plan(found, plan)
standing = replays.latest(digest)
job = jobs.job_of("replay", digest)

if is_running(job) and standing is not None:
    st.header("The models are being asked")
    st.caption("Nothing that was judged is lost when you pause it, or when the app stops.")
    show_job(
        "replay",
        digest,
        "Judged",
        len(standing.replay.rows),
        so_far=lambda: plain(so_far_words(replays.so_far(digest))),
        stop="Pause",
    )
    st.stop()

asking_job = jobs.job_of("categories", digest)
if is_running(asking_job):
    st.header("A model is being asked for categories")
    show_job("categories", digest, "Asked")
    st.stop()

try:
    found_out = replays.show(found, plan, standing) if standing else None
except BadInput as error:
    show_error(error)
    st.stop()
st.header(plain(heading(found_out)))
for ended in (job, asking_job):
    if ended and ended.state == "failed":
        st.error(plain(ended.message), icon=":material/error:")

if draft.cascade:
    st.caption("The plan is a cascade: its models are measured here, its checks are not.")
if standing is not None and found_out is not None:
    outcome = simulate(found.traffic, plan, found.uncertainty, assumptions_of(draft))
    draw_results(found_out, outcome, standing)
    if st.button("Let these outcomes teach the plan", type="primary", key="replay-use"):
        replays.use(found, standing)
        jobs.start_sorting(digest)
        state.say("The queries are being sorted again, with these outcomes.")
        st.switch_page("screens/plan.py")
    with st.expander("Judge some answers yourself", expanded=bool(standing.said)):
        draw_blind_pair(found, standing)
elif standing is not None and standing.items:
    st.info(
        "The last replay asked other models than this plan names. Replay these, or choose those "
        "on the Plan page."
    )
else:
    st.write(
        "A few hundred of your own queries, sent to the plan's models and judged blind, turn an "
        "estimate into evidence. That takes minutes and a few dollars at the most."
    )
if standing is not None and standing.can_go_on:
    draw_go_on(digest, standing)

st.subheader("A new replay" if standing else "Replay some queries")
draw_replay_form(found, plan, draft.name or "a plan")
with st.expander("Cheaper: ask a model for the categories of a sample"):
    draw_categories(found, plan.medium.id if plan.medium.price else plan.complex.id)
draw_after_switch(found)
