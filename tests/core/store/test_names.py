import pytest

from core.errors import BadInput
from core.store.names import clean_name, clean_note, storable


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Support", "Support"),
        ("  Support\n", "Support"),
        ("x" * 120, "x" * 120),
        (" " + "x" * 120 + " ", "x" * 120),
        ("=1+1 <b>", "=1+1 <b>"),
        ("計画 👩‍💻", "計画 👩‍💻"),  # joined by a character that shows nothing itself
        ("e\u0301", "e\u0301"),
        ("ab\u202ecd", "ab\u202ecd"),
    ],
)
def test_a_name_keeps_what_can_be_seen(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "name: it has 0 characters. Use 1 to 120 characters."),
        (" \t\n ", "name: it has 0 characters."),
        ("x" * 121, "name: it has 121 characters."),
        ("a\nb", "control characters. Type it on one line."),
        ("a\0b", "control characters"),
        ("a\x1b[31mb", "control characters"),
        ("a\u2028b", "control characters"),
        ("a\ud83db", "control characters"),
        ("\u200b\u200b", "nothing of it can be seen"),
        ("\u202e \u2060", "nothing of it can be seen"),
    ],
)
def test_a_name_that_no_list_can_show_is_refused_in_one_line(given: str, said: str) -> None:
    with pytest.raises(BadInput) as error:
        clean_name(given)
    assert said in str(error.value) and "\n" not in str(error.value)
    with pytest.raises(BadInput, match=r"^author: "):
        clean_name(given, "author")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("  why\nnot\tso  ", "why\nnot\tso"),
        ("a\0b\x07c\r\nd", "a b c \nd"),
        ("half \ud83d", "half  "),
        ("x" * 2_000 + "  ", "x" * 2_000),
    ],
)
def test_a_note_keeps_its_lines_and_loses_what_no_database_stores(given: str, kept: str) -> None:
    assert clean_note(given) == kept


def test_a_note_has_at_most_two_thousand_characters() -> None:
    with pytest.raises(BadInput, match=r"needs: it has 2,001 characters\. Use at most 2,000"):
        clean_note("x" * 2_001, "needs")


@pytest.mark.parametrize(
    ("given", "kept"),
    [("log.csv", "log.csv"), ("ü\n計", "ü\n計"), ("a\0b", "a\ufffdb"), ("a\ud83d", "a?"), ("", "")],
)
def test_any_text_can_be_made_storable(given: str, kept: str) -> None:
    assert storable(given) == kept
