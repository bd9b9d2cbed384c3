"""Sorting by simple rules, length or keywords, as gateways do it: selectable, and measured.

Both put a text on the classifier's scale so that everything after them works alike: where the
rule changes tier, the usual cut points lie.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.complexity.baselines import keyword_scores, length_scores

Floats = npt.NDArray[np.float64]

Basis = Literal["text", "size", "length", "keywords"]  # what difficulties were read from
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
Rule = Literal["length", "keywords"]
RULES: Final[tuple[Rule, ...]] = get_args(Rule)

# Judgement: a question of one or two sentences is simple, a page of text is complex.
SIMPLE_UNDER_CHARS: Final = 200
COMPLEX_FROM_CHARS: Final = 2_000
# LiteLLM v1's own boundaries between SIMPLE, MEDIUM and COMPLEX.
MEDIUM_FROM_SCORE: Final = 0.15
COMPLEX_FROM_SCORE: Final = 0.35


def rule_difficulty(texts: pa.Array, rule: Rule, cuts: tuple[float, float]) -> Floats:
    """Difficulty per text in logits, so that the rule's tiers begin at `cuts`.

    Between and beyond them it goes on in a straight line, in log length or in the score. A
    missing text counts as an empty one.
    """
    if rule == "length":
        value = np.log(np.maximum(length_scores(texts), 1.0))
        borders = np.log([SIMPLE_UNDER_CHARS, COMPLEX_FROM_CHARS])
    else:
        value = keyword_scores(texts)
        borders = np.array([MEDIUM_FROM_SCORE, COMPLEX_FROM_SCORE])
    share = (value - borders[0]) / (borders[1] - borders[0])
    # The rules say "from here on", the cut points "above": a hair's breadth.
    return np.asarray(cuts[0] + share * (cuts[1] - cuts[0]) + 1e-6, dtype=np.float64)
