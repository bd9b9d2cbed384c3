"""How a tier calls its model: fallback, reasoning effort, and what its calls are like."""

from __future__ import annotations

from typing import Final

import streamlit as st

from app import services
from app.parts.wording import plain, share
from app.state import Calls, Draft
from core.complexity.scale import Tier
from core.routing.settings import EFFORTS, retry_share_of
from core.routing.traffic import Traffic

NOTHING: Final = "none"


def choose_calls(digest: str, draft: Draft, tier: Tier, model_id: str, traffic: Traffic) -> Calls:
    """The settings of one tier; a field that is left empty is as the log shows."""
    said = draft.calls.get(tier, Calls())
    with st.popover(_title(said), width="stretch", key=f"calls-{tier}-{digest}"):
        catalogue = services.catalogue()
        others = [
            i
            for i, m in catalogue.models.items()
            if i != model_id and (m.price or m.fixed_monthly_usd)
        ]
        fallback = st.selectbox(
            "Fallback",
            [NOTHING, *others],
            index=1 + others.index(said.fallback) if said.fallback in others else 0,
            format_func=lambda i: "None" if i == NOTHING else catalogue.get(i).name,
            key=f"fallback-{tier}-{model_id}-{digest}",
            help="Answers when the model errs or is away. It is exported, and not priced: "
            f"{share(traffic.failed_share)} of the calls in this log failed.",
        )
        effort = st.selectbox(
            "Reasoning effort",
            [NOTHING, *EFFORTS],
            index=1 + EFFORTS.index(said.effort) if said.effort in EFFORTS else 0,
            format_func=lambda e: "The model's own" if e == NOTHING else str(e).capitalize(),
            key=f"effort-{tier}-{digest}",
            help="Exported with the plan. What it does to quality is for your own outcomes to "
            "show; what it writes is the output below.",
        )
        retries = _percent(
            "Calls repeated, %",
            said.retry_share,
            retry_share_of(traffic.calls_per_answer),
            f"retry-{tier}-{digest}",
            "The chance that a call has to be repeated and is billed again, at most twice.",
        )
        cached = _percent(
            "Input read from the cache, %",
            said.cached_share,
            traffic.cached_share,
            f"cached-{tier}-{digest}",
            "Left empty: as logged where queries stay with their model; where they move, only "
            "what follows a turn of the same tier is still cached.",
        )
        output = st.number_input(
            "Output, % of the logged",
            1.0,
            10_000.0,
            None if said.output_share is None else 100 * said.output_share,
            10.0,
            placeholder="100, as logged",
            key=f"output-{tier}-{digest}",
            help="Thinking is billed as output: a reasoning model may write several times more. "
            f"In this log an answer has {traffic.output_per_query:,.0f} tokens.",
        )
        seconds = st.number_input(
            "Seconds for half of the answers",
            0.01,
            3_600.0,
            said.seconds,
            0.1,
            placeholder="as logged",
            key=f"seconds-{tier}-{digest}",
        )
        if effort != NOTHING and output is None:
            st.caption(plain("Say how much it writes: thinking costs what output costs."))
    return Calls(
        fallback="" if fallback == NOTHING else fallback,
        effort="" if effort == NOTHING else effort,
        retry_share=retries,
        cached_share=cached,
        output_share=None if output is None else output / 100,
        seconds=seconds,
    )


def _title(said: Calls) -> str:
    number = sum(value not in ("", None) for value in vars(said).values())
    return f"How it is called: {number} set" if number else "How it is called"


def _percent(label: str, value: float | None, logged: float, key: str, help_: str) -> float | None:
    found = st.number_input(
        label,
        0.0,
        100.0,
        None if value is None else 100 * value,
        1.0,
        placeholder=f"{100 * logged:.1f}, as logged",
        key=key,
        help=help_,
    )
    return None if found is None else found / 100
