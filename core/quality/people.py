"""What people said of answers, side by side and blind; it wins over every judge."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from core.disk import write_whole
from core.quality.journal import Item
from core.quality.judge_error import JudgeLabels

_FILE: Final = "people.json"


@dataclass(frozen=True)
class Said:
    """One pair of answers, judged by a person: the candidate's and the reference's."""

    row: int
    candidate: str  # model id
    candidate_ok: bool
    reference_ok: bool


def read_said(folder: Path) -> list[Said]:
    """What people have said of a replay's answers."""
    file = folder / _FILE
    if not file.exists():
        return []
    return [Said(**each) for each in json.loads(file.read_text("utf-8"))]


def keep_said(folder: Path, said: Said) -> None:
    """Keep one more; what was said of the same pair before is replaced."""
    rest = [s for s in read_said(folder) if (s.row, s.candidate) != (said.row, said.candidate)]
    write_whole(folder / _FILE, json.dumps([asdict(s) for s in [*rest, said]]))


def next_pair(
    items: Mapping[int, Item], said: Sequence[Said], seed: int
) -> tuple[int, str, bool] | None:
    """The next pair to show: its row, the candidate, and whether the candidate comes first.

    Pairs come in an order drawn by `seed`; None when all were judged. Nothing of it depends on
    what the judge said.
    """
    done = {(s.row, s.candidate) for s in said}
    pairs = [
        (row, model)
        for row, item in sorted(items.items())
        for model in sorted(item.scores)
        if model != item.reference and (row, model) not in done
    ]
    if not pairs:
        return None
    row, model = min(pairs, key=lambda pair: random.Random(f"{seed} {pair}").random())
    return row, model, random.Random(f"{seed} {row} {model} order").random() < 0.5


def judge_labels(items: Mapping[int, Item], said: Sequence[Said]) -> JudgeLabels:
    """How the judge did on the answers that people judged; half a pass where its orders differ."""
    good = good_passed = bad = bad_passed = 0.0
    seen: set[tuple[int, str]] = set()
    for one in said:
        item = items.get(one.row, Item(one.row))
        scores = item.scores
        for model, ok in ((one.candidate, one.candidate_ok), (item.reference, one.reference_ok)):
            if model not in scores or (one.row, model) in seen:
                continue
            seen.add((one.row, model))
            if ok:
                good, good_passed = good + 1, good_passed + scores[model]
            else:
                bad, bad_passed = bad + 1, bad_passed + scores[model]
    return JudgeLabels(good, good_passed, bad, bad_passed)


def as_people_say(items: Mapping[int, Item], said: Sequence[Said]) -> dict[int, Item]:
    """The items with the scores of what people judged as they said."""
    found = dict(items)
    for one in said:
        item = found.get(one.row)
        if item is None or one.candidate not in item.scores:
            continue
        own = {one.candidate: float(one.candidate_ok), item.reference: float(one.reference_ok)}
        found[one.row] = replace(item, scores={**item.scores, **own})
    return found
