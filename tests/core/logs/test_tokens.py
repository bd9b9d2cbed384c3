import random

import pyarrow as pa
import pytest

from core.logs.tokens import estimate


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("What is your refund window?", 8),
        ("Explain how REST APIs work", 7),
        ("Compare plans A, B and C for a 40-person team, with tax", 17),
        ("def add(a, b):\n    return a + b\n", 13),
        ('{"id": 12345, "ok": true}', 12),
        ("Où est la bibliothèque la plus proche ?", 11),
        ("私はガラスを食べられます。", 11),
        ("我需要证明这个定理", 9),
        ("", 1),
    ],
)
def test_the_estimate_is_that_of_the_published_table(text: str, tokens: int) -> None:
    assert estimate(pa.array([text])).to_pylist() == [tokens]


def test_a_missing_text_counts_as_one_token() -> None:
    assert estimate(pa.array([None, "a"], pa.string())).to_pylist() == [1, 2]


def formula(text: str) -> float:
    """The formula as it is written, one character at a time."""
    cjk = sum(
        "\u3040" <= c <= "\u30ff" or "\u3400" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af"
        for c in text
    )
    punctuation = sum(
        c.isascii() and c.isprintable() and not c.isalnum() and c != " " for c in text
    )
    return (
        1.3
        + 0.087 * len(text)
        + 0.695 * len(text.split())
        + 1.10 * text.count("\n")
        + 0.48 * sum(c.isdecimal() for c in text)
        + 0.38 * punctuation
        + 0.136 * (sum(ord(c) > 127 for c in text) - cjk)
        + 0.65 * cjk
    )


def test_both_ways_of_counting_agree_with_the_formula() -> None:
    dice = random.Random(7)
    letters = "ab Z09_.,!~\t\n\x0b\x1c{}  éß\u00a0\u3000\u2028٣私한語"
    texts = ["".join(dice.choices(letters, k=dice.randrange(60))) for _ in range(2_000)]
    texts += ["".join(dice.choices(letters[:18], k=dice.randrange(60))) for _ in range(2_000)]
    expected = [max(1.0, formula(text)) for text in texts]
    for found, raw in zip(estimate(pa.array(texts)).to_pylist(), expected, strict=True):
        assert abs(found - raw) <= 0.5 + 1e-9


def test_a_slice_of_a_larger_array_is_counted_by_itself() -> None:
    texts = pa.array(["long words before", "one two", "after"]).slice(1, 1)
    assert estimate(texts).to_pylist() == estimate(pa.array(["one two"])).to_pylist()
