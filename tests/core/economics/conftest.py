"""Worked cases, computed away from the code, and a fine-tuning case with nothing extra."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.economics.estimate import Estimate
from core.economics.tuning.case import FineTuneCase

GOLDEN = Path(__file__).parents[2] / "golden" / "economics.json"


@pytest.fixture(scope="session")
def golden() -> dict[str, Any]:
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def bare() -> Callable[..., FineTuneCase]:
    """A case without running cost, retraining, lead, decline, failure or early retirement."""

    def build(investment_usd: float = 30_000.0, **changes: Any) -> FineTuneCase:
        nothing = Estimate(0, 0, 0)
        values: dict[str, Any] = {
            "data_preparation_usd": Estimate.exactly(investment_usd),
            "compute_per_run_usd": nothing,
            "training_runs": nothing,
            "hosting_monthly_usd": nothing,
            "evaluation_monthly_usd": nothing,
            "monitoring_monthly_usd": nothing,
            "people_monthly_usd": nothing,
            "retrain_usd": 0.0,
            "lead_months": 0,
            "asset_life_months": 36,
            "horizon_months": 36,
            "yearly_price_decline": nothing,
            "failure_chance": 0.0,
        }
        if "cost_ratio" not in changes:
            values["tuned_monthly_usd"] = nothing
        return FineTuneCase(**(values | changes))

    return build
