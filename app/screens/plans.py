"""Plans: what have we decided?"""

from datetime import UTC, datetime

import streamlit as st

from app import services, state
from app.parts.compare import draw_comparison
from app.parts.plan_actions import draw_actions
from app.parts.wording import counted, moment, plain, plain_untrusted, rests_words, share, usd
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

verified = [plan for plan in everything if plan.headline.verified_queries]
best = max((plan.headline for plan in verified or everything), key=lambda h: h.saving_usd)
count = counted(len(everything), "plan")
if verified:
    word = "it" if len(everything) == 1 else "the best verified one"
    st.header(plain(f"{count}; {word} would save {usd(best.saving_usd)} a month"))
else:
    st.header(f"{count}, {'not' if len(everything) == 1 else 'none of them'} verified yet")
    st.write(
        plain(
            f"The best would save {usd(best.saving_usd)} a month if quality holds as expected. A "
            "replay on the Evidence page shows whether it does."
        )
    )
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
                f"version {row.version}, log {plain_untrusted(row.headline.log_name)}; "
                f"{rests_words(row.headline)}"
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
