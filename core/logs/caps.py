"""Where tools stop an export: a log of exactly so many rows is probably cut."""

from __future__ import annotations

from typing import Final

_KNOWN: Final = frozenset({500, 1_000, 50_000, 1_048_575, 1_500_000})  # of several tools


def rows_at_cap(rows: int, passed_over: int, row_cap: int | None = None) -> int | None:
    """The rows at which the export stopped; None where their number says nothing.

    `rows` are the calls of a file and `passed_over` its other rows, which a tool's own
    `row_cap` counts too.
    """
    in_file = rows + passed_over
    if row_cap is not None and row_cap == in_file:
        return in_file
    return rows if rows in _KNOWN or rows == row_cap else None
