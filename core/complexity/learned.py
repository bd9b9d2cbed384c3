"""What a log's own outcomes taught: small enough to travel with a plan."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.scale import LEVERS, PIVOT, chance_ok
from core.errors import BadInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SLOPES: Final = 2  # read difficulty, log length
ENOUGH_PAIRED: Final = 200  # below, the base rate is a better guess than any chance shown


@dataclass(frozen=True)
class ModelEvidence:
    """A model's ability on this log in logits, and from how many answers."""

    name: str
    ability: float
    sd: float
    answers: int


@dataclass(frozen=True)
class SegmentGain:
    """What a stronger model adds in a segment, in shares of acceptable answers (90% range)."""

    segment: str
    before: float
    gain: float
    low: float
    high: float


@dataclass(frozen=True)
class Learned:
    """Shifts of difficulty and of lever: for the log, by read difficulty and length, by segment.

    `shares` are those of the segments among the queries with outcomes.
    `shift` and `lever` hold one number for the log, SLOPES slopes and one number per segment;
    `covariance` is that of the two together. `about` is the ability, in logits, at which a
    lever changes nothing. The usual values are mean and deviation over the log.
    """

    usual_difficulty: tuple[float, float]
    usual_length: tuple[float, float]
    about: float
    segments: tuple[str, ...]
    shares: tuple[float, ...]
    shift: tuple[float, ...]
    lever: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    models: tuple[ModelEvidence, ...]
    answers: int
    paired: int
    spread: float
    base_rate: float

    @property
    def enough(self) -> bool:
        """Whether the outcomes are enough for chances to be shown."""
        return self.paired >= ENOUGH_PAIRED

    @property
    def level_sd(self) -> float:
        """What is left unknown about the level of the whole log, one sd in logits."""
        row = np.array([1.0, *[0.0] * SLOPES, *self.shares])
        covariance = np.array(self.covariance)[: len(row), : len(row)]
        return float(np.sqrt(max(row @ covariance @ row, 0.0)))

    @property
    def digest(self) -> str:
        """A short name for exactly this."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:12]

    def place(self, segment: Ints, difficulty: Floats, length: Floats) -> tuple[Floats, Ints]:
        """Difficulty in logits and number of the lever per query.

        `segment` numbers `segments`, -1 for one that is not among them; `difficulty` is as
        read, `length` log1p of characters.
        """
        rows = self._rows(segment, difficulty, length)
        lever = np.clip(1.0 + rows @ np.array(self.lever), LEVERS[0], LEVERS[-1])
        number = np.abs(lever[:, None] - np.array(LEVERS)).argmin(axis=1)
        # The step changes nothing for a model as able as those of the outcomes.
        stepped = np.array(LEVERS)[number]
        shifted = difficulty + rows @ np.array(self.shift)
        return shifted - (self.about - PIVOT) * (1.0 - stepped), number.astype(np.int64)

    def gains(
        self, segment: Ints, difficulty: Floats, length: Floats, weak: float, strong: float
    ) -> list[SegmentGain]:
        """Per segment the mean gain of a strong over a weak model on these queries.

        `weak` and `strong` are abilities in logits; the range is that of the posterior.
        """
        found = []
        for number, name in enumerate(self.segments):
            here = segment == number
            if not here.any():
                continue
            rows = self._rows(segment[here], difficulty[here], length[here])
            read = chance_ok(strong, difficulty[here], self.spread) - chance_ok(
                weak, difficulty[here], self.spread
            )
            # The gain is nearly linear in the mean of the rows.
            row = rows.mean(axis=0, keepdims=True)
            level = np.array([difficulty[here].mean()])
            draws = self._draw_gains(row, level, weak, strong)
            low, high = np.percentile(draws, [5, 95])
            found.append(
                SegmentGain(name, float(read.mean()), float(draws.mean()), float(low), float(high))
            )
        return found

    def gain_moments(
        self, rows: Floats, difficulty: Floats, weak: float, strong: float
    ) -> tuple[Floats, Floats]:
        """Mean and covariance of the gain for some kinds of query, given as design rows."""
        draws = self._draw_gains(rows, difficulty, weak, strong)
        return draws.mean(axis=0), np.atleast_2d(np.cov(draws.T))

    def rows(self, segment: Ints, difficulty: Floats, length: Floats) -> Floats:
        """The design rows of queries: 1, slopes, membership."""
        return self._rows(segment, difficulty, length)

    def to_json(self) -> str:
        """JSON text; `from_json` gives the same back."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> Learned:
        """What `to_json` wrote; BadInput for anything else."""
        try:
            raw = json.loads(text)
            first, second = raw.pop("usual_difficulty")
            third, fourth = raw.pop("usual_length")
            return Learned(
                usual_difficulty=(float(first), float(second)),
                usual_length=(float(third), float(fourth)),
                segments=tuple(raw.pop("segments")),
                shares=tuple(raw.pop("shares")),
                shift=tuple(raw.pop("shift")),
                lever=tuple(raw.pop("lever")),
                covariance=tuple(tuple(row) for row in raw.pop("covariance")),
                models=tuple(ModelEvidence(**model) for model in raw.pop("models")),
                **raw,
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadInput(
                "what was learned from outcomes is damaged", remedy="Give the outcomes again"
            ) from error

    def _rows(self, segment: Ints, difficulty: Floats, length: Floats) -> Floats:
        member = (segment[:, None] == np.arange(len(self.segments))).astype(np.float64)
        (mean, sd), (usual, width) = self.usual_difficulty, self.usual_length
        return np.column_stack(
            [
                np.ones(len(difficulty)),
                (difficulty - mean) / (sd if sd > 1e-9 else 1.0),
                (length - usual) / (width if width > 1e-9 else 1.0),
                member,
            ]
        )

    def _draw_gains(self, rows: Floats, difficulty: Floats, weak: float, strong: float) -> Floats:
        """Draws of the gain per row, shape (draws, rows)."""
        mean = np.array([*self.shift, *self.lever])
        random = np.random.default_rng(0)
        spread_out = np.linalg.cholesky(np.array(self.covariance) + 1e-9 * np.eye(len(mean)))
        draws = mean + random.standard_normal((_DRAWS, len(mean))) @ spread_out.T
        width = len(self.shift)
        shifted = difficulty + draws[:, :width] @ rows.T
        lever = np.clip(1.0 + draws[:, width:] @ rows.T, LEVERS[0], LEVERS[-1])
        high, low = (
            chance_ok(self.about + lever * (ability - self.about), shifted, self.spread)
            for ability in (strong, weak)
        )
        return np.asarray(high - low, dtype=np.float64)


_DRAWS: Final = 400
