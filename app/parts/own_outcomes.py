"""Outcomes of the team's own traffic: given, what they taught, and what to get next."""

from __future__ import annotations

import io

import pandas as pd
import streamlit as st

from app import evidence, jobs, planning, services, state, uploads
from app.parts.messages import show_error
from app.parts.plan_draft import current_draft
from app.parts.wording import counted, plain, plain_untrusted, share, usd
from core.catalog.model import Model
from core.complexity.learned import ENOUGH_PAIRED, SegmentGain
from core.errors import BadInput
from core.workload.labelling import BATCH, next_labels
from core.workload.notes import monthly_calls
from core.workload.spend import monthly_factor
from core.workload.standing import Standing

EXPLAINED = (
    "How hard a query looks says little about who gains from a stronger model. Outcomes of your "
    "own traffic do: a table with **request_id** (or query), **model** and **score** from 0 to 1, "
    "best with two models for the same query. They teach the whole log a little and each segment "
    "as much as they prove; a single query never moves by itself."
)


def draw_own_outcomes(found: planning.SortedLog) -> None:
    """The outcomes of a log: upload, before and after by segment, and what to label next."""
    learned = found.learned
    title = (
        f"Learned from {counted(learned.answers, 'outcome')}"
        if learned
        else "Teach it with outcomes of your own"
    )
    with st.expander(title, expanded=learned is not None):
        st.write(f"{EXPLAINED} {_worth_elsewhere()}")
        _draw_upload(found)
        draft = current_draft(found.log.digest)
        weak, strong = (found.catalogue.get(i) for i in (draft.simple, draft.complex))
        if learned:
            _draw_learned(found)
        standing = evidence.standing_of(found, weak, strong)
        if learned:
            _draw_gains(standing, weak, strong)
        _draw_next(found, standing, weak, strong, draft.to_medium)


def _worth_elsewhere() -> str:
    """What outcomes were worth on public sets taken for a log, from the shipped figures."""
    found = {own.name: own for own in evidence.measured_figures().own if own.segments == "clusters"}
    said = [
        f"from {own.as_read:.2f} to {own.learned[200]:.2f} {where}"
        for name, where in (("llmrouter_dc", "on a mixed log"), ("mmlu", "on exam questions"))
        if (own := found.get(name)) and 200 in own.learned
    ]
    if not said:
        return ""
    return f"On public sets 200 paired outcomes took the share of the gap closed {', '.join(said)}."


def _draw_upload(found: planning.SortedLog) -> None:
    upload = st.file_uploader("Outcomes", key=f"outcomes-{found.log.digest}-{found.notes.outcomes}")
    if upload is None:
        return
    file = uploads.keep_upload(upload)
    try:
        own = evidence.take_outcomes(found.log.digest, file.path, file.name)
    except BadInput as error:
        show_error(error)
        return
    finally:
        file.path.unlink(missing_ok=True)
    left_out = ", ".join(f"{n:,} {why}" for why, n in own.skipped.items())
    state.say(
        f"{counted(len(own.row), 'outcome')} of {counted(own.queries, 'query', 'queries')} taken"
        + (f"; left out: {left_out}." if left_out else ".")
    )
    jobs.start_sorting(found.log.digest)
    st.rerun()


def _draw_learned(found: planning.SortedLog) -> None:
    learned = found.learned
    assert learned is not None
    before = services.classifier().level_sd
    level = (
        f"How hard the whole log is, is now known to {learned.level_sd:.1f} logits (one standard "
        f"deviation; {before:.1f} before)."
        if learned.level_sd < before
        else "How hard the whole log is, they do not tell: too many queries get all or no answers "
        "right."
    )
    st.write(
        f"{counted(learned.paired, 'query', 'queries')} had outcomes of several models. {level}"
    )
    if not learned.enough:
        st.info(
            f"Under {ENOUGH_PAIRED} paired queries take the base rate, "
            f"{share(learned.base_rate)} acceptable, as the better guess of any single chance."
        )
    if st.button("Forget these outcomes", key="forget-outcomes"):
        evidence.forget_outcomes(found.log.digest)
        jobs.start_sorting(found.log.digest)
        st.rerun()


def _draw_gains(standing: Standing, weak: Model, strong: Model) -> None:
    st.write(
        f"What {plain_untrusted(strong.name)} adds to {plain_untrusted(weak.name)}, in points:"
    )
    table = pd.DataFrame(
        [
            {
                "Segment": now.segment,
                "Queries": queries,
                "As it looked": 100 * before.gain,
                "range then": _points(before),
                "With outcomes": 100 * now.gain,
                "range now": _points(now),
            }
            for now, before, queries in zip(
                standing.gains, standing.before, standing.queries, strict=True
            )
        ]
    ).sort_values("With outcomes", ascending=False)
    points = st.column_config.NumberColumn(format="%.1f")
    st.dataframe(
        table,
        hide_index=True,
        column_config=dict.fromkeys(("As it looked", "With outcomes"), points),
        alt="Gain of the stronger model by segment, before and after the outcomes (90% ranges)",
    )


def _points(gain: SegmentGain) -> str:
    return f"{100 * gain.low:.0f} to {100 * gain.high:.0f}"


def _draw_next(
    found: planning.SortedLog, standing: Standing, weak: Model, strong: Model, tolerance: float
) -> None:
    factor = monthly_factor(found.workload, monthly_calls(found.workload, found.notes))
    asked = [queries * factor for queries in standing.queries]
    wanted = next_labels(
        standing.gains,
        asked,
        tolerance=tolerance,
        extra_usd_per_query=planning.extra_usd_per_query(found, weak, strong),
    )
    worth = (
        f"about **{plain(usd(wanted.usd_per_month))} a month**"
        if wanted.usd_per_month is not None
        else "an unknown sum, as prices are missing"
    )
    st.write(
        f"**What to label next.** Outcomes of {plain_untrusted(weak.name)} and "
        f"{plain_untrusted(strong.name)} on these {BATCH} queries are worth {worth}: that much "
        "better would the plan decide, at the rate at which its tolerance trades money for quality."
    )
    rows = evidence.to_label(found, wanted.per_segment)
    table = pd.DataFrame(rows, columns=["request_id", "segment"])
    counts = table["segment"].value_counts()
    st.dataframe(
        pd.DataFrame({"Segment": counts.index, "Queries to label": counts.to_numpy()}),
        hide_index=True,
        alt="How many queries to label in each segment",
    )
    out = io.StringIO()
    table.assign(model="", score="").drop(columns="segment").to_csv(out, index=False)
    st.download_button(
        "Download the list",
        out.getvalue(),
        "outcomes_to_fill_in.csv",
        "text/csv",
        key="to-label",
    )
