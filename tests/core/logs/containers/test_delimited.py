import pytest

from core.errors import BadInput
from core.logs.containers.delimited import ONE_COLUMN, Dialect, sniff


def test_a_single_column_of_prose_is_not_split_at_its_commas() -> None:
    text = "question\nWhere is my parcel?\nHello, world\nWell, yes, but\n"
    assert sniff(text, whole=True, name="q") == Dialect(ONE_COLUMN, ("question",))


def test_the_delimiter_is_the_one_that_gives_even_rows() -> None:
    assert sniff("a;b\n1,5;x\n2,5;y, z\n", whole=True, name="q").delimiter == ";"


def test_repeated_and_blank_names_become_unique() -> None:
    assert Dialect(",", ("prompt", "", "prompt", " a  b ")).columns == (
        "prompt",
        "column 2",
        "prompt (2)",
        "a b",
    )


def test_numbers_on_top_are_not_a_header() -> None:
    with pytest.raises(BadInput, match="first row"):
        sniff("1,2\n3,4\n", whole=True, name="q")
