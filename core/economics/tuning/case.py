"""The inputs of a fine-tuning case; `finetune_defaults` says where each default comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.economics.attempts import GainKind, accuracy_after
from core.economics.estimate import Estimate
from core.economics.tuning import defaults
from core.economics.tuning.bounds import BOUNDS
from core.errors import BadInput

WHERE: Final = "fine-tuning case"


@dataclass(frozen=True, kw_only=True)
class FineTuneCase:
    """One slice of the bill, a model tuned to take it over, and what that costs.

    Money is USD; shares, rates and gains are fractions. The bill of the whole log is either
    `current_monthly_usd`, or `monthly_queries` times `cost_per_query_usd`; `slice_share` of
    that money is what the tuned model may take. The tuned model's inference is either
    `tuned_monthly_usd` (for the whole slice, at today's volume and attempts) or the slice's
    bill before routing over `cost_ratio` (with neither, over the default ratio). Raises
    BadInput naming the field and the value.
    """

    name: str = ""
    current_monthly_usd: float | None = None
    monthly_queries: float | None = None
    cost_per_query_usd: float | None = None
    slice_share: float = 1.0
    routing_multiplier: float = 1.0  # what routing leaves of the slice's bill
    tuned_monthly_usd: Estimate | None = None
    cost_ratio: Estimate | None = None  # 10 means a tenth of the cost
    fallback_share: float = 0.0  # answers handed back to the routed model, paid twice

    data_preparation_usd: Estimate = defaults.DATA_PREPARATION_USD
    compute_per_run_usd: Estimate = defaults.COMPUTE_PER_RUN_USD
    training_runs: Estimate = defaults.TRAINING_RUNS
    teacher_generation_usd: Estimate = defaults.NONE  # distillation: the teacher's answers
    other_one_off_usd: Estimate = defaults.NONE  # test set, engineering, integration

    accuracy_now: float | None = None
    accuracy_gain: Estimate | None = None
    accuracy_gain_kind: GainKind = "points"
    max_retries: int = 2

    hosting_monthly_usd: Estimate = defaults.HOSTING_MONTHLY_USD
    evaluation_monthly_usd: Estimate = defaults.EVALUATION_MONTHLY_USD
    monitoring_monthly_usd: Estimate = defaults.MONITORING_MONTHLY_USD
    people_monthly_usd: Estimate = defaults.PEOPLE_MONTHLY_USD
    retrain_usd: float = 6_000.0
    retrain_every_months: int = 6

    lead_months: int = 2  # no saving and no running cost until the model is live
    asset_life_months: int = 24  # from today until the base model retires: nothing counts after
    horizon_months: int = 36
    monthly_growth: Estimate = defaults.NONE
    yearly_price_decline: Estimate = defaults.YEARLY_PRICE_DECLINE  # of the model it replaces
    tuned_yearly_price_decline: Estimate = defaults.NONE
    reprice_month: int | None = None  # a successor at `reprice_factor` of the price arrives
    reprice_factor: float = 1.0
    yearly_discount_rate: float = 0.12
    failure_chance: float = 0.2  # the model misses its quality gate: all spent, nothing saved

    def __post_init__(self) -> None:
        for name, bound in BOUNDS.items():
            value: float | Estimate | None = getattr(self, name)
            if value is not None:
                bound.check(name, value, WHERE)
        _check_bill(self)
        _check_tuned(self)
        _check_gain(self)

    @property
    def slice_monthly_usd(self) -> float:
        """Today's monthly bill of the slice, before routing."""
        if self.current_monthly_usd is not None:
            return self.current_monthly_usd * self.slice_share
        return (self.monthly_queries or 0.0) * (self.cost_per_query_usd or 0.0) * self.slice_share

    @property
    def tuned_cost_ratio(self) -> Estimate:
        """How many times cheaper the tuned model is, where no monthly bill is given."""
        return self.cost_ratio or defaults.COST_RATIO

    @property
    def months(self) -> int:
        """How many months count: the horizon, cut by the life of the base model."""
        return min(self.horizon_months, self.asset_life_months)


def _check_bill(case: FineTuneCase) -> None:
    by_query = case.monthly_queries is not None and case.cost_per_query_usd is not None
    if case.current_monthly_usd is None and not by_query:
        raise BadInput(
            "the current bill is missing",
            where=WHERE,
            remedy="Give 'current_monthly_usd', or 'monthly_queries' with 'cost_per_query_usd'",
        )
    if case.current_monthly_usd is not None and case.cost_per_query_usd is not None:
        raise BadInput(
            "both 'current_monthly_usd' and 'cost_per_query_usd' are given",
            where=WHERE,
            remedy="Give one of them; 'monthly_queries' may stand beside either",
        )


def _check_tuned(case: FineTuneCase) -> None:
    if case.tuned_monthly_usd is not None and case.cost_ratio is not None:
        raise BadInput(
            "both 'tuned_monthly_usd' and 'cost_ratio' are given",
            where=WHERE,
            remedy="Give one of them: a monthly bill, or how many times cheaper (such as 10)",
        )


def _check_gain(case: FineTuneCase) -> None:
    if case.accuracy_gain is None:
        return
    if case.accuracy_now is None:
        raise BadInput(
            "'accuracy_gain' is given without 'accuracy_now'",
            where=WHERE,
            remedy="Give the accuracy before fine-tuning as a share (0.65 means 65%)",
        )
    for gain in (case.accuracy_gain.low, case.accuracy_gain.high):
        try:
            accuracy_after(case.accuracy_now, gain, case.accuracy_gain_kind)
        except BadInput as error:
            found = f"'accuracy_gain': {error.found}"
            raise BadInput(found, where=WHERE, remedy=error.remedy) from None


def example_case() -> FineTuneCase:
    """A made-up case: half a support bill that routing mostly leaves on the frontier tier."""
    return FineTuneCase(
        name="Support answers, tuned open model",
        monthly_queries=5_000_000,
        cost_per_query_usd=0.0055,
        slice_share=0.5,
        routing_multiplier=0.8,
        other_one_off_usd=Estimate(2_000, 5_000, 10_000),
        accuracy_now=0.8,
        accuracy_gain=defaults.GAIN_POINTS,
        monthly_growth=Estimate(0.0, 0.01, 0.03),
    )
