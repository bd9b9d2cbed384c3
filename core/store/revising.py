"""A saved plan on a later log, with the rules that are on that log: the plan's next version."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from core.catalog.catalogue import load_catalogue
from core.complexity.classifier import load_classifier
from core.complexity.learned import Learned
from core.errors import BadInput
from core.logs.log import open_log
from core.store.access import Actor
from core.store.document import PlanDocument, document_from_json
from core.store.freeze import freeze
from core.store.plans import load_plan
from core.store.saving import At, save_document
from core.workload.learning import known_names
from core.workload.notes import monthly_calls, read_notes
from core.workload.scores import learned_file, workload_file
from core.workload.workload import from_json


def revise(
    engine: Engine, actor: Actor, folder: Path, plan_id: str, note: str, now: datetime
) -> At:
    """Where the plan was saved anew on the sorted log in `folder`, with this note.

    BadInput where the log is not sorted, or the plan is gone; Conflict when somebody saved it
    meanwhile.
    """
    saved = load_plan(engine, actor, plan_id, now=now)
    document = document_from_json(saved.document)
    again = revised(document, folder, author=saved.author, now=now, note=note)
    after = At(plan_id, saved.version)
    return save_document(engine, actor, again, name=saved.name, after=after)


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
