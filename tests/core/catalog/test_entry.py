from datetime import date
from pathlib import Path

import pytest

from core.catalog.entry import Entry, read_entry
from core.errors import BadInput


def test_values_come_back_with_their_types() -> None:
    entry = Entry({"a": " x  y ", "n": 2, "d": date(2026, 1, 2), "l": ["p", 5]}, "file")
    assert entry.text("a") == "x y"
    assert (entry.number("n", 0), entry.whole("n", 1)) == (2.0, 2)
    assert entry.day("d") == date(2026, 1, 2)
    assert entry.texts("l") == ["p", "5"]
    assert entry.text("none", "default") == "default" and entry.number("none", 0, default=3) == 3
    assert entry.entries("none") == [] and entry.choice("n", ["1", "2"]) == "2"


@pytest.mark.parametrize(
    ("value", "read", "found"),
    [
        (None, "text", "k: missing. Add 'k:' with a text"),
        ("", "text", "k: missing"),
        (["x"], "text", "k: a list where a text belongs"),
        ("many", "number", "k: 'many' is not a number"),
        (True, "number", "k: 'True' is not a number"),
        (-1, "number", "k: -1 is out of range. Write a number at least 0"),
        (float("nan"), "number", "k: nan is out of range"),
        ("soon", "day", "k: 'soon' is not a date. Write it as 2026-11-23"),
        ("x", "entries", "k: a text where a list belongs"),
        (["x"], "entries", "k: item 1 is a text"),
        ("x", "entry", "k: a text where a mapping belongs"),
    ],
)
def test_a_wrong_value_is_named_with_its_place_and_remedy(
    value: object, read: str, found: str
) -> None:
    entry = Entry({"k": value}, "models.yaml")
    reader = getattr(entry, read)
    with pytest.raises(BadInput) as error:
        reader("k", 0) if read == "number" else reader("k")
    assert str(error.value).startswith(f"models.yaml, {found}")


def test_a_fraction_is_no_whole_number() -> None:
    with pytest.raises(BadInput, match=r"replicas: 1\.5 is not a whole number"):
        Entry({"replicas": 1.5}, "f").whole("replicas", 1)


def test_a_mistyped_key_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match=r"f, pirce: unknown key\. Use one of: id, price"):
        Entry({"id": "x", "pirce": 1}, "f").only("id", "price")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"models: [a\nb: c", "is not YAML"),
        (b"- a\n", "a list where a mapping belongs"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, content: bytes, found: str) -> None:
    path = tmp_path / "models.yaml"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=found) as error:
        read_entry(path)
    assert str(path) in str(error.value)


def test_an_empty_file_is_an_empty_mapping_and_a_missing_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("# nothing yet\n")
    assert read_entry(tmp_path / "empty.yaml").values == {}
    with pytest.raises(BadInput, match="cannot be read"):
        read_entry(tmp_path / "missing.yaml")
