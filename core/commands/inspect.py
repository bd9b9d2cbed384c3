"""`tierwise inspect LOG`: what a log is, and what it comes to."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass

import pyarrow.parquet as pq

from core.catalog.catalogue import load_catalogue
from core.commands.opening import add_log_arguments, open_log
from core.commands.reconciling import reconcile_json, reconcile_lines
from core.commands.result import Json, Result, iso
from core.commands.summing import baseline_json, baseline_lines
from core.logs.log import Log
from core.logs.sources.registry import source_of
from core.reports.words import usd
from core.workload.aggregate import BASELINE_COLUMNS, Baseline, baseline
from core.workload.bill import Bill, read_bill
from core.workload.grains import grain_words
from core.workload.notes import Notes, model_counts, resolve_names
from core.workload.reconcile import Reconciliation, reconcile
from core.workload.workload import UNNAMED

SHOWN_MODELS = 12
_FAILED = {"error": "the call failed", "cancelled": "the call was cancelled"}


@dataclass(frozen=True)
class _Money:
    """What the log comes to; by model and month for a summary, and beside an invoice."""

    bill: Bill
    baseline: Baseline | None
    beside: Reconciliation | None


def add_arguments(parser: ArgumentParser) -> None:
    """The log to look at, and the invoice to hold against it."""
    add_log_arguments(parser)
    parser.add_argument(
        "--invoice",
        type=float,
        metavar="USD",
        help="what the provider charged for the month: says what may lie between it and the log",
    )
    parser.add_argument(
        "--calls-per-row",
        type=float,
        default=1.0,
        metavar="N",
        help="billed calls behind a row, where rows are finished tasks (for --invoice)",
    )


def run(arguments: Namespace) -> Result:
    """What the log is, with its list price from the catalogue beside the logged cost."""
    with open_log(arguments) as opened:
        log = opened.log
        names = resolve_names(model_counts(log), load_catalogue(), Notes(), log.source)
        bill = read_bill(opened.queries, names, log.source)
        summed = None
        if log.grain == "aggregate":
            rows = pq.read_table(opened.queries, columns=BASELINE_COLUMNS)
            summed = baseline(rows, names, log.source)
    beside = None
    if arguments.invoice is not None:
        beside = reconcile(bill, arguments.invoice, log, arguments.calls_per_row)
    money = _Money(bill, summed, beside)
    return Result(_json(log, money), tuple(_lines(log, money)))


def _json(log: Log, money: _Money) -> dict[str, Json]:
    bill = money.bill
    return {
        "source": log.source,
        "source_label": source_of(log.source).label,
        "grain": log.grain,
        "rows": log.rows,
        "rows_kept": log.rows_kept,
        "dropped": {**log.dropped, **{_FAILED[s]: n for s, n in log.failed.items()}},
        "passed_over": dict(log.passed_over),
        "requests": log.requests,
        "calls_per_ask": log.calls_per_ask,
        "sessions": log.sessions,
        "models": dict(log.models),
        "input_tokens": log.input_tokens,
        "cache_read_tokens": log.cache_read_tokens,
        "cache_write_tokens": log.cache_write_tokens,
        "output_tokens": log.output_tokens,
        "reasoning_tokens": log.reasoning_tokens,
        "input_tokens_estimated": log.input_tokens_estimated,
        "output_tokens_estimated": log.output_tokens_estimated,
        "cost_usd": log.logged_cost_usd,
        "failed_usd": log.failed_usd,
        "priced_usd": bill.list_usd,
        "unpriced_share": bill.total.unpriced_share,
        "first_time": iso(log.first_time),
        "last_time": iso(log.last_time),
        "warnings": list(log.warnings),
        "baseline": baseline_json(money.baseline) if money.baseline else None,
        "reconcile": reconcile_json(money.beside) if money.beside else None,
    }


def _lines(log: Log, money: _Money) -> list[str]:
    label = source_of(log.source).label
    article = "an" if label[:1].lower() in "aeio" else "a"
    lines = [
        f"This is {article} {label}. {grain_words(log.grain)}",
        f"{log.name}: {log.rows_kept:,} of {_count(log.rows, 'row')} kept",
        *_what(log),
        *(f"{side.capitalize()} tokens: {_tokens(log, side)}" for side in ("input", "output")),
        *(f"Left out: {_count(count, 'row')}, {why}" for why, count in log.dropped.items()),
        *(f"Left out: {_count(n, 'row')}, {_FAILED[status]}" for status, n in log.failed.items()),
        *(f"Passed over: {_count(count, 'row')}, {why}" for why, count in log.passed_over.items()),
        *(f"Redacted: {count:,} x {kind}" for kind, count in log.redactions.items()),
        *(f"Note: {warning}" for warning in log.warnings),
        *_cost_lines(log, money.bill),
    ]
    if money.baseline:
        lines += baseline_lines(money.baseline)
    return [*lines, *reconcile_lines(money.beside)] if money.beside else lines


def _what(log: Log) -> list[str]:
    lines = []
    if log.grain == "aggregate":
        lines.append(f"Calls: {log.requests:,}" if log.requests else "Calls: not counted")
    if log.first_time and log.last_time:
        lines.append(
            f"Period: {log.first_time:%Y-%m-%d %H:%M} to {log.last_time:%Y-%m-%d %H:%M} UTC"
        )
    shown = [
        f"{name} ({count:,})" if count else name
        for name, count in list(log.models.items())[:SHOWN_MODELS]
    ]
    more = len(log.models) - len(shown)
    words = ", ".join(shown) + (f" and {more:,} more" if more else "")
    kinds = _count(len(log.models), "model")
    lines.append(f"{kinds[0].upper()}{kinds[1:]}: {words}" if shown else "Models: not stated")
    if log.sessions:
        lines.append(f"Conversations: {log.sessions:,}")
    if log.calls_per_ask is not None and log.calls_per_ask > 1:
        lines.append(f"Calls per ask: {log.calls_per_ask:.2f} (retries and steps of tool use)")
    return lines


def _tokens(log: Log, side: str) -> str:
    logged, guessed = getattr(log, f"{side}_tokens"), getattr(log, f"{side}_tokens_estimated")
    parts = [f"{logged:,} logged"] if logged is not None else []
    parts += [f"about {guessed:,} estimated"] if guessed else []
    kinds = {
        "input": {
            "read from the cache": log.cache_read_tokens,
            "written to the cache": log.cache_write_tokens,
        },
        "output": {"for reasoning": log.reasoning_tokens},
    }
    inside = [f"{count:,} {kind}" for kind, count in kinds[side].items() if count]
    words = ", ".join(parts) or "unknown"
    return f"{words}, of them {' and '.join(inside)}" if inside else words


def _cost_lines(log: Log, bill: Bill) -> list[str]:
    logged = usd(log.logged_cost_usd) if log.logged_cost_usd is not None else "not stated"
    if log.logged_cost_usd is not None and log.rows_with_cost < log.rows_kept:
        logged += f" ({log.rows_with_cost:,} of {_count(log.rows_kept, 'row')} state one)"
    why = "no model has a price" if bill.total.tokens else "no tokens are counted"
    listed = usd(bill.list_usd) if bill.list_usd is not None else f"unknown: {why}"
    lines = [f"Cost as logged: {logged}", f"Cost at list prices: {listed}"]
    if log.failed_usd:
        lines.append(f"Logged for calls that failed, not in these figures: {usd(log.failed_usd)}")
    unpriced = bill.total.unpriced_tokens
    if unpriced:
        names = ", ".join(
            "no model named" if name == UNNAMED else name for name, _ in unpriced.most_common(5)
        )
        lines.append(
            f"Without a cost or a known price: {bill.total.unpriced_share:.1%} of the tokens "
            f"({names})"
        )
    return lines


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
