"""`tierwise payback CASE.json`: works out a fine-tuning case."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from core.commands.result import Json, Result
from core.commands.writing import write_file
from core.economics.sheets.tuning_csv import finetune_csv
from core.economics.sheets.tuning_workbook import finetune_workbook
from core.economics.tuning.case import FineTuneCase, example_case
from core.economics.tuning.case_json import case_from_json, case_to_json
from core.economics.tuning.case_schema import case_schema
from core.economics.tuning.uncertainty import Simulation, simulate
from core.economics.tuning.verdict import FineTuneResult, assess
from core.economics.tuning.words import sentences
from core.errors import BadInput


def add_arguments(parser: ArgumentParser) -> None:
    """The case, or a wish for an example of one, and what to write."""
    parser.add_argument("case", type=Path, nargs="?", metavar="CASE.json")
    parser.add_argument("--example", action="store_true", help="print a case to start from")
    parser.add_argument("--schema", action="store_true", help="print the JSON schema of a case")
    parser.add_argument(
        "--xlsx", type=Path, metavar="FILE", help="write a workbook with live formulas"
    )
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help="write the cash flow, a row per month and line"
    )


def run(arguments: Namespace) -> Result:
    """The verdict on a case; with `--example` a case itself, ready to be edited."""
    if arguments.schema:
        text = json.dumps(case_schema(), indent=2)
        return Result(json.loads(text), (text,))
    if arguments.example:
        text = case_to_json(example_case())
        case = case_from_json(text)
    elif arguments.case is None:
        raise BadInput("no case is named", where="payback", remedy="Give CASE.json or --example")
    else:
        case = case_from_json(_text(arguments.case))
    result, futures = assess(case), simulate(case)
    written = _write(case, arguments.xlsx, arguments.csv)
    if arguments.example:
        lines: tuple[str, ...] = (text,)  # nothing else, so that it can go into a file
    else:
        lines = (*sentences(case, result), *(f"Wrote {path}." for path in written))
    files: dict[str, Json] = {"files": [str(path) for path in written]}
    return Result(_json(case, result, futures) | files, lines)


def _write(case: FineTuneCase, xlsx: Path | None, csv: Path | None) -> list[Path]:
    if xlsx is not None and xlsx == csv:
        raise BadInput(
            f"--xlsx and --csv both name '{xlsx}'", where="payback", remedy="Name two files"
        )
    written = []
    if xlsx is not None:
        write_file(xlsx, finetune_workbook(case, made_on=datetime.now(UTC).date()))
        written.append(xlsx)
    if csv is not None:
        write_file(csv, finetune_csv(case))
        written.append(csv)
    return written


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise BadInput(
            f"cannot be read: {error.strerror}", where=str(path), remedy="Check the path"
        ) from error
    except UnicodeDecodeError as error:
        raise BadInput("is not UTF-8 text", where=str(path), remedy="Save it as UTF-8") from error


def _json(case: FineTuneCase, result: FineTuneResult, futures: Simulation) -> dict[str, Json]:
    return {
        "name": case.name,
        "investment_usd": {
            "low": result.investment_low_usd,
            "likely": result.investment_likely_usd,
            "high": result.investment_high_usd,
        },
        "textbook_payback_months": result.textbook_payback_months,
        "payback_months": result.payback_months,
        "sustained_payback_months": result.sustained_payback_months,
        "discounted_payback_months": result.discounted_payback_months,
        "npv_usd": _by_month(result.npv_usd),
        "roi": _by_month(result.roi),
        "probability_payback_within_months": _by_month(futures.probability_payback_within_months),
        "seed": futures.seed,
        "draws": futures.draws,
        "verdict": list(sentences(case, result)),
    }


def _by_month(values: Mapping[int, float | None]) -> dict[str, Json]:
    return {str(month): value for month, value in values.items()}
