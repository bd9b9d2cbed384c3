"""A fine-tuning case as JSON: `{"current_monthly_usd": 20000, "cost_ratio": 10, ...}`.

The document is one object whose keys are the fields of `FineTuneCase`; those left out keep
their defaults. Money is in USD, shares and rates are fractions (0.3 means 30%).

    the bill       current_monthly_usd, or monthly_queries with cost_per_query_usd;
                   slice_share (1), routing_multiplier (1)
    tuned model    cost_ratio* (4/10/30 times cheaper) or tuned_monthly_usd*;
                   fallback_share (0)
    investment     data_preparation_usd* (5000/10000/20000), training_runs* (3/4/5),
                   compute_per_run_usd* (1000/4000/10000), teacher_generation_usd* (0),
                   other_one_off_usd* (0)
    accuracy       accuracy_now, accuracy_gain* with accuracy_gain_kind ("points" or
                   "relative"), max_retries (2)
    each month     hosting_monthly_usd* (584/1306.70/2912.70), evaluation_monthly_usd* (200),
                   monitoring_monthly_usd* (100), people_monthly_usd* (1666.67);
                   retrain_usd (6000) every retrain_every_months (6) after going live
    time           lead_months (2), asset_life_months (24), horizon_months (36)
    outlook        monthly_growth* (0), yearly_price_decline* (0/0.3/0.6),
                   tuned_yearly_price_decline* (0), reprice_month with reprice_factor (1),
                   yearly_discount_rate (0.12), failure_chance (0.2)
    name           a text of up to 200 characters

A key with * takes a number, or {"low": .., "likely": .., "high": ..} in that order.
"""

from __future__ import annotations

import json
import math
from dataclasses import fields
from difflib import get_close_matches
from typing import get_args

from core.economics.attempts import GainKind
from core.economics.estimate import Estimate
from core.economics.tuning.bounds import BOUNDS
from core.economics.tuning.case import WHERE, FineTuneCase
from core.errors import BadInput

ESTIMATE_KEYS = ("low", "likely", "high")
NAME_CHARS = 200
CaseValue = str | float | int | Estimate


def case_from_json(text: str) -> FineTuneCase:
    """The case that `text` describes; keys left out keep their defaults.

    Raises BadInput, naming the key, what was found and what is valid, for text that is not
    a JSON object, an unknown key, a wrong type, or a value out of bounds or out of order.
    """
    try:
        document: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not JSON ({error})", where=WHERE, remedy="Give one JSON object") from None
    if not isinstance(document, dict):
        raise BadInput(
            f"a JSON {_kind(document)}", where=WHERE, remedy='Give one object, { "key": value }'
        )
    known = [field.name for field in fields(FineTuneCase)]
    values: dict[str, CaseValue] = {}
    for key, value in document.items():
        if key not in known:
            close = get_close_matches(key, known, n=1) or known
            raise BadInput(
                f"unknown key '{key[:NAME_CHARS]}'",
                where=WHERE,
                remedy=f"Did you mean '{close[0]}'?"
                if len(close) == 1
                else f"Valid keys: {', '.join(known)}",
            )
        if value is not None:  # null means: left out
            values[key] = _value(key, value)
    return FineTuneCase(**values)  # type: ignore[arg-type]  # each value checked against its key


def case_to_json(case: FineTuneCase) -> str:
    """The case as JSON text that `case_from_json` reads back to an equal case."""
    document: dict[str, object] = {}
    for field in fields(case):
        value = getattr(case, field.name)
        if isinstance(value, Estimate):
            exact = value.low == value.high
            document[field.name] = (
                value.likely if exact else {key: getattr(value, key) for key in ESTIMATE_KEYS}
            )
        elif value is not None:
            document[field.name] = value
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _value(key: str, value: object) -> CaseValue:
    if key == "name":
        if not isinstance(value, str) or len(value) > NAME_CHARS:
            raise _wrong(key, value, f"a text of up to {NAME_CHARS} characters")
        return value
    if key == "accuracy_gain_kind":
        if value not in get_args(GainKind):
            raise _wrong(key, value, '"points" or "relative"')
        return str(value)
    bound = BOUNDS[key]
    if bound.shape == "estimate":
        return _estimate(key, value)
    number = _number(key, value, bound.says)
    if bound.shape == "whole":
        if not number.is_integer():
            raise _wrong(key, value, bound.says)
        return int(number)
    return number


def _estimate(key: str, value: object) -> Estimate:
    says = f'{BOUNDS[key].says}, or {{"low": .., "likely": .., "high": ..}}'
    if not isinstance(value, dict):
        return Estimate.exactly(_number(key, value, says))
    if sorted(value) != sorted(ESTIMATE_KEYS):
        raise BadInput(
            f"'{key}' has the keys {', '.join(sorted(value))[:NAME_CHARS] or '(none)'}",
            where=WHERE,
            remedy="Give low, likely and high",
        )
    low, likely, high = (_number(f"{key}.{part}", value[part], says) for part in ESTIMATE_KEYS)
    try:
        return Estimate(low, likely, high)
    except BadInput as error:
        found = f"'{key}': {error.found}"
        raise BadInput(found, where=WHERE, remedy=error.remedy) from None


def _number(key: str, value: object, says: str) -> float:
    # True is an int to Python and not a number to a person
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(key, value, says)
    if isinstance(value, int) and abs(value) > 10**18:
        raise _wrong(key, "a number beyond 10^18", says)
    if not math.isfinite(value):
        raise _wrong(key, value, says)
    return float(value)


def _wrong(key: str, value: object, says: str) -> BadInput:
    shown = json.dumps(value, ensure_ascii=False) if not isinstance(value, float) else f"{value:g}"
    return BadInput(f"'{key}' is {shown[:NAME_CHARS]}", where=WHERE, remedy=f"Use {says}")


def _kind(document: object) -> str:
    return {list: "list", str: "text", bool: "true or false", type(None): "null"}.get(
        type(document), "number"
    )
