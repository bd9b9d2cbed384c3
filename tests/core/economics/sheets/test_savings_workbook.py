import csv
import io
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from formulas import ExcelModel

from core.economics.estimate import Estimate
from core.economics.forecast import Bill, forecast
from core.economics.options import Option
from core.economics.outlook import Outlook
from core.economics.register import Entry
from core.economics.savings_futures import savings_futures
from core.economics.sheets.savings_csv import savings_csv
from core.economics.sheets.savings_workbook import savings_workbook
from core.routing.simulate import Range

TODAY, PLANNED = Bill(6_830.25), Bill(2_586.5, fixed_usd=300.0)
OUTLOOKS = {
    "usual": Outlook(),
    "everything": Outlook(
        months=18,
        monthly_growth=Estimate(-0.01, 0.02, 0.05),
        monthly_token_drift=Estimate(0.0, 0.01, 0.02),
        running_monthly_usd=Estimate(100, 200, 500),
        one_off_usd=Estimate(1_000, 4_000, 10_000),
        season=(0.8, 0.8, 0.9, 1.0, 1.0, 1.0, 0.9, 0.9, 1.0, 1.1, 1.2, 1.4),
        first_month=11,
        weekly_ramp=(0.1, 0.25, 0.5, 1.0),
        reprice_month=5,
        reprice_factor=0.4,
        reprice_usd=1_500,
    ),
    "volumes": Outlook(months=6, volume_plan=(1.0, 1.2, 1.5)),
}


def options(outlook: Outlook) -> list[Option]:
    made = forecast(TODAY, PLANNED, outlook)
    return [
        Option("Route", "=HYPERLINK(1)", PLANNED, 0.98, made, planned=True),
        Option("+cmd|calc", "not known", None, None, None),
        Option("@SUM(1)", "odd", PLANNED, None, made),
    ]


def workbook(outlook: Outlook) -> bytes:
    futures = savings_futures(TODAY, PLANNED, Range(2_586.5, 2_400, 2_800), outlook, draws=50)
    entries = [Entry("Part", "=1+1", 0.5, 0.1, 0.9, "of it", "judgement", "@source", "2026-11")]
    return savings_workbook(
        TODAY, PLANNED, outlook, options(outlook), futures, entries, made_on=date(2026, 11, 26)
    )


@pytest.mark.parametrize("name", OUTLOOKS)
def test_calculated_anew_every_formula_comes_to_the_number_it_shows(
    name: str, tmp_path: Path
) -> None:
    outlook = OUTLOOKS[name]
    path = tmp_path / "savings.xlsx"
    path.write_bytes(workbook(outlook))
    shown = openpyxl.load_workbook(path, data_only=True)
    found = ExcelModel().loads(str(path)).finish().calculate()
    formulas = [
        (sheet.title, cell.coordinate)
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(formulas) >= 10 * outlook.months
    for sheet, at in formulas:
        expected = shown[sheet][at].value
        value = found[f"'[savings.xlsx]{sheet.upper()}'!{at}"].value[0, 0]
        if isinstance(expected, str):
            assert value == expected == "OK"
        else:
            assert float(value) == pytest.approx(expected, abs=0.005), (sheet, at)


@pytest.mark.parametrize("name", OUTLOOKS)
def test_the_last_balance_is_the_program_s(name: str) -> None:
    outlook = OUTLOOKS[name]
    book = openpyxl.load_workbook(io.BytesIO(workbook(outlook)), data_only=True)
    total = forecast(TODAY, PLANNED, outlook).total_saving_usd
    assert book["Months"][f"O{4 + outlook.months}"].value == pytest.approx(total)
    assert book["Checks"]["B8"].value == "OK"


def test_no_text_becomes_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(Outlook())))
    for sheet, texts in (("Options", "+cmd|calc @SUM(1) =HYPERLINK(1)"), ("Register", "=1+1")):
        cells = [cell for row in book[sheet].iter_rows() for cell in row]
        assert {c.data_type for c in cells if c.value in texts.split()} == {"s"}
    rows = list(csv.DictReader(io.StringIO(savings_csv(options(Outlook())))))
    assert {row["scenario"] for row in rows} == {"Route", "'@SUM(1)"}


def test_the_rows_of_an_option_add_up_to_what_is_spent() -> None:
    outlook = OUTLOOKS["everything"]
    rows = list(csv.DictReader(io.StringIO(savings_csv(options(outlook)))))
    route = [float(row["amount"]) for row in rows if row["scenario"] == "Route"]
    made = forecast(TODAY, PLANNED, outlook)
    assert len(route) == 1 + outlook.months
    assert -np.sum(route) == pytest.approx(sum(made.planned_usd) + outlook.one_off_usd.mean)
