"""Figures in words: money, shares, ranges, periods, prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from core.catalog.model import Model
from core.complexity.learned import Learned
from core.complexity.scale import Tier
from core.routing.controls import Control
from core.routing.settings import TierSettings
from core.routing.simulate import Outcome, Range

TIER_NAMES: Final[Mapping[Tier, str]] = {
    "simple": "Simple",
    "medium": "Medium",
    "complex": "Complex",
}


def usd(amount: float) -> str:
    """Dollars for people: cents below $100, none above; a minus in front of the sign."""
    if 0 < abs(amount) < 0.005:
        return "under $0.01"
    sign = "-" if amount < 0 else ""
    amount = abs(amount)
    return f"{sign}${amount:,.2f}" if amount < 100 else f"{sign}${amount:,.0f}"


def usd_range(values: Range) -> str:
    """Money with its range."""
    return f"{usd(values.central)} ({usd(values.low)} to {usd(values.high)})"


def share(value: float) -> str:
    """A whole percent; below one percent, but not nothing, "under 1%"."""
    if 0 < value < 0.005:
        return "under 1%"
    return f"{value:.0%}" if abs(value) >= 0.005 else "0%"


def share_range(values: Range) -> str:
    """A share with its range: "70% (63% to 75%)"."""
    return f"{share(values.central)} ({share(values.low)} to {share(values.high)})"


def kept_range(values: Range) -> str:
    """Quality against today's, to a tenth: "97.1% (95.8% to 98.2%)"."""
    return f"{values.central:.1%} ({values.low:.1%} to {values.high:.1%})"


def saving_range(saving: Range) -> str:
    """The ends of a saving in words: "63% to 75% less", "10% more to 16% less"."""
    if saving.low >= 0:
        return f"{share(saving.low)} to {share(saving.high)} less"
    if saving.high <= 0:
        return f"{share(-saving.high)} to {share(-saving.low)} more"
    return f"{share(-saving.low)} more to {share(saving.high)} less"


def change_words(saving_share: float) -> str:
    """A saving in words: "62% less", "10% more"."""
    return f"{share(saving_share)} less" if saving_share >= 0 else f"{share(-saving_share)} more"


def kept_label(learned: Learned | None) -> str:
    """What the figure of kept quality is called: it says what it rests on."""
    if learned is None:
        return "Quality kept, unverified"
    return "Quality kept, from own outcomes" if learned.enough else "Quality kept, hardly verified"


def bill_words(outcome: Outcome, learned: Learned | None) -> str:
    """The plan's bill against today's; what quality rests on, when it is not verified."""
    return (
        f"{usd(outcome.planned.central)} a month instead of {usd(outcome.baseline_usd)}, "
        f"{change_words(outcome.saving_share.central)}"
        + ("" if learned is not None and learned.enough else ", if quality holds")
    )


def swap_words(swap: Control | None, outcome: Outcome) -> str:
    """The best single model for everything, held against the plan."""
    if swap is None:
        return "None of these models alone keeps 98% of today's quality and costs less than today."
    less = 1 - swap.monthly_usd / outcome.baseline_usd if outcome.baseline_usd else 0.0
    words = (
        f"One model for everything, {swap.name.removeprefix('always ')}, would cost "
        f"{usd(swap.monthly_usd)} a month ({share(less)} less) at {swap.quality_kept:.1%} of "
        "today's quality. "
    )
    dearer = outcome.planned.central - swap.monthly_usd
    better = 100 * (outcome.quality_kept.central - swap.quality_kept)
    if dearer > 0 and better > 0.05:
        return (
            f"{words}This plan pays {usd(dearer)} a month more for {better:.1f} points of "
            "expected quality: worth it only if your own outcomes confirm them."
        )
    return f"{words}By these figures the single swap is " + (
        "no worse than this plan." if dearer >= 0 else "dearer than this plan."
    )


def looks_words(basis: str) -> str:
    """What queries were sorted by, after "how"."""
    return {"text": "hard the texts look", "keywords": "many keywords the texts hold"}.get(
        basis, "long the queries are"
    )


def price(model: Model) -> str:
    """A model's price in one line, with the date it was true."""
    if model.price is None:
        if model.fixed_monthly_usd:
            return f"{usd(model.fixed_monthly_usd)} a month fixed, nothing per token"
        return "unpriced"
    p = model.price
    fixed = f", plus {usd(model.fixed_monthly_usd)} a month" if model.fixed_monthly_usd else ""
    return (
        f"${p.input_usd_per_mtok:g} in, ${p.cached_usd_per_mtok:g} cached, "
        f"${p.output_usd_per_mtok:g} out per million tokens{fixed} ({p.as_of:%d %b %Y})"
    )


def settings_words(settings: TierSettings) -> str:
    """What a person said of how a tier calls its model; empty where all is as logged."""
    found = []
    if settings.fallback:
        found.append(f"fallback {settings.fallback.name}")
    if settings.effort:
        found.append(f"{settings.effort} reasoning effort")
    if settings.retry_share is not None:
        found.append(f"{settings.retry_share:.1%} of calls repeated")
    if settings.cached_share is not None:
        found.append(f"{settings.cached_share:.1%} of the input cached")
    if settings.output_share != 1.0:
        found.append(f"{settings.output_share:.0%} of the logged output")
    if settings.seconds is not None:
        found.append(f"half of its answers within {settings.seconds:g} s")
    return ", ".join(found)


def period(first: datetime | None, last: datetime | None) -> str:
    """The days from first to last: "1 Oct to 31 Oct 2026"."""
    if first is None or last is None:
        return "no dates in the log"
    if first.date() == last.date():
        return f"{first:%d %b %Y}"
    start = f"{first:%d %b}" if first.year == last.year else f"{first:%d %b %Y}"
    return f"{start} to {last:%d %b %Y}"


def counted(number: int, noun: str, several: str = "") -> str:
    """A count with its noun: "1 query", "2 queries"."""
    return f"{number:,} {noun if number == 1 else several or noun + 's'}"


def amount_in(value: float | str | None, unit: str) -> str:
    """A value of the register of assumptions in its unit; shares in percent where it says so."""
    if value is None or isinstance(value, str):
        return value or "not given"
    return f"{100 * value:.6g}" if unit.startswith("%") else f"{value:,.6g}"


def ends_in(low: float | None, high: float | None, unit: str) -> str:
    """The ends of a range in its unit, "20 to 60"; empty where there is no range."""
    return "" if low is None else f"{amount_in(low, unit)} to {amount_in(high, unit)}"


def listed(names: Iterable[str]) -> str:
    """Names in a sentence, each once: "A", "A and B", "A, B and C"."""
    return " and ".join(", ".join(dict.fromkeys(names)).rsplit(", ", 1))


def day(when: date) -> str:
    """A day: "3 Nov 2026"."""
    return f"{when.day} {when:%b %Y}"
