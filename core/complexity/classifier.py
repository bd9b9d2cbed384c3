"""The trained classifier: a formula with its provenance, kept as readable JSON.

Scoring needs only numpy and pyarrow. The file carries a digest of its own content, so a
plan can name exactly what sorted its queries, and a changed file does not load.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.complexity.category import USUAL_TOLERANCES, cut_points
from core.complexity.features import NAMES
from core.complexity.reading import Look, Reading
from core.complexity.rough import SIZES, RoughReading
from core.complexity.rules import RULES, Basis, rule_difficulty
from core.complexity.scale import TIERS, Tier
from core.disk import write_whole
from core.errors import BadInput
from core.places import shipped

Floats = npt.NDArray[np.float64]

FORMAT: Final = "tierwise-classifier"
DIGITS: Final = 6  # decimals kept in the file: a rebuild gives the same bytes on any machine
SHIPPED: Final = "classifier/classifier.json"


@dataclass(frozen=True)
class ReferenceAbility:
    """The ability, in logits, of the model one would put in a tier, and where it is from."""

    tier: Tier
    mean: float
    sd: float
    source: str
    as_of: str  # year and month


@dataclass(frozen=True)
class Classifier:
    """How hard queries look, and everything one must know to judge that claim.

    `level_sd` says how far the mean difficulty of a log of a new kind lies from the
    formula's; `wobble_sd` how far a model's ability on one kind of log lies from its mean.
    `metrics` holds figures on sets of questions left out of the fit. `basis` says what is at
    work: `reading` for texts, `rough` for sizes alone, or one of the simple rules instead.
    """

    version: str
    data_digest: str
    reading: Reading
    rough: RoughReading
    level_sd: float
    wobble_sd: float
    reference: tuple[ReferenceAbility, ...]
    metrics: dict[str, float]
    basis: Basis = "text"
    own_level_sd: float | None = None  # what own outcomes leave unknown of a log's level

    @property
    def digest(self) -> str:
        """The SHA-256 of the content as it is written; the same for both bases."""
        return hashlib.sha256(_canonical(self).encode()).hexdigest()

    def on(self, basis: Basis) -> Classifier:
        """The same classifier, with what is unknown when difficulties come from that basis."""
        return replace(self, basis=basis)

    def informed(self, level_sd: float | None) -> Classifier:
        """The same classifier on a log whose level own outcomes tell to that sd, in logits."""
        return replace(self, own_level_sd=level_sd)

    @property
    def spread(self) -> float:
        """What is unknown about one query's difficulty inside its log, one sd in logits."""
        return self.rough.residual_sd if self.basis == "size" else self.reading.residual_sd

    @property
    def log_sd(self) -> float:
        """What is unknown about the level of a whole log, one sd in logits."""
        if self.own_level_sd is not None:
            return self.own_level_sd
        return self.rough.level_sd if self.basis == "size" else self.level_sd

    @property
    def abilities(self) -> tuple[float, float, float]:
        """The reference abilities of the simple, medium and complex tier, in logits."""
        simple, medium, complex_ = (item.mean for item in self.reference)
        return simple, medium, complex_

    @property
    def cuts(self) -> tuple[float, float]:
        """The difficulties in logits where medium and complex begin, at the usual tolerances."""
        return cut_points(self.abilities, self.spread, USUAL_TOLERANCES)

    def look(self, texts: pa.Array) -> Look:
        """Difficulty per text, and what is unlike the texts learned from (a rule knows no such)."""
        if self.basis in RULES:
            return Look(self.difficulty(texts), np.zeros(len(texts), dtype=np.int8))
        return self.reading.look(texts)

    def difficulty(self, texts: pa.Array) -> Floats:
        """Difficulty per text in logits; the level of a typical prompt where text is missing."""
        if self.basis in RULES:
            return rule_difficulty(texts, self.basis, self.cuts)
        return self.reading.difficulty(texts)


def load_classifier(path: Path | None = None) -> Classifier:
    """The classifier in `path`, by default the shipped one; `BadInput` when it is damaged."""
    path = path or shipped(SHIPPED)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise KeyError(FORMAT)
        formula, rough = raw["reading"], raw["rough"]
        if tuple(formula["names"]) != NAMES or tuple(rough["names"]) != SIZES:
            raise BadInput(
                "features that this version does not compute",
                where=path.name,
                remedy="Train it again with `tierwise train`",
            )
        loaded = Classifier(
            version=str(raw["version"]),
            data_digest=str(raw["data_digest"]),
            reading=Reading(
                weights=_tuple(formula["weights"]),
                typical=_tuple(formula["typical"]),
                highest=_tuple(formula["highest"]),
                level=float(formula["level"]),
                residual_sd=float(formula["residual_sd"]),
                everyday=str(formula["everyday"]),
            ),
            rough=RoughReading(
                weights=_pair(rough["weights"]),
                least_sd=_pair(rough["least_sd"]),
                farthest=float(rough["farthest"]),
                level=float(rough["level"]),
                level_sd=float(rough["level_sd"]),
                residual_sd=float(rough["residual_sd"]),
            ),
            level_sd=float(raw["level_sd"]),
            wobble_sd=float(raw["wobble_sd"]),
            reference=tuple(
                ReferenceAbility(
                    tier=TIERS[TIERS.index(item["tier"])],
                    mean=float(item["mean"]),
                    sd=float(item["sd"]),
                    source=str(item["source"]),
                    as_of=str(item["as_of"]),
                )
                for item in raw["reference"]
            ),
            metrics={str(name): float(value) for name, value in raw["metrics"].items()},
        )
        intact = loaded.digest == raw["digest"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            f"not a classifier ({type(error).__name__}: {error})",
            where=path.name,
            remedy="Train one with `tierwise train OUTCOMES_DIR --out FILE`",
        ) from error
    if not intact:
        raise BadInput(
            "the content does not match its digest",
            where=path.name,
            remedy="Use the file as it was trained, or train it again",
        )
    return loaded


def save_classifier(classifier: Classifier, path: Path) -> None:
    """Writes the classifier as JSON; the same classifier always gives the same bytes."""
    content = json.loads(_canonical(classifier)) | {"digest": classifier.digest}
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_whole(path, text)


def rounded(value: float) -> float:
    """The value as the file keeps it; -0.0 becomes 0.0, so that equal is also identical."""
    return round(float(value), DIGITS) + 0.0


def _canonical(classifier: Classifier) -> str:
    content = {item.name: getattr(classifier, item.name) for item in fields(classifier)}
    del content["basis"], content["own_level_sd"]  # ways to use the classifier, no part of it
    content |= {
        "format": FORMAT,
        "reading": asdict(classifier.reading),
        "rough": asdict(classifier.rough),
        "reference": [asdict(item) for item in classifier.reference],
    }
    return json.dumps(_rounded_all(content), sort_keys=True, ensure_ascii=False)


def _rounded_all(value: object) -> object:
    if isinstance(value, float):
        return rounded(value)
    if isinstance(value, dict):
        return {name: _rounded_all(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded_all(item) for item in value]
    return value


def _tuple(values: list[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _pair(values: list[float]) -> tuple[float, float]:
    first, second = values
    return float(first), float(second)
