"""What sorting by text, length and keywords was measured to be worth, for screens to show.

Written with every release of the classifier, from the same report as the model card.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Final

from core.complexity.rules import Basis
from core.disk import write_whole
from core.errors import BadInput
from core.places import shipped

SHIPPED: Final = "classifier/figures.json"


@dataclass(frozen=True)
class Area:
    """An APGR with its 95% interval: 0.5 is chance, 1 finds every gain first."""

    apgr: float
    low: float
    high: float


@dataclass(frozen=True)
class MeasuredSet:
    """One public set that no fit had seen: what each way of sorting reaches on it, by basis.

    `lead` is the 95% interval, paired, of what the text reaches more than length.
    """

    name: str
    queries: int
    areas: Mapping[str, Area]
    lead: tuple[float, float]


@dataclass(frozen=True)
class MeasuredOwn:
    """One public set taken for a team's log: APGR as read, and with so many paired outcomes."""

    name: str
    segments: str
    as_read: float
    learned: Mapping[int, float]  # by number of labelled queries


@dataclass(frozen=True)
class Measured:
    """The figures of a release; `classifier` is the digest of what was measured."""

    classifier: str
    sets: tuple[MeasuredSet, ...]
    own: tuple[MeasuredOwn, ...]

    def mean(self, basis: Basis) -> float:
        """The mean APGR over the sets, each counting once."""
        areas = [found.areas[basis].apgr for found in self.sets]
        return sum(areas) / len(areas)


def write_measured(measured: Measured, path: Path) -> None:
    """Writes the figures as JSON; the same figures always give the same bytes."""
    text = json.dumps(asdict(measured), indent=1, sort_keys=True) + "\n"
    write_whole(path, text)


@cache
def load_measured(path: Path | None = None) -> Measured:
    """The figures in `path`, by default the shipped ones; BadInput when they are damaged."""
    path = path or shipped(SHIPPED)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return Measured(
            classifier=str(raw["classifier"]),
            sets=tuple(
                MeasuredSet(
                    name=str(item["name"]),
                    queries=int(item["queries"]),
                    areas={basis: Area(**area) for basis, area in item["areas"].items()},
                    lead=(float(item["lead"][0]), float(item["lead"][1])),
                )
                for item in raw["sets"]
            ),
            own=tuple(
                MeasuredOwn(
                    name=str(item["name"]),
                    segments=str(item["segments"]),
                    as_read=float(item["as_read"]),
                    learned={int(n): float(apgr) for n, apgr in item["learned"].items()},
                )
                for item in raw["own"]
            ),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            f"not the figures of a classifier ({type(error).__name__})",
            where=path.name,
            remedy="Write them again with `tierwise train OUTCOMES_DIR --out FILE`",
        ) from error
