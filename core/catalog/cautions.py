"""What to beware of in a model: an old price, a shutdown that is near or past."""

from __future__ import annotations

from datetime import date
from typing import Final

from core.catalog.model import Model

OLD_PRICE_DAYS: Final = 90
NEAR_DAYS: Final = 90


def price_age_days(model: Model, today: date) -> int | None:
    """Days since the model's price was true; None without a price."""
    return (today - model.price.as_of).days if model.price else None


def model_cautions(model: Model, today: date) -> list[str]:
    """The cautions of a model, each a sentence of its own; mostly none."""
    found = []
    age = price_age_days(model, today)
    if age is not None and age > OLD_PRICE_DAYS:
        found.append(
            f"The price of {model.name} is {age} days old; check it before you rely on it."
        )
    if model.retires is not None:
        left = (model.retires - today).days
        if left < 0:
            found.append(
                f"{model.name} was shut down on {model.retires:%d %b %Y}; choose another model."
            )
        elif left <= NEAR_DAYS:
            found.append(f"{model.name} is shut down on {model.retires:%d %b %Y}, in {left} days.")
    return found
