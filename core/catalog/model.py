"""What a model is to a plan: a kind, a dated price, and an ability on the one scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

ModelKind = Literal["frontier", "mid", "open", "specialised"]
Origin = Literal["measured", "quoted", "benchmark", "judgement"]

Tokens = TypeVar("Tokens", float, npt.NDArray[np.float64])  # of one call, or of many

KINDS: tuple[ModelKind, ...] = ("frontier", "mid", "open", "specialised")


@dataclass(frozen=True)
class Price:
    """List price in USD per million tokens, with where and when it was read.

    `cached_usd_per_mtok` is the price of input tokens read from the provider's cache;
    it equals the input price where the provider gives no discount. Input written to the
    cache has a price of its own with some providers (Anthropic: that of a five-minute cache).
    """

    input_usd_per_mtok: float
    cached_usd_per_mtok: float
    output_usd_per_mtok: float
    as_of: date
    source: str
    cache_write_usd_per_mtok: float | None = None  # None: as plain input
    list_id: str = ""  # "provider/id" in the price list; empty for a price of somebody's own
    discount: float = 0.0  # the negotiated share that is already off these rates

    @property
    def written_usd_per_mtok(self) -> float:
        """USD per million input tokens that are written to the cache."""
        own = self.cache_write_usd_per_mtok
        return self.input_usd_per_mtok if own is None else own

    def cost_usd(
        self,
        input_tokens: Tokens,
        cache_read_tokens: Tokens,
        output_tokens: Tokens,
        cache_write_tokens: Tokens | float = 0.0,
    ) -> Tokens:
        """USD for that many tokens (economics 1.1).

        `input_tokens` includes those read from the cache and those written to it, which are
        no part of each other; `output_tokens` includes reasoning.
        """
        fresh = input_tokens - cache_read_tokens - cache_write_tokens
        return (
            fresh * self.input_usd_per_mtok
            + cache_read_tokens * self.cached_usd_per_mtok
            + cache_write_tokens * self.written_usd_per_mtok
            + output_tokens * self.output_usd_per_mtok
        ) / 1e6

    def less(self, share: float) -> Price:
        """The price with that share (0..1) taken off every rate."""
        kept, written = 1.0 - share, self.cache_write_usd_per_mtok
        return replace(
            self,
            input_usd_per_mtok=self.input_usd_per_mtok * kept,
            cached_usd_per_mtok=self.cached_usd_per_mtok * kept,
            output_usd_per_mtok=self.output_usd_per_mtok * kept,
            cache_write_usd_per_mtok=None if written is None else written * kept,
            discount=1.0 - (1.0 - self.discount) * kept,
        )


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
    output_tokens_per_month: float | None = None  # that a rented endpoint can write, if busy
    note: str = ""
