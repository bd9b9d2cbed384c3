"""`tierwise replay PLAN`: the plan's models asked a sample of its own log, and judged."""

from __future__ import annotations

import csv
import io
import secrets
import shlex
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from core.catalog.catalogue import load_catalogue
from core.commands.replay_servers import add_server_arguments, endpoints_of
from core.commands.replay_words import estimate_words, replay_json, replay_lines
from core.commands.result import Json, Result
from core.commands.writing import write_file
from core.complexity.classifier import Classifier, load_classifier
from core.errors import BadInput
from core.frozen.document import PlanDocument, document_from_json
from core.logs.ingest import ingest
from core.logs.log import QUERIES, log_folder
from core.logs.preview import preview
from core.places import home
from core.quality.checks import Checks
from core.quality.journal import Item, Journal
from core.quality.people import Said, as_people_say, read_said
from core.quality.prepare import Prepared, prepare, usual_judge
from core.quality.prompts import prompts_of
from core.quality.replay import (
    Replay,
    is_closed,
    latest_replay,
    read_replay,
    replay_folder,
    write_replay,
)
from core.quality.results import Shown, outcomes_of, shown
from core.quality.run import run_replay
from core.quality.sample import frame_of
from core.store.behind import plan_behind
from core.workload.labelled import labelled_queries
from core.workload.placing import Placing
from core.workload.scores import basis_of, cluster_names, score_log, scores_file


def add_arguments(parser: ArgumentParser) -> None:
    """The plan, the server, the size and the cap."""
    parser.add_argument(
        "plan", metavar="PLAN_OR_LINK", help="the id of a saved plan, or its share link"
    )
    parser.add_argument(
        "--log", type=Path, metavar="FILE", help="the plan's log, where this machine has no copy"
    )
    add_server_arguments(parser)
    parser.add_argument("--sample", type=int, default=200, metavar="N", help="queries to replay")
    parser.add_argument("--cap", type=float, metavar="USD", help="never spend more than this")
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="MODEL",
        help="ask this model, too, beside those of the plan (again for each)",
    )
    parser.add_argument("--judge", metavar="MODEL", help="who judges")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--check-json", action="store_true", help="answers must be JSON")
    parser.add_argument("--check-pattern", default="", metavar="REGEX", help="answers must have it")
    parser.add_argument(
        "--check-number", action="store_true", help="the last number must be the reference's"
    )
    parser.add_argument(
        "--check-command",
        default="",
        metavar="COMMAND",
        help="a program that gets each answer on standard input and ends with 0 when it will do",
    )
    parser.add_argument(
        "--to-the-end", action="store_true", help="do not stop early when the decision is clear"
    )
    parser.add_argument("--resume", action="store_true", help="go on with the last replay")
    parser.add_argument("--dry-run", action="store_true", help="say what it would cost only")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write the outcomes, for --calibration"
    )


@dataclass(frozen=True)
class _Scene:
    """The plan with the local copy of its log."""

    name: str
    document: PlanDocument
    folder: Path
    scores: Path
    placing: Placing

    @property
    def queries(self) -> Path:
        return self.folder / QUERIES


def run(arguments: Namespace) -> Result:
    """The estimate, what was spent, and the quality of each tier."""
    scene = _scene(arguments)
    if arguments.resume:
        place = _last(scene)
        replay = read_replay(place)
        endpoints = endpoints_of(arguments, replay)
        prompts = prompts_of(scene.queries, replay.rows)
        estimate: list[Json] | None = None
    else:
        prepared = _prepared(arguments, scene)
        replay, prompts = prepared.replay, prepared.prompts
        estimate = [prepared.estimate.low, prepared.estimate.high]
        print(f"tierwise: {estimate_words(prepared)}", file=sys.stderr)
        if arguments.dry_run:
            return Result(
                {"estimate_usd": estimate, "spent_usd": 0.0, "done": 0, "failed": 0},
                ("Nothing was sent.",),
            )
        endpoints = endpoints_of(arguments, replay)  # before anything is kept
        place = replay_folder(scene.folder, replay.id)
        write_replay(place, replay)
    with _until_interrupted() as stopped:
        ran = run_replay(place, replay, prompts, endpoints, stopped=stopped)
    with Journal(place) as journal:
        items = dict(journal.items)
    said = read_said(place)
    settled = as_people_say(items, said)
    found = _shown(scene, replay, items, settled, said)
    if arguments.out:
        _write_outcomes(arguments.out, scene, settled)
    return Result(
        replay_json(ran, found, estimate, replay), tuple(replay_lines(ran, found, replay))
    )


def _scene(arguments: Namespace) -> _Scene:
    saved = plan_behind(arguments.plan, datetime.now(UTC))
    document = document_from_json(saved.document)
    if document.plan.check is not None:
        raise BadInput(
            "it is a cascade, and a replay measures routing",
            where=saved.name,
            remedy="Save the plan as a route; its models are the same",
        )
    folder = _local_copy(arguments.log, document.log.digest)
    classifier = load_classifier()
    scores = scores_file(folder, classifier)
    if not scores.exists():
        score_log(folder / QUERIES, scores, classifier)
    placing = _placing(classifier, scores, document)
    return _Scene(saved.name, document, folder, scores, placing)


def _local_copy(log: Path | None, digest: str) -> Path:
    logs = home() / "logs"
    if log is not None:
        if not log.exists():
            raise BadInput("no such file", where=str(log), remedy="Check the path")
        mapping = preview(log, log.name).mapping
        found = ingest(log, mapping, logs, name=log.name, now=datetime.now(UTC))
        return log_folder(logs, found.digest)
    if not digest or not (log_folder(logs, digest) / QUERIES).exists():
        raise BadInput(
            "this machine has no copy of the plan's log",
            where="replay",
            remedy="Name the file: --log FILE",
        )
    return log_folder(logs, digest)


def _placing(classifier: Classifier, scores: Path, document: PlanDocument) -> Placing:
    return Placing(
        classifier.on(basis_of(scores)),
        learned=document.taught,
        clusters=cluster_names(scores),
        names=document.segment_names,
    )


def _prepared(arguments: Namespace, scene: _Scene) -> Prepared:
    if arguments.cap is None:
        raise BadInput("no cap", where="--cap", remedy="Say what it may cost, such as --cap 2")
    plan = scene.document.plan
    catalogue = load_catalogue()
    names = scene.document.names
    logged = {model.id for model in names.values() if model}
    usual = usual_judge(plan, catalogue.models.values(), logged)
    judge = catalogue.get(arguments.judge) if arguments.judge else usual
    return prepare(
        frame_of(scene.queries, scene.scores, scene.placing),
        scene.queries,
        plan,
        judge,
        replay_id=secrets.token_hex(6),
        log_digest=scene.folder.name,
        plan_name=arguments.plan,
        names=names,
        also=[catalogue.get(name) for name in arguments.also],
        size=arguments.sample,
        cap_usd=arguments.cap,
        seed=arguments.seed,
        stop_early=not arguments.to_the_end,
        checks=Checks(
            arguments.check_json,
            arguments.check_pattern,
            arguments.check_number,
            tuple(shlex.split(arguments.check_command)),
        ),
    )


def _last(scene: _Scene) -> Path:
    newest = latest_replay(scene.folder)
    if newest is None or is_closed(newest):
        raise BadInput("there is none to go on with", where="--resume", remedy="Start one")
    return newest


def _shown(
    scene: _Scene,
    replay: Replay,
    items: dict[int, Item],
    settled: dict[int, Item],
    said: list[Said],
) -> Shown | None:
    if not any(item.scores for item in items.values()):
        return None
    own = outcomes_of(settled)
    plan = scene.document.plan
    labelled = labelled_queries(scene.queries, scene.scores, scene.placing, own, plan.rules)
    return shown(replay, items, labelled, plan, scene.document.uncertainty, said)


def _write_outcomes(file: Path, scene: _Scene, items: dict[int, Item]) -> None:
    own = outcomes_of(items)
    ids = {row: p.request_id for row, p in prompts_of(scene.queries, own.row.tolist()).items()}
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["request_id", "model", "score"])
    for row, model, score in zip(own.row, own.model.to_pylist(), own.score, strict=True):
        rows.writerow([ids[int(row)], model, score])
    write_file(file, out.getvalue())


@contextmanager
def _until_interrupted() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed: the first one lets calls under way come back."""
    pressed = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)
