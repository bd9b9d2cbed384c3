"""What is not known about a case, in plain words: chances, ranges, and what would change them."""

from __future__ import annotations

from collections.abc import Sequence

from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.payback_map import volume_to_pay_back
from core.economics.tuning.sensitivity import Swing, variance_share
from core.economics.tuning.uncertainty import Simulation
from core.economics.tuning.verdict import FineTuneResult
from core.economics.tuning.words import LABELS, value_words

WITHIN = 12


def chance_words(case: FineTuneCase, futures: Simulation) -> str:
    """How many of 100 futures pay back in time, and how long the slow ones take."""
    months = min(WITHIN, case.months)
    never = 1.0 - futures.probability_of_payback
    if never == 1.0:
        return (
            f"In none of {futures.draws:,} simulated futures does it pay back within the "
            f"{_months(case.months)} counted."
        )
    if months < WITHIN:
        return (
            f"In {_about(1.0 - never)} of 100 simulated futures it pays back within the "
            f"{_months(months)} counted."
        )
    within = futures.probability_payback_within_months[WITHIN]
    text = f"In {_about(within)} of 100 simulated futures it pays back within {_months(WITHIN)}."
    slow = futures.payback_months.p90
    if slow is not None:
        return f"{text} In 10 of 100 it takes longer than {_months(round(slow))}."
    return (
        f"{text} In {_about(never)} of 100 it does not within the {_months(case.months)} counted."
    )


def range_words(swings: Sequence[Swing]) -> str:
    """How much of the range comes from the input that matters most; empty where nothing moves."""
    part = variance_share(swings)
    if part is None:
        return ""
    much = "Half" if 0.45 <= part < 0.55 else f"About {part:.0%}"
    name = LABELS.get(swings[0].label, swings[0].label)
    if part < 0.3:
        return f"No single unknown makes the range: {name} has the most of it, {part:.0%}."
    return (
        f"{much} of the range comes from one unknown: {name}. Knowing it better is worth more "
        "than more modelling."
    )


def change_words(case: FineTuneCase, result: FineTuneResult, swings: Sequence[Swing]) -> str:
    """What volume, or which one input, would make a case pay back; empty where it does."""
    if result.sustained_payback_months is not None:
        return ""
    start = "This does not pay back under the stated assumptions"
    ways = [way for way in (_by_volume(case), _by_input(case, swings)) if way]
    if not ways:
        return (
            f"{start}, and neither more volume nor any one input within reason would change that."
        )
    return f"{start}; it would {', or '.join(ways)}."


def _by_volume(case: FineTuneCase) -> str:
    times = volume_to_pay_back(case)
    if times is None:
        return ""
    if case.monthly_queries:
        needed = times * case.monthly_queries
        return (
            f"above {rounded_up(needed)} queries a month in all (now {case.monthly_queries:,.0f})"
        )
    return f"at {times:,.1f} times today's volume"


def _by_input(case: FineTuneCase, swings: Sequence[Swing]) -> str:
    """The largest swing whose break-even is inside the range that was given for it."""
    for swing in swings:
        value = swing.break_even_value
        if value is not None and swing.low_value <= value <= swing.high_value:
            way = "above" if swing.npv_at_high_usd > swing.npv_at_low_usd else "below"
            words = value_words(swing.label, value, case)
            return f"with {LABELS.get(swing.label, swing.label)} {way} {words}"
    return ""


def _about(share: float) -> str:
    """A share of futures as a count of 100; what is not nothing is not called 0."""
    count = round(100 * share)
    if count == 0 and share > 0:
        return "fewer than 1"
    if count == 100 and share < 1:
        return "more than 99"
    return f"about {count}" if 0 < count < 100 else f"{count}"


def rounded_up(queries: float) -> str:
    """A break-even volume to three digits, which is what it deserves, and never below itself."""
    digits = max(len(f"{queries:.0f}") - 3, 0)
    step = 10**digits
    return f"{-(-queries // step) * step:,.0f}"


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"
