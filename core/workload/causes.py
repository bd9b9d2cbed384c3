"""Why an invoice and a log differ: the usual causes, with figures where the log has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.logs.caps import rows_at_cap
from core.logs.log import Log
from core.logs.sources.registry import source_of
from core.workload.bill import Bill, Month
from core.workload.pricing import SERVICE_SOURCES
from core.workload.workload import UNNAMED

TOKEN_ERROR: Final = 0.10  # of estimated token counts (prices_tokens_pii: +-10% is a fair band)
BATCH_DISCOUNT: Final = 0.5  # of the list price, with the large vendors
TAXES: Final = (0.03, 0.28)  # from a US sales tax to the highest value-added tax
_SWAMPING: Final = 0.2  # of the log's spend in one call
_NEAR: Final = 0.05  # another month this near to the invoice is probably the one meant
_MATTERS: Final = 0.1  # of the gap: smaller causes come after those without a figure
_TRIFLE: Final = 0.01


@dataclass(frozen=True)
class Period:
    """The days of a month that a log covers, first and last included; `length` of the month."""

    month: date
    first: date
    last: date
    length: int

    @property
    def days(self) -> int:
        """Days covered."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Cause:
    """One reason why the log and the invoice may differ, in words.

    `usd` is what it would add to the log's spend (less than 0: take away); None where the log
    does not tell.
    """

    words: str
    usd: float | None = None


def causes_of(
    bill: Bill,
    month: Month,
    period: Period | None,
    invoice_usd: float,
    log: Log,
    calls_per_row: float = 1.0,
) -> tuple[Cause, ...]:
    """What may lie between the log's spend and the invoice, the likeliest first.

    A cause with a figure is the likelier, the nearer its figure is to the gap. Causes that
    would make the gap wider are left out. `calls_per_row` are billed calls like the logged one.
    """
    gap = invoice_usd - (month.usd or 0.0)
    found = list(_both_ways(bill, month, gap))
    if gap > 0:
        found += _calls_between(month, gap, log, calls_per_row)
        found += _log_too_low(bill, month, period, gap, log)
    else:
        found += _log_too_high(month, log)
    if gap < 0 and month.usd:
        found += _other_accounts(month, invoice_usd)
    shares = [(_explained(cause, gap), cause) for cause in found]
    ranked = sorted(shares, key=lambda pair: -(pair[0] or 0.0))
    first = [cause for share, cause in ranked if share is not None and share >= _MATTERS]
    last = [cause for share, cause in ranked if share is not None and _TRIFLE <= share < _MATTERS]
    return (*first, *(cause for share, cause in shares if share is None), *last)


def _explained(cause: Cause, gap: float) -> float | None:
    """0..1: how near a cause's figure comes to the gap; None without a figure."""
    if cause.usd is None:
        return None
    share = cause.usd / gap
    return max(share if share <= 1 else 1 / share, 0.0)


def _both_ways(bill: Bill, month: Month, gap: float) -> Iterator[Cause]:
    sign = 1 if gap > 0 else -1
    if month.estimated_usd:
        off = TOKEN_ERROR * month.estimated_usd
        yield Cause(
            f"{dollars(month.estimated_usd)} of the log's spend rests on estimated tokens, which "
            f"may be {TOKEN_ERROR:.0%} off: {dollars(off)} either way.",
            sign * off,
        )
    if month.cached_aside_usd:
        words = (
            f"{month.cached_tokens:,} cached tokens are taken as a part of the input tokens. "
            + (
                "If this log counts them beside the input instead,"
                if gap > 0
                else "If this log counts them twice, inside of the input and beside it,"
            )
        )
        verb = "is missing" if gap > 0 else "is too much"
        usd = month.cached_aside_usd
        yield Cause(f"{words} {dollars(usd)} {verb}.", sign * usd)
    stated = month.both_list_usd - month.free_list_usd
    if abs(stated - month.both_logged_usd) > 0.01 * month.both_logged_usd:
        yield Cause(
            f"Where the log states a cost it says {dollars(month.both_logged_usd)}; the list "
            f"prices of those days give {dollars(stated)}.",
            stated - month.both_logged_usd,
        )
    spent = month.usd or 0.0
    for start, other in bill.months.items():
        usd = other.usd or 0.0
        if start and other is not month and abs(usd - spent - gap) <= _NEAR * (spent + gap):
            yield Cause(
                f"The invoice may be for {start:%B %Y}: there the log comes to {dollars(usd)}.",
                usd - spent,
            )


def _log_too_low(
    bill: Bill, month: Month, period: Period | None, gap: float, log: Log
) -> Iterator[Cause]:
    usd = month.usd or 0.0
    if period and period.days < period.length and usd:
        whole = usd * period.length / period.days
        yield Cause(
            f"The log covers {period.days} of the {period.length} days of {period.month:%B %Y}: "
            f"at the same rate the whole month comes to {dollars(whole)}.",
            whole - usd,
        )
    if month.unpriced_rows:
        yield _unpriced(month, log)
    if month.failed_usd:
        yield Cause(
            f"{_calls(month.failed_rows, log)} failed or cancelled, logged at "
            f"{dollars(month.failed_usd)}, {_are(month.failed_rows)} not in the log's spend.",
            month.failed_usd,
        )
    if month.failed_list_usd:
        yield Cause(
            "The tokens of failed or cancelled calls are not in the log's spend; if the provider "
            f"bills them they cost {dollars(month.failed_list_usd)}.",
            month.failed_list_usd,
        )
    if month.free_list_usd:
        yield Cause(
            f"{dollars(month.free_list_usd)} at list prices is logged as free "
            f"({_calls(month.free_rows, log)}); often that means that the tool knew no price.",
            month.free_list_usd,
        )
    undated = bill.months.get(None)
    if undated is not None and undated is not month and undated.usd:
        yield Cause(
            f"{dollars(undated.usd)} is in no month ({_calls(undated.rows, log)} without a time).",
            undated.usd,
        )
    others = sum(log.passed_over.values())
    if cap := rows_at_cap(log.rows, others, source_of(log.source).row_cap):
        yield Cause(f"The log has exactly {cap:,} rows, where tools stop: it is probably cut.")
    if log.dropped:
        reasons = ", ".join(f"{count:,} {why}" for why, count in log.dropped.items())
        yield Cause(f"Rows of the file that cannot be used are in no figure: {reasons}.")
    if usd and TAXES[0] <= gap / usd <= TAXES[1]:
        yield Cause(f"Tax: {gap / usd:.1%} on top would explain all of it; the log has none.")
    yield Cause("Other API keys, projects or teams bill to the same account and are not logged.")
    yield Cause(
        "Fees that no log of model calls shows: embeddings, images, audio, web searches, "
        "fine-tuning, stored files and caches."
    )


def _calls_between(month: Month, gap: float, log: Log, calls_per_row: float) -> Iterator[Cause]:
    """An invoice is for every call; a row that is a finished task tells only one of its calls."""
    usd = month.usd
    if not usd or log.grain == "aggregate":
        return
    if calls_per_row > 1:
        yield Cause(
            f"Each row is one of {calls_per_row:.4g} billed calls of a task: the others, which "
            f"the log does not hold, come to {dollars((calls_per_row - 1) * usd)}.",
            (calls_per_row - 1) * usd,
        )
    elif log.repeats is None:
        yield Cause(
            "Nothing in the log ties calls together: if each row is a finished task of several "
            f"calls, {1 + gap / usd:.2f} calls per task would explain all of it."
        )


def _unpriced(month: Month, log: Log) -> Cause:
    names = ", ".join(
        "no name" if name == UNNAMED else name for name, _ in month.unpriced_tokens.most_common(3)
    )
    tokens = month.unpriced_tokens.total()
    known = month.tokens - tokens
    words = f"{_calls(month.unpriced_rows, log)} of models without a known price ({names})"
    if not (month.usd and known and tokens):
        return Cause(f"{words} {_are(month.unpriced_rows)} not in the log's spend.")
    usd = tokens * month.usd / known
    return Cause(
        f"{words} {_are(month.unpriced_rows)} not in the log's spend, "
        f"{month.unpriced_share:.0%} of the tokens: at what the others cost per token about "
        f"{dollars(usd)}.",
        usd,
    )


def _log_too_high(month: Month, log: Log) -> Iterator[Cause]:
    usd = month.usd or 0.0
    if month.dearest_usd > _SWAMPING * usd:
        yield Cause(
            f"One call alone is logged at {dollars(month.dearest_usd)}. Check it.",
            -month.dearest_usd,
        )
    if log.source not in SERVICE_SOURCES:
        half = BATCH_DISCOUNT * usd
        yield Cause(
            f"Batch and flex work is billed at half the list price: if all of it were, "
            f"{dollars(half)} less.",
            -half,
        )


def _other_accounts(month: Month, invoice_usd: float) -> Iterator[Cause]:
    usd = month.usd or 0.0
    shares = {name: part for name, part in month.by_provider_usd.items() if name and part > 0}
    if len(shares) > 1:
        name, part = min(shares.items(), key=lambda pair: abs(pair[1] - invoice_usd))
        yield Cause(
            f"The log holds calls of several providers, an invoice only those of one: "
            f"{name} comes to {dollars(part)}.",
            part - usd,
        )
    yield Cause(f"An agreed discount of {1 - invoice_usd / usd:.1%} would explain all of it.")
    if not month.cached_tokens and month.priced_usd:
        yield Cause(
            "The log counts no cached tokens: what providers read from their cache costs a tenth "
            "to a half of the input price."
        )
    yield Cause("Credits, free allowances, or an invoice for some of the logged keys only.")


def _calls(count: int, log: Log) -> str:
    noun = "row" if log.grain == "aggregate" else "call"
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def dollars(amount: float) -> str:
    """An amount for people: cents below $100, none above."""
    if 0 < abs(amount) < 0.005:
        return "under $0.01"
    return f"${amount:,.2f}" if abs(amount) < 100 else f"${amount:,.0f}"
