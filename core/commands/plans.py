"""`tierwise plans list|show|versions|export|import|delete|undelete`: the saved plans."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from core.commands.actions import add_actions
from core.commands.named import deleted_plan_named, plan_named, workspaces_named
from core.commands.plans_words import (
    Shown,
    deleted_json,
    deleted_lines,
    row_json,
    row_lines,
    shown_json,
    shown_lines,
    version_json,
    version_lines,
)
from core.commands.result import Result
from core.commands.writing import write_file
from core.errors import BadInput
from core.reports.words import counted
from core.store.access import Actor, the_person_here
from core.store.bin import delete_plan, list_deleted, undelete_plan
from core.store.decisions import list_decisions
from core.store.engine import Engine, open_engine
from core.store.finding import Wanted, find_plans
from core.store.links import list_links
from core.store.plan_file import export_file, file_name, import_file
from core.store.plans import list_versions, load_plan
from core.store.saved import PlanRow

_AT_ONCE: Final = 500
_ALL: Final = 1_000_000


def add_arguments(parser: ArgumentParser) -> None:
    """What to do with which plan."""
    actions = add_actions(
        parser,
        {
            "list": "the plans, last changed first",
            "show": "a plan's figures, changes, decisions and links",
            "versions": "every version of a plan, newest first",
            "export": "a plan with all its versions as one file",
            "import": "a plan from such a file, with the same figures",
            "delete": "put a plan into the bin, where it stays for 30 days",
            "undelete": "bring a plan back from the bin",
        },
    )
    listed = actions["list"]
    listed.add_argument("--search", default="", metavar="WORDS", help="in name, people, log, tags")
    listed.add_argument("--tag", default="", help="with this tag")
    listed.add_argument("--owner", default="", help="of this owner")
    listed.add_argument("--status", choices=["open", "approved", "changes"], help="as decided")
    listed.add_argument("--deleted", action="store_true", help="those in the bin instead")
    for name in ("list", "import"):
        actions[name].add_argument("--workspace", metavar="NAME", help="name or id of a workspace")
    for name in ("show", "versions", "export", "delete", "undelete"):
        actions[name].add_argument("plan", metavar="PLAN", help="the id of a plan, or its name")
    actions["show"].add_argument(
        "--version", type=int, metavar="N", help="this version instead of the newest"
    )
    actions["export"].add_argument(
        "--out", type=Path, metavar="FILE", help="where to; else a file with the plan's name, here"
    )
    actions["import"].add_argument("file", type=Path, metavar="FILE", help="an exported plan")


def run(arguments: Namespace) -> Result:
    """What was found or done."""
    engine, actor, now = open_engine(), the_person_here("command line"), datetime.now(UTC)
    try:
        match arguments.action:
            case "list":
                return _list(engine, actor, arguments)
            case "import":
                return _import(engine, actor, arguments, now)
            case "undelete":
                plan_id = deleted_plan_named(engine, actor, arguments.plan)
                undelete_plan(engine, actor, plan_id, now)
                return _done(plan_id, f"Plan {plan_id} is back.")
        plan_id = plan_named(engine, actor, arguments.plan, now)
        match arguments.action:
            case "show":
                return _show(engine, actor, plan_id, arguments.version, now)
            case "versions":
                lines = list_versions(engine, actor, plan_id, now=now, limit=_ALL)
                return Result(
                    {"plan_id": plan_id, "versions": [version_json(line) for line in lines]},
                    tuple(version_lines(lines)),
                )
            case "export":
                return _export(engine, actor, plan_id, arguments.out, now)
        delete_plan(engine, actor, plan_id, now)
        how = f"tierwise plans undelete {plan_id}"
        return _done(plan_id, f"Plan {plan_id} is in the bin for 30 days; '{how}' brings it back.")
    finally:
        engine.dispose()


def _list(engine: Engine, actor: Actor, arguments: Namespace) -> Result:
    workspaces = workspaces_named(engine, actor, arguments.workspace)
    if arguments.deleted:
        gone = [plan for each in workspaces for plan in list_deleted(engine, actor, each.id)]
        return Result({"deleted": [deleted_json(plan) for plan in gone]}, deleted_lines(gone))
    wanted = Wanted(
        text=arguments.search, tag=arguments.tag, owner=arguments.owner, status=arguments.status
    )
    rows = [row for each in workspaces for row in _all(engine, actor, wanted, each.id)]
    rows.sort(key=lambda row: row.updated_at, reverse=True)
    return Result({"plans": [row_json(row) for row in rows]}, row_lines(rows))


def _all(engine: Engine, actor: Actor, wanted: Wanted, workspace_id: str) -> list[PlanRow]:
    rows: list[PlanRow] = []
    while True:
        page = replace(wanted, offset=len(rows), limit=_AT_ONCE)
        found = find_plans(engine, actor, page, workspace_id=workspace_id)
        rows += found.rows
        if len(found.rows) < _AT_ONCE:
            return rows


def _show(engine: Engine, actor: Actor, plan_id: str, version: int | None, now: datetime) -> Result:
    plan = load_plan(engine, actor, plan_id, version, now=now)
    versions = list_versions(engine, actor, plan_id, now=now, limit=_ALL)
    line = next(each for each in versions if each.version == plan.version)
    decisions = list_decisions(engine, actor, plan_id, now=now, limit=_ALL)
    links = list_links(engine, actor, plan_id, now=now)
    shown = Shown(plan, line.changes, tuple(decisions), tuple(links), now)
    return Result(shown_json(shown), tuple(shown_lines(shown)))


def _export(engine: Engine, actor: Actor, plan_id: str, out: Path | None, now: datetime) -> Result:
    content = export_file(engine, actor, plan_id, now)
    newest = list_versions(engine, actor, plan_id, now=now, limit=1)[0]
    path = out or Path(file_name(newest.name))
    write_file(path, content)
    said = f"Wrote {counted(newest.version, 'version')} of '{newest.name}' to {path}."
    return Result({"plan_id": plan_id, "file": str(path), "versions": newest.version}, (said,))


def _import(engine: Engine, actor: Actor, arguments: Namespace, now: datetime) -> Result:
    try:
        content = arguments.file.read_bytes()
    except OSError as error:
        raise BadInput(
            f"cannot be read: {error.strerror}", where=str(arguments.file), remedy="Check the path"
        ) from error
    into = workspaces_named(engine, actor, arguments.workspace or "main")[0]
    plan_id = import_file(engine, actor, content, now, workspace_id=into.id)
    newest = list_versions(engine, actor, plan_id, now=now, limit=1)[0]
    said = f"Imported '{newest.name}' with {counted(newest.version, 'version')} as {plan_id}."
    return Result({"plan_id": plan_id, "name": newest.name, "versions": newest.version}, (said,))


def _done(plan_id: str, words: str) -> Result:
    return Result({"plan_id": plan_id}, (words,))
