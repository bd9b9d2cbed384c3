import numpy as np

from core.quality.journal import Item
from core.quality.stopping import FEWEST, LOOK, is_clear

TOLERANCE = {"small": 0.05}


def drawn(dice: np.random.Generator, gain: float, count: int) -> list[Item]:
    """Queries that the large model answers in 9 of 10 cases, and the small one that much less."""
    found = []
    for n in range(count):
        large = dice.random() < 0.9
        small = large and dice.random() < (0.9 - gain) / 0.9
        found.append(Item(n, {"small": float(small), "large": float(large)}))
    return found


def ends_at(items: list[Item]) -> int | None:
    """How many queries were judged when it was clear, looking as a replay does."""
    for count in range(LOOK, len(items) + 1, LOOK):
        if is_clear(items[:count], "large", TOLERANCE):
            return count
    return None


def test_a_large_difference_is_clear_early_and_a_close_one_is_not() -> None:
    dice = np.random.default_rng(3)
    large = [ends_at(drawn(dice, 0.35, 400)) for _ in range(40)]
    assert np.median([end or 400 for end in large]) <= 75
    close = [ends_at(drawn(dice, 0.06, 400)) for _ in range(40)]
    assert sum(end is None for end in close) >= 34


def test_a_difference_right_on_the_tolerance_is_seldom_called_clear() -> None:
    dice = np.random.default_rng(4)
    early = sum(ends_at(drawn(dice, 0.05, 1_000)) is not None for _ in range(200))
    assert early / 200 < 0.10
    noisy = 0
    for _ in range(200):  # either model is right where the other is wrong; the gain is .05
        large, luck = dice.random(1_000) < 0.9, dice.random(1_000)
        small = np.where(large, luck >= 0.1222, luck < 0.6)
        pairs = enumerate(zip(small, large, strict=True))
        items = [Item(n, {"small": float(s), "large": float(b)}) for n, (s, b) in pairs]
        noisy += ends_at(items) is not None
    assert noisy / 200 < 0.10


def test_what_is_clear_is_decided_the_right_way() -> None:
    dice = np.random.default_rng(5)
    for gain in (0.0, 0.15):
        for _ in range(40):
            items = drawn(dice, gain, 400)
            end = ends_at(items)
            if end is None:
                continue
            measured = np.mean([i.scores["large"] - i.scores["small"] for i in items[:end]])
            assert bool(measured > 0.05) is (gain > 0.05)


def test_few_queries_are_never_clear() -> None:
    same = [Item(n, {"small": 1.0, "large": 1.0}) for n in range(FEWEST - 1)]
    assert not is_clear(same, "large", TOLERANCE)
    failed = [Item(n, failed="no answer") for n in range(500)]
    assert not is_clear(failed, "large", TOLERANCE)


def test_every_candidate_has_to_be_clear() -> None:
    dice = np.random.default_rng(6)
    items = [
        Item(i.row, {**i.scores, "middle": float(dice.random() < 0.85)})
        for i in drawn(dice, 0.4, 100)
    ]
    assert is_clear(items, "large", TOLERANCE)
    assert not is_clear(items, "large", {**TOLERANCE, "middle": 0.05})
