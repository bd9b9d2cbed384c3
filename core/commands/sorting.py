"""What the commands that sort queries share: how to sort, and what own outcomes taught."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.catalog.catalogue import load_catalogue
from core.commands.opening import OpenLog
from core.commands.result import Json
from core.commands.telling import telling
from core.complexity.classifier import Classifier
from core.complexity.learned import ENOUGH_PAIRED, Learned
from core.complexity.own_report import PairedLog
from core.complexity.rules import RULES
from core.errors import BadInput
from core.routing.assumptions import Uncertainty
from core.routing.on_labels import LabelControls, on_labels
from core.routing.plan import Plan
from core.workload.build import build_workload, sort_log
from core.workload.labelled import labelled_queries
from core.workload.learning import learn_from
from core.workload.notes import Notes, model_counts, resolve_names
from core.workload.outcomes import Outcomes, OwnOutcomes, bring_to_log, read_outcomes
from core.workload.paired import paired_log
from core.workload.placing import Placing
from core.workload.pricing import Names
from core.workload.routing_rules import RoutingRule
from core.workload.scores import basis_of, cluster_names, score_log, scores_file
from core.workload.workload import Workload


def add_sorting_arguments(parser: ArgumentParser) -> None:
    """What every command that sorts queries takes."""
    parser.add_argument(
        "--by",
        choices=["text", *RULES],
        default="text",
        help="sort by the trained classifier (text), or by a simple rule",
    )
    parser.add_argument(
        "--calibration",
        type=Path,
        metavar="FILE",
        help="outcomes of this log's own queries: request_id or query, model, score 0..1; "
        "several models per query tell who gains from a stronger one",
    )


@dataclass(frozen=True)
class Sorted:
    """A sorted log: the file of scores, what decided where queries belong, and its workload."""

    scores: Path
    placing: Placing
    workload: Workload


def sort_queries(
    opened: OpenLog,
    classifier: Classifier,
    calibration: Path | None,
    rules: Sequence[RoutingRule] = (),
) -> Sorted:
    """The log, sorted; BadInput for bad outcomes."""
    scores = scores_file(opened.folder, classifier)
    if calibration is None and not scores.exists():
        with telling("sorted", "queries") as progress:
            workload = sort_log(
                opened.queries, scores, Placing(classifier), rules, progress=progress
            )
        return Sorted(scores, _placing(classifier, scores), workload)
    scores, placing = _learned(opened, classifier, calibration)
    return Sorted(scores, placing, build_workload(opened.queries, scores, placing, rules))


def _learned(
    opened: OpenLog, classifier: Classifier, calibration: Path | None
) -> tuple[Path, Placing]:
    """The file of scores, and what decides where queries belong once outcomes were learned."""
    outcomes = _read(calibration) if calibration else None
    scores, placing = _score(opened, classifier)
    if outcomes is None:
        return scores, placing
    own = bring_to_log(outcomes, opened.queries)
    learned = learn_from(opened.queries, scores, placing, own, _names(opened, own))
    return scores, replace(placing, learned=learned)


def measured_on_labels(
    opened: OpenLog,
    scores: Path,
    placing: Placing,
    calibration: Path,
    plan: Plan,
    uncertainty: Uncertainty,
) -> LabelControls | None:
    """The plan on the queries with outcomes of all its models; None where there are too few."""
    own = bring_to_log(_read(calibration), opened.queries)
    found = labelled_queries(opened.queries, scores, placing, own, plan.rules)
    return on_labels(found, _names(opened, own), plan, uncertainty)


def paired_outcomes(
    opened: OpenLog, classifier: Classifier, calibration: Path, models: Sequence[str] | None
) -> PairedLog:
    """The queries of a log with outcomes of both models; BadInput where there are none.

    `models` are a cheap and a strong one as the outcomes name them, by default the two with the
    most queries in common, the weaker first.
    """
    outcomes = _read(calibration)
    scores, placing = _score(opened, classifier)
    own = bring_to_log(outcomes, opened.queries)
    names = _names(opened, own)
    return paired_log(opened.queries, scores, placing, own, names, models)


def _read(calibration: Path) -> Outcomes:
    if not calibration.is_file():
        raise BadInput("no such file", where=str(calibration), remedy="Check the path")
    return read_outcomes(calibration, calibration.name)


def _score(opened: OpenLog, classifier: Classifier) -> tuple[Path, Placing]:
    scores = scores_file(opened.folder, classifier)
    if not scores.exists():
        with telling("sorted", "queries") as progress:
            score_log(opened.queries, scores, classifier, progress=progress)
    return scores, _placing(classifier, scores)


def _placing(classifier: Classifier, scores: Path) -> Placing:
    return Placing(classifier.on(basis_of(scores)), clusters=cluster_names(scores))


def _names(opened: OpenLog, own: OwnOutcomes) -> Names:
    """What the models of the outcomes and of the log stand for."""
    named = sorted({*own.model.to_pylist(), *model_counts(opened.log)})
    return resolve_names(named, load_catalogue(), Notes(), opened.log.source)


def learned_words(learned: Learned) -> list[str]:
    """What own outcomes taught, in words."""
    found = [
        f"Learned from {learned.answers:,} outcomes, {learned.paired:,} queries with several "
        f"models. The level of difficulty is now known to {learned.level_sd:.1f} logits (one sd).",
        *(
            f"  {m.name}: ability {m.ability:.1f} (sd {m.sd:.1f}), {m.answers:,} answers"
            for m in learned.models
            if m.answers
        ),
    ]
    if not learned.enough:
        found.append(
            f"With fewer than {ENOUGH_PAIRED} paired queries trust the base rate, "
            f"{learned.base_rate:.0%} acceptable, more than any single chance."
        )
    return found


def learned_json(learned: Learned | None) -> Json:
    """What own outcomes taught, for scripts; null without any."""
    if learned is None:
        return None
    return {
        "answers": learned.answers,
        "paired_queries": learned.paired,
        "enough": learned.enough,
        "level_sd": learned.level_sd,
        "base_rate": learned.base_rate,
        "models": {
            m.name: {"ability": m.ability, "sd": m.sd, "answers": m.answers} for m in learned.models
        },
    }
