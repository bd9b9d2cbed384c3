"""Files that belong to one log: all of one kind, or one of the two pairs that tools write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.errors import BadInput
from core.logs.sources.generic import GENERIC
from core.logs.sources.registry import pick_source
from core.logs.sources.source import Look

_AMOUNTS: Final = "deepseek_usage"


@dataclass(frozen=True)
class Pairing:
    """Places in the list of files: those with the calls, and those with what was asked.

    `asked` is empty but for batches, whose answers lie in files of their own.
    """

    calls: tuple[int, ...]
    asked: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def pair(names: Sequence[str], looks: Sequence[Look], where: str) -> Pairing:
    """Which files hold the calls of the log; BadInput names two that do not belong together."""
    every = range(len(names))
    bills = tuple(i for i in every if looks[i].has("wallet_type", "cost", "currency"))
    rest = tuple(i for i in every if i not in bills)
    if bills and rest and all(pick_source(looks[i]).id == _AMOUNTS for i in rest):
        beside = ", ".join(names[i] for i in bills)
        return Pairing(rest, notes=(f"The amounts were read, and not the costs in {beside}.",))
    asked = tuple(i for i in every if _is_batch_input(looks[i]))
    answers = tuple(i for i in every if _is_batch_output(looks[i]))
    if asked and answers and len(asked) + len(answers) == len(names):
        _need_one_kind(names, looks, asked, where)
        _need_one_kind(names, looks, answers, where)
        return Pairing(answers, asked)
    _need_one_kind(names, looks, tuple(every), where)
    return Pairing(tuple(every))


def _is_batch_input(look: Look) -> bool:
    return look.has("custom_id") and bool(look.columns & {"body", "params"})


def _is_batch_output(look: Look) -> bool:
    return look.has("custom_id") and bool(look.columns & {"response", "result"})


def _need_one_kind(
    names: Sequence[str], looks: Sequence[Look], places: tuple[int, ...], where: str
) -> None:
    first = places[0]
    kind = pick_source(looks[first])
    for place in places[1:]:
        other = pick_source(looks[place])
        if other is not kind:
            raise BadInput(
                f"'{names[first]}' is {_words(kind.label)} and '{names[place]}' is "
                f"{_words(other.label)}: one log is of one kind",
                where=where,
                remedy="Open them one after the other",
            )


def _words(label: str) -> str:
    return f"a {label}" if label == GENERIC.label else f"of the kind '{label}'"
