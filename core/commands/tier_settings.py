"""`--tier`: how a tier of a plan calls its model, in words."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Final, cast

from core.catalog.catalogue import Catalogue
from core.complexity.scale import TIERS
from core.errors import BadInput
from core.routing.settings import AS_LOGGED, Effort, TierSettings

_NUMBERS: Final = {
    "retry": "retry_share",
    "cached": "cached_share",
    "output": "output_share",
    "seconds": "seconds",
}
_REMEDY: Final = (
    "Write for example: --tier 'simple: fallback=gpt-6-luna, effort=low, retry=0.05, cached=0.3, "
    "output=1.5, seconds=0.8'"
)


def add_tier_arguments(parser: ArgumentParser) -> None:
    """The option itself."""
    parser.add_argument(
        "--tier",
        action="append",
        default=[],
        metavar="'TIER: KEY=VALUE, ...'",
        help="how a tier calls its model: fallback=MODEL, effort=low|medium|high, retry=SHARE "
        "(calls that are repeated and billed), cached=SHARE (of the input), output=TIMES (the "
        "logged length), seconds=S (half of its answers); what is not said is as in the log",
    )


def settings_from(
    said: Sequence[str], catalogue: Catalogue
) -> tuple[TierSettings, TierSettings, TierSettings]:
    """The settings of the three tiers; BadInput names what is wrong."""
    found = dict.fromkeys(TIERS, AS_LOGGED)
    for words in said:
        name, colon, rest = words.partition(":")
        tier = next((t for t in TIERS if t == name.strip()), None)
        if tier is None or not colon:
            raise BadInput(f"'{words}'", where="--tier", remedy=_REMEDY)
        found[tier] = _settings(rest, catalogue)
    return found["simple"], found["medium"], found["complex"]


def _settings(words: str, catalogue: Catalogue) -> TierSettings:
    numbers: dict[str, float] = {}
    fallback, effort = None, None
    for part in words.split(","):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if key == "fallback" and equals:
            fallback = catalogue.get(value)
        elif key == "effort" and equals:
            effort = cast("Effort", value)  # others are refused by the settings themselves
        elif key in _NUMBERS and equals:
            try:
                numbers[_NUMBERS[key]] = float(value)
            except ValueError:
                raise BadInput(
                    f"'{value}' is no number", where=f"--tier, {key}", remedy=_REMEDY
                ) from None
        else:
            raise BadInput(f"'{part.strip()}'", where="--tier", remedy=_REMEDY)
    return TierSettings(fallback=fallback, effort=effort, **numbers)
