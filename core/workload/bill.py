"""What a log comes to, month by month: as logged, at list prices, and what has no price."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.logs.query_file import query_batches
from core.workload.pricing import PRICED_COLUMNS, Floats, Mask, Names, counted, list_prices
from core.workload.workload import UNNAMED

CHUNK_ROWS: Final = 100_000
BILLED_COLUMNS: Final = [
    *PRICED_COLUMNS, "status", "input_estimated", "output_estimated",
]  # fmt: skip


@dataclass
class Month:
    """Sums over the calls of one calendar month in UTC; amounts in USD.

    A row is a call, or in some logs a sum of calls. Calls that failed or were cancelled are in
    `failed_...` and nowhere else.
    """

    first: datetime | None = None
    last: datetime | None = None
    rows: int = 0
    calls: int = 0  # as far as the log counts them: some sums do not
    tokens: int = 0  # in and out, where they are counted
    logged_usd: float = 0.0
    logged_rows: int = 0
    priced_usd: float = 0.0  # at list prices, of the calls without a logged cost
    priced_rows: int = 0
    unpriced_rows: int = 0  # neither a cost nor a price
    unpriced_tokens: Counter[str] = field(default_factory=Counter)  # of these, by model
    list_usd: float = 0.0  # at list prices, of all calls that have one
    list_rows: int = 0
    both_logged_usd: float = 0.0  # the calls that have a logged cost and a list price ...
    both_list_usd: float = 0.0
    free_rows: int = 0  # logged as free, with a list price above zero
    free_list_usd: float = 0.0
    dearest_usd: float = 0.0  # the one call that logs the highest cost
    estimated_usd: float = 0.0  # the part of `priced_usd` that rests on estimated tokens
    cached_tokens: int = 0  # read from the cache, in the calls behind `priced_usd`
    cached_aside_usd: float = 0.0  # what these would add if the input did not include them
    by_provider_usd: Counter[str] = field(default_factory=Counter)  # "" where nobody knows it
    failed_rows: int = 0
    failed_usd: float = 0.0  # as logged
    failed_list_usd: float = 0.0  # their tokens at list prices, where no cost is logged

    @property
    def usd(self) -> float | None:
        """What the month comes to: as logged, at list prices elsewhere; None if nothing has one."""
        if not self.logged_rows and not self.priced_rows:
            return None
        return self.logged_usd + self.priced_usd

    @property
    def unpriced_share(self) -> float:
        """The share of tokens (of rows, where none are counted) without a cost or a price."""
        if self.tokens:
            return self.unpriced_tokens.total() / self.tokens
        return self.unpriced_rows / self.rows if self.rows else 0.0


@dataclass(frozen=True)
class Bill:
    """The months of a log; those of its calls that have no time stand under None."""

    months: dict[date | None, Month]  # by the first day of the month

    @property
    def list_usd(self) -> float | None:
        """All calls that went well, at list prices; None when none of them has one."""
        total = self.total
        return total.list_usd if total.list_rows else None

    @property
    def total(self) -> Month:
        """All months together."""
        total = Month()
        for month in self.months.values():
            for name, value in vars(month).items():
                if name == "dearest_usd":
                    total.dearest_usd = max(total.dearest_usd, value)
                elif name not in ("first", "last"):
                    setattr(total, name, getattr(total, name) + value)
        dated = [month for month in self.months.values() if month.first and month.last]
        total.first = min((month.first for month in dated if month.first), default=None)
        total.last = max((month.last for month in dated if month.last), default=None)
        return total


def read_bill(queries: Path, names: Names, source: str = "") -> Bill:
    """The bill of the canonical rows in a Parquet file; `source` is the log's."""
    months: dict[date | None, Month] = {}
    for batch in query_batches(queries, BILLED_COLUMNS, CHUNK_ROWS):
        _add(pa.table(batch), names, source, months)
    return Bill(dict(sorted(months.items(), key=lambda pair: pair[0] or date.max)))


def _add(rows: pa.Table, names: Names, source: str, months: dict[date | None, Month]) -> None:
    listed = list_prices(rows, names, source)
    starts = pc.floor_temporal(rows["time"], unit="month")
    for start in pc.unique(starts).to_pylist():
        here = pc.is_null(starts) if start is None else pc.equal(starts, pa.scalar(start))
        mask = pc.fill_null(here, False).to_numpy(zero_copy_only=False)
        month = months.setdefault(start.date() if start else None, Month())
        _add_month(rows.filter(pa.array(mask)), listed[mask], names, source, month)


def _add_month(rows: pa.Table, listed: Floats, names: Names, source: str, month: Month) -> None:
    ok = pc.equal(rows["status"], "ok").to_numpy(zero_copy_only=False)
    _add_failed(rows.filter(pa.array(~ok)), listed[~ok], month)
    rows, listed = rows.filter(pa.array(ok)), listed[ok]
    _add_times(rows["time"], month)
    cost = rows["cost_usd"].to_numpy(zero_copy_only=False).astype(np.float64)
    tokens = _tokens(rows)
    costed, priced = ~np.isnan(cost), ~np.isnan(listed)
    month.rows += rows.num_rows
    month.calls += int(rows["requests"].to_numpy().sum())
    month.tokens += int(tokens.sum())
    month.logged_usd += float(cost[costed].sum())
    month.logged_rows += int(costed.sum())
    month.dearest_usd = max(month.dearest_usd, float(cost[costed].max(initial=0.0)))
    month.list_usd += float(listed[priced].sum())
    month.list_rows += int(priced.sum())
    both = costed & priced
    month.both_logged_usd += float(cost[both].sum())
    month.both_list_usd += float(listed[both].sum())
    free = both & (cost == 0.0) & (listed > 0.0)
    month.free_rows += int(free.sum())
    month.free_list_usd += float(listed[free].sum())
    ours = priced & ~costed
    month.priced_usd += float(listed[ours].sum())
    month.priced_rows += int(ours.sum())
    estimated = pc.or_(rows["input_estimated"], rows["output_estimated"]).to_numpy(
        zero_copy_only=False
    )
    month.estimated_usd += float(listed[ours & estimated].sum())
    _add_providers(rows, np.where(costed, cost, listed), names, month)
    _add_cached(rows, listed, ours, names, source, month)
    unknown = ~priced & ~costed & counted(rows)
    month.unpriced_rows += int(unknown.sum())
    names_of = pc.fill_null(rows["model"], UNNAMED).filter(pa.array(unknown))
    table = pa.table({"model": names_of, "tokens": tokens[unknown]})
    for found in table.group_by("model").aggregate([("tokens", "sum")]).to_pylist():
        month.unpriced_tokens[found["model"]] += found["tokens_sum"]


def _add_failed(rows: pa.Table, listed: Floats, month: Month) -> None:
    cost = rows["cost_usd"].to_numpy(zero_copy_only=False).astype(np.float64)
    month.failed_rows += rows.num_rows
    month.failed_usd += float(np.nansum(cost))
    month.failed_list_usd += float(np.nansum(listed[np.isnan(cost)]))


def _add_providers(rows: pa.Table, usd: Floats, names: Names, month: Month) -> None:
    table = pa.table({"model": pc.fill_null(rows["model"], UNNAMED), "usd": np.nan_to_num(usd)})
    for found in table.group_by("model").aggregate([("usd", "sum")]).to_pylist():
        model = names.get(found["model"])
        month.by_provider_usd[model.provider if model else ""] += found["usd_sum"]


def _add_cached(
    rows: pa.Table, listed: Floats, ours: Mask, names: Names, source: str, month: Month
) -> None:
    read = rows["cache_read_tokens"].to_numpy()
    cached = ours & (read > 0)
    if not cached.any():
        return
    some = rows.filter(pa.array(cached))
    more = pc.add(pc.fill_null(some["input_tokens"], 0), some["cache_read_tokens"])
    aside = some.set_column(some.column_names.index("input_tokens"), "input_tokens", more)
    month.cached_tokens += int(read[cached].sum())
    month.cached_aside_usd += float((list_prices(aside, names, source) - listed[cached]).sum())


def _add_times(times: pa.ChunkedArray, month: Month) -> None:
    span = pc.min_max(times).as_py()
    if span["min"] is not None:
        first, last = span["min"].astimezone(UTC), span["max"].astimezone(UTC)
        month.first = min(first, month.first or first)
        month.last = max(last, month.last or last)


def _tokens(rows: pa.Table) -> npt.NDArray[np.int64]:
    both = pc.add(pc.fill_null(rows["input_tokens"], 0), pc.fill_null(rows["output_tokens"], 0))
    return np.asarray(both.to_numpy(), dtype=np.int64)
