"""Running totals of a log while it is read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.logs.gateway_cache import cache_hits

MAX_SEGMENTS: Final = 50
MAX_MODELS: Final = 200
OTHER: Final = "other"
_MAX_TRACKED: Final = 20_000  # names counted exactly; of more, the rarest are forgotten
_MAX_SESSIONS: Final = 1_000_000  # counted; of more, the count is a lower bound
_OUTPUT_BINS: Final = 1 << 18  # one per token: the median is exact below that
_TIMES: Final = ("first_time", "last_time")
_MOST_REASONS: Final = 60  # some name a value of the row
_REASONS: Final = ("dropped", "passed_over", "doubts")
_COUNTERS: Final = ("redactions", "models", "segments", "sums", "failed")
_ADDED: Final = (
    "rows", "kept", "failed_usd", "failed_with_text", "requests", "with_text", "repeats",
    "cost_usd", "rows_with_cost", "free_with_tokens", "from_cache", "rows_with_time", "future",
    "outputs",
)  # fmt: skip


@dataclass
class Tally:
    """Sums over the canonical rows seen so far; memory does not grow with the log.

    Totals are of calls that went well; those that failed or were cancelled stand apart.
    """

    rows: int = 0
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    redactions: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    segments: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    failed_usd: float = 0.0
    failed_with_text: int = 0
    requests: int = 0
    with_text: int = 0
    sessions: set[str] = field(default_factory=set)
    repeats: int = 0
    cost_usd: float = 0.0
    rows_with_cost: int = 0
    free_with_tokens: int = 0  # without those from a gateway's cache
    from_cache: int = 0
    dearest_usd: float = 0.0
    dearest_id: str = ""
    first_time: datetime | None = None
    last_time: datetime | None = None
    rows_with_time: int = 0
    future: int = 0
    longest_text: int = 0
    longest_count: int = 0
    outputs: npt.NDArray[np.int64] = field(
        default_factory=lambda: np.zeros(_OUTPUT_BINS, dtype=np.int64)
    )

    def restart(self) -> Tally:
        """A tally with what was left out so far, ready to count the final rows."""
        return Tally(
            rows=sum(self.dropped.values()),
            dropped=self.dropped,
            passed_over=self.passed_over,
            doubts=self.doubts,
            redactions=self.redactions,
        )

    def merge(self, other: Tally) -> None:
        """Count what another tally counted, of rows that come after these."""
        if other.longest_text == self.longest_text:
            self.longest_count += other.longest_count
        elif other.longest_text > self.longest_text:
            self.longest_text, self.longest_count = other.longest_text, other.longest_count
        if other.dearest_usd > self.dearest_usd:
            self.dearest_usd, self.dearest_id = other.dearest_usd, other.dearest_id
        times = [t for t in (self.first_time, other.first_time) if t]
        self.first_time = min(times, default=None)
        times = [t for t in (self.last_time, other.last_time) if t]
        self.last_time = max(times, default=None)
        for name in _ADDED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        for name in _REASONS:
            _add_reasons(getattr(self, name), getattr(other, name))
        self._forget_rare()
        if len(self.sessions) < _MAX_SESSIONS:
            self.sessions |= other.sessions

    def to_json(self) -> str:
        """The tally as a JSON object; `Tally.from_json` gives it back."""
        values = dict(vars(self))
        values["sessions"] = sorted(self.sessions)
        places = np.flatnonzero(self.outputs)
        values["outputs"] = [places.tolist(), self.outputs[places].tolist()]
        for name in _TIMES:
            values[name] = values[name].isoformat() if values[name] else None
        return json.dumps(values)

    @staticmethod
    def from_json(text: str) -> Tally:
        """The tally that `to_json` wrote."""
        values = json.loads(text)
        values["sessions"] = set(values["sessions"])
        places, counts = values.pop("outputs")
        for name in _TIMES:
            values[name] = datetime.fromisoformat(values[name]) if values[name] else None
        tally = Tally(**values | {n: Counter(values[n]) for n in (*_REASONS, *_COUNTERS)})
        tally.outputs[places] = counts
        return tally

    def skip(self, reasons: Lookup[str, int]) -> None:
        """Count rows that never became canonical."""
        self.rows += sum(reasons.values())
        _add_reasons(self.dropped, reasons)

    def note(
        self,
        passed_over: Lookup[str, int],
        doubts: Sequence[Lookup[str, int]],
        redactions: Lookup[str, int],
    ) -> None:
        """Count rows that are no calls, values left out of calls, and placeholders."""
        _add_reasons(self.passed_over, passed_over)
        for doubt in doubts:
            _add_reasons(self.doubts, doubt)
        self.redactions.update(redactions)

    def add(self, rows: pa.Table, now: datetime) -> None:
        """Count canonical rows of `query.SCHEMA`."""
        self.rows += rows.num_rows
        went_well = pc.equal(rows.column("status"), "ok")
        if not pc.all(went_well).as_py():
            failed = rows.filter(pc.invert(went_well))
            for pair in pc.value_counts(failed.column("status")).to_pylist():
                self.failed[pair["values"]] += pair["counts"]
            self.failed_with_text += _sum(pc.greater(failed.column("text_chars"), 0))
            self.failed_usd += pc.sum(failed.column("cost_usd")).as_py() or 0.0
            rows = rows.filter(went_well)
        self.kept += rows.num_rows
        self.requests += _sum(rows.column("requests"))
        self.with_text += _sum(pc.greater(rows.column("text_chars"), 0))
        self.repeats += _sum(pc.greater(rows.column("attempt"), 1))
        self._add_names(rows)
        self._add_tokens(rows)
        self._add_cost(rows)
        self._add_times(rows.column("time"), now)
        self._add_lengths(rows.column("text_chars"))

    def fill(self, rows: int, tokens: int) -> None:
        """Count rows whose unknown output has become that many tokens."""
        self.sums["output_estimated"] += rows * tokens
        self.sums["output_estimated_rows"] += rows
        self.outputs[min(tokens, _OUTPUT_BINS - 1)] += rows

    @property
    def failed_rows(self) -> int:
        """Calls that failed or were cancelled."""
        return sum(self.failed.values())

    @property
    def rows_with_output(self) -> int:
        """Rows whose output tokens are logged or estimated."""
        return int(self.outputs.sum())

    def median_output(self) -> int:
        """The median output tokens over the rows that have them (the upper one of two)."""
        return int(np.searchsorted(np.cumsum(self.outputs), self.rows_with_output // 2, "right"))

    def _add_names(self, rows: pa.Table) -> None:
        for counter, column in ((self.models, "model"), (self.segments, "segment")):
            counter.update(requests_by(rows, column))
        self._forget_rare()
        if len(self.sessions) < _MAX_SESSIONS:
            self.sessions.update(rows.column("session").drop_null().unique().to_pylist())

    def _forget_rare(self) -> None:
        for counter in (self.models, self.segments):
            if len(counter) > _MAX_TRACKED:
                keep = counter.most_common(_MAX_TRACKED // 2)
                counter.clear()
                counter.update(dict(keep))

    def _add_tokens(self, rows: pa.Table) -> None:
        for side in ("input", "output"):
            tokens = rows.column(f"{side}_tokens")
            estimated = rows.column(f"{side}_estimated")
            logged = tokens.filter(pc.invert(estimated))
            self.sums[f"{side}_logged"] += _sum(logged)
            self.sums[f"{side}_logged_rows"] += len(logged) - logged.null_count
            self.sums[f"{side}_estimated"] += _sum(tokens.filter(estimated))
            self.sums[f"{side}_estimated_rows"] += _sum(estimated)
        for kind in ("cache_read", "cache_write", "reasoning"):
            self.sums[kind] += _sum(rows.column(f"{kind}_tokens"))
        outputs = rows.column("output_tokens").drop_null().to_numpy()
        clipped = np.minimum(outputs, _OUTPUT_BINS - 1)
        self.outputs += np.bincount(clipped, minlength=_OUTPUT_BINS)

    def _add_cost(self, rows: pa.Table) -> None:
        cost = rows.column("cost_usd")
        self.rows_with_cost += len(cost) - cost.null_count
        self.cost_usd += pc.sum(cost).as_py() or 0.0
        tokens = pc.add(rows.column("input_tokens"), pc.fill_null(rows.column("output_tokens"), 0))
        hits = cache_hits(rows)
        self.from_cache += _sum(hits)
        free = pc.and_(pc.equal(cost, 0.0), pc.greater(tokens, 0))
        self.free_with_tokens += _sum(pc.and_(free, pc.invert(hits)))
        dearest = pc.max(cost).as_py()
        if dearest is not None and dearest > self.dearest_usd:
            self.dearest_usd = dearest
            place = pc.index(cost, pa.scalar(dearest, pa.float64())).as_py()
            self.dearest_id = rows.column("request_id")[place].as_py()

    def _add_times(self, times: pa.ChunkedArray, now: datetime) -> None:
        self.rows_with_time += len(times) - times.null_count
        span = pc.min_max(times).as_py()
        if span["min"] is None:
            return
        first, last = span["min"].astimezone(UTC), span["max"].astimezone(UTC)
        self.first_time = min(first, self.first_time or first)
        self.last_time = max(last, self.last_time or last)
        self.future += _sum(pc.greater(times, pa.scalar(now, times.type)))

    def _add_lengths(self, lengths: pa.ChunkedArray) -> None:
        longest = pc.max(lengths).as_py() or 0
        count = _sum(pc.equal(lengths, longest))
        if longest > self.longest_text:
            self.longest_text, self.longest_count = longest, count
        elif longest == self.longest_text:
            self.longest_count += count


def _add_reasons(known: Counter[str], found: Lookup[str, int]) -> None:
    """Count reasons as they can be stored: valid text, and "other" when there are ever new ones."""
    for reason, count in found.items():
        words = reason.encode("utf-8", "replace").decode()
        many = words not in known and len(known) >= _MOST_REASONS
        known["other" if many else words] += count


def requests_by(rows: pa.Table, column: str) -> dict[str, int]:
    """Calls by the names in a column; rows without a name are left out."""
    sums = rows.group_by(column).aggregate([("requests", "sum")])
    pairs = zip(sums[column].to_pylist(), sums["requests_sum"].to_pylist(), strict=True)
    return {name: count for name, count in pairs if name is not None}


def _sum(values: pa.ChunkedArray) -> int:
    total: int | None = pc.sum(values).as_py()
    return total or 0
