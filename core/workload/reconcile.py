"""The month's invoice beside what the log comes to, and what usually lies between the two."""

from __future__ import annotations

import calendar
import math
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.errors import BadInput
from core.logs.log import Log
from core.workload.bill import Bill, Month
from core.workload.causes import Cause, Period, causes_of, dollars

AGREES_WITHIN = 0.02  # of the invoice: rounding, and calls around midnight of the month's ends


@dataclass(frozen=True)
class Reconciliation:
    """An invoice and the log's spend in the same month, in USD.

    `month` is the one that the log covers best, None when no call has a time: then the whole
    log is compared. `log_usd` leaves failed calls out, and what has no price; it is None when
    nothing in the month has a cost or a price. `causes` are the likeliest first, and none are
    looked for where the two agree.
    """

    invoice_usd: float
    month: date | None
    months: tuple[date, ...]  # all months with calls, by their first day
    first_day: date | None  # of the calls in the month
    last_day: date | None
    log_usd: float | None
    logged_usd: float
    priced_usd: float
    failed_usd: float
    unpriced_share: float  # of the tokens
    causes: tuple[Cause, ...]
    calls_per_row: float = 1.0  # billed calls like the logged one, as a person said

    @property
    def ratio(self) -> float | None:
        """The log's spend over the invoice; None when the log has none."""
        return None if self.log_usd is None else self.log_usd / self.invoice_usd

    @property
    def agrees(self) -> bool:
        """Whether the two are the same for all practical purposes."""
        return self.ratio is not None and abs(self.ratio - 1) <= AGREES_WITHIN

    @property
    def words(self) -> str:
        """The two figures and their ratio in one sentence."""
        when = f"in {self.month:%B %Y}" if self.month else "as a whole (no call has a time)"
        if self.log_usd is None or self.ratio is None:
            return f"Nothing in the log has a cost or a known price {when}."
        verdict = " The two agree." if self.agrees else ""
        if verdict and self.calls_per_row > 1:
            verdict = " The two agree, so each row already holds the cost of its whole task."
        return (
            f"The log comes to {dollars(self.log_usd)} {when}, {self.ratio:.1%} of the invoice of "
            f"{dollars(self.invoice_usd)}.{verdict}"
        )


def reconcile(
    bill: Bill, invoice_usd: float, log: Log, calls_per_row: float = 1.0
) -> Reconciliation:
    """The invoice beside the month that the log covers best; BadInput for one of 0 or less.

    `calls_per_row` are the billed calls, each like the logged one, that stand behind a row: the
    log's spend stays that of its rows, and what the others add is one of the causes. BadInput
    for less than 1.
    """
    if not (math.isfinite(calls_per_row) and calls_per_row >= 1):
        raise BadInput(
            f"{calls_per_row:g} calls per row",
            where="calls per row",
            remedy="Type how many billed calls stand behind a row, 1 or more",
        )
    if not (math.isfinite(invoice_usd) and invoice_usd > 0):
        raise BadInput(
            f"an invoice of {invoice_usd:g} USD",
            where="invoice",
            remedy="Type what the provider charged for the month, such as 1250.40",
        )
    starts = [start for start in bill.months if start is not None]
    periods = [_period(start, starts, bill.months[start]) for start in starts]
    period = max(periods, key=lambda p: (p.days, p.month), default=None)
    start = period.month if period else None
    month = bill.months.get(start) or Month()
    found = Reconciliation(
        invoice_usd=invoice_usd,
        month=start,
        months=tuple(starts),
        first_day=period.first if period else None,
        last_day=period.last if period else None,
        log_usd=month.usd,
        logged_usd=month.logged_usd,
        priced_usd=month.priced_usd,
        failed_usd=month.failed_usd,
        unpriced_share=month.unpriced_share,
        causes=(),
        calls_per_row=calls_per_row,
    )
    if found.agrees:
        return found
    causes = causes_of(bill, month, period, invoice_usd, log, calls_per_row)
    return replace(found, causes=causes)


def _period(start: date, starts: list[date], month: Month) -> Period:
    """The days of a month that the log covers: one that goes on before or after has no gap."""
    length = calendar.monthrange(start.year, start.month)[1]
    end = start + timedelta(days=length - 1)
    first = start if min(starts) < start or month.first is None else month.first.date()
    last = end if max(starts) > start or month.last is None else month.last.date()
    return Period(start, first, last, length)
