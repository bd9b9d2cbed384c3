import json
import warnings

import pytest

from core.logs.chat.notation import decoded, nested

MESSAGES = [{"role": "user", "content": 'Say "no", it\'s\nfine'}]


@pytest.mark.parametrize(
    "cell",
    [
        json.dumps(MESSAGES),
        json.dumps(json.dumps(MESSAGES)),
        json.dumps(json.dumps(json.dumps(MESSAGES))),
        repr(MESSAGES),
        json.dumps(repr(MESSAGES)),
    ],
)
def test_json_and_python_notation_are_opened_through_several_layers(cell: str) -> None:
    assert decoded(cell) == MESSAGES


def test_quotes_doubled_on_the_way_through_csv_are_halved() -> None:
    assert decoded('{""model"": ""m""}') == {"model": "m"}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("[{'a': 1}\n {'a': 2}]", [{"a": 1}, {"a": 2}]),
        ("[{'a': array([{'b': 'x'}], dtype=object)}]", [{"a": [{"b": "x"}]}]),
        ("[{'a': array([1, 2])}]", [{"a": [1, 2]}]),
        ("[{'a': nan, 'b': 'nan array( }\\n {'}]", [{"a": None, "b": "nan array( }\n {"}]),
    ],
)
def test_what_numpy_prints_is_read_and_quoted_text_stays(cell: str, value: object) -> None:
    assert decoded(cell) == value


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "Where is it?",
        "[URGENT] help",
        "{name}",
        "[{'a': open('x')}]",
        "[1, 2",
        "{'a'",
        "[" * 9_999,
    ],
)
def test_what_is_no_notation_stays_text(cell: str) -> None:
    assert decoded(cell) == cell


def test_an_odd_escape_in_a_python_cell_is_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decoded(r"[{'a': '\d'}]") == [{"a": r"\d"}]


def test_a_value_that_is_no_text_stays_as_it_is() -> None:
    assert decoded(MESSAGES) is MESSAGES
    assert decoded(None) is None


def test_python_notation_of_unreasonable_length_is_not_parsed() -> None:
    cell = repr(["x" * 500_000])
    assert decoded(cell) == cell


def test_dotted_keys_become_objects_and_numbers_places_in_order() -> None:
    flat = {"10.role": "b", "2.role": "a", "2.parts.0.text": "x"}
    assert nested(flat) == [{"role": "a", "parts": [{"text": "x"}]}, {"role": "b"}]


def test_a_key_that_is_both_a_value_and_a_prefix_keeps_the_first() -> None:
    assert nested({"a": 1, "a.b": 2, "c.d": 3}) == {"a": 1, "c": {"d": 3}}
