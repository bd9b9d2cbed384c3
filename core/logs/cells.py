"""The columns of a chunk by the part they play, as clean arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.logs import amounts
from core.logs.mapping import Mapping
from core.logs.privacy.kinds import Kind
from core.logs.privacy.redaction import IN_NAMES, redact

MAX_NAME_CHARS: Final = 120
_NOTHING: Final = pa.array(["", "nan", "null", "none", "n/a"])
_NO_NAME: Final = pa.scalar(None, pa.string())


class Cells:
    """The columns by role, with counts of what could not be used and of what was redacted."""

    def __init__(self, chunk: pa.Table, mapping: Mapping, decimal_comma: bool) -> None:
        self._chunk = chunk
        self._mapping = mapping
        self._comma = decimal_comma
        self._doubts: Counter[str] = Counter()
        self._redactions: Counter[str] = Counter()

    def __len__(self) -> int:
        return int(self._chunk.num_rows)

    @property
    def doubts(self) -> dict[str, int]:
        """Values left empty, by column and reason."""
        return dict(self._doubts)

    @property
    def redactions(self) -> dict[str, int]:
        """Placeholders in names, by kind."""
        return dict(self._redactions)

    def doubt(self, role: str, problem: str, count: int) -> None:
        """Count values of a role that could not be used."""
        if count:
            self._doubts[f"{self._mapping.column(role)}: {problem}"] += count

    @property
    def nothing(self) -> pa.Array:
        """A column of strings that are all null."""
        return pa.nulls(len(self), pa.string())

    def has(self, role: str) -> bool:
        """Whether some row says something for a role."""
        return bool(self.raw(role).null_count < len(self))

    def raw(self, role: str) -> pa.Array:
        """The column as strings; all null when the mapping or this chunk has none."""
        name = self._mapping.column(role)
        if name is None or name not in self._chunk.column_names:
            return self.nothing
        column = self._chunk.column(name)
        return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column

    def numbers(self, role: str) -> pa.Array:
        """The column as float64; what is no number is null and doubted."""
        values, unreadable = amounts.parse(self.raw(role), decimal_comma=self._comma)
        self.doubt(role, "not a number", unreadable)
        return values

    def durations(self, role: str, *, seconds: bool) -> pa.Array:
        """The column as milliseconds; what is no duration is null and doubted."""
        values, unreadable = amounts.parse_ms(
            self.raw(role), seconds=seconds, decimal_comma=self._comma
        )
        self.doubt(role, "not a duration", unreadable)
        return values

    def counts(self, role: str) -> pa.Array:
        """The column as int64."""
        return amounts.whole(self.numbers(role))

    def identities(self, role: str) -> pa.Array:
        """The column's names as they are, null where there is none; never to be stored."""
        return _named(self.raw(role)) if self.has(role) else self.nothing

    def names(self, role: str, kinds: Sequence[Kind] = IN_NAMES) -> pa.Array:
        """The column's names, redacted and at most MAX_NAME_CHARS long, null for none.

        Names repeat: each different one is looked at once.
        """
        if not self.has(role):
            return self.nothing
        coded = self.raw(role).dictionary_encode()
        names = _named(coded.dictionary)
        clean, hits = redact(names, kinds)
        if hits:
            self._count(names, clean, coded.indices, kinds)
        return pc.utf8_slice_codeunits(clean, 0, MAX_NAME_CHARS).take(coded.indices)

    def ids(self, first_row: int) -> pa.Array:
        """The rows' own ids, else "row-<n>": also where an id holds personal data."""
        own = self.identities("request_id")
        if own.null_count < len(own):
            clean, hits = redact(own, IN_NAMES)
            if hits:
                own = pc.if_else(pc.equal(clean, own), own, _NO_NAME)
            own = pc.utf8_slice_codeunits(own, 0, MAX_NAME_CHARS)
        if not own.null_count:
            return own
        places = pc.cast(pa.array(np.arange(first_row, first_row + len(self))), pa.string())
        return pc.coalesce(own, pc.binary_join_element_wise("row-", places, ""))

    def _count(
        self, names: pa.Array, clean: pa.Array, rows: pa.Array, kinds: Sequence[Kind]
    ) -> None:
        """Count placeholders by row, although each name was redacted once."""
        changed = pc.fill_null(pc.not_equal(names, clean), False)
        for place in pc.indices_nonzero(changed).to_pylist():
            times = pc.sum(pc.equal(rows, place)).as_py()
            for kind, hits in redact(names.slice(place, 1), kinds)[1].items():
                self._redactions[kind] += hits * times


def _named(cells: pa.Array) -> pa.Array:
    names = pc.utf8_trim_whitespace(cells)
    short = pc.less_equal(pc.binary_length(names), 4)
    if not pc.any(short).as_py():
        return names
    nameless = pc.is_in(pc.utf8_lower(pc.if_else(short, names, _NO_NAME)), value_set=_NOTHING)
    return pc.if_else(nameless, _NO_NAME, names)
