import csv
import io
from collections import defaultdict
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.economics.sheets.text import escaped, printable
from core.economics.sheets.tuning_csv import finetune_csv
from core.economics.tuning.case import FineTuneCase, example_case
from core.economics.tuning.verdict import assess

UNNAMED = replace(example_case(), name="")


def rows_of(case: FineTuneCase) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(finetune_csv(case))))


def test_the_table_is_one_row_per_scenario_month_and_line() -> None:
    rows = rows_of(UNNAMED)
    assert list(rows[0]) == ["scenario", "month", "line", "amount", "currency"]
    assert len({(row["scenario"], row["month"], row["line"]) for row in rows}) == len(rows)
    assert {row["currency"] for row in rows} == {"USD"}
    assert {row["scenario"] for row in rows} == {"expected", "if it works"}
    assert {row["month"] for row in rows if row["line"] == "investment"} == {"0"}
    assert len(rows) == 2 * (1 + 5 * UNNAMED.months)


@pytest.mark.parametrize(
    "case",
    [
        UNNAMED,
        FineTuneCase(current_monthly_usd=0.0),
        FineTuneCase(current_monthly_usd=30_000.0, fallback_share=0.2, reprice_month=5,
                     reprice_factor=0.5, failure_chance=0.0, lead_months=0),
    ],
)  # fmt: skip
def test_the_rows_of_a_month_sum_to_its_net_and_all_of_them_to_the_last_balance(
    case: FineTuneCase,
) -> None:
    result = assess(case)
    sums: dict[int, float] = defaultdict(float)
    for row in rows_of(case):
        if row["scenario"] == "expected":
            sums[int(row["month"])] += float(row["amount"])
    assert sums[0] == pytest.approx(-result.investment_mean_usd)
    net = [sums[month] for month in range(1, case.months + 1)]
    assert net == pytest.approx(result.monthly_net_usd, abs=1e-4)
    assert sum(sums.values()) == pytest.approx(result.cumulative_usd[-1], abs=1e-3)


def test_pandas_reads_numbers_and_texts() -> None:
    table = pd.read_csv(io.StringIO(finetune_csv(example_case())))
    assert table["amount"].dtype == "float64" and table["month"].dtype == "int64"
    assert table["scenario"].iloc[0] == "Support answers, tuned open model: expected"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r=1", "' =1"),
        ("\n=1", "' =1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a = b", "a = b"),
        ("a;=1", "a;=1"),
        ("\ud83d", " "),
    ],
)
def test_no_text_can_start_a_formula(name: str, shown: str) -> None:
    assert escaped(name) == shown
    text = finetune_csv(replace(example_case(), name=name))
    assert rows_of(replace(example_case(), name=name))[0]["scenario"] == f"{shown}: expected"
    # in quotes, so that a program that splits at semicolons or tabs keeps it in one cell
    assert text.splitlines()[1].startswith(f'"{shown}: expected"')
    assert text.encode()


@settings(max_examples=50)
@given(st.text(max_size=50))
def test_any_text_becomes_one_line_that_starts_no_formula(text: str) -> None:
    assert not escaped(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert len(printable(text)) == len(text)
    assert printable(text).isascii() or printable(text).encode()
