"""`tierwise train OUTCOMES_DIR --out FILE`: builds the classifier from per-query outcomes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from core.commands.result import Result


def add_arguments(parser: ArgumentParser) -> None:
    """The folder of outcomes and the file to write."""
    parser.add_argument("outcomes", type=Path, metavar="OUTCOMES_DIR")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="classifier.json; abilities.csv and MODEL_CARD.md are written beside it",
    )
