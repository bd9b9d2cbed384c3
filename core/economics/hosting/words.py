"""What hosting oneself comes to, in sentences, the answer first."""

from __future__ import annotations

import math

from core.economics.bounds import TRILLION
from core.economics.hosting.cost import Comparison


def sentences(found: Comparison, api: str) -> tuple[str, ...]:
    """Plain English: the answer, then what a reader needs to judge it; `api` names the API."""
    parts = (answer(found, api), _today(found, api), _swing(found), _busy(found))
    return tuple(part for part in parts if part)


def answer(found: Comparison, api: str) -> str:
    """One sentence: whether hosting is cheaper, from which volume on, or why never."""
    first, lasting = found.break_even.first, found.break_even.lasting
    if first is None or lasting is None:
        return f"Hosting it yourself is never cheaper than {api}: {_why_never(found)}."
    volume = found.month.monthly_queries
    if found.cheaper:
        less = found.api_usd - found.month.total_usd
        cheap = "no dearer" if round(less) == 0 else f"{_usd(less)} a month cheaper"
        return (
            f"Hosting it yourself is {cheap} than {api} at today's {volume:,.0f} queries a month."
        )
    if volume >= first.monthly_queries:
        return (
            f"Hosting it yourself is dearer than {api} at today's {volume:,.0f} queries a "
            f"month, though not at {volume_words(first.monthly_queries)}: one more replica tips it."
        )
    times = f", {_times(found.times_volume)} today's" if found.times_volume else ""
    return (
        f"Hosting it yourself is cheaper than {api} only from "
        f"{volume_words(first.monthly_queries)} queries a month{times}."
    )


def meeting(found: Comparison) -> str:
    """What the chart shows, as its title."""
    first, lasting = found.break_even.first, found.break_even.lasting
    if first is None or lasting is None:
        return "The API stays below every step"
    head = (
        f"The API gets as dear as hosting at {volume_words(first.monthly_queries)} queries a month"
    )
    if lasting == first:
        return head
    return f"{head}, and to stay at {volume_words(lasting.monthly_queries)}"


def _why_never(found: Comparison) -> str:
    if found.break_even.why_never == "API costs nothing":
        return "the API costs nothing per query"
    return (
        f"a replica costs {_per_1000(found.full_replica_usd_per_query)} per 1,000 queries even "
        f"when it carries all it can, against {_per_1000(found.usd_per_query_api)}, so more "
        "traffic does not help"
    )


def _today(found: Comparison, api: str) -> str:
    month = found.month
    replicas = "1 replica" if month.replicas == 1 else f"{month.replicas:,} replicas"
    if not month.monthly_queries:
        return (
            f"There are no queries today: {replicas} would cost {_usd(month.total_usd)} a month "
            "and stand idle."
        )
    return (
        f"Today it would be {replicas} for {_usd(month.total_usd)} a month "
        f"({_usd(month.gpu_usd)} rent, {_usd(month.overhead_usd)} overhead, "
        f"{_usd(month.people_usd)} people) against {_usd(found.api_usd)} with {api}."
    )


def _swing(found: Comparison) -> str:
    first, lasting = found.break_even.first, found.break_even.lasting
    if first is None or lasting is None or first == lasting:
        return ""
    if found.month.monthly_queries >= lasting.monthly_queries:
        return ""
    return (
        f"Each further replica can make it dearer again; it stays cheaper from "
        f"{volume_words(lasting.monthly_queries)} queries a month on."
    )


def _busy(found: Comparison) -> str:
    month = found.month
    if not month.monthly_queries or month.usd_per_mtok_output is None:
        return ""
    busy = "under 1%" if month.utilisation < 0.01 else f"{month.utilisation:.0%}"
    return (
        f"The GPUs would be busy {busy} of the time, which follows from your traffic, its peaks "
        f"and the replicas, and comes to {_usd(month.usd_per_mtok_output)} per million output "
        "tokens."
    )


def volume_words(queries: float) -> str:
    """A volume as the next whole query, so that it is enough."""
    if queries > TRILLION:
        return "over a trillion"
    return f"{math.ceil(queries * (1.0 - 1e-12)):,}"


def _times(times: float | None) -> str:
    if times is None:
        return ""
    return f"{times:,.0f} times" if times >= 100 else f"{times:,.1f} times"


def _per_1000(usd_per_query: float) -> str:
    amount = 1000.0 * usd_per_query
    return f"${amount:,.2f}" if amount >= 0.1 else f"${amount:.2g}"


def _usd(amount: float) -> str:
    return f"${amount:,.2f}" if 0 < amount < 100 else f"${amount:,.0f}"
