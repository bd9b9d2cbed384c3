"""Which measured models stand for the cheap and the strong side of a data set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from core.errors import BadInput

COLUMNS: Final = ("dataset", "tier", "model")


@dataclass(frozen=True)
class Ladder:
    """Names of the models whose mean score is taken for a side.

    The strong side is the frontier tier, or the mid tier where no frontier model answered.
    `mid` and `usd`, prices of cheap, mid and frontier models per million tokens, are there
    where all three tiers were measured and priced.
    """

    cheap: tuple[str, ...]
    strong: tuple[str, ...]
    mid: tuple[str, ...] = ()
    usd: tuple[float, float, float] | None = None


# Public data sets that the file does not list.
UNLISTED: Final = {
    "numersense-v2": Ladder(
        cheap=("gpt-4o-mini-2024-07-18", "gemini-1.5-flash", "llama-3-8b-instruct"),
        strong=("gpt-4o-2024-05-13", "claude-3-5-sonnet-20240620"),
    )
}


def read_ladders(folder: Path) -> dict[str, Ladder]:
    """The ladder per data set from `ladders.csv`; BadInput when it is missing or wrong."""
    path = folder / "ladders.csv"
    try:
        rows = pd.read_csv(path, usecols=list(COLUMNS), dtype=str)
    except (OSError, ValueError) as error:
        raise BadInput(
            f"cannot be read ({error})",
            where=path.name,
            remedy="It says which models stand for a tier: " + ", ".join(COLUMNS),
        ) from error
    tiers = {
        str(name): {str(tier): tuple(group["model"]) for tier, group in part.groupby("tier")}
        for name, part in rows.groupby("dataset")
    }
    prices = _prices(folder)
    return UNLISTED | {
        name: Ladder(
            cheap=sides["cheap"],
            strong=sides.get("frontier", sides.get("mid", ())),
            mid=sides.get("mid", ()) if "frontier" in sides else (),
            usd=_usd(sides, prices),
        )
        for name, sides in tiers.items()
        if "cheap" in sides and ("frontier" in sides or "mid" in sides)
    }


def _prices(folder: Path) -> dict[str, float]:
    """USD per million tokens, three of input to one of output; empty without `models.csv`."""
    path = folder / "models.csv"
    if not path.exists():
        return {}
    rows = pd.read_csv(path, usecols=["model", "blended_3to1"]).dropna()
    return dict(zip(rows["model"], rows["blended_3to1"].astype(float), strict=True))


def _usd(
    sides: dict[str, tuple[str, ...]], prices: dict[str, float]
) -> tuple[float, float, float] | None:
    """The mean price of each tier's models; None where a tier or a price is missing."""
    means = []
    for tier in ("cheap", "mid", "frontier"):
        known = [prices[name] for name in sides.get(tier, ()) if name in prices]
        if not known:
            return None
        means.append(sum(known) / len(known))
    return means[0], means[1], means[2]
