"""Wilson's interval for a share."""

from __future__ import annotations

import math
from typing import Final

Z95: Final = 1.959964


def wilson(good: float, count: float, z: float = Z95) -> tuple[float, float]:
    """The interval of a share of `count` trials (routing.md 2.9); 0 to 1 without any."""
    if count <= 0:
        return 0.0, 1.0
    share = good / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = (z / (1 + z * z / count)) * math.sqrt(
        share * (1 - share) / count + z * z / (4 * count * count)
    )
    return max(centre - half, 0.0), min(centre + half, 1.0)
