import numpy as np
import pyarrow as pa
import pytest

from core.complexity.features import (
    HEAD_CHARS,
    NAMES,
    TAIL_CHARS,
    features,
    shorten,
    without_options,
)


def counts(text: str | None) -> dict[str, float]:
    row = np.expm1(features(pa.array([text], pa.string()))[0])
    return dict(zip(NAMES, row.round(9).tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Hello, it's me!", "words", 4),
        ("Pay 3 of 1,200.50 by 7.", "numbers", 3),
        ("1.5 and 2.25 and 3", "decimals", 2),
        ("x^2 + y^2 = 4", "maths_symbols", 4),
        (r"\frac{1}{2} \cdot x", "tex_commands", 2),
        ("If it rains, suppose we stay.", "conditions", 2),
        ("Calculate the sum. How many are there?", "compute_words", 2),
        ("A notification", "conditions", 0),  # 'if' inside a word is no condition
        ("Write C++ code in Python", "code_words", 3),
        ("Pick one\nA. red\nB. blue", "words", 2),  # options are not length
    ],
)
def test_a_count_is_what_a_person_counts(text, name, expected):
    assert counts(text)[name] == pytest.approx(expected)


def test_words_outside_the_everyday_list_are_uncommon():
    row = np.expm1(features(pa.array(["The tort of negligence"]), "of the")[0])
    assert row[NAMES.index("uncommon_words")] == pytest.approx(2)


def test_options_are_cut_in_their_own_text_only():
    texts = pa.array(["which?\n(a) this one\n(b) that one", "no options here"])
    assert without_options(texts).to_pylist() == ["which?", "no options here"]


def test_a_missing_text_reads_like_an_empty_one():
    assert counts(None) == counts("") == dict.fromkeys(NAMES, 0.0)


def test_upper_and_lower_case_read_the_same():
    assert counts("SOLVE IF 3 = X")["compute_words"] == counts("solve if 3 = x")["compute_words"]


def test_a_very_long_text_keeps_its_two_ends():
    text = "a" * HEAD_CHARS + "b" * 50_000 + "c" * TAIL_CHARS
    short = shorten(pa.array([text, "short", None])).to_pylist()
    assert short == ["a" * HEAD_CHARS + "\n" + "c" * TAIL_CHARS, "short", None]


def test_rows_do_not_depend_on_their_neighbours_or_on_slicing():
    texts = pa.array(["1 2 3", "solve it", "é" * 9000, None, "x = 4"])
    whole = features(texts)
    for i in range(len(texts)):
        assert np.array_equal(features(texts.slice(i, 1))[0], whole[i])


def test_no_texts_give_an_empty_table():
    assert features(pa.array([], pa.string())).shape == (0, len(NAMES))
