"""A frozen plan into the store: as a new plan, or as the next version of one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from core.frozen.changes import changes
from core.frozen.document import PlanDocument, document_from_json, document_to_json
from core.frozen.headline import headline_of
from core.store.access import Actor
from core.store.plans import load_plan, save_plan, save_version
from core.store.tables import MAIN


@dataclass(frozen=True)
class At:
    """One version of a plan."""

    plan_id: str
    version: int


def save_document(
    engine: Engine,
    actor: Actor,
    document: PlanDocument,
    *,
    name: str | None = None,
    after: At | None = None,
    workspace_id: str = MAIN,
) -> At:
    """Where the document was saved: version 1 of a new plan, or the version that follows `after`.

    A new plan needs a name; the next version of one goes without, unless it is to be renamed.
    What differs from `after` is kept in words beside it. Conflict when somebody else saved a
    version after that one.
    """
    text, headline, now = document_to_json(document), headline_of(document), document.created_at
    if after is None:
        plan_id = save_plan(
            engine,
            actor,
            name=name or "",
            author=document.author,
            document=text,
            headline=headline,
            now=now,
            workspace_id=workspace_id,
        )
        return At(plan_id, 1)
    before = load_plan(engine, actor, after.plan_id, after.version, now=now)
    version = save_version(
        engine,
        actor,
        after.plan_id,
        base_version=after.version,
        name=name,
        author=document.author,
        document=text,
        headline=headline,
        changes=changes(document_from_json(before.document), document),
        now=now,
    )
    return At(after.plan_id, version)
