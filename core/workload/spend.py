"""What the logged traffic costs today: as logged, else priced from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.catalog.model import Model
from core.workload.workload import UNNAMED, Workload

DAYS_PER_MONTH: Final = 30.4375  # 365.25 / 12

Names = Mapping[str, Model | None]  # logged model name -> what it stands for


@dataclass(frozen=True)
class Spend:
    """Cost in USD per cell of a workload, over the period of the log.

    `usd` is NaN where the log states no cost and the model has no price: unpriced, never 0.
    """

    usd: npt.NDArray[np.float64]  # one per row of workload.cells
    logged_usd: float
    priced_usd: float
    unpriced_queries: int
    unpriced_models: tuple[str, ...]

    @property
    def total_usd(self) -> float:
        """USD of all priced and logged queries over the period of the log."""
        return float(np.nansum(self.usd))


def spend_today(workload: Workload, names: Names) -> Spend:
    """The log's own cost where it states one, the dated list price of the model elsewhere."""
    cells = workload.cells
    usd = cells["cost_nusd"].to_numpy() / 1e9
    uncosted = cells["queries"].to_numpy() - cells["costed_queries"].to_numpy()
    logged_usd = float(usd.sum())
    priced = np.zeros(len(cells))
    for name in cells["model"].unique():
        here = (cells["model"] == name).to_numpy() & (uncosted > 0)
        model = names.get(name)
        if model is None or model.price is None:
            priced[here] = np.nan
            continue
        tokens = cells.loc[
            here, [f"uncosted_{n}_tokens" for n in ("input", "cache_read", "output")]
        ]
        priced[here] = token_cost(model, *(tokens[c].to_numpy() for c in tokens))
    missing = np.isnan(priced)
    return Spend(
        usd=usd + priced,
        logged_usd=logged_usd,
        priced_usd=float(np.nansum(priced)),
        unpriced_queries=int(cells["queries"].to_numpy()[missing].sum()),
        unpriced_models=tuple(sorted(cells["model"][missing].unique())),
    )


def token_cost(
    model: Model,
    input_tokens: npt.NDArray[np.int64],
    cache_read_tokens: npt.NDArray[np.int64],
    output_tokens: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """USD per cell for those tokens at the model's price; input includes the cached tokens.

    The model must have a price.
    """
    price = model.price
    assert price is not None
    return np.asarray(
        (
            (input_tokens - cache_read_tokens) * price.input_usd_per_mtok
            + cache_read_tokens * price.cached_usd_per_mtok
            + output_tokens * price.output_usd_per_mtok
        )
        / 1e6,
        dtype=np.float64,
    )


def list_price_usd(queries: pa.Table, names: Names) -> float | None:
    """What canonical rows cost at list prices; None when no model in them has a price."""
    sums = queries.group_by("model").aggregate(
        [(f"{kind}_tokens", "sum") for kind in ("input", "cache_read", "output")]
    )
    found = []
    for row in sums.to_pylist():
        model = names.get(row["model"] or UNNAMED)
        if model and model.price:
            tokens = [row[f"{kind}_tokens_sum"] or 0 for kind in ("input", "cache_read", "output")]
            found.append(model.price.cost_usd(*tokens))
    return sum(found) if found else None


def monthly_factor(workload: Workload, monthly_queries: float | None = None) -> float:
    """What turns sums over the log into sums per month of 30.4375 days.

    `monthly_queries` says how many the log stands for, when it is a sample; else its dates
    say it, and a log without usable dates counts as one month.
    """
    if monthly_queries is not None and workload.queries:
        return monthly_queries / workload.queries
    return DAYS_PER_MONTH / workload.days if workload.days else 1.0
