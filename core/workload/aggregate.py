"""The baseline of a log that is a summary: spend and volume, by model and by month.

It needs no queries, so it holds for every grain; calls are the sums of `requests`, not rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.workload.pricing import PRICED_COLUMNS, Names, list_prices
from core.workload.workload import UNNAMED

BASELINE_COLUMNS: Final = [*PRICED_COLUMNS, "status"]


@dataclass(frozen=True)
class Amounts:
    """Sums over some rows; tokens are None where no row counts them, money where none has it.

    `logged_requests` and `listed_requests` say how many of the calls stand behind the cost as
    logged and at list prices: the two are comparable only where they are equal.
    """

    requests: int
    input_tokens: int | None  # cached ones included
    cache_read_tokens: int
    cache_write_tokens: int
    output_tokens: int | None
    logged_usd: float | None
    logged_requests: int
    list_usd: float | None
    listed_requests: int


@dataclass(frozen=True)
class Baseline:
    """What a log comes to: in all, by model (dearest first) and by month (UTC).

    Rows without a model stand under UNNAMED, rows without a time under None, last.
    """

    total: Amounts
    by_model: dict[str, Amounts]
    by_month: dict[date | None, Amounts]  # by the first day of the month


def baseline(rows: pa.Table, names: Names, source: str = "") -> Baseline:
    """The baseline of canonical rows with at least BASELINE_COLUMNS; failed calls are left out.

    `names` says what logged model names stand for, and `source` is the log's.
    """
    rows = rows.filter(pc.equal(rows["status"], "ok"))
    listed = pa.array(list_prices(rows, names, source), from_pandas=True)  # NaN becomes null
    sums = pa.table(
        {
            "everything": pa.repeat(0, rows.num_rows),
            "model": pc.fill_null(rows["model"], UNNAMED),
            "month": pc.cast(pc.floor_temporal(rows["time"], unit="month"), pa.date32()),
            **{name: rows[name] for name in _SUMMED},
            "logged_usd": rows["cost_usd"],
            "logged_requests": pc.if_else(pc.is_valid(rows["cost_usd"]), rows["requests"], 0),
            "list_usd": listed,
            "listed_requests": pc.if_else(pc.is_valid(listed), rows["requests"], 0),
        }
    )
    models: dict[str, Amounts] = dict(_by(sums, "model"))
    months: dict[date | None, Amounts] = dict(_by(sums, "month"))
    return Baseline(
        total=dict(_by(sums, "everything")).get(0, _NOTHING),
        by_model=dict(sorted(models.items(), key=lambda pair: (-_usd(pair[1]), pair[0]))),
        by_month=dict(sorted(months.items(), key=lambda pair: pair[0] or date.max)),
    )


_SUMMED: Final = (
    "requests", "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens",
)  # fmt: skip
_MONEY: Final = ("logged_usd", "logged_requests", "list_usd", "listed_requests")
_NOTHING: Final = Amounts(0, None, 0, 0, None, None, 0, None, 0)


def _by(sums: pa.Table, column: str) -> Iterator[tuple[Any, Amounts]]:
    """The sums per value of a column; a sum of nothing but nulls is None."""
    added = [*_SUMMED, *_MONEY]
    found = sums.group_by(column).aggregate([(name, "sum") for name in added])
    for row in found.to_pylist():
        yield row[column], Amounts(**{name: row[f"{name}_sum"] for name in added})


def _usd(amounts: Amounts) -> float:
    known = amounts.logged_usd if amounts.logged_usd is not None else amounts.list_usd
    return known or 0.0
