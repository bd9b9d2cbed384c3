"""The cap of a replay: money is set aside before a call is sent, so it cannot be passed."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog.model import Model
from core.quality.requests import Message

FRAME_TOKENS = 16  # of a message, at the most: role, marks, and what a vendor puts around it


@dataclass
class Budget:
    """What was spent, what may have been spent unseen, and what calls under way may cost; USD.

    `doubtful` are calls that were cut off: nobody knows whether they were billed, so they count
    at their upper bound.
    """

    cap_usd: float
    spent_usd: float = 0.0
    doubtful_usd: float = 0.0
    reserved_usd: float = 0.0

    @property
    def left_usd(self) -> float:
        """What may still be set aside."""
        return self.cap_usd - self.spent_usd - self.doubtful_usd - self.reserved_usd

    def reserve(self, most_usd: float) -> bool:
        """Set aside what a call may cost at the most; False where that much is not left."""
        if most_usd > self.left_usd + 1e-12:
            return False
        self.reserved_usd += most_usd
        return True

    def settle(self, most_usd: float, usd: float) -> None:
        """A call came back and cost that much."""
        self.release(most_usd)
        self.spent_usd += usd

    def release(self, most_usd: float) -> None:
        """A call was refused and costs nothing."""
        self.reserved_usd = max(self.reserved_usd - most_usd, 0.0)

    def doubt(self, most_usd: float) -> None:
        """A call was cut off: it may have been billed."""
        self.release(most_usd)
        self.doubtful_usd += most_usd


def most_tokens(messages: list[Message]) -> int:
    """An upper bound of the input tokens: no token has less than a byte."""
    return sum(len(m["content"].encode("utf-8")) + FRAME_TOKENS for m in messages) + FRAME_TOKENS


def most_usd(model: Model, messages: list[Message], most_output: int) -> float:
    """The most that a call can cost."""
    assert model.price is not None  # or the replay would have been refused
    return model.price.cost_usd(float(most_tokens(messages)), 0.0, float(most_output))
