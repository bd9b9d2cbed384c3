"""The files of a fine-tuning case, to take along."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import streamlit as st
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from app.parts import case_exports
from core.economics.tuning.case import example_case
from core.economics.tuning.case_json import case_from_json


def draw() -> None:
    from app.parts.case_exports import draw_case_exports
    from core.economics.tuning.case import example_case

    draw_case_exports(example_case(), "here")


def test_three_buttons_stand_in_a_row_each_with_what_it_gives() -> None:
    app = AppTest.from_function(draw).run(timeout=30)
    assert not app.exception
    assert [button.label for button in app.get("download_button")] == [
        "Workbook",
        "Cash flow",
        "Inputs",
    ]
    assert len(app.caption) == 3 and len(app.columns) == 3


def test_each_file_is_made_on_click_and_holds_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, Callable[[], bytes]] = {}

    def keep(label: str, data: Callable[[], bytes], *_: Any, **__: Any) -> None:
        made[label] = data

    monkeypatch.setattr(st, "download_button", keep)
    case_exports.draw_case_exports(example_case(), "here")
    assert load_workbook(BytesIO(made["Workbook"]()), data_only=True)["Checks"]["B2"].value == "OK"
    assert made["Cash flow"]().startswith(b'"scenario","month","line","amount","currency"\n')
    assert case_from_json(made["Inputs"]().decode()) == example_case()
