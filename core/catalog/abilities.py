"""How able a model is: measured on public outcomes where it was, judged where it was not.

Abilities are logits on the scale of query difficulty (`core.complexity.scale`). The
measured ones are written by the classifier's training; the models in them are those of
2023 to early 2025. Judgement is relative to a measured model, or to the kind of model.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from core.catalog.model import Ability, ModelKind
from core.catalog.names import family, plain_name
from core.errors import BadInput
from core.places import shipped

REFERENCE: Final = "gpt-4o-2024-08-06"  # the measured frontier model nearest to today's small ones
MEASURED_SOURCE: Final = "public outcomes 2023-2025"
MEASURED_UNTIL: Final = date(2025, 3, 31)  # the newest of those outcomes are of early 2025
JUDGED_ON: Final = date(2026, 11, 23)

# Without the measured file: 2.0 logits above the mean query, from a rough Rasch fit of the
# same public outcomes (2.2 there; 1.8 for the version of May 2024).
_REFERENCE_MEAN: Final = 2.0

# A model known by its kind alone, relative to the reference, in logits. A name in a log can
# be of 2023 or of 2026, hence one logit of doubt. The reference itself was frontier in 2024,
# and today's frontier is judged 1.4 above it: the middle is 0.7. Open models measured in
# 2024 lie 0.4 (72B) to 2.3 (8B) below it, today's near it.
_KIND_OFFSET: Final[Mapping[ModelKind, float]] = {
    "frontier": 0.7,
    "mid": -0.2,
    "open": -0.8,
    "specialised": -0.8,
}
_KIND_SD: Final = 1.0


def measured_abilities(path: Path | None = None) -> dict[str, Ability]:
    """Measured abilities by model name; empty when the file was never made.

    The file has the columns model, ability (logits), sd, answers, datasets. BadInput when
    a row cannot be read.
    """
    path = path or shipped("classifier/abilities.csv")
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for number, row in enumerate(rows, start=2):
        try:
            name, mean, sd = row["model"], float(row["ability"]), float(row["sd"])
            answers, datasets = int(float(row["answers"])), row["datasets"]
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(
                f"cannot be read ({error})",
                where=f"{path.name} line {number}",
                remedy="Train the classifier again: it writes this file",
            ) from error
        source = f"{MEASURED_SOURCE}: {name}, {answers:,} answers, {datasets}"
        found[name] = Ability(mean, sd, "benchmark", source, MEASURED_UNTIL)
    return found


def measured_for(name: str, measured: Mapping[str, Ability]) -> Ability | None:
    """The measured ability of a model by any spelling: the same version, else its newest one."""
    plain = plain_name(name)
    if plain in measured:
        return measured[plain]
    versions = sorted(known for known in measured if family(known) == family(plain))
    return measured[versions[-1]] if versions else None


def judged_against(
    anchor: str, offset: float, sd: float, source: str, as_of: date, measured: Mapping[str, Ability]
) -> Ability | None:
    """Judgement `offset` logits above a measured model; None when the anchor is not measured."""
    if anchor in measured:
        mean = measured[anchor].mean
    elif anchor == REFERENCE:
        mean = _REFERENCE_MEAN
    else:
        return None
    return Ability(mean + offset, sd, "judgement", f"{source} ({anchor} {offset:+.1f})", as_of)


def judged_by_kind(kind: ModelKind, measured: Mapping[str, Ability]) -> Ability:
    """Judgement from the kind of model alone, one logit wide."""
    ability = judged_against(
        REFERENCE, _KIND_OFFSET[kind], _KIND_SD, f"by kind: {kind}", JUDGED_ON, measured
    )
    assert ability is not None  # the reference always has a value
    return ability
