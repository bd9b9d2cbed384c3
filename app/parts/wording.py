"""Figures and facts in words: money, shares, ranges, periods."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from core.catalog.model import Model
from core.catalog.tariff import batch_price
from core.commands.result import usd as usd
from core.complexity.learned import Learned
from core.economics.attribution import FINE_TUNING, ROUTING, in_order, savings_usd
from core.economics.tuning.verdict import FineTuneResult
from core.logs.log import Log
from core.routing.controls import Control
from core.routing.settings import TierSettings
from core.routing.simulate import Outcome, Range
from core.store.saved import Headline

TIER_NAMES = {"simple": "Simple", "medium": "Medium", "complex": "Complex"}


def usd_per_1000(amount_per_query: float) -> str:
    """The cost of 1,000 queries, with cents whatever its size."""
    return f"${1000 * amount_per_query:,.2f}"


def share(value: float) -> str:
    """A whole percent; below one percent, but not nothing, "under 1%"."""
    if 0 < value < 0.005:
        return "under 1%"
    return f"{value:.0%}" if abs(value) >= 0.005 else "0%"


def share_range(values: Range) -> str:
    """A share with its range: "70% (63% to 75%)"."""
    return f"{share(values.central)} ({share(values.low)} to {share(values.high)})"


def points(difference: Range) -> str:
    """A difference of shares with its range: "-2 points (-5 to +1)"."""
    middle, low, high = (
        f"{round(100 * part):+d}" for part in (difference.central, difference.low, difference.high)
    )
    return f"{middle} points ({low} to {high})"


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


def usd_range(values: Range) -> str:
    """Money with its range."""
    return f"{usd(values.central)} ({usd(values.low)} to {usd(values.high)})"


def kept_label(learned: Learned | None) -> str:
    """What the figure of kept quality is called: it says what it rests on."""
    if learned is None:
        return "Quality kept, unverified"
    return "Quality kept, from own outcomes" if learned.enough else "Quality kept, hardly verified"


def bill_words(outcome: Outcome, learned: Learned | None) -> str:
    """The plan's bill against today's; what quality rests on, when it is not verified."""
    saving = outcome.saving_share.central
    change = f"{share(saving)} less" if saving >= 0 else f"{share(-saving)} more"
    return (
        f"{usd(outcome.planned.central)} a month instead of {usd(outcome.baseline_usd)}, {change}"
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


def together_words(result: FineTuneResult) -> str:
    """What routing and tuning save on the slice, alone and together: savings do not add."""
    left = result.routed_monthly_usd / result.slice_monthly_usd if result.slice_monthly_usd else 1.0
    savings = savings_usd(result.slice_monthly_usd, left, result.tuned_monthly_usd)
    alone = {name: savings[frozenset({name})] for name in (ROUTING, FINE_TUNING)}
    extra = in_order(savings)[FINE_TUNING]
    return (
        f"Savings do not add: on this slice routing alone saves {usd(alone[ROUTING])} a month and "
        f"tuning alone {usd(alone[FINE_TUNING])} before its running cost; after routing, tuning "
        f"adds {usd(extra)}."
    )


def months(value: float | None) -> str:
    """A payback in months, or words when there is none."""
    if value is None:
        return "does not pay back"
    if value > 120:
        return "over 10 years"
    return "at once" if value == 0 else f"{value:.1f} months"


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


def batch_words(model: Model) -> str:
    """Batch rates in and out, "0.05 / 0.25"; empty where the list has none of their own."""
    price = batch_price(model)
    if price is None:
        return ""
    return f"{price.input_usd_per_mtok:g} / {price.output_usd_per_mtok:g}"


def moment(when: datetime) -> str:
    """A time in the reader's zone, with the zone named."""
    return f"{when.astimezone(reader_zone()):%d %b %Y, %H:%M} {_zone_name()}"


def period(first: datetime | None, last: datetime | None) -> str:
    """The days from first to last: "1 Oct to 31 Oct 2026"."""
    if first is None or last is None:
        return "no dates in the log"
    if first.date() == last.date():
        return f"{first:%d %b %Y}"
    start = f"{first:%d %b}" if first.year == last.year else f"{first:%d %b %Y}"
    return f"{start} to {last:%d %b %Y}"


def reader_zone() -> tzinfo:
    """The time zone of the reader's browser; UTC when it does not say."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def counted(number: int, noun: str, several: str = "") -> str:
    """A count with its noun: "1 query", "2 queries"."""
    return f"{number:,} {noun if number == 1 else several or noun + 's'}"


def log_size(log: Log) -> str:
    """How much a log holds: "389 queries", of a summed-up one "4,210 calls"."""
    if log.grain == "aggregate":
        return counted(log.requests, "call")
    return counted(log.rows_kept, "query", "queries")


def with_article(noun: str) -> str:
    """A noun with its article: "a Langfuse export", "an OpenAI export"."""
    return f"{'an' if noun[:1] in 'AEIOaeio' else 'a'} {noun}"


_JOINER: Final = "\u2060"  # a word joiner: no width, no line break
_WWW: Final = re.compile("www", re.IGNORECASE)


def plain(text: str) -> str:
    """Our own copy made safe for Markdown: "$5 and $10" is money, not a formula."""
    return text.replace("$", r"\$")


def plain_untrusted(text: str) -> str:
    """Untrusted words (a file's or a plan's name) inside our own Markdown, shown as typed.

    Addresses become links even where every sign is escaped; an invisible joiner breaks them up.
    """
    for character in r"\`*_{}[]()#+-.!|<>~:$@&":
        text = text.replace(character, f"\\{character}")
    text = text.replace("//", f"/{_JOINER}/").replace("@", f"@{_JOINER}")
    text = _WWW.sub(lambda found: f"{found[0]}{_JOINER}", text)
    return " ".join(text.split())


def _zone_name() -> str:
    return st.context.timezone or "UTC"


def looks_words(basis: str) -> str:
    """What queries were sorted by, after "how"."""
    return {"text": "hard the texts look", "keywords": "many keywords the texts hold"}.get(
        basis, "long the queries are"
    )


def rests_words(headline: Headline) -> str:
    """What a saved version rests on, in a few words."""
    if headline.verified_queries:
        return f"verified on {headline.verified_queries:,} of its own queries"
    return "unverified"


def verified_words(learned: Learned | None, looks: str) -> str:
    """What the quality of a plan rests on; `looks` says what queries were sorted by."""
    if learned is not None and learned.enough:
        return (
            f"It rests on {learned.answers:,} outcomes of your own traffic, and for models without "
            "outcomes on judged abilities."
        )
    if learned is not None:
        return (
            f"**Hardly verified:** {learned.paired:,} queries with outcomes of several models are "
            f"too few; it still rests on how {looks} and on judged model abilities."
        )
    return (
        f"**Unverified:** it rests on how {looks} and on judged model abilities, not on outcomes "
        "of your own."
    )
