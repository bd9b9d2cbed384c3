import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from core.economics.sheets.tuning_csv import finetune_csv
from core.economics.tuning.case import example_case
from core.economics.tuning.case_json import case_from_json
from core.economics.tuning.uncertainty import simulate
from core.economics.tuning.verdict import assess

from .conftest import Run

PROMISED = {
    "textbook_payback_months", "payback_months", "sustained_payback_months",
    "discounted_payback_months", "npv_usd", "roi", "probability_payback_within_months",
}  # fmt: skip


def test_the_example_is_a_case_that_the_command_takes(run: Run, tmp_path: Path) -> None:
    said = run("payback", "--example")
    assert said.code == 0
    case = tmp_path / "case.json"
    case.write_text(said.out)
    found = run("payback", case, "--json").json
    assert found == run("payback", "--example", "--json").json


def test_the_json_has_the_promised_figures(run: Run) -> None:
    found = run("payback", "--example", "--json").json
    assert found.keys() >= PROMISED
    case = example_case()
    result, futures = assess(case), simulate(case)
    assert found["textbook_payback_months"] == result.textbook_payback_months
    assert found["payback_months"] == result.payback_months
    assert found["npv_usd"].keys() >= {"12", "24", "36"} and found["roi"].keys() >= {"12"}
    assert found["npv_usd"]["24"] == result.npv_usd[24]
    within = found["probability_payback_within_months"]["12"]
    assert within == futures.probability_payback_within_months[12] and 0 <= within <= 1


def test_a_case_that_does_not_pay_back_says_null(run: Run, tmp_path: Path) -> None:
    case = json.loads(run("payback", "--example").out)
    case |= {"monthly_queries": 1_000}
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case))
    found = run("payback", path, "--json").json
    assert found["payback_months"] is None and found["sustained_payback_months"] is None
    assert found["probability_payback_within_months"]["12"] == 0
    assert found["npv_usd"]["12"] < 0
    said = run("payback", path)
    assert said.code == 0 and "not pay back" in said.out


@pytest.mark.parametrize("content", ["", "[]", "{", '{"name": 5}', '{"surprise": 1}', "\xff"])
def test_what_is_no_case_is_refused_in_one_line(run: Run, tmp_path: Path, content: str) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(content.encode("latin-1"))
    said = run("payback", path)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)


def test_the_workbook_and_the_table_are_written_where_the_user_says(
    run: Run, tmp_path: Path
) -> None:
    xlsx, csv = tmp_path / "case.xlsx", tmp_path / "case.csv"
    case = tmp_path / "case.json"
    case.write_text(run("payback", "--example").out)
    said = run("payback", case, "--xlsx", xlsx, "--csv", csv)
    assert said.code == 0 and f"Wrote {xlsx}.\nWrote {csv}.\n" in said.out
    result = load_workbook(xlsx, data_only=True)["Result"]
    assert result["B5"].value == pytest.approx(assess(example_case()).investment_mean_usd)
    assert csv.read_text("utf-8") == finetune_csv(example_case())
    assert run("payback", case, "--csv", csv, "--json").json["files"] == [str(csv)]


def test_the_example_stays_a_case_when_files_are_written_beside_it(
    run: Run, tmp_path: Path
) -> None:
    said = run("payback", "--example", "--csv", tmp_path / "case.csv")
    assert case_from_json(said.out) == example_case() and (tmp_path / "case.csv").exists()


@pytest.mark.parametrize("option", ["--xlsx", "--csv"])
def test_a_place_that_cannot_be_written_to_is_said_in_one_line(
    run: Run, tmp_path: Path, option: str
) -> None:
    said = run("payback", "--example", option, tmp_path / "nowhere" / "file")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "cannot be written" in said.err


def test_one_file_cannot_be_both(run: Run, tmp_path: Path) -> None:
    same = tmp_path / "file"
    said = run("payback", "--example", "--xlsx", same, "--csv", same)
    assert (said.code, said.err.count("\n")) == (2, 1) and not same.exists()


def test_the_schema_describes_the_example(run: Run) -> None:
    schema = json.loads(run("payback", "--schema").out)
    case = json.loads(run("payback", "--example").out)
    assert schema == run("payback", "--schema", "--json").json
    assert not list(Draft202012Validator(schema).iter_errors(case))
