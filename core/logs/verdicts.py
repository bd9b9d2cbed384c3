"""The users' verdicts on one scale: 0 is bad, 1 is good."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.logs import amounts
from core.logs.mapping import FeedbackScale

_RANGES: Final[dict[FeedbackScale, tuple[float, float]]] = {
    "0-1": (0.0, 1.0),
    "-1-1": (-1.0, 1.0),
    "1-5": (1.0, 5.0),
    "0-10": (0.0, 10.0),
    "0-100": (0.0, 100.0),
}
# fmt: off
_GOOD: Final = [
    "up", "thumbsup", "thumbup", "true", "yes", "positive", "good", "like", "liked", "helpful",
    "👍",
]
_BAD: Final = [
    "down", "thumbsdown", "thumbdown", "false", "no", "negative", "bad", "dislike", "disliked",
    "unhelpful", "👎",
]
# fmt: on
_WORTH: Final = {
    **dict.fromkeys(_GOOD, 1.0),
    **dict.fromkeys(_BAD, 0.0),
    "neutral": 0.5,
    "tie": 0.5,
}


def read_feedback(cells: pa.Array, scale: FeedbackScale) -> tuple[pa.Array, int]:
    """Verdicts as 0..1, null where missing or beyond the scale, and how many were beyond it."""
    words = pc.replace_substring_regex(pc.utf8_lower(cells), r"[\s_\-]+([a-z])", r"\1")
    words = pc.utf8_trim_whitespace(words)
    place = pc.index_in(words, value_set=pa.array(list(_WORTH)))
    worded = pc.take(pa.array(list(_WORTH.values())), place)
    numeric = pc.if_else(pc.is_valid(worded), pa.scalar(None, pa.string()), cells)
    numbers, unreadable = amounts.parse(numeric)
    low, high = _RANGES[scale]
    share = pc.divide(pc.subtract(numbers, low), high - low)
    inside = pc.and_(pc.greater_equal(share, 0.0), pc.less_equal(share, 1.0))
    outside: int = pc.sum(pc.invert(inside)).as_py() or 0
    share = pc.if_else(inside, share, pa.scalar(None, pa.float64()))
    return pc.coalesce(worded, share), unreadable + outside
