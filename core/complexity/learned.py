"""What a log's own outcomes taught: small enough to travel with a plan."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.scale import LEVERS, PIVOT, chance_ok
from core.errors import BadInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SLOPES: Final = 2  # read difficulty, log length
ENOUGH_PAIRED: Final = 200  # below, the base rate is a better guess than any chance shown


Known = tuple[float, float]  # an ability and its deviation, in logits


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
class Signs:
    """What is seen of queries before any outcome, one entry each.

    `segment` numbers the segments of what is learned, -1 for one that is not among them;
    `difficulty` is as read, in logits, `length` log1p of characters. `topics` has a row of
    coordinates per query (see `clusters.py`), none where the log names its own segments.
    """

    segment: Ints
    difficulty: Floats
    length: Floats
    topics: npt.NDArray[np.floating]

    def __len__(self) -> int:
        return len(self.difficulty)

    def take(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Signs:
        """Those of some queries only."""
        return Signs(
            self.segment[rows], self.difficulty[rows], self.length[rows], self.topics[rows]
        )


@dataclass(frozen=True)
class Usual:
    """The mean and standard deviation over a whole log of read difficulty and log length."""

    difficulty: tuple[float, float]
    length: tuple[float, float]

    def rows(self, signs: Signs, segments: int) -> Floats:
        """A row per query: 1, what is seen in standard deviations, topics, its segment's place."""
        return np.column_stack(
            [
                np.ones(len(signs)),
                _standardised(signs.difficulty, self.difficulty),
                _standardised(signs.length, self.length),
                signs.topics.astype(np.float64),
                signs.segment[:, None] == np.arange(segments),
            ]
        )


def _standardised(values: Floats, usual: tuple[float, float]) -> Floats:
    mean, sd = usual
    return (values - mean) / (sd if sd > 1e-9 else 1.0)


@dataclass(frozen=True)
class Learned:
    """Shifts of difficulty and of lever: for the log, by what is seen, by topic, by segment.

    `shares` are those of the segments among the queries with outcomes.
    `shift` and `lever` hold one number for the log, SLOPES slopes, one number per topic and
    one per segment; `covariance` is that of the two together. `about` is the ability, in
    logits, at which a lever changes nothing.
    """

    usual: Usual
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
        row = np.array([1.0, *[0.0] * (SLOPES + self._topics), *self.shares])
        covariance = np.array(self.covariance)[: len(row), : len(row)]
        return float(np.sqrt(max(row @ covariance @ row, 0.0)))

    @property
    def digest(self) -> str:
        """A short name for exactly this."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:12]

    def place(self, signs: Signs) -> tuple[Floats, Ints]:
        """Difficulty in logits and number of the lever per query."""
        rows = self.rows(signs)
        lever = np.clip(1.0 + rows @ np.array(self.lever), LEVERS[0], LEVERS[-1])
        number = np.abs(lever[:, None] - np.array(LEVERS)).argmin(axis=1)
        # The step changes nothing for a model as able as those of the outcomes.
        stepped = np.array(LEVERS)[number]
        shifted = signs.difficulty + rows @ np.array(self.shift)
        return shifted - (self.about - PIVOT) * (1.0 - stepped), number.astype(np.int64)

    def gains(self, signs: Signs, weak: Known, strong: Known) -> list[SegmentGain]:
        """Per segment the mean gain of a strong over a weak model on these queries.

        `weak` and `strong` are abilities with their deviations, in logits; the range is that of
        the posterior and of the two abilities.
        """
        found = []
        for number, name in enumerate(self.segments):
            here = signs.take(signs.segment == number)
            if not len(here):
                continue
            read = chance_ok(strong[0], here.difficulty, self.spread) - chance_ok(
                weak[0], here.difficulty, self.spread
            )
            # The gain is nearly linear in the mean of the rows.
            row = self.rows(here).mean(axis=0, keepdims=True)
            level = np.array([here.difficulty.mean()])
            draws = self._draw_gains(row, level, weak, strong)
            low, high = np.percentile(draws, [5, 95])
            found.append(
                SegmentGain(name, float(read.mean()), float(draws.mean()), float(low), float(high))
            )
        return found

    def to_json(self) -> str:
        """JSON text; `from_json` gives the same back."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    def without_ranges(self) -> Learned:
        """The same places without what is unknown of them: small enough for a router."""
        return replace(self, covariance=())

    @staticmethod
    def from_json(text: str) -> Learned:
        """What `to_json` wrote; BadInput for anything else."""
        try:
            raw = json.loads(text)
            usual = raw.pop("usual")
            return Learned(
                usual=Usual(_pair(usual["difficulty"]), _pair(usual["length"])),
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

    def rows(self, signs: Signs) -> Floats:
        """The design row per query, see `Usual`."""
        if not self._topics:
            signs = replace(signs, topics=signs.topics[:, :0])
        return self.usual.rows(signs, len(self.segments))

    @property
    def reads_topics(self) -> bool:
        """Whether places rest on topics of the log's texts, which only the log itself knows."""
        return self._topics > 0

    @property
    def _topics(self) -> int:
        return len(self.shift) - 1 - SLOPES - len(self.segments)

    def _draw_gains(self, rows: Floats, difficulty: Floats, weak: Known, strong: Known) -> Floats:
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
            for ability in (
                mean + sd * random.standard_normal((_DRAWS, 1)) for mean, sd in (strong, weak)
            )
        )
        return np.asarray(high - low, dtype=np.float64)


def _pair(values: list[float]) -> tuple[float, float]:
    first, second = values
    return float(first), float(second)


_DRAWS: Final = 400
