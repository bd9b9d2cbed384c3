"""`tierwise export PLAN_OR_LINK --to TARGET`: a plan as a router's configuration."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from core.commands.result import Json, Result
from core.commands.writing import write_file, writing
from core.complexity.classifier import load_classifier
from core.frozen.document import document_from_json
from core.frozen.exporting import export_plan
from core.routing.exports.targets import TARGETS
from core.store.behind import plan_behind


def add_arguments(parser: ArgumentParser) -> None:
    """The plan, the router, and where to write."""
    parser.add_argument(
        "plan", metavar="PLAN_OR_LINK", help="the id of a saved plan, or its share link"
    )
    parser.add_argument("--to", choices=list(TARGETS), required=True, help="the router")
    parser.add_argument(
        "--out", type=Path, default=Path(), metavar="DIR", help="the folder to write to"
    )


def run(arguments: Namespace) -> Result:
    """The files that were written, and what they cannot express."""
    saved = plan_behind(arguments.plan, datetime.now(UTC))
    made = export_plan(
        document_from_json(saved.document),
        plan_id=saved.id,
        name=saved.name,
        classifier=load_classifier(),
        to=arguments.to,
    )
    paths = [arguments.out / name for name in made.files]
    for path, content in zip(paths, made.files.values(), strict=True):
        with writing(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, content)
    cannot = list(made.cannot_express)
    return Result(
        {
            "files": [str(path) for path in paths],
            "target_version": made.target_version,
            "cannot_express": cast(Json, cannot),
        },
        (
            f"Wrote {', '.join(map(str, paths))} for {made.target_version}.",
            *(f"It cannot express: {words}" for words in cannot),
        ),
    )
