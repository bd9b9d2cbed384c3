"""What a simulation of a plan does not know, and what it takes for granted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TOKEN_SPREAD: Final = 0.10  # another vendor counts and writes other token numbers: about 10%


@dataclass(frozen=True)
class Uncertainty:
    """What is not known about difficulties, each one standard deviation in logits.

    `spread` is how far a single query lies from its reading; over many queries it evens out.
    `level_sd` is how far a whole log may lie from its reading; it does not even out. How far a
    model may do better or worse on this kind of log is part of its ability's own deviation.
    """

    spread: float
    level_sd: float


@dataclass(frozen=True)
class Assumptions:
    """What a simulation takes for granted."""

    cache_kept: float = 0.0  # share of cached input still cached after a query changes model
    token_spread: float = TOKEN_SPREAD
    seed: int = 20261123
