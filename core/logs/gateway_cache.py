"""Answers that a gateway gave out of its own cache: asked like any query, billed by nobody."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

CACHE_HIT: Final = "cache hit"  # the first tag of such a row, whose cost is 0


def cache_hits(rows: pa.Table) -> pa.Array:
    """Which canonical rows (`tags` and `cost_usd`) a gateway answered from its own cache."""
    free = pc.fill_null(pc.equal(rows["cost_usd"], 0.0), False)
    if not pc.any(free).as_py():
        return pa.repeat(False, rows.num_rows)
    told = pc.match_substring_regex(pc.fill_null(rows["tags"], ""), rf"^{CACHE_HIT}(,|$)")
    found = pc.and_(free, told)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
