"""How a tier calls its model: what stands in for it, how hard it thinks, and what its calls are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, get_args

from core.catalog.model import Model
from core.errors import BadInput

Effort = Literal["low", "medium", "high"]
EFFORTS: Final[tuple[Effort, ...]] = get_args(Effort)
MAX_RETRIES: Final = 2  # of one ask (economics 1.2)


@dataclass(frozen=True)
class TierSettings:
    """What a person says of one tier; None and 1.0 mean "as the log shows".

    `fallback` answers when the model errs or is away; `effort` is the reasoning effort asked of
    the model. `retry_share` is the chance that a call has to be repeated and is billed again, at
    most MAX_RETRIES times. `cached_share` of the input is read from the cache. `output_share` is
    what the model writes, thinking included, over what was logged. `seconds` are those of half of
    its answers. Raises BadInput outside their ranges.
    """

    fallback: Model | None = None
    effort: Effort | None = None
    retry_share: float | None = None
    cached_share: float | None = None
    output_share: float = 1.0
    seconds: float | None = None

    def __post_init__(self) -> None:
        for name, value in (("retry rate", self.retry_share), ("cached share", self.cached_share)):
            if value is not None and not 0.0 <= value <= 1.0:
                raise BadInput(f"a {name} of {value:g}", remedy="Give a share from 0 to 1")
        if not 0.0 < self.output_share <= 100.0:
            raise BadInput(
                f"an output of {self.output_share:g} times the logged one",
                remedy="Give more than 0, up to 100 times",
            )
        if self.seconds is not None and not 0.0 < self.seconds <= 3600.0:
            raise BadInput(
                f"{self.seconds:g} seconds per answer", remedy="Give more than 0, up to 3,600"
            )
        if self.effort is not None and self.effort not in EFFORTS:
            raise BadInput(
                f"a reasoning effort of '{self.effort}'", remedy=f"Use {', '.join(EFFORTS)}"
            )

    @property
    def calls_per_answer(self) -> float | None:
        """Billed calls per answer with that retry rate; None without one."""
        if self.retry_share is None:
            return None
        return sum(self.retry_share**retry for retry in range(MAX_RETRIES + 1))


AS_LOGGED: Final = TierSettings()


def retry_share_of(calls_per_answer: float) -> float:
    """The retry rate behind that many calls per answer: 1 + r + r * r of them, r at most 1."""
    further = max(calls_per_answer, 1.0) - 1.0
    return min((math.sqrt(1.0 + 4.0 * further) - 1.0) / 2.0, 1.0)
