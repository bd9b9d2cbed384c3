"""`tierwise payback CASE.json`: works out a fine-tuning case."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from core.commands.result import Json, Result
from core.economics.finetune import FineTuneResult, assess
from core.economics.finetune_case import FineTuneCase, example_case
from core.economics.finetune_json import case_from_json, case_to_json
from core.economics.finetune_words import sentences
from core.economics.uncertainty import Simulation, simulate
from core.errors import BadInput


def add_arguments(parser: ArgumentParser) -> None:
    """The case, or a wish for an example of one."""
    parser.add_argument("case", type=Path, nargs="?", metavar="CASE.json")
    parser.add_argument("--example", action="store_true", help="print a case to start from")


def run(arguments: Namespace) -> Result:
    """The verdict on a case; with `--example` a case itself, ready to be edited."""
    if arguments.example:
        text = case_to_json(example_case())
        case = case_from_json(text)
    elif arguments.case is None:
        raise BadInput("no case is named", where="payback", remedy="Give CASE.json or --example")
    else:
        case = case_from_json(_text(arguments.case))
    result, futures = assess(case), simulate(case)
    lines = (text,) if arguments.example else sentences(case, result)
    return Result(_json(case, result, futures), lines)


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
