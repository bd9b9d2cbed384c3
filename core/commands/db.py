"""`tierwise db backup|restore|migrate|check`: the database that keeps the plans."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import cast

from core.commands.actions import add_actions
from core.commands.result import Json, Result
from core.commands.writing import writing
from core.errors import BadInput, Cancelled, Hindered
from core.places import home
from core.reports.words import counted
from core.store.backup import backup, backup_name, restore
from core.store.checking import check
from core.store.engine import (
    Engine,
    connect,
    migrate,
    newest_revision,
    open_engine,
    place_of,
    plainly,
    step_of,
)


def add_arguments(parser: ArgumentParser) -> None:
    """What to do with the database, and the file to write or read."""
    actions = add_actions(
        parser,
        {
            "backup": "write all plans to one SQLite file, from SQLite or PostgreSQL",
            "restore": "replace all plans by those of a backup, and keep one of what is there",
            "migrate": "bring the database to this version's schema, and keep a copy of it",
            "check": "look for damage in the file, the schema and every saved version",
        },
    )
    actions["backup"].add_argument(
        "file", nargs="?", type=Path, metavar="FILE",
        help="a new file; else one with the time in its name, in the local folder's backups",
    )  # fmt: skip
    actions["restore"].add_argument("file", type=Path, metavar="FILE", help="a backup")
    actions["restore"].add_argument("--yes", action="store_true", help="do not ask")
    actions["restore"].add_argument(
        "--anyway", action="store_true", help="even where plans in the backup are damaged"
    )


def run(arguments: Namespace) -> Result:
    """What was done, and where what was kept lies now."""
    match arguments.action:
        case "backup":
            return _backup(arguments.file)
        case "restore":
            return _restore(arguments.file, yes=arguments.yes, anyway=arguments.anyway)
        case "migrate":
            return _migrate()
        case _:
            return _check()


def _backup(file: Path | None) -> Result:
    engine = connect(is_there=True)
    try:
        if step_of(engine) is None:
            raise BadInput("there is nothing in it", where=place_of(engine))
        target = file or _new_file()
        rows = backup(engine, target)
    finally:
        engine.dispose()
    return Result(
        {"file": str(target), "rows": rows},
        (f"Wrote {counted(rows, 'row')} of {place_of(engine)} to {target}.",),
    )


def _restore(file: Path, *, yes: bool, anyway: bool) -> Result:
    engine = _opened()
    try:
        if not yes:
            _ask(engine, file)
        kept = _new_file("-before-restore")
        rows = restore(engine, file, keep=kept, anyway=anyway)
    finally:
        engine.dispose()
    return Result(
        {"file": str(file), "rows": rows, "kept": str(kept)},
        (
            f"Restored {counted(rows, 'row')} from {file} into {place_of(engine)}.",
            f"What was there before is in {kept}.",
        ),
    )


def _migrate() -> Result:
    engine, copy = connect(), None
    try:
        before, newest = step_of(engine), newest_revision()
        if before not in (None, newest) and engine.dialect.name != "sqlite":
            copy = _new_file(f"-before-step-{before}-left")
            backup(engine, copy)
        with plainly(engine):
            copy = migrate(engine) or copy
    finally:
        engine.dispose()
    if before == newest:
        line = f"Nothing to do: {place_of(engine)} is at step {newest}."
    else:
        start = f"from step {before}" if before else "from nothing"
        line = f"Brought {place_of(engine)} {start} to step {newest}."
    kept = (f"A copy of what was there before is in {copy}.",) if copy else ()
    return Result(
        {"from": before, "to": newest, "kept": str(copy) if copy else None}, (line, *kept)
    )


def _check() -> Result:
    engine = connect(is_there=True)
    try:
        found = check(engine)
    finally:
        engine.dispose()
    seen = (
        f"{counted(found.plans, 'plan')}, {counted(found.versions, 'version')} and "
        f"{counted(found.links, 'link')}"
    )
    figures: dict[str, Json] = {
        "ok": not found.problems,
        "plans": found.plans,
        "versions": found.versions,
        "links": found.links,
        "step": found.revision,
        "problems": cast(Json, list(found.problems)),
    }
    if not found.problems:
        return Result(figures, (f"{place_of(engine)}: {seen}, all sound.",))
    summary = f"{place_of(engine)}: {counted(len(found.problems), 'problem')} in {seen}."
    return Result(figures, (summary, *found.problems), code=2)


def _opened() -> Engine:
    """The database to restore into; BadInput that tells what to do with one that is broken."""
    try:
        return open_engine()
    except Hindered:
        raise  # nothing is wrong with it
    except BadInput as error:
        raise BadInput(
            error.found,
            where=error.where,
            remedy="Move it away, or name another by DATABASE_URL; then restore into a new one",
        ) from error


def _ask(engine: Engine, file: Path) -> None:
    """Goes on only if somebody at the terminal says yes."""
    if not sys.stdin.isatty():
        raise BadInput(
            "all plans in it would be replaced", where=place_of(engine), remedy="Add --yes"
        )
    asked = f"Replace all plans in {place_of(engine)} by those of {file}? [y/N] "
    print(asked, end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Cancelled("Nothing was restored.")


def _new_file(end: str = "") -> Path:
    """A file in the local folder's `backups/` that is not there yet."""
    folder = home() / "backups"
    with writing(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    first = folder / backup_name(datetime.now(UTC))
    names = (first.with_stem(f"{first.stem}{end}{f'-{n}' if n else ''}") for n in count())
    return next(path for path in names if not path.exists())
