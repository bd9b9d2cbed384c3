"""Parts of records: numbers as tools write them, JSON in JSON, spans of time."""

from datetime import UTC, datetime, timedelta

import pytest

from core.logs.sources.fields import count, first, items, mapping, moment, number, span_ms, words


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (7, 7.0),
        (" 4210.0 ", 4210.0),
        ('"12"', 12.0),
        ("1e-05", 0.00001),
        ("$0.05", 0.05),
        ("1,234", 1234.0),
        ("12,345,678.5", 12345678.5),
        ("-3", -3.0),
    ],
)
def test_a_number_is_read_as_it_is_written(written: object, value: float) -> None:
    assert number(written) == value


@pytest.mark.parametrize(
    "written", [None, "", True, "nan", "Infinity", "12,34", "€5", "0,5", "five", [1], {"n": 1}]
)
def test_what_is_no_plain_number_is_unknown(written: object) -> None:
    assert number(written) is None
    assert count(written) is None


def test_a_count_is_whole() -> None:
    assert count("1314220.0") == 1_314_220
    assert count("1,314,220") == 1_314_220


def test_an_empty_cell_gives_way_to_the_next_path() -> None:
    record = {"a": "", "b": None, "c": {"d": 0}}
    assert first(record, "a", "b", "c.d") == 0
    assert first(record, "a", "x.y") is None


def test_objects_and_lists_are_taken_out_of_json_text() -> None:
    assert mapping('{"a": 1}') == {"a": 1}
    assert mapping('"{\\"a\\": 1}"') == {"a": 1}
    assert mapping('{""a"": ""b""}') == {"a": "b"}
    assert mapping("[1]") == {}
    assert items("[1, 2]") == [1, 2]
    assert items("none") == []


def test_words_lose_one_layer_of_quotes() -> None:
    assert words('"2026-10-05"') == "2026-10-05"
    assert words("plain") == "plain"
    assert words("") is None
    assert words({"a": "é"}) == '{"a": "é"}'


def test_a_span_is_in_milliseconds_whether_between_epochs_or_iso_times() -> None:
    assert span_ms(1791217200.0, 1791217200.9) == 900
    assert span_ms("2026-10-05T16:20:00Z", "2026-10-05T18:20:00.9+02:00") == 900
    assert span_ms("2026-10-05T16:20:00.0000000Z", "2026-10-05 16:20:00.9000001") == 900
    assert span_ms(None, "2026-10-05T16:20:00Z") is None
    assert span_ms("yesterday", "2026-10-05T16:20:00Z") is None


def test_a_time_without_a_zone_is_utc() -> None:
    assert moment("2026-10-05 16:20:00") == datetime(2026, 10, 5, 16, 20, tzinfo=UTC)
    assert moment("2026-10-05 16:20:00 UTC") == datetime(2026, 10, 5, 16, 20, tzinfo=UTC)
    offset = moment("2026-10-05T16:20:00+02:00")
    assert offset is not None and offset.utcoffset() == timedelta(hours=2)
    with pytest.raises(ValueError, match="Invalid isoformat"):
        moment("5 October")
