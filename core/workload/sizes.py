"""How large the requests of a log are beside its usual ones: all that the rougher reading sees.

Input is the query's own length where the log kept it, else the input tokens per message: a
chat resends its history with every turn, and that is not the size of the question. Output
tokens count where they were logged; an estimate says nothing of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.complexity.rough import Pair
from core.logs.query_file import query_files
from core.logs.tokens import CHARS_PER_TOKEN
from core.workload.workload import UNNAMED

Floats = npt.NDArray[np.float64]

SIZE_COLUMNS: Final = [
    "status", "segment", "model", "text_chars", "turns",
    "input_tokens", "output_tokens", "output_estimated",
]  # fmt: skip

# A segment's own mean counts by half: between the tasks of one public set the larger ones gained
# more from a strong model, between the subjects of another the larger ones were the easier.
SEGMENT_SHARE: Final = 0.5
POOLING: Final = 20.0  # judgement: the mean of so many rows weighs as much as that of the log

_KEYS: Final = ["segment", "model"]
_SIDES: Final = ("input", "output")


@dataclass(frozen=True)
class UsualSizes:
    """What is usual in a log, in log1p(tokens): per segment and model, and how sizes spread.

    `table` has `segment`, `model`, `input` and `output`; `by_chars` says that inputs are the
    queries' own lengths.
    """

    table: pd.DataFrame
    sd: Pair
    by_chars: bool

    def above(self, rows: pa.Table) -> Floats:
        """How far the sizes of canonical rows lie above the usual, NaN where unknown: (n, 2)."""
        own = _sizes(rows, self.by_chars)
        usual = own[_KEYS].merge(self.table, how="left", on=_KEYS)
        return np.column_stack([own[side].to_numpy() - usual[side].to_numpy() for side in _SIDES])


def usual_sizes(queries: Path) -> UsualSizes:
    """What is usual among the calls that went well in the canonical rows of a log."""
    return usual_of(
        summed_sizes(pq.read_table(file, columns=SIZE_COLUMNS)) for file in query_files(queries)
    )


@dataclass(frozen=True)
class SizeSums:
    """Counts, sums and squares of the sizes of some rows, by the queries' own lengths or not.

    `lengths` says whether every call that went well has the length of its query, though not its
    text; None where no call went well.
    """

    by_chars: pd.DataFrame
    by_tokens: pd.DataFrame
    lengths: bool | None


def summed_sizes(rows: pa.Table) -> SizeSums:
    """The sums over canonical rows with at least SIZE_COLUMNS."""
    ok = rows.filter(pc.equal(rows["status"], "ok"))
    shortest = pc.min(ok["text_chars"]).as_py()
    return SizeSums(
        _summed(ok, by_chars=True),
        _summed(ok, by_chars=False),
        None if shortest is None else shortest > 0,
    )


def usual_of(parts: Iterable[SizeSums]) -> UsualSizes:
    """What is usual in runs of rows that follow one another.

    The means of small segments and of rare models are pooled toward those of the whole log.
    """
    several = list(parts)
    told = [part.lengths for part in several if part.lengths is not None]
    by_chars = bool(told) and all(told)
    sums = [part.by_chars if by_chars else part.by_tokens for part in several]
    cells = pd.concat(sums).groupby(_KEYS, as_index=False, sort=True).sum()
    segment, model = (pd.factorize(cells[key])[0] for key in _KEYS)
    inputs, input_sd = _usual(cells, "input", (segment, SEGMENT_SHARE))
    # Models differ in how much they write about the same thing: that is taken out whole.
    outputs, output_sd = _usual(cells, "output", (model, 1.0), (segment, SEGMENT_SHARE))
    table = cells[_KEYS].assign(input=inputs, output=outputs)
    return UsualSizes(table, (input_sd, output_sd), by_chars)


def _usual(
    cells: pd.DataFrame, side: str, *groupings: tuple[npt.NDArray[np.intp], float]
) -> tuple[Floats, float]:
    """The usual size per cell, and how far sizes spread around it.

    It starts at the log's mean and moves by a share of each group's pooled distance from it.
    """
    count, total, squares = (
        cells[f"{side}_{part}"].to_numpy(np.float64) for part in ("count", "sum", "squares")
    )
    rows = max(count.sum(), 1.0)
    usual = np.full(len(cells), total.sum() / rows)
    for group, share in groupings:
        above = np.bincount(group, total - count * usual)
        usual += (share * above / (np.bincount(group, count) + POOLING))[group]
    variance = float((squares - 2 * usual * total + count * usual**2).sum()) / rows
    return usual, float(np.sqrt(max(variance, 0.0)))


def _summed(rows: pa.Table, by_chars: bool) -> pd.DataFrame:
    """Counts, sums and squares of the sizes per segment and model; mergeable by adding."""
    own = _sizes(rows, by_chars)
    for side in _SIDES:
        size = own[side]
        own[f"{side}_count"] = size.notna().astype(np.int64)
        own[f"{side}_sum"] = size.fillna(0.0)
        own[f"{side}_squares"] = size.fillna(0.0) ** 2
    return own.drop(columns=list(_SIDES)).groupby(_KEYS, as_index=False).sum()


def _sizes(rows: pa.Table, by_chars: bool) -> pd.DataFrame:
    """Per row its segment, model and log1p(tokens) of both sides, NaN where not known."""
    if by_chars:
        inputs = _known(rows["text_chars"]) / CHARS_PER_TOKEN
    else:
        inputs = _known(rows["input_tokens"]) / rows["turns"].to_numpy()
    logged = pc.if_else(
        rows["output_estimated"], pa.scalar(None, pa.int64()), rows["output_tokens"]
    )
    names = {key: pc.fill_null(rows[key], UNNAMED).to_pandas() for key in _KEYS}
    return pd.DataFrame(names).assign(input=np.log1p(inputs), output=np.log1p(_known(logged)))


def _known(counts: pa.ChunkedArray) -> Floats:
    """The counts, NaN where they are missing; 0 is no size of a call either."""
    values = counts.to_numpy().astype(np.float64)
    return np.where(values > 0, values, np.nan)
