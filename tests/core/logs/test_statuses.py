import pyarrow as pa
import pytest

from core.logs.statuses import is_status, read_statuses


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("success", "ok"), ("200", "ok"), ("OK", "ok"), (" Completed ", "ok"), ("true", "ok"),
        ("error", "error"), ("Timed out", "error"), ("rate_limited", "error"), ("503", "error"),
        ("429", "error"), ("status_code: 500", "error"), ("FALSE", "error"),
        ("cancelled", "cancelled"), ("canceled", "cancelled"), ("499", "cancelled"),
        ("something new", "ok"), ("12345", "ok"), (None, "ok"), ("", "ok"),
    ],
)  # fmt: skip
def test_words_and_codes_say_how_a_call_went(word: str | None, status: str) -> None:
    assert read_statuses(pa.array([word, "ok"], pa.string())).to_pylist()[0] == status


def test_a_column_without_any_word_is_ok_throughout() -> None:
    assert read_statuses(pa.nulls(2, pa.string())).to_pylist() == ["ok", "ok"]


def test_a_status_is_told_from_other_words() -> None:
    assert is_status("Succeeded") and is_status("404")
    assert not is_status("gpt-4o") and not is_status("1234")
