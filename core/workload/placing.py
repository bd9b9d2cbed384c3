"""Where each query belongs: as it was read, unless a person or own outcomes say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.complexity.classifier import Classifier
from core.complexity.scale import NEUTRAL, Tier
from core.complexity.sorting import typical_difficulty
from core.workload.grid import binned

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Placed:
    """Per query its difficulty in logits and the number of its lever."""

    difficulty: Floats
    lever: Codes

    def filter(self, keep: npt.NDArray[np.bool_]) -> Placed:
        """Those of some queries only."""
        return Placed(self.difficulty[keep], self.lever[keep])

    def binned(self) -> Placed:
        """With difficulties moved to the middle of their bins, as plans see them."""
        return Placed(binned(self.difficulty), self.lever)


@dataclass(frozen=True)
class Placing:
    """What decides where queries belong; `corrections` go from request id to tier."""

    classifier: Classifier
    corrections: Mapping[str, Tier] = field(default_factory=dict)

    def place(self, queries: pa.RecordBatch, scores: pa.RecordBatch) -> Placed:
        """The place of each query of a chunk; `queries` needs its request ids."""
        difficulty = scores.column("difficulty").to_numpy().astype(np.float64)
        lever = np.full(len(difficulty), NEUTRAL, dtype=np.int64)
        self._correct(queries.column("request_id"), difficulty, lever)
        return Placed(difficulty, lever)

    def _correct(self, request_ids: pa.Array, difficulty: Floats, lever: Codes) -> None:
        """Move what a person has sorted to the middle of its new tier."""
        if not self.corrections:
            return
        places = pc.index_in(request_ids, pa.array(list(self.corrections), pa.string()))
        found = places.is_valid().to_numpy(zero_copy_only=False)
        tiers = self.corrections.values()
        wanted = np.array([typical_difficulty(self.classifier, tier) for tier in tiers])
        difficulty[found] = wanted[places.drop_null().to_numpy().astype(int)]
        lever[found] = NEUTRAL
