import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from formulas import ExcelModel
from openpyxl.cell import Cell

from core.frozen.document import PlanDocument
from core.reports.workbook import plan_workbook
from core.routing.check import Check
from core.routing.plan import Plan
from core.routing.simulate import Range
from core.workload.workload import empty_workload

from ..frozen.conftest import BIG, SMALL, frozen
from .conftest import HOSTILE, hostile, round_document, told, with_months

SHEETS = ["Summary", "Tiers", "Months", "Controls", "Assumptions"]
OWN = ("=B", "=C", "=E", "=G", "=I", "=SUM(F", "=Months!E")  # how our own formulas begin


def cells(document: PlanDocument, values: bool = False, **told_as: object) -> Iterator[Cell]:
    raw = plan_workbook(document, told(document, **told_as))
    for sheet in openpyxl.load_workbook(io.BytesIO(raw), data_only=values):
        for row in sheet.iter_rows():
            yield from row


def test_it_has_a_sheet_for_every_question() -> None:
    document = frozen()
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(document, told(document))))
    assert book.sheetnames == SHEETS


def test_the_same_plan_gives_the_same_bytes() -> None:
    document = frozen()
    assert plan_workbook(document, told(document)) == plan_workbook(document, told(document))


def test_calculated_anew_every_formula_comes_to_the_number_it_shows(tmp_path: Path) -> None:
    document = round_document(plan=Plan(SMALL, BIG, BIG, check=Check(SMALL)))
    outcome = document.figures.outcome
    tiers = tuple(replace(tier, usd=100.0) for tier in outcome.tiers)
    outcome = replace(outcome, tiers=tiers, check_usd=100.0)
    document = replace(document, figures=replace(document.figures, outcome=outcome))
    file = tmp_path / "plan.xlsx"
    file.write_bytes(plan_workbook(document, told(document)))
    shown = openpyxl.load_workbook(file, data_only=True)
    written = openpyxl.load_workbook(file)
    solved = ExcelModel().loads(str(file)).finish().calculate()
    count = 0
    for sheet in written:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    key = f"'[{file.name}]{sheet.title.upper()}'!{cell.coordinate}"
                    found = solved[key].value[0, 0]
                    assert found == pytest.approx(shown[sheet.title][cell.coordinate].value)
                    count += 1
    assert count == 12 * 4 + 3  # saved and three curves a month, the tiers' sum, two figures


def test_the_months_are_those_of_the_plan() -> None:
    document = round_document()
    raw = plan_workbook(document, told(document))
    months = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)["Months"]
    assert [months[f"{column}16"].value for column in "ABCDEGI"] == [
        12, 1_000, 400, 600, 7_200, 6_600, 7_800,
    ]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_stranger_is_a_formula(text: str) -> None:
    document = hostile(frozen(), text)
    found = [c for c in cells(document, name=text, needs=text, status=text) if c.value is not None]
    for cell in found:
        if cell.data_type == "f":
            assert str(cell.value).startswith(OWN) and "HYPERLINK" not in str(cell.value)
            assert str(cell.value) not in HOSTILE
    shown = [str(cell.value) for cell in found if cell.data_type == "s"]
    assert any(text.strip("\x00\t\r\n ") in value for value in shown)


@pytest.mark.parametrize(
    "document",
    [
        frozen(workload=empty_workload(), names={}),
        with_months(frozen(), Range(1.0, 1.0, 1.0), 120),
        with_months(frozen(), Range(float("nan"), float("-inf"), float("inf"))),
    ],
    ids=["empty", "ten years", "not finite"],
)
def test_odd_plans_can_be_written(document: PlanDocument) -> None:
    assert list(cells(document, values=True))
