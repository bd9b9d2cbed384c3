"""The JSON schema of a fine-tuning case (draft 2020-12), for editors and for other programs."""

from __future__ import annotations

from dataclasses import fields
from typing import Final, get_args

from core.economics.attempts import GainKind
from core.economics.bounds import Bound
from core.economics.tuning.bounds import BOUNDS
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.defaults import PROVENANCE

Schema = dict[str, object]

NAME_LENGTH: Final = 200


def case_schema() -> Schema:
    """What a case may hold, key by key, with the bounds that reading it checks."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tierwise fine-tuning case",
        "description": "Money is in USD, shares and rates are fractions (0.3 means 30%).",
        "type": "object",
        "properties": {field.name: _property(field.name) for field in fields(FineTuneCase)},
        "additionalProperties": False,
        "anyOf": [
            {"required": ["current_monthly_usd"]},
            {"required": ["monthly_queries", "cost_per_query_usd"]},
        ],
    }


def _property(name: str) -> Schema:
    if name == "name":
        return {"type": "string", "maxLength": NAME_LENGTH}
    if name == "accuracy_gain_kind":
        return {"enum": list(get_args(GainKind))}
    bound = BOUNDS[name]
    found = _number(bound)
    if bound.shape == "estimate":
        ends = dict.fromkeys(("low", "likely", "high"), found)
        found = {
            "oneOf": [
                found,
                {
                    "type": "object",
                    "properties": ends,
                    "required": list(ends),
                    "additionalProperties": False,
                },
            ]
        }
    known = PROVENANCE.get(name)
    words = f"{bound.says[0].upper()}{bound.says[1:]}."
    return {"description": f"{words} Default: {known.note}." if known else words, **found}


def _number(bound: Bound) -> Schema:
    return {
        "type": "integer" if bound.shape == "whole" else "number",
        "exclusiveMinimum" if bound.low_open else "minimum": bound.low,
        "exclusiveMaximum" if bound.high_open else "maximum": bound.high,
    }
