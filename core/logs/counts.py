"""The token counts of a chunk: logged, else the rest of a total, else from text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.logs import amounts, tokens
from core.logs.answers import is_length
from core.logs.cells import Cells
from core.logs.mapping import Mapping
from core.logs.texts import Texts, read_replies

_NO_COUNT: Final = pa.scalar(None, pa.int64())


@dataclass(frozen=True)
class Counts:
    """Tokens per row, null where nothing tells; `negative` where a logged count is below 0.

    Input includes what was read from and written to the cache, output includes reasoning.
    """

    input: pa.Array
    cached: pa.Array
    written: pa.Array
    output: pa.Array
    reasoning: pa.Array
    input_estimated: pa.Array
    output_estimated: pa.Array
    negative: pa.Array


def read_counts(cells: Cells, mapping: Mapping, texts: Texts | None) -> Counts:
    """The counts of all rows; "estimated" are those that come from a text."""
    logged_input, output = cells.counts("input_tokens"), cells.counts("output_tokens")
    total, reasoning = cells.counts("total_tokens"), cells.counts("reasoning_tokens")
    read, write = cells.counts("cached_tokens"), cells.counts("cache_write_tokens")
    negative = pa.repeat(False, len(output))
    for counts in (logged_input, output, total, reasoning, read, write):
        negative = pc.or_(negative, pc.fill_null(pc.less(counts, 0), False))
    cached, written = pc.fill_null(read, 0), pc.fill_null(write, 0)
    if mapping.cached_beside_input:
        logged_input = pc.add(pc.add(logged_input, cached), written)
    rest = pc.subtract(total, output)
    logged_input = pc.coalesce(logged_input, pc.if_else(pc.less(rest, 0), _NO_COUNT, rest))
    input_estimated = pc.is_null(logged_input)
    inputs = logged_input
    if texts is not None and pc.any(input_estimated).as_py():
        guess = pc.max_element_wise(
            texts.estimated_tokens(input_estimated), pc.add(cached, written), skip_nulls=False
        )
        inputs = pc.coalesce(logged_input, guess)
    input_estimated = pc.and_(input_estimated, pc.is_valid(inputs))
    rest = pc.max_element_wise(pc.subtract(total, inputs), 0, skip_nulls=False)
    output_estimated = pc.and_(input_estimated, pc.and_(pc.is_null(output), pc.is_valid(rest)))
    output = pc.coalesce(output, rest)
    from_response = _response_tokens(cells, mapping, pc.is_null(output))
    output_estimated = pc.or_(
        output_estimated, pc.and_(pc.is_null(output), pc.is_valid(from_response))
    )
    output = pc.coalesce(output, from_response)
    return Counts(
        inputs, cached, written, output, reasoning, input_estimated, output_estimated, negative
    )


def _response_tokens(cells: Cells, mapping: Mapping, needed: pa.Array) -> pa.Array:
    """Tokens of the answers where `needed`, from their text or their length in characters."""
    if mapping.response is None or not pc.any(needed).as_py():
        return pa.nulls(len(needed), pa.int64())
    if is_length(mapping):
        length = cells.numbers("response")
        return amounts.whole(pc.divide(length, tokens.CHARS_PER_TOKEN))
    replies = read_replies(pc.if_else(needed, cells.raw("response"), pa.scalar(None, pa.string())))
    blank = pc.equal(pc.utf8_trim_whitespace(pc.fill_null(replies, "")), "")
    return pc.if_else(blank, _NO_COUNT, tokens.count(replies))
