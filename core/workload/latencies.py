"""How long calls took, by logged model: counts in narrow bins, so that summaries add up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

BINS_PER_DOUBLING: Final = 8  # a bin is 9% wide
LATENCY_KEYS: Final = ["model", "latency"]
LATENCY_SUMS: Final = ["queries"]
FEWEST_CALLS: Final = 30  # fewer say nothing of a model's 95th percentile

Floats = npt.NDArray[np.float64]


def latency_counts(models: pa.Array, latency_ms: Floats) -> pd.DataFrame:
    """Calls per model and bin; those of unknown latency (NaN) or none are left out."""
    known = latency_ms > 0
    bins = np.floor(BINS_PER_DOUBLING * np.log2(latency_ms[known])).astype(np.int64)
    rows = pd.DataFrame(
        {"model": models.filter(pa.array(known)).to_pandas(), "latency": bins, "queries": 1}
    )
    return summed_latencies(rows)


def summed_latencies(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per model and bin that occurs, sorted by them."""
    return rows.groupby(LATENCY_KEYS, as_index=False, sort=True)[LATENCY_SUMS].sum()


def no_latencies() -> pd.DataFrame:
    """The latencies of a log that has none."""
    return pd.DataFrame({"model": pd.Series(dtype="str")}).assign(
        **{c: pd.Series(dtype="int64") for c in ["latency", *LATENCY_SUMS]}
    )


def seconds_of_bins(latencies: pd.DataFrame) -> tuple[Floats, Floats]:
    """The seconds at the middle of each bin, rising, and the calls in it, over all models."""
    counts = latencies.groupby("latency", sort=True)["queries"].sum()
    middle = (counts.index.to_numpy(np.float64) + 0.5) / BINS_PER_DOUBLING
    return np.asarray(2.0**middle / 1000.0), counts.to_numpy(np.float64)


def names_with_latency(latencies: pd.DataFrame) -> Mapping[str, int]:
    """Calls of known latency by logged model, for the models that have enough of them."""
    counts = latencies.groupby("model")["queries"].sum()
    return {str(name): int(n) for name, n in counts.items() if n >= FEWEST_CALLS}
