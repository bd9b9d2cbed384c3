"""After the switch: quality by tier as users see it, suggested rules, drift, and the money."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import state, watching
from app.identity import asking, now
from app.parts.actual_money import actual_words, draw_actual
from app.parts.figures import draw_chart
from app.parts.messages import show_error
from app.parts.palette import palette
from app.parts.rating_chart import rating_chart
from app.parts.wording import TIER_NAMES, counted, plain, plain_untrusted, share, usd
from app.planning import SortedLog
from app.watching import Watched
from core.errors import BadInput
from core.quality.observed import rates
from core.quality.suggestions import Suggestion, suggestions
from core.store.actuals import record_month
from core.store.saved import PlanRow


def draw_after_switch(found: SortedLog) -> None:
    """The choice of a plan, and what this log says of it."""
    st.subheader("After the switch")
    rows = watching.plans_to_watch(found)
    if not rows:
        st.write(
            "Save the plan, put it to work, and open the next month's log here: this page then "
            "holds what users say and what was paid against what the plan said."
        )
        return
    row = st.selectbox(
        "The plan that was put to work", rows, key=f"watch-{found.log.digest}",
        format_func=lambda r: f"{r.name}, version {r.version}, by {r.author}",
    )  # fmt: skip
    try:
        seen = watching.watched(found, row)
    except BadInput as error:
        show_error(error)
        return
    st.markdown(plain(actual_words(seen.actual)))
    draw_actual(seen.actual)
    _draw_keeping(found, row, seen)
    _draw_drift(seen)
    if seen.rated:
        _draw_ratings(seen)
        _draw_suggestions(found, row, seen)
    else:
        st.info(
            "This log has no ratings. With thumbs, ratings or evaluation scores in it, quality by "
            "tier shows here."
        )


def _draw_keeping(found: SortedLog, row: PlanRow, seen: Watched) -> None:
    """Keep the month with the plan: those who open its links then see what really happened."""
    log = found.log
    with st.container(horizontal=True, vertical_alignment="center"):
        keeps = st.button("Keep this month with the plan", key=f"keep-month-{row.id}")
        st.caption("Whoever opens the plan or a link to it then sees it beside what was planned.")
    if keeps:
        record_month(
            *asking(), row.id, row.version, seen.actual, log_name=log.name,
            first_time=log.first_time, last_time=log.last_time, now=now(),
        )  # fmt: skip
        state.say("The month is kept with the plan.")
        st.rerun()


def _draw_drift(seen: Watched) -> None:
    found = seen.drift
    words = {
        "none": "The mix of queries has hardly moved since the plan was made",
        "some": "The mix of queries has moved somewhat since the plan was made",
        "large": "The mix of queries is another one than the plan was made on: plan again on it",
    }[found.extent]
    indices = [f"{found.difficulty:.2f} by difficulty"]
    if found.segments is not None:
        indices.append(f"{found.segments:.2f} by segment")
    if found.topics is not None:
        indices.append(f"{found.topics.stability:.2f} by what is asked about")
    line = f"{words} (stability index {', '.join(indices)}; .10 is some, .25 is much)."
    if found.new_segments:
        names = ", ".join(found.new_segments[:5])
        line += f" New segments: {names}, {share(found.new_share)} of the queries."
    if found.topics is not None and found.topics.new:
        asked = "; ".join(f"{t.words} ({share(t.share)})" for t in found.topics.new[:5])
        line += f" Hardly asked before: {asked}."
    (st.warning if found.extent == "large" else st.write)(plain_untrusted(line))


def _draw_ratings(seen: Watched) -> None:
    promised = seen.promise
    by_tier = rates(seen.ratings)
    table = pd.DataFrame(
        {
            "Tier": [TIER_NAMES[r.tier] for r in by_tier],
            "Queries": [r.queries for r in by_tier],
            "Rated": [r.rated for r in by_tier],
            "Good": ["" if r.share is None else share(r.share) for r in by_tier],
            "95% range": [
                f"{share(r.interval[0])} to {share(r.interval[1])}" if r.rated else ""
                for r in by_tier
            ],
            "Promised": [
                share(promised.kept[r.tier] * promised.total.share) if promised.total.rated else ""
                for r in by_tier
            ],
            "Enough": ["yes" if r.enough else "too few" for r in by_tier],
        }
    )
    for name, happened in (
        ("Asked again", [r.repeated for r in by_tier]),
        ("Escalated", [r.escalated for r in by_tier]),
        ("Edited", [r.edited for r in by_tier]),
    ):
        if any(happened):
            table[name] = [
                share(count / r.queries) for count, r in zip(happened, by_tier, strict=True)
            ]
    st.dataframe(table, hide_index=True, alt="Ratings by tier")
    weeks = [r for r in rates(seen.ratings.dropna(subset=["week"]), ("tier", "week")) if r.rated]
    if len({r.week for r in weeks}) > 1:
        draw_chart(
            rating_chart(weeks, palette()), "ratings", "Share of good ratings by tier and week."
        )
    st.caption(
        "Ratings come from users who chose to rate; in a log without any, answers that were "
        "escalated or edited count as bad and the others as good. Promised is their share of good "
        "ones before, times the quality that the plan expected to keep in that tier."
    )


def _draw_suggestions(found: SortedLog, row: PlanRow, seen: Watched) -> None:
    st.markdown("**Rules that the ratings ask for**")
    made = suggestions(rates(seen.ratings, ("tier", "segment")), seen.promise)
    if not made:
        st.write("None: no segment does worse than was promised, beyond what chance explains.")
        return
    for number, each in enumerate(made):
        left, right = st.columns([5, 1], vertical_alignment="center")
        cost = watching.rule_price(found, seen.document.plan, each.rule)
        left.markdown(plain_untrusted(suggestion_words(each, cost)))
        if right.button("Apply", key=f"apply-rule-{number}", width="stretch"):
            watching.apply_rule(found, row, each.rule, suggestion_words(each, cost))
            state.say("The plan gets a new version with this rule; queries are counted again.")
            state.forget_widgets(found.log.digest)
            st.switch_page("screens/plan.py")


def suggestion_words(found: Suggestion, usd_a_month: float) -> str:
    """A suggestion in one sentence."""
    change = f"+{usd(usd_a_month)}" if usd_a_month >= 0 else f"-{usd(-usd_a_month)}"
    return (
        f"Queries of {found.segment} sent to {found.tier} fail {share(found.failing)} "
        f"[{share(found.low)} to {share(found.high)}] against {share(found.promised)} promised, in "
        f"{counted(found.rated, 'rating')}: raise them to {found.rule.tier}, {change} a month."
    )
