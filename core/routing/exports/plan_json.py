"""The plan as one JSON object with its JSON schema."""

from __future__ import annotations

import json
from typing import Final

from core.routing.exports.files import Export
from core.routing.exports.policy import FORMAT, FORMAT_VERSION, Exported, policy

_TIER: Final = {"enum": ["simple", "medium", "complex"]}
_USD: Final = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_PAIR: Final = {"type": "array", "minItems": 2, "maxItems": 2}

SCHEMA: Final = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A routing plan of Tierwise",
    "type": "object",
    "required": [
        "format", "format_version", "plan_id", "created", "strategy", "tiers", "thresholds",
        "rules", "fallback_tier", "escalation", "classifier", "expected", "assumptions",
        "not_expressed", "cuts", "levers", "learned", "grid", "safer_difficulty", "reading",
        "unlike", "segment_names", "none", "windows", "largest",
    ],
    "properties": {
        "format": {"const": FORMAT},
        "format_version": {"const": FORMAT_VERSION},
        "plan_id": {"type": "string"},
        "name": {"type": "string"},
        "created": {"type": "string", "format": "date-time"},
        "strategy": {"enum": ["route", "cascade"]},
        "tiers": {
            "type": "array",
            "minItems": 3,
            "maxItems": 3,
            "items": {
                "type": "object",
                "required": ["name", "model", "provider", "price_usd_per_mtok"],
                "properties": {
                    "name": _TIER,
                    "model": {"type": "string"},
                    "provider": {"type": "string"},
                    "context_window": {"type": ["integer", "null"]},
                    "fallback_model": {"type": ["string", "null"]},
                    "reasoning_effort": {"enum": ["low", "medium", "high", None]},
                    "price_usd_per_mtok": {
                        "type": ["object", "null"],
                        "properties": {"input": _USD, "cached": _USD, "output": _USD},
                    },
                    "price_as_of": {"type": ["string", "null"]},
                    "price_source": {"type": ["string", "null"]},
                },
            },
        },
        "thresholds": {
            "type": "object",
            "required": ["to_medium", "to_complex"],
            "properties": {
                "to_medium": {"type": "number", "minimum": 0, "maximum": 1},
                "to_complex": {"type": "number", "minimum": 0, "maximum": 1},
            },
        },
        "rules": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test", "value", "action", "tier", "lowest", "highest"],
                "properties": {"tier": _TIER, "lowest": _TIER, "highest": _TIER},
            },
        },
        "fallback_tier": _TIER,
        "escalation": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["from", "to", "check_model"],
                "properties": {"from": _TIER, "to": _TIER},
            },
        },
        "classifier": {"type": "object", "required": ["version", "digest"]},
        "expected": {
            "type": "object",
            "properties": {
                "monthly_cost_usd": _USD,
                "monthly_cost_usd_range": _PAIR | {"items": _USD},
                "quality": {"type": "number"},
                "quality_range": _PAIR | {"items": {"type": "number"}},
            },
        },
        "assumptions": {"type": "array", "items": {"type": "string"}},
        "not_expressed": {"type": "array", "items": {"type": "string"}},
        "windows": {
            "description": "Longest request in input tokens per tier; null is no limit.",
            "type": "array",
            "minItems": 3,
            "maxItems": 3,
            "items": {"type": ["integer", "null"]},
        },
        "largest": {"enum": [0, 1, 2]},
        "cuts": {"type": "array", "items": _PAIR | {"items": {"type": ["number", "null"]}}},
        "levers": {"type": "array", "items": {"type": "number"}},
        "learned": {"type": ["object", "null"]},
        "grid": {"type": "object", "required": ["lowest", "width", "bins"]},
        "safer_difficulty": {"type": "number"},
        "reading": {"type": "object"},
        "unlike": {"type": "object"},
    },
}  # fmt: skip


def json_export(found: Exported) -> Export:
    """The policy and its schema."""
    files = {"plan.json": policy(found), "plan.schema.json": SCHEMA}
    return Export(
        {name: json.dumps(content, indent=1) + "\n" for name, content in files.items()},
        f"{FORMAT} {FORMAT_VERSION}",
        (),
    )
