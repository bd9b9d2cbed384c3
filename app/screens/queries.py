"""Queries: how hard are my queries?"""

import streamlit as st

from app import jobs, planning, services
from app.parts import charts
from app.parts.examples import draw_examples
from app.parts.figures import draw_chart
from app.parts.frame import need_requests
from app.parts.messages import show_error
from app.parts.method_choice import draw_method
from app.parts.own_outcomes import draw_own_outcomes
from app.parts.palette import palette
from app.parts.progress import is_running, show_job
from app.parts.segment_names import draw_segment_names
from app.parts.wording import TIER_NAMES, plain, share, usd
from core.complexity.scale import TIERS
from core.workload.grains import basis_cautions, unlike_cautions
from core.workload.notes import monthly_calls
from core.workload.spend import monthly_factor, spend_today
from core.workload.tiers import (
    by_tier_and_bin,
    hard_for_all_share,
    segment_shares,
    tier_shares,
    unsure_share,
    usual_cuts_by_lever,
)

HEADINGS = {
    "text": "Y",
    "size": "By size alone, y",
    "length": "By length alone, y",
    "keywords": "By keywords alone, y",
}

WORTH_A_WARNING = 0.02  # of the queries, unlike what was learned from; fewer are only noted

digest = need_requests("Queries")
log = services.log_of(digest)
job = jobs.job_of("sort", digest)
if is_running(job):
    st.header("Sorting the queries")
    show_job("sort", digest, "Sorted", rows=log.rows_kept)
    st.stop()

found = planning.sorted_log(digest)
if found is None:
    st.header("How hard are your queries?")
    if job and job.state == "failed":
        show_error(job.message)
    if log.grain == "request_text":
        st.write(
            f"The classifier reads each of the {log.rows_kept:,} query texts on this machine and "
            "says how hard it looks. No text leaves the machine."
        )
    if st.button("Sort the queries", type="primary", key="sort"):
        jobs.start_sorting(digest)
        st.rerun()
    st.stop()

classifier = services.classifier().on(found.workload.basis)
cuts = usual_cuts_by_lever(classifier)
spend = spend_today(found.workload, found.names)
shares = tier_shares(found.workload, spend.usd, cuts)
unsure = unsure_share(found.workload, cuts)
hopeless = hard_for_all_share(found.workload, classifier.abilities[2], classifier.spread)
monthly = monthly_factor(found.workload, monthly_calls(found.workload, found.notes))

words = ", ".join(f"{share(s.share)} {s.tier}" for s in shares)
st.header(HEADINGS[found.workload.basis] + f"our queries look {words}")
st.write(
    f"{share(unsure)} are close calls: they would change tier if the whole log were slightly "
    "easier or harder than it looks. *Simple* means that a small current model is expected to "
    "answer as acceptably as a stronger one, within five points. "
    + (
        f"{share(hopeless)} look hard for every model: they stay complex until your own outcomes "
        "show that they gain nothing there."
        if hopeless
        else ""
    )
)
many = found.workload.unlike.total() >= WORTH_A_WARNING * found.workload.queries
for caution in unlike_cautions(found.workload):
    if many:
        st.warning(caution, icon=":material/help:")
    else:
        st.caption(caution)
for place, (s, column) in enumerate(zip(shares, st.columns(3), strict=True)):
    column.metric(
        f"Look {TIER_NAMES[TIERS[place]].lower()}",
        share(s.share),
        delta=f"{share(s.low)} to {share(s.high)}, {s.queries:,} queries",
        delta_color="off",
        delta_arrow="off",
        help="The range is what half a logit of error in the log's level would do. Logs of a new "
        f"kind have been off by {classifier.level_sd:.1f} logits (one standard deviation), so take "
        "the order as information and the level as a guess until you have outcomes of your own.",
        border=True,
    )
    if s.spend_share is not None:
        column.caption(
            plain(f"{share(s.spend_share)} of spend: {usd(s.spend_usd * monthly)} a month")
        )

colours = palette()
left, right = st.columns([3, 2])
with left:
    st.subheader("Difficulty as it looks")
    draw_chart(
        charts.difficulty_chart(by_tier_and_bin(found.workload, cuts), colours),
        "difficulty",
        f"Histogram of difficulty; {words}.",
    )
with right:
    st.subheader("By count and by spend")
    rows = [("Queries", [s.share for s in shares])]
    if all(s.spend_share is not None for s in shares):
        rows.append(("Spend", [s.spend_share or 0.0 for s in shares]))
    draw_chart(charts.shares_chart(rows, colours), "shares", f"Shares of queries by tier: {words}.")
    st.caption(
        "From the texts and from outcomes of your own, which decide the more of them there are."
        if found.learned
        else " ".join(basis_cautions(classifier, found.workload.basis))
        or "From text alone. On question sets that it had not seen, this reading ordered queries "
        "for routing no better overall than prompt length did, and little better than chance; a "
        "few hundred outcomes of your own are worth more. The Method page has the figures."
    )

by_segment = segment_shares(found.workload, cuts)
if len(by_segment) > 1:
    with st.expander(f"By segment ({len(by_segment)})", expanded=len(by_segment) <= 12):
        draw_chart(
            charts.shares_chart([(f"{n} ({c:,})", s) for n, c, s in by_segment[:20]], colours),
            "segments",
            "Shares of tiers in each segment of the log, as in the table on this page.",
        )
        draw_segment_names(found, [name for name, _, _ in by_segment[:50]])

if log.grain == "request_text":
    draw_own_outcomes(found)
    draw_method(found)
    draw_examples(found)
st.page_link("screens/plan.py", label="Design the plan", icon=":material/arrow_forward:")
