"""Plans: what have we decided?"""

from datetime import UTC, datetime

import streamlit as st

from app import services, state
from app.parts.compare import draw_comparison
from app.parts.plan_actions import draw_actions
from app.parts.wording import moment, plain, plain_untrusted, share, usd
from core.store.plans import list_plans, undelete_plan

if gone := state.deleted_plan():
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.text(f"Deleted: {gone[1]}")
    if right.button("Undo", key="undo-delete"):
        undelete_plan(services.engine(), gone[0])
        state.set_deleted_plan(None)
        state.say("The plan is back.")
        st.rerun()

everything = list_plans(services.engine())
if not everything:
    st.header("No plan is saved yet")
    st.write("A saved plan keeps its log's summary, its prices and its figures, and can be shared.")
    st.page_link("screens/plan.py", label="Design one on the Plan page", icon=":material/tune:")
    st.stop()

best = max(everything, key=lambda p: p.headline.baseline_monthly_usd * p.headline.saving_share)
saved = best.headline.baseline_monthly_usd - best.headline.planned_monthly_usd
count = f"{len(everything)} plan{'s' if len(everything) > 1 else ''}"
st.header(plain(f"{count}; the best would save {usd(saved)} a month, unverified"))
search = st.text_input(
    "Search", placeholder="Name, author or log", label_visibility="collapsed", key="search-plans"
)
rows = list_plans(services.engine(), search) if search.strip() else everything
if not rows:
    st.info("No plan has these words in its name, author or log.")

chosen: list[str] = []
for row in rows:
    with st.container(border=True):
        tick, name, money, quality, more = st.columns(
            [0.5, 4, 3, 2, 1.4], vertical_alignment="center"
        )
        if tick.checkbox("Compare", key=f"compare-{row.id}", label_visibility="collapsed"):
            chosen.append(row.id)
        with name:
            st.markdown(f"**{plain_untrusted(row.name)}**")
            st.caption(
                f"{plain_untrusted(row.author)}, {moment(row.updated_at)}, "
                f"version {row.version}, log {plain_untrusted(row.headline.log_name)}"
            )
        h = row.headline
        money.markdown(
            plain(f"{usd(h.planned_monthly_usd)} a month instead of {usd(h.baseline_monthly_usd)}")
        )
        quality.markdown(f"{share(h.saving_share)} less, {h.quality:.1%} quality")
        with more.popover("Actions", width="stretch"):
            draw_actions(row, datetime.now(UTC))
st.caption(
    "Tick two or more plans to see them side by side. Quality is against each log's own mix."
)
if len(chosen) > 1:
    draw_comparison(chosen)
