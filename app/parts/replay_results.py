"""What a replay shows: each tier's measured quality beside what was promised."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.parts.wording import TIER_NAMES, counted, plain, points, share, share_range, usd
from app.replays import Standing
from core.quality.results import Shown
from core.routing.simulate import Outcome


def heading(found: Shown | None) -> str:
    """The page's first sentence."""
    if found is None:
        return "Is it true on your traffic? Nothing is measured yet"
    return f"{share_range(found.plan)} acceptable, measured on {found.queries:,} of your queries"


def so_far_words(standing: Standing | None) -> str:
    """What a replay under way has spent, and how its models do; nobody corrected the judge yet."""
    if standing is None or not standing.items:
        return "The first answers are on their way."
    judged = [item.scores for item in standing.items.values() if item.scores]
    rates = [
        f"{candidate.model.name} {share(sum(s[candidate.model.id] for s in judged) / len(judged))}"
        for candidate in standing.replay.candidates
        if judged
    ]
    return f"Spent {usd(standing.spent_usd)} so far. The judge accepts: {', '.join(rates)}."


def difference_words(found: Shown, strongest: str) -> str:
    """How much the plan gives up or gains, on the same queries."""
    against = f"against {strongest} for everything: {points(found.against_reference)}"
    if found.against_today is not None:
        against = f"against today's answers: {points(found.against_today)}; {against}"
    return f"The plan {against}, on the same queries."


def draw_results(found: Shown, outcome: Outcome, standing: Standing) -> None:
    """The tiers in a table, and what to make of it."""
    promised = {tier.tier: tier.quality for tier in outcome.tiers}
    table = pd.DataFrame(
        {
            "Tier": [TIER_NAMES[t.tier] for t in found.tiers],
            "Judged": [t.n for t in found.tiers],
            "Acceptable": [share(t.quality.central) for t in found.tiers],
            "90% range": [
                f"{share(t.quality.low)} to {share(t.quality.high)}" for t in found.tiers
            ],
            "Expected before": [share(promised[t.tier]) for t in found.tiers],
            "Against the plan": [
                "as expected" if t.quality.low <= promised[t.tier] <= t.quality.high
                else "better than expected" if t.quality.low > promised[t.tier]
                else "falls short"
                for t in found.tiers
            ],
        }
    )  # fmt: skip
    st.dataframe(table, hide_index=True, alt="Measured quality by tier")
    each = [
        f"{candidate.model.name} {share_range(found.models[candidate.model.id])}"
        for candidate in standing.replay.candidates
    ]
    st.markdown(plain(f"**{difference_words(found, standing.replay.reference.model.name)}**"))
    today = (
        f"Today's answers, as logged: {share_range(found.today)} acceptable. "
        if found.today
        else ""
    )
    words = (
        f"{today}One model for everything, on the same queries: {', '.join(each)}. "
        f"Spent {usd(standing.spent_usd)}"
    )
    if standing.doubtful_usd:
        words += f", and perhaps {usd(standing.doubtful_usd)} more for calls that were cut off"
    st.write(plain(f"{words}."))
    if standing.clear:
        kept = standing.spent_usd / max(len(standing.items), 1) * standing.left
        st.write(
            plain(
                f"It ended after {len(standing.items):,} of {len(standing.replay.rows):,} queries, "
                f"as the decision is clear; {usd(kept)} were not spent."
            )
        )
    failed = sum(bool(item.failed) for item in standing.items.values())
    notes = []
    if found.agreement is not None:
        notes.append(
            f"The judge said the same in both orders of {share(found.agreement)} of the pairs."
        )
    if standing.said:
        notes.append(
            f"People judged {counted(len(standing.said), 'pair')}: that wins, and tells how far "
            f"the judge is off: it passes about {share(found.judge.accepts_good)} of what they "
            f"accept and {share(found.judge.accepts_bad)} of the rest."
        )
    else:
        notes.append(
            "Nobody has judged the judge: its errors are taken as published ones, with a range."
        )
    if standing.replay.covered < 0.95:
        notes.append(f"It speaks for {share(standing.replay.covered)} of the queries.")
    if failed:
        notes.append(f"{counted(failed, 'query', 'queries')} failed and count for nothing.")
    st.caption(" ".join(notes))
