"""`tierwise inspect LOG`: what a log is."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

import pyarrow.parquet as pq

from core.catalog.catalogue import load_catalogue
from core.commands.opening import open_path
from core.commands.result import Json, Result, iso, usd
from core.logs.log import Log
from core.workload.notes import Notes, model_counts, resolve_names
from core.workload.spend import list_price_usd

_FAILED = {"error": "the call failed", "cancelled": "the call was cancelled"}


def add_arguments(parser: ArgumentParser) -> None:
    """The log to look at."""
    parser.add_argument("log", type=Path, metavar="LOG", help="CSV, JSON, JSONL, Parquet or Excel")


def run(arguments: Namespace) -> Result:
    """What the log is, with its list price from the catalogue beside the logged cost."""
    with open_path(arguments.log) as opened:
        log = opened.log
        names = resolve_names(model_counts(log), load_catalogue(), Notes())
        columns = ["model", "input_tokens", "cache_read_tokens", "output_tokens"]
        filters = [("status", "=", "ok")]
        rows = pq.read_table(opened.queries, columns=columns, filters=filters)
        priced_usd = list_price_usd(rows, names)
    return Result(_json(log, priced_usd), (*_lines(log), *_price_lines(log, priced_usd)))


def _json(log: Log, priced_usd: float | None) -> dict[str, Json]:
    return {
        "source": log.source,
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
        "input_tokens_estimated": log.input_tokens_estimated,
        "output_tokens_estimated": log.output_tokens_estimated,
        "cost_usd": log.logged_cost_usd,
        "priced_usd": priced_usd,
        "first_time": iso(log.first_time),
        "last_time": iso(log.last_time),
        "warnings": list(log.warnings),
    }


def _lines(log: Log) -> list[str]:
    lines = [f"{log.name}: {log.rows_kept:,} of {log.rows:,} rows kept ({log.grain})"]
    if log.first_time and log.last_time:
        lines.append(
            f"Period: {log.first_time:%Y-%m-%d %H:%M} to {log.last_time:%Y-%m-%d %H:%M} UTC"
        )
    models = ", ".join(f"{name} ({count:,})" for name, count in log.models.items())
    lines.append(f"Models: {models or 'not stated'}")
    for name in ("input", "output"):
        logged, guessed = getattr(log, f"{name}_tokens"), getattr(log, f"{name}_tokens_estimated")
        parts = [f"{logged:,} logged"] if logged is not None else []
        parts += [f"about {guessed:,} estimated"] if guessed else []
        lines.append(f"{name.capitalize()} tokens: {', '.join(parts) or 'unknown'}")
    lines += [f"Left out: {count:,} rows, {reason}" for reason, count in log.dropped.items()]
    lines += [f"Redacted: {count:,} x {kind}" for kind, count in log.redactions.items()]
    return [*lines, *(f"Note: {warning}" for warning in log.warnings)]


def _price_lines(log: Log, priced_usd: float | None) -> list[str]:
    logged = usd(log.logged_cost_usd) if log.logged_cost_usd is not None else "not stated"
    listed = usd(priced_usd) if priced_usd is not None else "unknown: no model has a list price"
    return [f"Cost as logged: {logged}", f"Cost at list prices: {listed}"]
