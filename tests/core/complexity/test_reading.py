import numpy as np
import pyarrow as pa
import pytest

from core.complexity.features import NAMES
from core.complexity.reading import Reading, unread

ONLY_NUMBERS = Reading(
    weights=tuple(2.0 if name == "numbers" else 0.0 for name in NAMES),
    typical=tuple(1.0 for _ in NAMES),
    highest=tuple(3.0 for _ in NAMES),
    level=-0.5,
    residual_sd=1.0,
)


def test_difficulty_is_the_weighted_sum_around_the_level():
    found = ONLY_NUMBERS.difficulty(pa.array(["3 and 4 and 5"]))
    assert found[0] == pytest.approx(-0.5 + 2.0 * (np.log(4) - 1.0))


def test_a_page_of_numbers_is_not_extrapolated():
    many = ONLY_NUMBERS.difficulty(pa.array(["7 " * 500, "7 " * 900]))
    assert many.tolist() == [-0.5 + 2.0 * 2.0] * 2


def test_without_text_the_difficulty_is_the_level_and_the_query_is_flagged():
    texts = pa.array([None, " \n ", "7"])
    assert ONLY_NUMBERS.difficulty(texts)[:2].tolist() == [-0.5, -0.5]
    assert unread(texts).tolist() == [True, True, False]


def test_contributions_add_up_to_the_difficulty():
    texts = pa.array(["Solve x = 3.5 if y < 2", "hello"])
    total = ONLY_NUMBERS.level + ONLY_NUMBERS.contributions(texts).sum(axis=1)
    assert total == pytest.approx(ONLY_NUMBERS.difficulty(texts))


def test_a_log_read_in_chunks_reads_the_same():
    texts = pa.array([f"{i} " * (i % 9) + "word" for i in range(100)])
    parts = [ONLY_NUMBERS.difficulty(texts.slice(i, 17)) for i in range(0, 100, 17)]
    assert np.array_equal(np.concatenate(parts), ONLY_NUMBERS.difficulty(texts))


def test_one_look_gives_the_difficulty_and_the_kind():
    texts = pa.array(["3 and 4", None, "x"])
    look = ONLY_NUMBERS.look(texts)
    assert np.array_equal(look.difficulty, ONLY_NUMBERS.difficulty(texts))
    assert len(look.kind) == 3
