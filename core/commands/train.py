"""`tierwise train OUTCOMES_DIR --out FILE`: builds the classifier from per-query outcomes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from core.commands.result import Json, Result
from core.commands.writing import writing
from core.complexity.training.release import ABILITIES, CARD, write_release
from core.logs.tokens import estimate


def add_arguments(parser: ArgumentParser) -> None:
    """The folder of outcomes and the file to write."""
    parser.add_argument("outcomes", type=Path, metavar="OUTCOMES_DIR")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help=f"the classifier; {ABILITIES} and {CARD} are written beside it",
    )


def run(arguments: Namespace) -> Result:
    """Trains, measures, and writes the classifier with its abilities and its card."""
    with writing(arguments.out):
        release = write_release(arguments.outcomes, arguments.out, count_tokens=estimate)
    trained = release.trained
    found: dict[str, Json] = {
        "version": trained.classifier.version,
        "digest": trained.classifier.digest,
        "data_digest": trained.classifier.data_digest,
        "questions": trained.questions,
        "answers": trained.answers,
        "metrics": dict(trained.classifier.metrics),
    }
    return Result(
        found,
        (
            f"Trained on {trained.questions:,} questions and {trained.answers:,} answers.",
            f"Wrote {arguments.out} ({trained.classifier.digest[:16]}), {ABILITIES}, {CARD}.",
        ),
    )
