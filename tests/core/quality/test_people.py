from pathlib import Path

from core.quality.journal import Item
from core.quality.people import (
    Said,
    as_people_say,
    judge_labels,
    keep_said,
    next_pair,
    read_said,
)

ITEMS = {
    n: Item(n, {"small": float(n % 2), "middle": 0.5, "large": 1.0}, "", 2, 1) for n in range(10)
}


def test_every_pair_is_shown_once_and_either_answer_may_come_first() -> None:
    said: list[Said] = []
    first = []
    while pair := next_pair(ITEMS, said, seed=0):
        row, candidate, candidate_first = pair
        first.append(candidate_first)
        said.append(Said(row, candidate, True, True))
    assert len({(s.row, s.candidate) for s in said}) == len(said) == 20
    assert 4 < sum(first) < 16


def test_the_order_says_nothing_of_the_scores() -> None:
    other = {n: Item(n, {m: 1 - s for m, s in i.scores.items()}) for n, i in ITEMS.items()}
    assert next_pair(ITEMS, [], 3) == next_pair(other, [], 3)


def test_what_was_said_is_kept_and_said_again_replaced(tmp_path: Path) -> None:
    keep_said(tmp_path, Said(1, "small", True, False))
    keep_said(tmp_path, Said(2, "small", True, True))
    keep_said(tmp_path, Said(1, "small", False, False))
    assert read_said(tmp_path) == [Said(2, "small", True, True), Said(1, "small", False, False)]
    assert read_said(tmp_path / "nothing") == []


def test_the_judge_is_held_against_people() -> None:
    said = [
        Said(1, "small", True, True),  # the judge passed both
        Said(2, "small", True, True),  # it stopped the small one
        Said(3, "small", False, True),  # it passed the small one
        Said(1, "middle", False, True),  # half
    ]
    found = judge_labels(ITEMS, said)
    # the large one of query 1 counts once
    assert (found.good, found.good_passed) == (5.0, 4.0)
    assert (found.bad, found.bad_passed) == (2.0, 1.5)


def test_what_people_say_wins() -> None:
    said = [Said(2, "small", True, False), Said(99, "x", True, True)]
    found = as_people_say(ITEMS, said)
    assert found[2].scores == {"small": 1.0, "middle": 0.5, "large": 0.0}
    assert found[3] is ITEMS[3] and 99 not in found
