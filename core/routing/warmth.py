"""How much of a provider's cache a plan keeps warm, as conversations go from tier to tier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.workload.grid import BINS, PLACES, bin_centres
from core.workload.turns import TURN_BINS, TURN_BINS_EACH
from core.workload.workload import Workload

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Conversation:
    """What comes before the queries with something cached.

    `before` has the share of the cached tokens of a turn bin (second dimension) whose turn before
    lies in another (first), shape (TURN_BINS, TURN_BINS); the rest follows no known turn. Rules
    and levers are not regarded: where the turn before went is told by difficulty alone.
    """

    before: Floats

    @property
    def known(self) -> bool:
        """Whether anything cached follows a known turn."""
        return bool(self.before.any())

    def follows(self) -> Floats:
        """The share of cached tokens that follow a known turn, shape (PLACES,)."""
        return by_place(self.before.sum(axis=0))

    def warm(self, cuts: tuple[float, float], models: Sequence[str]) -> list[Floats]:
        """Per tier the share of cached tokens whose turn before went to the tier's model.

        `cuts` are those of a plan that routes, at a neutral lever, and `models` the three ids;
        each share has shape (PLACES,).
        """
        tiers = np.searchsorted(cuts, turn_centres(), "left")
        went = [self.before[tiers == tier].sum(axis=0) for tier in range(3)]
        return [by_place(sum(went[t] for t in same_model(models, tier))) for tier in range(3)]


def same_model(models: Sequence[str], tier: int) -> list[int]:
    """The tiers that name the same model as this one: what one of them caches the others read."""
    return [other for other, model in enumerate(models) if model == models[tier]]


def turn_centres() -> Floats:
    """The difficulty in logits at the middle of each turn bin."""
    return np.asarray(bin_centres().reshape(TURN_BINS, TURN_BINS_EACH).mean(axis=1))


def by_place(shares: Floats | int) -> Floats:
    """A share per turn bin as one per place."""
    return np.tile(np.repeat(shares, TURN_BINS_EACH), PLACES // BINS)


def conversation_of(workload: Workload) -> Conversation:
    """The conversations of a workload."""
    turns = workload.turns
    tokens = np.zeros((TURN_BINS, TURN_BINS))
    tokens[turns["before"].to_numpy(), turns["after"].to_numpy()] = turns["cache_read_tokens"]
    cells = workload.cells
    read = np.bincount(
        cells["bin"].to_numpy(), cells["cache_read_tokens"].to_numpy(), minlength=BINS
    )
    read = read.reshape(TURN_BINS, TURN_BINS_EACH).sum(axis=1)
    return Conversation(tokens / np.maximum(read, 1.0))


def nobody() -> Conversation:
    """No conversations."""
    return Conversation(np.zeros((TURN_BINS, TURN_BINS)))
