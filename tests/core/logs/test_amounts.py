import pyarrow as pa
import pytest

from core.logs import amounts


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12), ("1,234", 1234), ("1,234,567.5", 1_234_567.5), ("$0.01", 0.01),
        ("-$3", -3), ("€ 2.50", 2.5), ("1 234", 1234), ("0,5", 0.5), ("12,34", 12.34),
        ("1.234,56", 1234.56), ("1e-05", 1e-5), ("3 USD", 3), ("1'000", 1000), ("0,012", 0.012),
        ("NaN", None), ("", None), ("null", None), ("-", None), ("inf", None), (None, None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(cell: str | None, value: float | None) -> None:
    values, unreadable = amounts.parse(pa.array([cell, "x"], pa.string()))
    assert values.to_pylist()[0] == (None if value is None else pytest.approx(value))
    assert unreadable == 1  # only the x


@pytest.mark.parametrize(
    ("cell", "value"), [("1,234", 1.234), ("0,0021", 0.0021), ("1,234.5", 1234.5), ("7.5", 7.5)]
)
def test_with_a_decimal_comma_a_lone_comma_is_the_point(cell: str, value: float) -> None:
    values, _ = amounts.parse(pa.array([cell, "x"]), decimal_comma=True)
    assert values.to_pylist()[0] == pytest.approx(value)


def test_missing_is_never_zero_on_the_fast_way_either() -> None:
    assert amounts.parse(pa.array(["1", "", None, "NaN"]))[0].to_pylist() == [1, None, None, None]


def test_a_unit_in_the_cell_beats_the_unit_of_the_column() -> None:
    cells = pa.array(["1.58s", "350 ms", "2", "4 seconds"])
    values, _ = amounts.parse_ms(cells, seconds=True)
    assert values.to_pylist() == pytest.approx([1580, 350, 2000, 4000])
    values, _ = amounts.parse_ms(cells, seconds=False)
    assert values.to_pylist() == pytest.approx([1580, 350, 2, 4000])


def test_a_number_beyond_64_bits_is_missing() -> None:
    assert amounts.whole(pa.array([1e30, 2.5, 3.5, None])).to_pylist() == [None, 2, 4, None]


def test_columns_of_numbers_with_decimal_commas_get_points() -> None:
    found = amounts.with_points(
        pa.table(
            {
                "cost": ["0,0123", "", "1.234,5", "7"],
                "query": ["3,14", "what is pi", None, ""],
                "count": ["1", "2", "3", "4"],
                "nothing": pa.nulls(4, pa.string()),
            }
        )
    )
    assert found["cost"].to_pylist() == ["0.0123", "", "1234.5", "7"]
    assert found["query"].to_pylist() == ["3,14", "what is pi", None, ""]
    assert found["count"].to_pylist() == ["1", "2", "3", "4"]
    assert found["nothing"].null_count == 4
