"""Figures and facts in words: money, shares, ranges, periods."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from core.catalog.model import Model
from core.catalog.tariff import batch_price
from core.complexity.learned import Learned
from core.economics.attribution import FINE_TUNING, ROUTING, in_order, savings_usd
from core.economics.tuning.verdict import FineTuneResult
from core.frozen.headline import Headline
from core.logs.log import Log
from core.reports.words import (  # noqa: F401  pages take all their words from here
    TIER_NAMES,
    bill_words,
    counted,
    kept_label,
    kept_range,
    looks_words,
    period,
    price,
    saving_range,
    settings_words,
    share,
    share_range,
    swap_words,
    usd,
    usd_range,
)
from core.routing.simulate import Range


def usd_per_1000(amount_per_query: float) -> str:
    """The cost of 1,000 queries, with cents whatever its size."""
    return f"${1000 * amount_per_query:,.2f}"


def points(difference: Range) -> str:
    """A difference of shares with its range: "-2 points (-5 to +1)"."""
    middle, low, high = (
        f"{round(100 * part):+d}" for part in (difference.central, difference.low, difference.high)
    )
    return f"{middle} points ({low} to {high})"


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


def batch_words(model: Model) -> str:
    """Batch rates in and out, "0.05 / 0.25"; empty where the list has none of their own."""
    rates = batch_price(model)
    if rates is None:
        return ""
    return f"{rates.input_usd_per_mtok:g} / {rates.output_usd_per_mtok:g}"


def moment(when: datetime) -> str:
    """A time in the reader's zone, with the zone named."""
    return f"{when.astimezone(reader_zone()):%d %b %Y, %H:%M} {_zone_name()}"


def reader_zone() -> tzinfo:
    """The time zone of the reader's browser; UTC when it does not say."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


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
