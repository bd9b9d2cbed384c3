"""What a fine-tuning case assumes until someone knows better, and where each figure is from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.economics.estimate import NONE as NONE
from core.economics.estimate import Estimate
from core.economics.provenance import Provenance

DATA_PREPARATION_USD: Final = Estimate(5_000, 10_000, 20_000)
COMPUTE_PER_RUN_USD: Final = Estimate(1_000, 4_000, 10_000)
TRAINING_RUNS: Final = Estimate(3, 4, 5)
COST_RATIO: Final = Estimate(4, 10, 30)
GAIN_POINTS: Final = Estimate(-0.03, 0.0, 0.10)
HOSTING_MONTHLY_USD: Final = Estimate(584.00, 1_306.70, 2_912.70)
EVALUATION_MONTHLY_USD: Final = Estimate.exactly(200)
MONITORING_MONTHLY_USD: Final = Estimate.exactly(100)
PEOPLE_MONTHLY_USD: Final = Estimate.exactly(1_666.67)
YEARLY_PRICE_DECLINE: Final = Estimate(0.0, 0.3, 0.6)


PROVENANCE: Final[Mapping[str, Provenance]] = {
    "data_preparation_usd": Provenance(
        "quoted", "course material on AI product economics: $5K-20K"
    ),
    "compute_per_run_usd": Provenance(
        "quoted",
        "course material: $1K-10K a run; people and experiments, since API training fees for "
        "small adapters are a few dollars",
    ),
    "training_runs": Provenance("quoted", "course material: 3-5 runs"),
    "cost_ratio": Provenance(
        "judgement", "published cases run from 4x (managed distillation) to 30x; 10-100x is a claim"
    ),
    "accuracy_gain": Provenance(
        "judgement", "points on the team's own evaluation; none until it is measured"
    ),
    "hosting_monthly_usd": Provenance(
        "quoted",
        "730 h a month on demand: L4 at $0.80/h, A100 80 GB at $1.79/h, H100 at $3.99/h (2026-11)",
    ),
    "evaluation_monthly_usd": Provenance(
        "judgement", "a monthly run of a few thousand judged answers"
    ),
    "monitoring_monthly_usd": Provenance("judgement", "drift checks and logs"),
    "people_monthly_usd": Provenance("judgement", "a tenth of an engineer at $200K a year, loaded"),
    "retrain_usd": Provenance("judgement", "one likely run and a fifth of the likely data"),
    "retrain_every_months": Provenance("judgement", "twice a year"),
    "lead_months": Provenance("judgement", "data, training and evaluation before any saving"),
    "asset_life_months": Provenance(
        "judgement", "hosted tunes end when their base model retires; give the provider's date"
    ),
    "yearly_price_decline": Provenance(
        "judgement", "none, 30% and 60% a year; a fall makes owning a fine-tune worth less"
    ),
    "yearly_discount_rate": Provenance("judgement", "12% a year, effective"),
    "failure_chance": Provenance("judgement", "one project in five misses its quality gate"),
}
