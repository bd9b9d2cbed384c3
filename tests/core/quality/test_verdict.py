import sys

import pytest

from core.errors import BadInput
from core.quality.checks import Checks, same_answer, same_number
from core.quality.verdict import Verdict, over_both_orders, read_verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ('{"a": true, "b": false, "better": "a"}', Verdict(True, False, "a")),
        ('```json\n{"a": true, "b": true, "better": "TIE"}\n```', Verdict(True, True, "tie")),
        ('Let me see {x}. {"better": "b", "b": true, "a": false}', Verdict(False, True, "b")),
        ('{"a": "yes", "b": false, "better": "a"}', None),
        ('{"a": true, "b": false, "better": "both"}', None),
        ("A is better.", None),
        ("", None),
    ],
)
def test_a_verdict_is_found_in_the_judge_s_words(text: str, verdict: Verdict | None) -> None:
    assert read_verdict(text) == verdict


def test_both_orders_together_are_halves_where_they_differ() -> None:
    same = over_both_orders(Verdict(True, False, "a"), Verdict(False, True, "b"))
    assert (same.candidate, same.reference, same.agree) == (1.0, 0.0, True)
    # always "the first one": a judge that goes by the place
    place = over_both_orders(Verdict(True, False, "a"), Verdict(True, False, "a"))
    assert (place.candidate, place.reference, place.agree) == (0.5, 0.5, False)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Paris.", " paris", True),
        ('{"a": 1, "b": 2}', '```json\n{"b": 2, "a": 1}\n```', True),
        ('{"a": 1}', '{"a": 2}', False),
        ("yes", "no", False),
    ],
)
def test_equal_answers_are_equal_but_for_their_dress(one: str, other: str, same: bool) -> None:
    assert same_answer(one, other) is same


def test_numbers_are_compared_by_the_last_one() -> None:
    assert same_number("12 + 30 = 42", "The answer is 42.0")
    assert same_number("1,234", "1234")
    assert not same_number("none", "none")


def test_checks_refuse_answers_that_break_them() -> None:
    assert not Checks(json=True).passes("no JSON", "{}")
    assert Checks(json=True).passes('{"a": 1}', "{}")
    assert Checks(pattern=r"^\d{3}$").passes("123", "")
    assert not Checks(number=True).passes("it is 7", "it is 8")
    with pytest.raises(BadInput, match="no regular expression"):
        Checks(pattern="(")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("It **will** arrive on Monday!", "it will arrive, on monday", True),
        ("It will arrive.", "It will never arrive.", False),
        ("It costs 42.", "It costs 43.", False),
        ("a < b", "a > b", False),
        ("x = -5", "x = 5", False),
        ("", " ", True),
    ],
)
def test_marks_make_no_difference_and_words_and_signs_do(one: str, other: str, same: bool) -> None:
    assert same_answer(one, other) is same


def test_a_program_of_one_s_own_may_judge() -> None:
    wants = Checks(command=(sys.executable, "-c", "import sys; assert 'ok' in sys.stdin.read()"))
    assert wants.passes("all ok", "") and not wants.passes("not at all", "")
    with pytest.raises(BadInput, match="does not start"):
        Checks(command=("/no/such/program",)).passes("x", "")
