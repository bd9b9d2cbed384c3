"""What the logged traffic costs today: as logged, else priced from the catalogue.

A workload is priced at the rates of one day, those that its plans are priced at. What single
calls cost at their own time is in `core.workload.pricing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.workload.pricing import Names
from core.workload.workload import Workload

DAYS_PER_MONTH: Final = 30.4375  # 365.25 / 12

_KINDS: Final = ("input", "cache_read", "output", "cache_write")


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
        tokens = (cells.loc[here, f"uncosted_{kind}_tokens"].to_numpy(float) for kind in _KINDS)
        priced[here] = model.price.cost_usd(*tokens)
    missing = np.isnan(priced)
    return Spend(
        usd=usd + priced,
        logged_usd=logged_usd,
        priced_usd=float(np.nansum(priced)),
        unpriced_queries=int(cells["queries"].to_numpy()[missing].sum()),
        unpriced_models=tuple(sorted(cells["model"][missing].unique())),
    )


def monthly_factor(workload: Workload, monthly_queries: float | None = None) -> float:
    """What turns sums over the log into sums per month of 30.4375 days.

    `monthly_queries` says how many the log stands for, when it is a sample; else its dates
    say it, and a log without usable dates counts as one month.
    """
    if monthly_queries is not None and workload.queries:
        return monthly_queries / workload.queries
    return DAYS_PER_MONTH / workload.days if workload.days else 1.0
