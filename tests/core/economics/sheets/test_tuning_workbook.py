"""The workbook, calculated anew by a program that knows nothing of ours."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date

import numpy as np
import openpyxl
import pytest
import schedula
from formulas import ExcelModel
from openpyxl.workbook import Workbook

from core.economics.estimate import NONE, Estimate
from core.economics.sheets.cells import Book
from core.economics.sheets.tuning_workbook import finetune_workbook
from core.economics.tuning.case import FineTuneCase, example_case
from core.economics.tuning.defaults import PROVENANCE
from core.economics.tuning.fields import GROUPS, source_of
from core.economics.tuning.months import months_of
from core.economics.tuning.sensitivity import bridge
from core.economics.tuning.uncertainty import simulate
from core.economics.tuning.verdict import FineTuneResult, assess

DAY = date(2026, 11, 26)
SHEETS = ["README", "Inputs", "Cashflow", "Result", "Bridge", "Tornado", "MonteCarlo", "Checks"]
ALLOWED = {
    "ABS", "AND", "COUNT", "COUNTIF", "IF", "INDEX", "IRR", "ISNUMBER", "MATCH", "MAX", "MIN",
    "MOD", "NPV", "ROUND", "SUM",
}  # fmt: skip
Value = float | str | None
Cells = dict[tuple[str, str], Value]
exactly = Estimate.exactly

EXAMPLE = example_case()
CASES: Mapping[str, FineTuneCase] = {
    "example": EXAMPLE,
    "nothing grows or falls": replace(EXAMPLE, monthly_growth=NONE, yearly_price_decline=NONE),
    "volume shrinks, a successor arrives": replace(
        EXAMPLE,
        monthly_growth=Estimate(-0.05, -0.02, 0.0),
        tuned_yearly_price_decline=Estimate(-0.1, 0.2, 0.3),
        reprice_month=9,
        reprice_factor=0.4,
    ),
    "no investment, and a loss": FineTuneCase(
        current_monthly_usd=100.0, data_preparation_usd=NONE, compute_per_run_usd=NONE
    ),
    "no traffic": FineTuneCase(current_monthly_usd=0.0),
    "live at once, retrained every month, all accuracy lost": FineTuneCase(
        current_monthly_usd=30_000.0,
        lead_months=0,
        retrain_every_months=1,
        retrain_usd=500.0,
        accuracy_now=0.6,
        accuracy_gain=exactly(-0.6),
    ),
    "relative gain, handed back": FineTuneCase(
        current_monthly_usd=30_000.0,
        accuracy_now=0.6,
        accuracy_gain=Estimate(0.1, 0.2, 0.4),
        accuracy_gain_kind="relative",
        max_retries=5,
        fallback_share=0.1,
        asset_life_months=60,
    ),
    "tuned bill given, a year, gain to perfection": FineTuneCase(
        current_monthly_usd=30_000.0,
        tuned_monthly_usd=Estimate(1_000, 2_000, 5_000),
        accuracy_now=0.6,
        accuracy_gain=exactly(0.4),
        failure_chance=0.0,
        horizon_months=12,
        yearly_discount_rate=0.0,
    ),
    # G8b of the golden cases: crosses zero three times
    "sinks again": FineTuneCase(
        current_monthly_usd=11_000.0,
        tuned_monthly_usd=exactly(2_400),
        data_preparation_usd=exactly(26_000),
        compute_per_run_usd=NONE,
        hosting_monthly_usd=exactly(3_000),
        evaluation_monthly_usd=NONE,
        monitoring_monthly_usd=NONE,
        people_monthly_usd=NONE,
        monthly_growth=exactly(0.03),
        yearly_price_decline=exactly(0.3),
        lead_months=0,
        failure_chance=0.0,
        asset_life_months=36,
    ),
    "retires before it is live": FineTuneCase(
        current_monthly_usd=9_000.0, asset_life_months=1, lead_months=3
    ),
}
# every input filled in: where formulas reads a blank cell, it later takes no number
FULL = replace(
    EXAMPLE,
    name="every input",
    tuned_monthly_usd=Estimate(1_000, 2_000, 3_000),
    reprice_month=5,
    reprice_factor=0.5,
)


def workbook(case: FineTuneCase) -> bytes:
    return finetune_workbook(case, made_on=DAY, draws=50)


def opened(content: bytes, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def cells_of(book: Workbook) -> Cells:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
    }


def formulas_of(content: bytes) -> dict[tuple[str, str], str]:
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in opened(content)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


Calculate = Callable[[bytes], Cells]


@pytest.fixture(scope="module")
def example() -> bytes:
    return workbook(EXAMPLE)


@pytest.fixture(scope="module")
def calculate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calculate]:
    """What the formulas of a workbook come to, from its inputs alone.

    Reading a workbook's formulas takes seconds, and all workbooks of up to 60 months have the
    same ones, so those of one are read once and get each workbook's own constants.
    """
    full = workbook(FULL)
    path = tmp_path_factory.mktemp("workbooks") / "full.xlsx"
    path.write_bytes(full)
    model = ExcelModel().loads(str(path)).finish()
    known = formulas_of(full)

    def node(at: tuple[str, str]) -> str:
        return f"'[full.xlsx]{at[0].upper()}'!{at[1]}"

    def run(content: bytes) -> Cells:
        assert {at: plain(f) for at, f in formulas_of(content).items()} == {
            at: plain(f) for at, f in known.items()
        }
        constants = {
            at: value
            for at, value in cells_of(opened(content)).items()
            if at not in known and at[0] in ("Inputs", "Checks")
        }
        found = model.calculate(
            inputs={
                node(at): np.array([[schedula.EMPTY if value is None else value]], dtype=object)
                for at, value in constants.items()
            },
        )
        return {at: found[node(at)].value[0, 0] for at in known}

    yield run


def plain(formula: str) -> str:
    return re.sub(r"(?<=,)[^,]+(?=\)\)\^12-1)", "START", formula)  # of the search for the rate


def close(found: Value, expected: Value) -> bool:
    if isinstance(found, str) or isinstance(expected, str) or expected is None:
        return found == expected
    return abs(float(found or 0.0) - expected) <= max(0.005, abs(expected) * 1e-12)


@pytest.mark.parametrize("name", CASES)
def test_calculated_anew_every_formula_comes_to_the_number_it_shows(
    name: str, calculate: Calculate
) -> None:
    content = workbook(CASES[name])
    shown = cells_of(opened(content, values=True))
    found = calculate(content)
    assert len(found) > 1_000
    wrong = {at: (value, shown[at]) for at, value in found.items() if not close(value, shown[at])}
    assert wrong == {}
    assert found["Checks", "B2"] == "OK" == found["README", "B10"]
    results = {str(shown["Result", f"A{row}"]): found["Result", f"B{row}"] for row in range(5, 17)}
    for words, expected in verdict(assess(CASES[name])).items():
        assert close(results[words], expected), words


def verdict(result: FineTuneResult) -> dict[str, Value]:
    def never(value: float | None) -> Value:
        return "never" if value is None else value

    def unknown(value: float | None) -> Value:
        return "n/a" if value is None else value

    return {
        "Investment": result.investment_mean_usd,
        "Textbook payback": never(result.textbook_payback_months),
        "Payback, first": never(result.payback_months),
        "Payback, sustained": never(result.sustained_payback_months),
        "Payback, discounted": never(result.discounted_payback_months),
        **{f"Net present value, {m} months": unknown(v) for m, v in result.npv_usd.items()},
        **{f"Return on investment, {m} months": unknown(v) for m, v in result.roi.items()},
        "Internal rate of return, yearly": unknown(result.irr_yearly),
    }


def test_an_input_changed_in_the_workbook_changes_its_result_as_it_would_ours(
    calculate: Calculate, example: bytes
) -> None:
    book = opened(example)
    for row in book["Inputs"].iter_rows(min_row=6):
        if row[10].value == "asset_life_months":
            row[2].value = 36
        if row[10].value == "hosting_monthly_usd":  # one number stands for three
            row[1].value, row[2].value, row[3].value = None, 800, None
    changed = io.BytesIO()
    book.save(changed)
    found = calculate(changed.getvalue())
    result = assess(replace(EXAMPLE, asset_life_months=36, hosting_monthly_usd=exactly(800)))
    assert close(found["Result", "B8"], result.sustained_payback_months)
    assert close(found["Result", "B12"], result.npv_usd[36])
    assert found["Checks", "B2"] == "DIFFERS"


def test_a_long_horizon_has_a_row_for_each_of_its_months() -> None:
    case = FineTuneCase(current_monthly_usd=9_000.0, horizon_months=96, asset_life_months=120)
    shown = opened(workbook(case), values=True)
    assert shown["Cashflow"].max_row == 6 + 96
    balance = shown["Cashflow"]["M102"].value
    assert balance == pytest.approx(assess(case).cumulative_usd[96])
    assert shown["Checks"]["B2"].value == "OK"


def test_the_golden_case_reads_as_it_was_worked_out_by_hand() -> None:
    result = opened(workbook(CASES["sinks again"]), values=True)["Result"]
    assert [round(result[f"B{row}"].value, 2) for row in range(7, 13)] == [
        4.84, 6.01, 6.15, 20_273.49, 48_863.71, 62_545.15,
    ]  # fmt: skip
    assert result["B16"].value == "n/a"


def test_viewers_that_calculate_nothing_read_values_and_no_zeros(example: bytes) -> None:
    shown = cells_of(opened(example, values=True))
    assert all(shown[at] is not None for at in formulas_of(example))
    assert shown["Result", "B5"] == pytest.approx(34_166.67, abs=0.01)


def test_the_sheets_and_functions_are_those_that_excel_and_libreoffice_know(
    example: bytes,
) -> None:
    assert opened(example).sheetnames == SHEETS
    used = {
        name for text in formulas_of(example).values() for name in re.findall(r"([A-Z]+)\(", text)
    }
    assert used <= ALLOWED
    with zipfile.ZipFile(io.BytesIO(example)) as parts:
        sheets = [parts.read(n).decode() for n in parts.namelist() if "worksheets/sheet" in n]
    assert not any('t="array"' in sheet or "_xlfn" in sheet for sheet in sheets)


def test_every_input_is_there_with_a_name_and_a_source(example: bytes) -> None:
    listed = [field.name for group in GROUPS.values() for field in group]
    assert sorted(listed) == sorted(field.name for field in fields(FineTuneCase))
    book = opened(example)
    names = set(book.defined_names)
    assert set(listed) - {"name"} <= names
    assert {"training_runs_low", "training_runs_likely", "training_runs_high"} <= names
    rows = {row[10]: row for row in book["Inputs"].iter_rows(min_row=6, values_only=True)}
    hosting = rows["hosting_monthly_usd"]
    assert hosting[1:4] == (584.00, 1_306.70, 2_912.70)
    assert hosting[5:10] == (
        "PERT mean", "USD a month", "quoted", PROVENANCE["hosting_monthly_usd"].note, "2026-11",
    )  # fmt: skip
    assert rows["monthly_queries"][2] == 5_000_000 and rows["monthly_queries"][7] == "yours"
    assert rows["current_monthly_usd"][2] is None


def test_a_ratio_is_not_used_beside_a_bill_and_says_so() -> None:
    case = CASES["tuned bill given, a year, gain to perfection"]
    assert source_of(case, "cost_ratio").note.startswith("not used")
    assert source_of(EXAMPLE, "cost_ratio").kind == "judgement"


def test_inputs_are_blue_and_formulas_black(example: bytes) -> None:
    sheet = opened(example)["Inputs"]
    row = next(row for row in sheet.iter_rows(min_row=6) if row[10].value == "retrain_usd")
    assert row[2].font.color.rgb == "FF0000FF" and row[4].font.color.rgb == "FF000000"


def test_bridge_tornado_and_futures_are_values_with_the_seed() -> None:
    book = opened(finetune_workbook(EXAMPLE, made_on=DAY, seed=7, draws=50))
    for name in ("Bridge", "Tornado", "MonteCarlo"):
        cells = [cell for row in book[name].iter_rows() for cell in row]
        assert not any(cell.data_type == "f" for cell in cells)
        assert "Values, not formulas" in str(book[name]["A2"].value)
    steps = [row[1].value for row in book["Bridge"].iter_rows(min_row=6)]
    assert steps == ["never" if s.payback_months is None else pytest.approx(s.payback_months)
                     for s in bridge(EXAMPLE)]  # fmt: skip
    assert "seed 7" in str(book["MonteCarlo"]["A1"].value)
    chances = {row[0].value: row[1].value for row in book["MonteCarlo"].iter_rows(max_col=2)}
    futures = simulate(EXAMPLE, seed=7, draws=50)
    assert chances["Seed"] == 7
    assert chances["Chance of a loss"] == pytest.approx(futures.probability_of_loss)


@pytest.mark.parametrize(
    "name",
    [
        "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "{=1+1}",
        "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")', "http://example.com", "_x0041_",
        "\x00=1", "\ud83d=1", "\uffff", "x" * 40_000,
    ],
)  # fmt: skip
def test_a_text_is_a_text_whatever_it_starts_with(name: str) -> None:
    book = Book("Names", DAY)
    book.page("Names", (20,)).put("A1", name)
    cell = opened(book.finish())["Names"]["A1"]
    assert cell.data_type == "s" and cell.hyperlink is None and cell.quotePrefix
    readable = re.sub("[\x00-\x1f\ud83d\uffff]", " ", name)[:32_000]
    assert cell.value == readable


def test_the_name_of_a_case_cannot_become_a_formula(example: bytes) -> None:
    content = workbook(replace(EXAMPLE, name="=1+1\x00\ud83d"))
    assert formulas_of(content) == formulas_of(example)
    cell = opened(content)["README"]["B3"]
    assert cell.data_type == "s" and cell.value == "=1+1  "


def test_the_same_case_gives_the_same_file(example: bytes) -> None:
    assert workbook(EXAMPLE) == example


@pytest.mark.parametrize("name", CASES)
def test_the_lines_of_a_month_add_up_to_its_net(name: str) -> None:
    case = CASES[name]
    months, net = months_of(case), assess(case).monthly_net_usd
    lines = (
        months.routed_usd
        - months.handed_back_usd
        - months.tuned_usd
        - months.running_usd
        - months.retraining_usd
    )
    assert (1 - case.failure_chance) * lines == pytest.approx(net, abs=1e-6)
