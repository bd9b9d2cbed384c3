"""The inputs of a fine-tuning case as people read them, and where each is from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from core.catalog.model import Origin
from core.economics.estimate import NONE, Estimate
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.defaults import COST_RATIO, GAIN_POINTS, PROVENANCE

Shape = Literal["text", "usd", "share", "whole", "number", "times"]
Use = Literal["as given", "PERT mean", "likely value"]
Value = Estimate | float | str | None


@dataclass(frozen=True)
class Field:
    """One input: its field in `FineTuneCase`, its words, and how the expected future uses it."""

    name: str
    words: str
    unit: str
    shape: Shape
    use: Use = "as given"


GROUPS: Final[Mapping[str, tuple[Field, ...]]] = {
    "The case": (Field("name", "Name", "", "text"),),
    "The bill": (
        Field("current_monthly_usd", "Today's bill", "USD a month", "usd"),
        Field("monthly_queries", "Queries", "a month", "whole"),
        Field("cost_per_query_usd", "Cost of a query (if no bill is given)", "USD", "number"),
        Field("slice_share", "Share that the tuned model may take", "of the bill", "share"),
        Field("routing_multiplier", "What routing leaves of it", "of the slice", "share"),
    ),
    "The tuned model": (
        Field("tuned_monthly_usd", "Tuned model's bill", "USD a month", "usd", "PERT mean"),
        Field("cost_ratio", "Times cheaper (with no bill)", "times", "times", "likely value"),
        Field("fallback_share", "Answers handed back", "of the answers", "share"),
    ),
    "Investment": (
        Field("data_preparation_usd", "Data preparation", "USD", "usd", "PERT mean"),
        Field("compute_per_run_usd", "Compute of a run", "USD a run", "usd", "PERT mean"),
        Field("training_runs", "Training runs", "runs", "times", "PERT mean"),
        Field("teacher_generation_usd", "Teacher's answers", "USD", "usd", "PERT mean"),
        Field("other_one_off_usd", "Test set, engineering", "USD", "usd", "PERT mean"),
    ),
    "Accuracy and retries": (
        Field("accuracy_now", "Acceptable answers today", "of the answers", "share"),
        Field("accuracy_gain", "Gain in accuracy", "see its kind", "share", "likely value"),
        Field("accuracy_gain_kind", "Kind of gain", "points or relative", "text"),
        Field("max_retries", "Retries at most", "a task", "whole"),
    ),
    "Every month": (
        Field("hosting_monthly_usd", "Hosting", "USD a month", "usd", "PERT mean"),
        Field("evaluation_monthly_usd", "Evaluation", "USD a month", "usd", "PERT mean"),
        Field("monitoring_monthly_usd", "Monitoring", "USD a month", "usd", "PERT mean"),
        Field("people_monthly_usd", "People", "USD a month", "usd", "PERT mean"),
        Field("retrain_usd", "A retraining", "USD", "usd"),
        Field("retrain_every_months", "Between retrainings", "months", "whole"),
    ),
    "Time": (
        Field("lead_months", "Until it is live", "months", "whole"),
        Field("asset_life_months", "Until the base model retires", "months", "whole"),
        Field("horizon_months", "Horizon", "months", "whole"),
    ),
    "Outlook": (
        Field("monthly_growth", "Growth of the volume", "a month", "share", "likely value"),
        Field("yearly_price_decline", "Fall of today's price", "a year", "share", "likely value"),
        Field(
            "tuned_yearly_price_decline",
            "Fall of the tuned model's price",
            "a year",
            "share",
            "likely value",
        ),
        Field("reprice_month", "A successor arrives in month", "month", "whole"),
        Field("reprice_factor", "It costs", "of the price", "share"),
        Field("yearly_discount_rate", "Discount rate, effective", "a year", "share"),
        Field("failure_chance", "Chance that it misses its quality gate", "", "share"),
    ),
}


@dataclass(frozen=True)
class Source:
    """What is known of where a value is from; `date` is empty where nobody noted it."""

    kind: Origin | Literal["yours", ""]
    note: str
    date: str = ""


def value_of(case: FineTuneCase, name: str) -> Value:
    """The value of a field; the default cost ratio where the case leaves it out.

    The default is there even beside a monthly bill of the tuned model, which goes first, so
    that a reader may delete that bill and still have a case.
    """
    value: Value = case.tuned_cost_ratio if name == "cost_ratio" else getattr(case, name)
    return value


def source_of(case: FineTuneCase, name: str) -> Source:
    """Where the value of a field is from: a default's own source, or "yours"."""
    value = value_of(case, name)
    if value is None or value == "":
        return Source("", "not given")
    known = PROVENANCE.get(name)
    if value not in _starts(name):
        return Source("yours", "given for this case")
    if name == "cost_ratio" and case.tuned_monthly_usd is not None:
        return Source("", "not used: the tuned model's bill is given")
    if known is not None:
        date = re.search(r"\b\d{4}-\d{2}\b", known.note)
        return Source(known.origin, known.note, date.group() if date else "")
    if value in (0, NONE):
        return Source("yours", "nothing until it is filled in")
    return Source("judgement", "what Tierwise starts a case with")


def _starts(name: str) -> tuple[Value, ...]:
    start: Value = getattr(FineTuneCase, name)
    return _STARTS.get(name, (start,))


# where a case may leave a field out, the values that the source of its default speaks of
_STARTS: Final[Mapping[str, tuple[Value, ...]]] = {
    "cost_ratio": (COST_RATIO,),
    "accuracy_gain": (GAIN_POINTS, NONE),
}
