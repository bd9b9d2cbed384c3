"""Shared plan: what should I decide? Read-only, for whoever has the link."""

import streamlit as st

from app import services
from app.parts import charts
from app.parts.figures import draw_chart, draw_figures
from app.parts.messages import show_error
from app.parts.palette import palette
from app.parts.shared_facts import assumption_table, controls_table, fine_tuning_words
from app.parts.wording import (
    TIER_NAMES,
    bill_words,
    kept_label,
    moment,
    period,
    plain,
    plain_untrusted,
    saving_range,
    share,
    usd,
)
from core.errors import BadInput
from core.store.document import document_from_json
from core.store.links import open_link

saved = open_link(services.engine(), st.query_params.get("plan", ""))
if saved is None:
    st.title("This link opens nothing")
    st.write("It is mistyped, was closed, or its plan was deleted. Ask its sender for a new one.")
    st.stop()
try:
    document = document_from_json(saved.document)
except BadInput as error:
    show_error(error)
    st.stop()

outcome, central = document.figures.outcome, document.figures.central
low, high = document.figures.low, document.figures.high
saving, kept = outcome.saving_share, outcome.quality_kept
used = [t for t in outcome.tiers if t.queries]
models = " and ".join(", ".join(t.model.name for t in used).rsplit(", ", 1))

st.caption(
    f"**{plain_untrusted(saved.name)}**, by {plain_untrusted(document.author)}, "
    f"{moment(document.created_at)}, version {saved.version}"
)
if document.note:
    st.caption(plain_untrusted(document.note))
doing = "Trying" if document.plan.check else "Routing these queries to"
then = " in this order, with checked answers," if document.plan.check else ""
st.header(plain(f"{doing} {models}{then} costs {bill_words(outcome, document.taught)}"))
st.write(
    f"Quality is expected at {kept.central:.0%} of today's ({share(kept.low)} to "
    f"{share(kept.high)}), "
    + (
        f"learned from {document.taught.answers:,} judged answers to its own queries."
        if document.taught and document.taught.enough
        else "read from the texts of the queries and not yet from judged answers. **Needed before "
        "the switch:** a check on a few hundred of these queries."
    )
)
draw_figures(
    [
        ("Cost per month", usd(outcome.planned.central), f"today {usd(outcome.baseline_usd)}"),
        ("Saved per month", usd(outcome.saving_usd), saving_range(saving)),
        (kept_label(document.taught), f"{kept.central:.0%}",
         f"{share(kept.low)} to {share(kept.high)}"),
        ("Saved over 12 months", usd(central.total_saving_usd),
         f"{usd(low.total_saving_usd)} to {usd(high.total_saving_usd)}"),
    ]
)  # fmt: skip

colours = palette()
left, right = st.columns(2)
with left:
    st.subheader("Saved so far, month by month")
    draw_chart(
        charts.projection_chart(central, low, high, colours),
        "projection",
        f"Saved over 12 months: {usd(central.total_saving_usd)}.",
    )
with right:
    st.subheader("Who answers what")
    rows = [
        ("Queries", [t.share_of_queries for t in outcome.tiers]),
        ("Spend today", [t.share_of_spend_today for t in outcome.tiers]),
    ]
    by_tier = ", ".join(f"{t.tier} {share(t.share_of_queries)}" for t in outcome.tiers)
    draw_chart(charts.shares_chart(rows, colours), "shares", f"Shares by tier: {by_tier}.")
    for t in outcome.tiers:
        st.caption(
            plain(
                f"{TIER_NAMES[t.tier]}: {t.model.name}, {share(t.share_of_queries)} of queries, "
                f"{usd(t.usd)} a month"
            )
        )

    if outcome.check_usd:
        st.caption(plain(f"Checks of answers: {usd(outcome.check_usd)} a month"))

st.markdown("**Main risk.** The level of difficulty cannot be read from text with certainty, and "
            "the abilities of current models are judged. If the log is harder than it looks, the "
            "cheaper models fail more often than planned.")  # fmt: skip
if words := fine_tuning_words(document):
    st.markdown(plain(f"**Fine-tuning.** {words}"))
with st.expander("Compared with doing it without a classifier"):
    st.dataframe(controls_table(document), hide_index=True, alt="The plan beside its controls")
with st.expander("What is assumed", expanded=True):
    st.dataframe(assumption_table(document), hide_index=True, alt="Assumptions of this plan")
st.caption(
    f"Made with Tierwise {document.program_version} on {document.log.queries:,} queries, "
    f"{period(document.log.first_time, document.log.last_time)}. All figures are as they were "
    "when it was saved; they do not change."
)
