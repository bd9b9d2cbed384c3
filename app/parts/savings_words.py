"""The forecast in sentences: how sure it is, and what it hinges on."""

from __future__ import annotations

from collections.abc import Sequence

from app.parts.wording import share, usd
from core.economics.outlook import INPUTS, Outlook
from core.economics.savings_futures import PLANNED, Hinge, SavingsFutures

_PLAN = "The plan's own bill"
_MOST = 0.5  # of all swings together: one input that has more of it is named as the one


def futures_words(found: SavingsFutures, months: int) -> str:
    """How sure the saving is, in hundreds of futures."""
    saves = round(100 * found.saves)
    if found.saves == 1.0:
        sure = "Every simulated future saves something"
    else:
        sure = f"In {saves} of 100 simulated futures it saves something"
    return (
        f"{sure}; in 8 of 10 it comes to between {usd(found.low_usd)} and {usd(found.high_usd)} "
        f"in {months} months."
    )


def hinge_words(found: Sequence[Hinge], outlook: Outlook) -> str:
    """Which unknown the range comes from most."""
    if not found:
        return "Nothing in it is uncertain."
    first, all_ = found[0], sum(hinge.swing_usd for hinge in found)
    low, high = ends_of(first)
    part = first.swing_usd / all_ if all_ else 0.0
    much = f"{share(part)} of the range comes" if part < _MOST else "Most of the range comes"
    return (
        f"{much} from one unknown: {_lower(hinge_names([first])[0])} ({low} to {high}). It assumes "
        f"{_growth(outlook)}."
    )


def hinge_names(found: Sequence[Hinge]) -> list[str]:
    """What each input is called."""
    return [_PLAN if hinge.name == PLANNED else INPUTS[hinge.name][0] for hinge in found]


def ends_of(hinge: Hinge) -> tuple[str, str]:
    """Both ends of an input, with its unit."""
    if hinge.name == PLANNED or hinge.name.endswith("usd"):
        return usd(hinge.low), usd(hinge.high)
    unit = INPUTS[hinge.name][1]
    return tuple(f"{100 * value:.3g}{unit}" for value in (hinge.low, hinge.high))  # type: ignore[return-value]


def _growth(outlook: Outlook) -> str:
    if outlook.volume_plan:
        return "the volumes that you gave"
    growth = outlook.monthly_growth.likely
    if growth == 0:
        return "traffic as in this log"
    return f"traffic that {'grows' if growth > 0 else 'shrinks'} {abs(growth):.1%} a month"


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]
