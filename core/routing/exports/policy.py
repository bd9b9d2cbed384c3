"""A plan as plain data: all that a router needs, and nothing of the log."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import groupby, pairwise
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.catalog.model import Model
from core.complexity import unlike
from core.complexity.classifier import Classifier
from core.complexity.features import FEATURES, HEAD_CHARS, OPTIONS, TAIL_CHARS
from core.complexity.learned import Learned
from core.complexity.scale import LEVERS, PIVOT, TIERS
from core.complexity.sorting import typical_difficulty
from core.errors import BadInput
from core.logs.tally import OTHER
from core.routing.plan import Plan
from core.routing.settings import TierSettings
from core.routing.simulate import Outcome, plan_cuts
from core.workload.grid import BIN_WIDTH, BINS, BOUNDS, LOWEST
from core.workload.placing import UNNAMED
from core.workload.routing_rules import RoutingRule
from core.workload.windows import largest_window, longest_fits

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

FORMAT: Final = "tierwise-plan"
FORMAT_VERSION: Final = 1

# RE2 takes letters of English only for a border of words; Python all letters.
_BORDER: Final = r"(?:(?<![0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<=[0-9A-Za-z_])(?![0-9A-Za-z_]))"


@dataclass(frozen=True)
class Exported:
    """A plan to export, with what it says of itself."""

    plan: Plan
    outcome: Outcome
    classifier: Classifier
    plan_id: str
    name: str
    created: str  # ISO 8601, UTC
    prices_as_of: str
    learned: Learned | None = None
    segment_names: Mapping[str, str] = field(default_factory=dict)


def policy(found: Exported) -> dict[str, Json]:
    """The plan as JSON values, `decide.tier_of` among its readers.

    Raises BadInput for thresholds that are out of order.
    """
    plan, classifier = found.plan, found.classifier
    cuts = plan_cuts(plan, classifier.spread)
    for first, second in cuts:
        if first <= second:
            continue
        raise BadInput(
            f"the complex tier begins at {second:g}, below the medium one at {first:g}",
            where=found.name,
            remedy="Set the tolerances again and save the plan",
        )
    outcome = found.outcome
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "plan_id": found.plan_id,
        "name": found.name,
        "created": found.created,
        "strategy": plan.strategy,
        "tiers": [
            _tier(tier, model, settings)
            for (tier, model), settings in zip(plan.models.items(), plan.settings, strict=True)
        ],
        "thresholds": {"to_medium": plan.to_medium, "to_complex": plan.to_complex},
        "rules": [_rule(rule) for rule in plan.rules],
        "fallback_tier": "complex",
        "escalation": _escalation(plan),
        "classifier": {"version": classifier.version, "digest": classifier.digest},
        "expected": {
            "share_by_tier": {t.tier: round(t.share_of_queries, 6) for t in outcome.tiers},
            "monthly_cost_usd": _usd(outcome.planned.central),
            "monthly_cost_usd_range": [_usd(outcome.planned.low), _usd(outcome.planned.high)],
            "quality": round(outcome.quality.central, 6),
            "quality_range": [round(outcome.quality.low, 6), round(outcome.quality.high, 6)],
        },
        "assumptions": [
            f"list prices of {found.prices_as_of}",
            "quality rests on outcomes of the log's own queries"
            if found.learned
            else "quality is the classifier's expectation, not verified",
        ],
        "not_expressed": [],  # this format says all of it; other targets state theirs apart
        "windows": [longest_fits(window) for window in plan.windows],
        "largest": largest_window(plan.windows),
        "cuts": [[_finite(cut) for cut in pair] for pair in cuts],
        "levers": list(LEVERS),
        "learned": _learned(found),
        "grid": {"lowest": LOWEST, "width": BIN_WIDTH, "bins": BINS},
        "safer_difficulty": typical_difficulty(classifier, "complex"),
        "reading": _reading(classifier),
        "unlike": _limits(),
        "segment_names": dict(found.segment_names),
        "none": UNNAMED,
    }


def _tier(tier: str, model: Model, settings: TierSettings) -> Json:
    price = model.price
    return {
        "name": tier,
        "model": model.id,
        "provider": model.provider,
        "context_window": model.context_window,
        "fallback_model": settings.fallback.id if settings.fallback else None,
        "reasoning_effort": settings.effort,
        "price_usd_per_mtok": {
            "input": _usd(price.input_usd_per_mtok),
            "cached": _usd(price.cached_usd_per_mtok),
            "output": _usd(price.output_usd_per_mtok),
        }
        if price
        else None,
        "price_as_of": price.as_of.isoformat() if price else None,
        "price_source": price.source if price else None,
    }


def _escalation(plan: Plan) -> Json:
    check = plan.check
    if check is None:
        return []
    return [
        {
            "from": low,
            "to": high,
            "check_model": check.model.id,
            "passes_acceptable": check.accepts_good,
            "passes_others": check.accepts_bad,
        }
        for low, high in pairwise(TIERS)
    ]


def _rule(rule: RoutingRule) -> Json:
    low, high = BOUNDS[rule.bound]
    return {
        "test": rule.test,
        "value": rule.value,
        "pattern": _python(rule.pattern),
        "action": rule.action,
        "tier": rule.tier,
        "lowest": TIERS[low],
        "highest": TIERS[high],
    }


def _reading(classifier: Classifier) -> Json:
    reading = classifier.reading
    return {
        "level": reading.level,
        "weights": list(reading.weights),
        "typical": list(reading.typical),
        "highest": list(reading.highest),
        "everyday": reading.everyday,
        "head": HEAD_CHARS,
        "tail": TAIL_CHARS,
        "options": OPTIONS,
        "features": [
            {"words": feature.words, "pattern": _python(feature.pattern)}
            for feature in FEATURES[2:]
        ],
    }


def _learned(found: Exported) -> Json:
    """What own outcomes taught of the log's segments; null without any."""
    learned = found.learned
    if learned is None:
        return None
    return {
        "difficulty": list(learned.usual.difficulty),
        "length": list(learned.usual.length),
        "about": learned.about,
        "pivot": PIVOT,
        "segments": list(learned.segments),
        "other": OTHER,
        "shift": list(learned.shift),
        "lever": list(learned.lever),
    }


def _limits() -> Json:
    return {
        "other_letter": _other_letters(),
        "other_letters": unlike.OTHER_LETTERS,
        "foreign": _python(unlike.FOREIGN),
        "english": _python(unlike.ENGLISH),
        "foreign_below": unlike.FOREIGN_BELOW,
        "unknown_below": unlike.UNKNOWN_BELOW,
        "enough_words": unlike.ENOUGH_WORDS,
        "fewest_words": unlike.FEWEST_WORDS,
        "listed": unlike.LISTED,
        "longest": unlike.LONGEST,
        "unbroken": unlike.UNBROKEN,
        "unbroken_pattern": unlike.UNBROKEN_PATTERN,
        "clock": unlike.CLOCK,
        "most_clock_times": unlike.MOST_CLOCK_TIMES,
        "code_mark": unlike.CODE_MARK,
        "most_code_marks": unlike.MOST_CODE_MARKS,
        "code_share": unlike.CODE_SHARE,
    }


def _python(pattern: str) -> str:
    return pattern.replace(r"\b", _BORDER)


@cache
def _other_letters() -> str:
    """The characters that are neither English letters nor of all scripts, as a Python class."""
    codes = [code for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    matches = pc.match_substring_regex(pa.array(map(chr, codes)), unlike.OTHER_LETTER)
    found = np.array(codes)[matches.to_numpy(zero_copy_only=False)].tolist()
    ranges = []
    for _, group in groupby(enumerate(found), key=lambda pair: pair[1] - pair[0]):
        run = [code for _, code in group]
        ranges.append(f"\\U{run[0]:08x}-\\U{run[-1]:08x}")
    return f"[{''.join(ranges)}]"


def _usd(amount: float) -> str:
    """Money as a decimal string."""
    return format(Decimal(repr(round(amount, 6))).normalize(), "f")


def _finite(cut: float) -> float | None:
    """A cut as JSON: null where it is never passed, a number below every bin where always."""
    if math.isinf(cut):
        return None if cut > 0 else LOWEST - 1.0
    return cut
