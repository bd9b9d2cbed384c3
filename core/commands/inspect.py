"""`tierwise inspect LOG`: what a log is, and what it comes to."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from core.catalog.catalogue import load_catalogue
from core.commands.opening import open_path
from core.commands.reconciling import reconcile_json, reconcile_lines
from core.commands.result import Json, Result, iso, usd
from core.logs.log import Log
from core.logs.sources.registry import source_of
from core.workload.bill import Bill, read_bill
from core.workload.notes import Notes, model_counts, resolve_names
from core.workload.reconcile import Reconciliation, reconcile
from core.workload.workload import UNNAMED

SHOWN_MODELS = 12
_FAILED = {"error": "the call failed", "cancelled": "the call was cancelled"}
_GRAINS = {
    "request_text": "one call per row, with the text of the query",
    "request_notext": "one call per row, without text: its queries can be sorted only roughly",
    "aggregate": "many calls per row: good for what is spent today, not for sorting queries",
}


def add_arguments(parser: ArgumentParser) -> None:
    """The log to look at, and the invoice to hold against it."""
    parser.add_argument("log", type=Path, metavar="LOG", help="CSV, JSON, JSONL, Parquet or Excel")
    parser.add_argument(
        "--invoice",
        type=float,
        metavar="USD",
        help="what the provider charged for the month: says what may lie between it and the log",
    )


def run(arguments: Namespace) -> Result:
    """What the log is, with its list price from the catalogue beside the logged cost."""
    with open_path(arguments.log) as opened:
        log = opened.log
        names = resolve_names(model_counts(log), load_catalogue(), Notes(), log.source)
        bill = read_bill(opened.queries, names, log.source)
    beside = None if arguments.invoice is None else reconcile(bill, arguments.invoice, log)
    return Result(_json(log, bill, beside), tuple(_lines(log, bill, beside)))


def _json(log: Log, bill: Bill, beside: Reconciliation | None) -> dict[str, Json]:
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
        "reconcile": reconcile_json(beside) if beside else None,
    }


def _lines(log: Log, bill: Bill, beside: Reconciliation | None) -> list[str]:
    label = source_of(log.source).label
    article = "an" if label[:1].lower() in "aeio" else "a"
    lines = [
        f"This is {article} {label}: {_GRAINS[log.grain]}.",
        f"{log.name}: {log.rows_kept:,} of {_count(log.rows, 'row')} kept",
        *_what(log),
        *(f"{side.capitalize()} tokens: {_tokens(log, side)}" for side in ("input", "output")),
        *(f"Left out: {_count(count, 'row')}, {why}" for why, count in log.dropped.items()),
        *(f"Left out: {_count(n, 'row')}, {_FAILED[status]}" for status, n in log.failed.items()),
        *(f"Passed over: {_count(count, 'row')}, {why}" for why, count in log.passed_over.items()),
        *(f"Redacted: {count:,} x {kind}" for kind, count in log.redactions.items()),
        *(f"Note: {warning}" for warning in log.warnings),
        *_cost_lines(log, bill),
    ]
    return [*lines, *reconcile_lines(beside)] if beside else lines


def _what(log: Log) -> list[str]:
    lines = []
    if log.requests != log.rows_kept:
        lines.append(f"Calls: {log.requests:,}")
    if log.first_time and log.last_time:
        lines.append(
            f"Period: {log.first_time:%Y-%m-%d %H:%M} to {log.last_time:%Y-%m-%d %H:%M} UTC"
        )
    shown = [f"{name} ({count:,})" for name, count in list(log.models.items())[:SHOWN_MODELS]]
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
    listed = usd(bill.list_usd) if bill.list_usd is not None else "unknown: no model has a price"
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
