"""What each input of a fine-tuning case may be; one table for code, JSON and messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.economics.bounds import (
    CHANCE,
    DISCOUNT,
    MONTHS,
    RATE_RANGE,
    SHARE,
    TRILLION,
    USD,
    USD_RANGE,
    Bound,
)

BOUNDS: Final[Mapping[str, Bound]] = {
    "current_monthly_usd": USD,
    "monthly_queries": Bound("number", 0, TRILLION, "a number of queries a month, 0 or more"),
    "cost_per_query_usd": USD,
    "slice_share": SHARE,
    "routing_multiplier": SHARE,
    "tuned_monthly_usd": USD_RANGE,
    "cost_ratio": Bound(
        "estimate", 0.01, 1e6, "how many times cheaper, from 0.01 to 1,000,000 (10 means a tenth)"
    ),
    "fallback_share": SHARE,
    "data_preparation_usd": USD_RANGE,
    "compute_per_run_usd": USD_RANGE,
    "training_runs": Bound("estimate", 0, 1000, "a number of training runs from 0 to 1,000"),
    "teacher_generation_usd": USD_RANGE,
    "other_one_off_usd": USD_RANGE,
    "accuracy_now": Bound(
        "number", 0, 1, "a share above 0, up to 1 (0.65 means 65%)", low_open=True
    ),
    "accuracy_gain": Bound(
        "estimate",
        -1,
        100,
        "a gain as a fraction, -1 or more (0.2 means 20%)",
        says_percent="points from -100 to what is missing to 100%",
    ),
    "max_retries": Bound("whole", 0, 100, "a whole number of retries from 0 to 100"),
    "hosting_monthly_usd": USD_RANGE,
    "evaluation_monthly_usd": USD_RANGE,
    "monitoring_monthly_usd": USD_RANGE,
    "people_monthly_usd": USD_RANGE,
    "retrain_usd": USD,
    "retrain_every_months": MONTHS,
    "lead_months": Bound("whole", 0, 120, "a whole number of months from 0 to 120"),
    "asset_life_months": MONTHS,
    "horizon_months": MONTHS,
    "monthly_growth": RATE_RANGE,
    "yearly_price_decline": RATE_RANGE,
    "tuned_yearly_price_decline": RATE_RANGE,
    "reprice_month": MONTHS,
    "reprice_factor": Bound(
        "number", 0, 100, "what is left of the price, 0 or more (0.2 means 20% of it)"
    ),
    "yearly_discount_rate": DISCOUNT,
    "failure_chance": CHANCE,
}
