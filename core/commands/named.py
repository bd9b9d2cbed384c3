"""PLAN and WORKSPACE on the command line: an id, or a name that only one has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from core.errors import BadInput
from core.store.access import Actor, unknown_plan
from core.store.bin import list_deleted
from core.store.engine import Engine
from core.store.finding import Wanted, find_plans
from core.store.members import Workspace, workspaces_of
from core.store.plans import list_versions

_SEVERAL: Final = 1_000  # more plans with one name than anybody will have


def plan_named(engine: Engine, actor: Actor, words: str, now: datetime) -> str:
    """The id of the plan with that id, else with that name.

    BadInput when there is none, or there are several of that name.
    """
    try:
        return list_versions(engine, actor, words, now=now, limit=1)[0].id
    except BadInput:
        wanted = Wanted(text=words, limit=_SEVERAL)
        named = [
            row.id
            for each in workspaces_of(engine, actor)
            for row in find_plans(engine, actor, wanted, workspace_id=each.id).rows
            if row.name == words.strip()
        ]
    if not named and (gone := _in_the_bin(engine, actor, words)):
        raise BadInput(
            f"'{words}' is in the bin",
            where="plans",
            remedy=f"Bring it back with 'tierwise plans undelete {gone[0]}'",
        )
    return _only(named, words)


def deleted_plan_named(engine: Engine, actor: Actor, words: str) -> str:
    """The id of the plan in the bin with that id, else with that name; BadInput as above."""
    gone = _in_the_bin(engine, actor, words)
    return words if words in gone else _only(gone, words)


def workspaces_named(engine: Engine, actor: Actor, words: str | None) -> list[Workspace]:
    """The workspace with that id, else with that name; all of them where nothing is said."""
    found = workspaces_of(engine, actor)
    if words is None:
        return found
    named = [each for each in found if each.id == words] or [
        each for each in found if each.name == words
    ]
    if len(named) != 1:
        raise BadInput(
            f"{len(named) or 'no'} workspaces are called '{words}'",
            where="--workspace",
            remedy="Choose one of: " + ", ".join(f"{each.id} ({each.name})" for each in found),
        )
    return named


def _in_the_bin(engine: Engine, actor: Actor, words: str) -> list[str]:
    return [
        plan.id
        for each in workspaces_of(engine, actor)
        for plan in list_deleted(engine, actor, each.id)
        if words.strip() in (plan.id, plan.name)
    ]


def _only(ids: Sequence[str], words: str) -> str:
    if not ids:
        raise unknown_plan(words)
    if len(ids) > 1:
        raise BadInput(
            f"{len(ids)} are called '{words}'",
            where="plans",
            remedy=f"Name one by its id: {', '.join(ids)}",
        )
    return ids[0]
