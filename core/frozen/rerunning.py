"""A frozen plan on a later log, with the rules that are on that log."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from core.catalog.catalogue import load_catalogue
from core.complexity.classifier import load_classifier
from core.complexity.learned import Learned
from core.errors import BadInput
from core.frozen.document import PlanDocument
from core.frozen.freeze import freeze
from core.logs.log import open_log
from core.workload.learning import known_names
from core.workload.notes import monthly_calls, read_notes
from core.workload.scores import learned_file, workload_file
from core.workload.workload import from_json


def revised(
    document: PlanDocument, folder: Path, *, author: str, now: datetime, note: str = ""
) -> PlanDocument:
    """The plan anew on the sorted log in `folder`, with the rules that are on that log.

    Models, tolerances and settings stay as they were frozen; prices, too. BadInput where the log
    is not sorted.
    """
    log, notes = open_log(folder.parent, folder.name), read_notes(folder)
    classifier = load_classifier().on(notes.basis)
    file = workload_file(folder, classifier, notes)
    if not file.exists():
        raise BadInput("its queries are not sorted", where=log.name, remedy="Sort them first")
    workload = from_json(file.read_text("utf-8"))
    kept = learned_file(folder, classifier, notes)
    learned = Learned.from_json(kept.read_text("utf-8")) if kept.exists() else None
    names, _ = known_names(workload, learned, load_catalogue(), notes, log.source)
    by = classifier.on(workload.basis).informed(learned.level_sd if learned else None)
    return freeze(
        author=author,
        now=now,
        log=log,
        workload=workload,
        classifier=by,
        names=names,
        monthly_queries=monthly_calls(workload, notes),
        prices_as_of=document.prices_as_of,
        plan=document.plan.with_rules(notes.routing_rules),
        assumptions=document.assumptions,
        growth=document.growth,
        thrift=document.thrift,
        fine_tuning=document.fine_tuning,
        learned=learned,
        segment_names=notes.segment_names,
        note=note,
    )
