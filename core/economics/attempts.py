"""Retries: how many billed attempts a task takes, and what a success then costs.

Assumes that attempts fail independently and that a failed attempt is noticed, repeated and
billed. That is optimistic: a prompt that failed once fails again more often. Apply it only
where a log row is a finished task; where rows are attempts the bill holds the retries.
"""

from __future__ import annotations

from typing import Literal, TypeVar, cast

import numpy as np
import numpy.typing as npt

from core.errors import BadInput

Floats = npt.NDArray[np.float64]
Number = TypeVar("Number", float, Floats)  # one value, or one per simulated future
GainKind = Literal["relative", "points"]

ROUNDING = 1e-9  # an accuracy this little above 1 is floating point, not a wrong input


def expected_attempts(repeat_chance: Number, max_retries: int | None) -> Number:
    """Mean billed attempts per task when each fails with `repeat_chance` (0..1).

    1 + r + ... + r^K for a cap of K retries; 1 / (1 - r) without a cap (`None`). Raises
    BadInput outside 0..1, and for r = 1 without a cap, where no task ever ends.
    """
    _require_chance(repeat_chance)
    if max_retries is None:
        if np.max(repeat_chance) >= 1:
            raise BadInput(
                "every attempt fails (repeat chance 100%) and retries have no cap",
                remedy="Give a cap on retries, or a repeat chance below 1",
            )
        return 1.0 / (1.0 - repeat_chance)
    if max_retries < 0:
        raise BadInput(f"the retry cap is {max_retries}", remedy="Use 0 or more")
    attempts = repeat_chance**0
    for retry in range(1, max_retries + 1):
        attempts = attempts + repeat_chance**retry
    return attempts


def residual_failure(repeat_chance: float, max_retries: int | None) -> float:
    """The chance (0..1) that a task still failed after its last allowed retry."""
    _require_chance(repeat_chance)
    if max_retries is None:
        return 0.0
    return float(repeat_chance ** (max_retries + 1))


def cost_per_task_usd(attempt_usd: float, repeat_chance: float, max_retries: int | None) -> float:
    """USD billed per task, whether it ends well or not."""
    return attempt_usd * expected_attempts(repeat_chance, max_retries)


def cost_per_success_usd(
    attempt_usd: float, repeat_chance: float, max_retries: int | None
) -> float | None:
    """USD billed per task that ends well; None when none does.

    It equals attempt_usd / (1 - repeat_chance) whatever the cap: a cap changes how many
    tasks fail, not what a success costs. Compare tiers by this figure.
    """
    success = 1.0 - residual_failure(repeat_chance, max_retries)
    if success <= 0:
        return None
    return cost_per_task_usd(attempt_usd, repeat_chance, max_retries) / success


def accuracy_after(accuracy: float, gain: Number, kind: GainKind) -> Number:
    """The accuracy (0..1) after a gain: times 1 + gain (relative) or plus gain (points).

    `gain` is a fraction (0.2 is 20 percent or 20 points; negative is a loss). Raises
    BadInput, naming the highest possible gain, when the result would pass 1 or fall below 0.
    """
    if not 0 < accuracy <= 1:
        raise BadInput(f"the accuracy is {accuracy:g}", remedy="Use a share above 0, up to 1")
    after = accuracy * (1.0 + gain) if kind == "relative" else accuracy + gain
    worst, best = float(np.min(after)), float(np.max(after))
    if best > 1 + ROUNDING or worst < -ROUNDING:
        largest = (1.0 - accuracy) / accuracy if kind == "relative" else 1.0 - accuracy
        smallest = -1.0 if kind == "relative" else -accuracy
        asked = float(np.max(gain)) if best > 1 else float(np.min(gain))
        unit = "% relative" if kind == "relative" else " points"
        raise BadInput(
            f"a gain of {100 * asked:.4g}{unit} on an accuracy of {100 * accuracy:.4g}% would "
            f"give {100 * (best if best > 1 else worst):.4g}%",
            remedy=f"From {100 * accuracy:.4g}% the gain can be at most {100 * largest:.4g}{unit}"
            f" and at least {100 * smallest:.4g}{unit}",
        )
    return cast(Number, np.clip(after, 0.0, 1.0))  # what rounding left outside


def largest_base_for_relative_gain(gain: float) -> float:
    """The highest accuracy (0..1) from which a relative `gain` is possible: 1 / (1 + gain)."""
    return 1.0 / (1.0 + gain)


def retry_factor(accuracy: float, gain: Number, kind: GainKind, max_retries: int | None) -> Number:
    """What a gain in accuracy leaves of a bill (1 is all): attempts after over attempts now.

    A wrong answer is taken to be repeated, so the repeat chance is 1 - accuracy.
    """
    now = expected_attempts(1.0 - accuracy, max_retries)
    return expected_attempts(1.0 - accuracy_after(accuracy, gain, kind), max_retries) / now


def _require_chance(chance: float | Floats) -> None:
    low, high = float(np.min(chance)), float(np.max(chance))
    if not (low >= 0 and high <= 1):
        raise BadInput(
            f"a repeat chance of {low if low < 0 else high:g}",
            remedy="Use a share from 0 to 1 (0.2 means 20%)",
        )
