"""A saved plan on a later log, with the rules that are on that log: the plan's next version."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from core.frozen.document import document_from_json
from core.frozen.rerunning import revised
from core.store.access import Actor, grant
from core.store.plans import load_plan
from core.store.saving import At, save_document


def revise(engine: Engine, actor: Actor, folder: Path, after: At, note: str, now: datetime) -> At:
    """Where that version was saved anew on the sorted log in `folder`, with this note.

    BadInput where the log is not sorted, or the plan is gone; Conflict when somebody saved a
    version after that one.
    """
    with engine.connect() as connection:  # before any work is done for somebody who may not
        grant(connection, actor, "write", plan_id=after.plan_id, now=now)
    saved = load_plan(engine, actor, after.plan_id, after.version, now=now)
    document = document_from_json(saved.document)
    again = revised(document, folder, author=saved.author, now=now, note=note)
    return save_document(engine, actor, again, after=after)
