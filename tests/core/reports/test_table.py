import csv
import io
from typing import cast

import pandas as pd
import pytest

from core.frozen.document import PlanDocument
from core.reports.table import COLUMNS, plan_csv
from core.routing.check import Check
from core.routing.plan import Plan

from ..frozen.conftest import BIG, SMALL, frozen
from .conftest import HOSTILE, hostile, round_document


def read(document: PlanDocument) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(plan_csv(document))))


def test_every_row_has_every_column() -> None:
    rows = list(csv.reader(io.StringIO(plan_csv(frozen()))))
    assert tuple(rows[0]) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}


def test_the_months_are_those_of_the_plan_in_order_of_their_ends() -> None:
    rows = [r for r in read(round_document()) if r["month"] == "12"]
    ends = {r["measure"]: [r[end] for end in ("low", "central", "high")] for r in rows}
    assert ends == {
        "bill as today": ["", "1000.0", ""],
        "saved": ["550.0", "600.0", "650.0"],
        "saved so far": ["6600.0", "7200.0", "7800.0"],
        "planned bill": ["350.0", "400.0", "450.0"],
    }


def test_tiers_and_the_check_add_up_to_the_planned_bill() -> None:
    document = frozen(plan=Plan(SMALL, BIG, BIG, check=Check(SMALL)))
    table = pd.read_csv(io.StringIO(plan_csv(document)))
    parts = table[(table["part"] == "tier") & (table["measure"] == "planned bill")]
    planned = document.figures.outcome.planned.central
    assert cast(float, parts["central"].sum()) == pytest.approx(planned)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_stranger_is_a_formula(text: str) -> None:
    written = plan_csv(hostile(frozen(), text))
    assert "\x00" not in written and "\t" not in written and "\r" not in written
    for row in csv.reader(io.StringIO(written)):
        for cell in row:
            plain = cell.lstrip()
            assert not plain.startswith(("=", "+", "@", "＝", "＋", "－", "＠"))
            assert not plain.startswith("-") or float(plain) < 0
