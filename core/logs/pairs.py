"""Files that belong to one log: all of one kind, or one of the two pairs that tools write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInput
from core.logs.sources.deepseek import DEEPSEEK_COST, DEEPSEEK_USAGE
from core.logs.sources.generic import GENERIC
from core.logs.sources.joining import ASKED_IN
from core.logs.sources.registry import pick_source
from core.logs.sources.source import Look, Source


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
    kinds = [pick_source(look) for look in looks]
    ids = {kind.id for kind in kinds}
    if ids == {DEEPSEEK_USAGE.id, DEEPSEEK_COST.id}:
        costs = ", ".join(n for n, kind in zip(names, kinds, strict=True) if kind is DEEPSEEK_COST)
        note = f"The amounts were read, and not the costs in {costs}."
        return Pairing(_places(kinds, DEEPSEEK_USAGE.id), notes=(note,))
    for results, requests in ASKED_IN.items():
        if ids == {results, requests.id}:
            return Pairing(_places(kinds, results), _places(kinds, requests.id))
    for name, kind in zip(names, kinds, strict=True):
        if kind is not kinds[0]:
            raise BadInput(
                f"'{names[0]}' is {_words(kinds[0])} and '{name}' is {_words(kind)}: one log is "
                "of one kind",
                where=where,
                remedy="Open them one after the other",
            )
    return Pairing(tuple(range(len(names))))


def _places(kinds: Sequence[Source], kind: str) -> tuple[int, ...]:
    return tuple(i for i, found in enumerate(kinds) if found.id == kind)


def _words(kind: Source) -> str:
    return "a table" if kind is GENERIC else f"of the kind '{kind.label}'"
