"""What canonical rows cost at list prices, each as it would have been billed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.catalog.model import Model, Price
from core.catalog.tariff import Changes, Service, changes_of, rates_at
from core.logs.gateway_cache import cache_hits
from core.logs.sources.registry import SOURCES
from core.workload.workload import UNNAMED

Names = Mapping[str, Model | None]  # logged model name -> what it stands for

PRICED_COLUMNS: Final = [
    "model", "time", "tags", "requests",
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "cost_usd",
]  # fmt: skip

# Exports whose service tier the reader puts into the tags. Elsewhere a tag "batch" is a person's
# own word for something, and no reason to halve a price.
SERVICE_SOURCES: Final = frozenset(
    {
        "anthropic_batch",
        "anthropic_batch_input",
        "anthropic_cost",
        "anthropic_usage",
        "openai_batch_input",
        "openai_batch_output",
        "openai_cost",
        "openai_stored",
        "openai_usage",
    }
)
_SERVICES: Final[tuple[Service, ...]] = ("standard", "batch", "flex", "priority", "fast")
_SUMS: Final = frozenset(source.id for source in SOURCES if source.kind == "aggregate")
_LONG_BUCKETS: Final = ("anthropic_usage", r"(^|, )(>|200k ?[-–])")  # source, and its tag
_LONG: Final = 200_001  # input tokens: Anthropic's limit, and one more

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_US: Final = 86_400_000_000

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def list_prices(rows: pa.Table, names: Names, source: str = "") -> Floats:
    """USD per row at list prices; NaN where the model has no price or no token is counted.

    A call pays the rates of its own moment (without a time: those of the model's price), for
    its own length, and of its own service where `source` states it; what a gateway answered from
    its own cache costs 0. A row that sums up many
    calls pays the rates of short ones, since nobody knows how long each was, unless its source
    keeps the long ones in rows of their own.
    """
    usd = np.full(rows.num_rows, np.nan)
    coded = _whole(pc.fill_null(rows["model"], UNNAMED)).dictionary_encode()
    codes = coded.indices.to_numpy()
    tokens = [_numbers(rows[f"{kind}_tokens"]) for kind in ("input", "cache_read", "output")]
    tokens.append(_numbers(rows["cache_write_tokens"]))
    lengths = _lengths(rows, tokens[0], source)
    times, services = _times(rows["time"], source), _services(rows, source)
    known = counted(rows)
    for code, name in enumerate(coded.dictionary.to_pylist()):
        model = names.get(name)
        if model is None or model.price is None:
            continue
        here = np.flatnonzero((codes == code) & known)
        usd[here] = _priced(
            model.price,
            [part[here] for part in tokens],
            lengths[here],
            times[here],
            services[here],
        )
    usd[cache_hits(rows).to_numpy(zero_copy_only=False)] = 0.0
    return usd


def counted(rows: pa.Table) -> Mask:
    """Which rows have a token count of some kind."""
    some = pc.or_(pc.is_valid(rows["input_tokens"]), pc.is_valid(rows["output_tokens"]))
    return np.asarray(_whole(some).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _priced(
    price: Price, tokens: list[Floats], lengths: Floats, times: Ints, services: Ints
) -> Floats:
    """USD per call of one model; rows between two changes of its price are priced together."""
    usd = np.empty(len(lengths))
    usual = _microseconds(datetime.combine(price.as_of, time(12), UTC))
    times = np.where(times == _NO_TIME, usual, times)
    periods = _periods(changes_of(price), times) * len(_SERVICES) + services
    for period in np.unique(periods):
        here = np.flatnonzero(periods == period)
        moment = datetime.fromtimestamp(int(times[here[0]]) / 1e6, UTC)
        rates = rates_at(price, moment, _SERVICES[int(period) % len(_SERVICES)])
        limits = np.array([rate.above for rate in rates[1:]])
        places = np.searchsorted(limits, lengths[here], side="left")
        for place, rate in enumerate(rates):
            rows = here[places == place]
            usd[rows] = rate.price.cost_usd(*(part[rows] for part in tokens))
    return usd


def _periods(changes: Changes, times: Ints) -> Ints:
    """A number per moment, the same for moments between which no price changes."""
    days = np.array([(day - date(1970, 1, 1)).days for day in changes.days], dtype=np.int64)
    hours = np.array(
        [_microseconds(datetime.combine(_EPOCH.date(), hour, UTC)) for hour in changes.hours],
        dtype=np.int64,
    )
    day = np.searchsorted(days, times // _DAY_US, side="right")
    hour = np.searchsorted(hours, times % _DAY_US, side="right")
    return np.asarray(day * (len(hours) + 1) + hour, dtype=np.int64)


def _lengths(rows: pa.Table, inputs: Floats, source: str) -> Floats:
    """Input tokens of the one call in a row; 0 where the row sums up more, or nobody knows."""
    if source not in _SUMS:
        return np.where(_numbers(rows["requests"]) == 1, inputs, 0.0)
    if source != _LONG_BUCKETS[0]:
        return np.zeros(rows.num_rows)
    long = pc.match_substring_regex(pc.fill_null(rows["tags"], ""), _LONG_BUCKETS[1])
    return np.where(_whole(long).to_numpy(zero_copy_only=False), float(_LONG), 0.0)


def _services(rows: pa.Table, source: str) -> Ints:
    """The place in _SERVICES of each row's service."""
    found = np.zeros(rows.num_rows, dtype=np.int64)
    if source not in SERVICE_SOURCES:
        return found
    tags = pc.utf8_lower(_whole(pc.fill_null(rows["tags"], "")))
    for place, service in enumerate(_SERVICES[1:], start=1):
        said = pc.match_substring_regex(tags, rf"(^|, ){service}(,|$)")
        found[said.to_numpy(zero_copy_only=False)] = place
    return found


_NO_TIME: Final = np.iinfo(np.int64).min


def _times(column: pa.ChunkedArray, source: str) -> Ints:
    """Microseconds since 1970, _NO_TIME where the log has no time; at noon for sums of a day."""
    times = np.asarray(pc.fill_null(pc.cast(column, pa.int64()), _NO_TIME).to_numpy(), np.int64)
    if source not in _SUMS:
        return times
    return np.where(times == _NO_TIME, times, times // _DAY_US * _DAY_US + _DAY_US // 2)


def _microseconds(moment: datetime) -> int:
    return round((moment - _EPOCH).total_seconds() * 1e6)


def _numbers(column: pa.ChunkedArray) -> Floats:
    return np.asarray(pc.fill_null(column, 0).to_numpy(), dtype=np.float64)


def _whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
