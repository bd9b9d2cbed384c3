"""What a reader of a log's figures should know, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from core.logs.caps import rows_at_cap
from core.logs.exact_tokens import counted_with
from core.logs.tally import Tally
from core.logs.tokens import error_in_words

_SWAMPING: Final = 0.2  # share of the log's cost in one row that is worth a look
_HUGE_CHARS: Final = 1_000_000  # about 250,000 tokens: rarely one question


def describe(
    tally: Tally,
    *,
    output_fill: int | None,
    filled: int,
    text_kept: bool,
    notes: Sequence[str] = (),
    row_cap: int | None = None,
) -> list[str]:
    """Warnings about a log's costs, times, texts and estimates, the gravest first.

    `filled` rows had no output count and were given `output_fill` tokens. `notes` hold for
    every log of this source, which stops an export at `row_cap` rows.
    """
    found = [
        *notes,
        *_failed(tally),
        *_costs(tally),
        *_estimates(tally, output_fill, filled),
        *_times(tally),
    ]
    found += [f"{count:,} value(s) left empty in {why}." for why, count in tally.doubts.items()]
    if exactly := rows_at_cap(tally.rows, tally.passed_over.total(), row_cap):
        found.append(
            f"The log has exactly {exactly:,} rows, where several tools stop: it may be cut."
        )
    if tally.longest_text > _HUGE_CHARS:
        found.append(
            f"One text is {tally.longest_text:,} characters long; in a CSV file that can be a "
            "quotation mark that is never closed."
        )
    if _looks_cut(tally):
        found.append(
            f"{tally.longest_count:,} texts are exactly {tally.longest_text:,} characters long: "
            "the tool that logged them probably cut them there."
        )
    if not text_kept:
        found.append("The texts were not kept, so the queries can be sorted by size only.")
    return found


def _failed(tally: Tally) -> list[str]:
    words = {"error": "failed", "cancelled": "were cancelled"}
    found = [
        f"{n:,} call(s) {words[s]}: left out of every figure." for s, n in tally.failed.items()
    ]
    if tally.failed_usd:
        found.append(f"They cost ${tally.failed_usd:,.2f} all the same, as logged.")
    return found


def _costs(tally: Tally) -> list[str]:
    found = []
    if tally.from_cache:
        found.append(
            f"{tally.from_cache:,} call(s) were answered from cache, the gateway's own: they count "
            "as queries, and their tokens cost nothing, neither at list prices nor in a plan."
        )
    rest = tally.cost_usd - tally.dearest_usd
    if tally.rows_with_cost >= 20 and tally.dearest_usd > _SWAMPING * tally.cost_usd > 0:
        found.append(
            f"One request ({tally.dearest_id}) logs ${tally.dearest_usd:,.2f} of the log's "
            f"${tally.cost_usd:,.2f}; all others together ${rest:,.2f}. Check it."
        )
    if tally.free_with_tokens and tally.free_with_tokens >= 0.02 * tally.rows_with_cost:
        found.append(
            f"{tally.free_with_tokens:,} of {tally.rows_with_cost:,} requests log a cost of 0 "
            "although they have tokens; often that means that the price was not known."
        )
    missing = tally.kept - tally.rows_with_cost
    if tally.rows_with_cost and missing:
        found.append(f"{missing:,} of {tally.kept:,} requests log no cost.")
    return found


def _estimates(tally: Tally, output_fill: int | None, filled: int) -> list[str]:
    found = []
    inputs = tally.sums["input_estimated_rows"]
    if inputs:
        found.append(f"Input tokens of {inputs:,} request(s) are counted from their text.")
    outputs = tally.sums["output_estimated_rows"] - filled
    if outputs > 0:
        found.append(f"Output tokens of {outputs:,} request(s) are counted from the answers.")
    if inputs or outputs > 0:
        found.append(error_in_words(counted_with()))
    if filled:
        own = tally.rows_with_output - filled >= 20
        origin = "the log's own median" if own else "a general assumption"
        found.append(
            f"{filled:,} request(s) have no output count; each is taken as "
            f"{output_fill:,} tokens ({origin})."
        )
    return found


def _times(tally: Tally) -> list[str]:
    found = []
    if tally.future:
        found.append(f"{tally.future:,} request(s) are dated in the future; check the clock.")
    missing = tally.kept - tally.rows_with_time
    if tally.rows_with_time and missing:
        found.append(f"{missing:,} of {tally.kept:,} requests have no usable time.")
    return found


def _looks_cut(tally: Tally) -> bool:
    """Many texts of the same, round, greatest length."""
    length = tally.longest_text
    is_round = length >= 200 and (length % 100 == 0 or bool(re.fullmatch("10+", f"{length:b}")))
    return is_round and tally.longest_count >= max(5, 0.005 * tally.kept)
