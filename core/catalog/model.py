"""What a model is to a plan: a kind, a dated price, and an ability on the one scale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

ModelKind = Literal["frontier", "mid", "open", "specialised"]
Origin = Literal["measured", "quoted", "benchmark", "judgement"]

KINDS: tuple[ModelKind, ...] = ("frontier", "mid", "open", "specialised")


@dataclass(frozen=True)
class Price:
    """List price in USD per million tokens, with where and when it was read.

    `cached_usd_per_mtok` is the price of input tokens read from the provider's cache;
    it equals the input price where the provider gives no discount.
    """

    input_usd_per_mtok: float
    cached_usd_per_mtok: float
    output_usd_per_mtok: float
    as_of: date
    source: str

    def cost_usd(
        self, input_tokens: float, cache_read_tokens: float, output_tokens: float
    ) -> float:
        """USD for that many tokens; `input_tokens` includes the cached ones."""
        fresh = input_tokens - cache_read_tokens
        return (
            fresh * self.input_usd_per_mtok
            + cache_read_tokens * self.cached_usd_per_mtok
            + output_tokens * self.output_usd_per_mtok
        ) / 1e6


@dataclass(frozen=True)
class Ability:
    """How able a model is, in logits on the scale of query difficulty, and how sure we are.

    The chance of an acceptable answer is logistic in ability minus difficulty
    (`core.complexity.scale`). `sd` is one standard deviation of our knowledge.
    """

    mean: float
    sd: float
    origin: Origin
    source: str
    as_of: date


@dataclass(frozen=True)
class Model:
    """One model that a tier can name."""

    id: str
    name: str
    provider: str
    kind: ModelKind
    price: Price | None  # None: unpriced, which is never the same as free
    ability: Ability
    context_window: int | None = None
    retires: date | None = None
    fixed_monthly_usd: float = 0.0  # rent and upkeep of a self-hosted or dedicated endpoint
    note: str = ""
