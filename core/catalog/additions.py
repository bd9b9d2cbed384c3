"""Models and discounts that were added in the app: a file of its own beside `models.yaml`.

`models.yaml` is written by people, with their comments, and is never touched. What is added in
the app has the same shape and is read by the same reader, in `ADDED`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from core.catalog.entry import Entry, read_entry
from core.catalog.model import Ability
from core.catalog.overlay import read_overlay
from core.disk import whole
from core.errors import BadInput
from core.places import home

ADDED: Final = "models_added.yaml"
_HEAD: Final = "# Written by the app, from the Models page. Write your own into models.yaml.\n"

Values = dict[str, Any]


def added_file() -> Path:
    """Where the additions lie; the file may not be there yet."""
    return home() / ADDED


def additions(file: Path | None = None) -> tuple[list[Values], list[Values]]:
    """The models and the discounts that were added, as they stand in the file."""
    file = file or added_file()
    if not file.exists():
        return [], []
    top = read_entry(file)
    return (
        [_plain(entry) for entry in top.entries("models")],
        [_plain(entry) for entry in top.entries("discounts")],
    )


def _plain(entry: Entry) -> Values:
    return {str(key): value for key, value in entry.values.items()}


def add_model(values: Mapping[str, Any], on: date, measured: Mapping[str, Ability]) -> None:
    """Add a model in the shape of `models.yaml`; BadInput, and nothing changed, for a mistake."""
    models, discounts = additions()
    if any(model["id"] == values["id"] for model in models):
        raise BadInput(
            f"there is a model '{values['id']}' already",
            remedy="Give it another name, or remove the old one first",
        )
    _write([*models, dict(values)], discounts, on, measured)


def remove_model(model_id: str, on: date, measured: Mapping[str, Ability]) -> None:
    """Take an added model away again."""
    models, discounts = additions()
    _write([m for m in models if m["id"] != model_id], discounts, on, measured)


def set_discount(values: Mapping[str, Any], on: date, measured: Mapping[str, Ability]) -> None:
    """Set the discount on a provider's list prices; one of share 0 takes it away."""
    models, discounts = additions()
    rest = [d for d in discounts if d["provider"] != values["provider"]]
    _write(models, [*rest, *([dict(values)] if values["share"] else [])], on, measured)


def _write(
    models: list[Values], discounts: list[Values], on: date, measured: Mapping[str, Ability]
) -> None:
    """Replace the file, once the new one reads without a mistake."""
    content = {"models": models, "discounts": discounts}
    text = _HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    with whole(added_file()) as unfinished:
        unfinished.write_text(text, "utf-8")
        try:
            read_overlay(unfinished, on, measured)
        except BadInput as error:
            key = error.where.rpartition(", ")[2]
            raise BadInput(error.found, where=key, remedy=error.remedy) from None
