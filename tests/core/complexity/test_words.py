import numpy as np
import pyarrow as pa
import pytest

from core.complexity.words import count_words, everyday_words


def test_a_word_is_a_run_of_letters():
    counted = count_words(pa.array(["don't pay 3 of it.", "", " ... ", "a\nb"]), ("of it b",))
    assert counted.words.tolist() == [5, 0, 0, 2]  # don, t, pay, of, it
    assert counted.listed[:, 0].tolist() == [2, 0, 0, 1]


def test_a_word_may_be_on_several_lists():
    counted = count_words(pa.array(["if we find it"]), ("if it", "find if", ""))
    assert counted.listed.tolist() == [[2, 2, 0]]


def test_rows_of_a_slice_are_counted_like_the_whole():
    texts = pa.array(["one two", "three", None, "four five six"]).fill_null("")
    whole = count_words(texts, ("two six",))
    part = count_words(texts.slice(1, 3), ("two six",))
    assert np.array_equal(part.words, whole.words[1:])
    assert np.array_equal(part.listed, whole.listed[1:])


def test_bytes_of_other_scripts_separate_words():
    assert count_words(pa.array(["你好 hello 世界world"]), ()).words.tolist() == [2]


def test_everyday_words_are_those_that_most_units_share(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.complexity.words.EVERYDAY", 2)
    # "zeta" is in every text of one unit only; "the" and "and" are in both units.
    texts = pa.array(["the zeta", "and zeta", "zeta the", "the and", "and so", "the"])
    assert everyday_words(texts, np.array([0, 0, 0, 1, 1, 1])) == "and the"


def test_texts_without_words_teach_no_everyday_words():
    assert everyday_words(pa.array(["", "12 + 3"]), np.array([0, 0])) == ""
