"""The facts of a log, once its rows have been counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.logs.cautions import describe
from core.logs.completion import Completion
from core.logs.log import Grain, Log
from core.logs.mapping import Mapping
from core.logs.sources.source import Source


def facts_of(
    done: Completion,
    source: Source,
    mapping: Mapping,
    *,
    digest: str,
    name: str,
    now: datetime,
    keep_text: bool,
    notes: Sequence[str] = (),
) -> Log:
    """The facts to keep beside the rows; `notes` say how the files were chosen."""
    tally = done.tally
    sums = tally.sums
    span = tally.last_time - tally.first_time if tally.first_time and tally.last_time else None
    cautions = describe(
        tally,
        output_fill=done.output_fill,
        filled=done.filled,
        text_kept=keep_text or not tally.with_text,
        notes=(*notes, *source.notes),
        row_cap=source.row_cap,
    )
    return Log(
        digest=digest,
        name=name,
        source=source.id,
        grain=_grain(source, done.has_text and keep_text),
        rows=tally.rows,
        rows_kept=tally.kept,
        dropped=dict(tally.dropped.most_common()),
        failed=dict(tally.failed.most_common()),
        failed_usd=tally.failed_usd,
        passed_over=dict(tally.passed_over.most_common()),
        requests=tally.requests,
        repeats=tally.repeats if done.repeats_known else None,
        sessions=len(tally.sessions) or None,
        models=dict(tally.models.most_common()),
        segments=dict(tally.segments.most_common()),
        input_tokens=sums["input_logged"] if sums["input_logged_rows"] else None,
        cache_read_tokens=sums["cache_read"],
        cache_write_tokens=sums["cache_write"],
        reasoning_tokens=sums["reasoning"],
        output_tokens=sums["output_logged"] if sums["output_logged_rows"] else None,
        input_tokens_estimated=sums["input_estimated"],
        output_tokens_estimated=sums["output_estimated"],
        logged_cost_usd=tally.cost_usd if tally.rows_with_cost else None,
        rows_with_cost=tally.rows_with_cost,
        first_time=tally.first_time,
        last_time=tally.last_time,
        rows_with_time=tally.rows_with_time,
        days=span.total_seconds() / 86_400 if span is not None else None,
        redactions=dict(tally.redactions.most_common()),
        warnings=tuple(cautions),
        mapping=mapping,
        imported_at=now,
    )


def _grain(source: Source, has_text: bool) -> Grain:
    if source.kind == "aggregate":
        return "aggregate"
    return "request_text" if has_text else "request_notext"
