"""A judge that looks at a cheaper model's answer before it is used: what it costs and misses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.catalog.model import Model, Origin
from core.errors import BadInput
from core.routing.traffic import Traffic
from core.workload.grid import PLACES

Floats = npt.NDArray[np.float64]

VERDICT_TOKENS: Final = 20  # a word or two, and their wrapping
# Judgement: published LLM judges agree with people on about 80 to 85% of answers, and let bad
# ones through more often than they stop good ones. Evidence of one's own replaces it.
ACCEPTS_GOOD: Final = 0.90
ACCEPTS_BAD: Final = 0.30
JUDGED: Final = 50
SECONDS: Final = 1.0  # judgement: a judge reads everything and writes a word or two


@dataclass(frozen=True)
class Check:
    """Who checks, and how well.

    `accepts_good` is the share of acceptable answers that pass, `accepts_bad` that of the
    others; both are known as well as from `judged` answers of each kind.
    """

    model: Model
    accepts_good: float = ACCEPTS_GOOD
    accepts_bad: float = ACCEPTS_BAD
    judged: int = JUDGED
    origin: Origin = "judgement"
    seconds: float = SECONDS  # that a check takes

    def __post_init__(self) -> None:
        for name in ("accepts_good", "accepts_bad"):
            value = getattr(self, name)
            if not 0.0 <= value <= 1.0:
                raise BadInput(
                    f"a share of {value:g}", where=name, remedy="Give a share from 0 to 1"
                )
        if self.model.price is None:
            raise BadInput(
                f"{self.model.name} has no price",
                where="check",
                remedy="Choose a priced model or state its price in models.yaml",
            )

    def usd_by_place(self, traffic: Traffic) -> Floats:
        """What checking every query's answer once costs per place, USD per month.

        The judge reads the whole request and the answer.
        """
        usd = np.zeros(PLACES)
        price = self.model.price
        assert price is not None  # or there would be no check
        for s in traffic.streams:
            read = s.input_tokens + s.output_tokens
            usd += price.cost_usd(read, np.zeros(PLACES), VERDICT_TOKENS * s.queries)
        return usd

    def draw(self, dice: np.random.Generator, draws: int) -> tuple[Floats, Floats]:
        """Draws of the two shares, as far as they are unknown."""
        good, bad = (
            dice.beta(share * self.judged + 0.5, (1 - share) * self.judged + 0.5, draws)
            for share in (self.accepts_good, self.accepts_bad)
        )
        return good, bad
