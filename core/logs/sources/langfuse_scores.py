"""Langfuse's scores: whatever a team measures, under names and on scales of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.fields import items, mapping, number, words

SCORES: Final = "scores"  # the key under which a trace's scores are put into its observations
_WORSE: Final = re.compile("toxic|halluc|harm|bias|risk|error|fail|cost|latency|duration|token")
_WORTH: Final = {"true": 1.0, "false": 0.0}


def score_names(rows: Sequence[Record], known: Collection[str]) -> frozenset[str]:
    """The scores of these rows that say 0 for bad and 1 for good, as far as anyone can tell.

    Scores are columns beyond the `known` ones that hold lists. One with a value outside of 0..1
    is on another scale, and one named after something bad rises with it: both are left out.
    """
    values: dict[str, list[object]] = {}
    for row in rows:
        for name, found in _scores(row, known).items():
            values.setdefault(name, []).extend(found)
    return frozenset(
        name
        for name, found in values.items()
        if not _WORSE.search(name.lower())
        and all(0 <= worth <= 1 for value in found if (worth := _worth(value)) is not None)
    )


def feedback(row: Record, names: Collection[str]) -> float | None:
    """The mean of a row's scores under these names; None when it has none."""
    worths = [
        worth
        for name, found in _scores(row, (), names).items()
        for value in found
        if name in names and (worth := _worth(value)) is not None
    ]
    return sum(worths) / len(worths) if worths else None


def by_observation(scores: Sequence[object]) -> dict[str | None, dict[str, list[object]]]:
    """The score objects of a trace as {observation's id: {name: values}}.

    Those of the trace as a whole stand under None.
    """
    found: dict[str | None, dict[str, list[object]]] = {}
    for score in map(mapping, scores):
        name, kind = words(score.get("name")), words(score.get("dataType")) or "NUMERIC"
        value = score.get("value") if kind in ("NUMERIC", "BOOLEAN") else score.get("stringValue")
        if name and value is not None:
            owner = words(score.get("observationId"))
            found.setdefault(owner, {}).setdefault(name, []).append(value)
    return found


def _scores(
    row: Record, known: Collection[str], wanted: Collection[str] | None = None
) -> Mapping[str, list[object]]:
    lists = {
        name: values
        for name, cell in row.items()
        if (name in wanted if wanted is not None else name.partition(".")[0] not in known)
        and (values := items(cell))
    }
    return lists | {name: items(values) for name, values in mapping(row.get(SCORES)).items()}


def _worth(value: object) -> float | None:
    if isinstance(value, bool):
        return float(value)
    return _WORTH.get(value.lower()) if isinstance(value, str) else number(value)
