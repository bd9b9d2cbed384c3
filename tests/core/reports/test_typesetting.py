import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reports.typeface import width, written
from core.reports.typesetting import ELLIPSIS, Style, lines, shortened, smaller

from .conftest import SCRIPTS

STYLE = Style(10, "#000000")
TEXTS = st.text(max_size=200) | st.sampled_from(sorted(SCRIPTS.values()))


@given(text=TEXTS, room=st.floats(15, 400), most=st.integers(1, 5))
def test_no_line_is_wider_than_its_room_and_there_are_no_more_than_asked(
    text: str, room: float, most: int
) -> None:
    found = lines(text, STYLE, room, most)
    assert len(found) <= most
    assert all(width(shortened(written(line), STYLE, room), "regular", 10) <= room + 1e-6
               for line in found)  # fmt: skip


@given(text=st.lists(st.text(alphabet="abc", max_size=8)).map(" ".join))
def test_lines_hold_every_word_where_there_is_room(text: str) -> None:
    assert " ".join(lines(text, STYLE, 60, 99)).split() == text.split()


def test_a_text_too_long_ends_in_an_ellipsis() -> None:
    found = lines("word " * 100, STYLE, 100, 2)
    assert len(found) == 2 and found[1].endswith(ELLIPSIS) and ELLIPSIS not in found[0]
    assert shortened("word " * 100, STYLE, 100).endswith(ELLIPSIS)
    assert shortened("word", STYLE, 100) == "word"


def test_a_word_longer_than_a_line_is_broken() -> None:
    found = lines("x" * 50, STYLE, 40, 99)
    assert len(found) > 3 and "".join(found) == "x" * 50


@pytest.mark.parametrize(("text", "size"), [("short", 10), ("x" * 1_000, 6)])
def test_text_shrinks_to_fit_but_not_below_the_least_size(text: str, size: float) -> None:
    assert smaller(text, STYLE, 100, 6).size == size
