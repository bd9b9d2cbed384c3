"""Processes of their own that save plans, for tests that run many at once or kill them."""

import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from core.errors import Conflict
from core.frozen.document import document_from_json
from core.frozen.headline import Headline, headline_of
from core.store.access import the_person_here
from core.store.engine import open_engine
from core.store.plans import save_plan, save_version

CHILD = the_person_here("Child")
HEADLINE = Headline(1000.0, 400.0, 0.6, 0.97, "support.csv")
NOTE = '"note":""'  # in a document: each save has another


def save_new(engine: Engine, note: str, document: str = "", headline: Headline = HEADLINE) -> str:
    """The id of a new plan, whose document has this note; without a document it is the note."""
    return save_plan(engine, CHILD, name="New", **_noted(note, document, headline))


def save_next(
    engine: Engine,
    plan_id: str,
    base: int,
    note: str,
    document: str = "",
    headline: Headline = HEADLINE,
) -> int:
    """The number of the version that was saved, as often as it takes."""
    what = _noted(note, document, headline)
    patience = 0.01
    while True:
        try:
            return save_version(engine, CHILD, plan_id, base_version=base, **what)
        except Conflict as error:
            base = error.newest
            time.sleep(random.uniform(0, patience))  # longer each time, or all meet again
            patience = min(2 * patience, 0.5)


def _noted(note: str, document: str, headline: Headline) -> dict[str, Any]:
    return {
        "author": "Child",
        "document": document.replace(NOTE, f'"note":"{note}"') if document else note,
        "headline": replace(headline, note=note),
        "now": datetime.now(UTC),
    }


def write_many(engine: Engine, plan_id: str, writers: range, saves: int = 20) -> None:
    """Many threads at once; every other save is a new plan, the rest are versions of one."""

    def write(writer: int) -> None:
        base = 1
        for number in range(saves):
            note = f"{writer} {number}"
            if number % 2:
                save_new(engine, f"new {note}")
            else:
                base = save_next(engine, plan_id, base, f"more {note}")

    with ThreadPoolExecutor(len(writers)) as pool:
        for done in [pool.submit(write, writer) for writer in writers]:
            done.result()


def fork_and_save(url: str, document: str) -> None:
    """For every line on standard input a child that saves until it is killed.

    It prints "id PID", then a line per confirmed save, and once it is gone "dead".
    """
    headline = headline_of(document_from_json(document))
    for round_number, _ in enumerate(sys.stdin):
        pid = os.fork()
        if not pid:
            _save_for_ever(url, document, headline, round_number)
        os.waitpid(pid, 0)
        _say("dead")


def _save_for_ever(url: str, document: str, headline: Headline, round_number: int) -> None:
    _say(f"id {os.getpid()}")
    engine = open_engine(url)
    number = 0
    while True:
        plan_id = save_new(engine, f"{round_number}.{number}", document, headline)
        _say(f"saved {plan_id} 1 {round_number}.{number}")
        for base in (1, 2):
            number += 1
            version = save_next(
                engine, plan_id, base, f"{round_number}.{number}", document, headline
            )
            _say(f"saved {plan_id} {version} {round_number}.{number}")
        number += 1


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())  # at once, and whole


if __name__ == "__main__":
    what, url, *rest = sys.argv[1:]
    if what == "kill":
        fork_and_save(url, Path(rest[0]).read_text("utf-8"))
    else:
        first, last = int(rest[1]), int(rest[2])
        opened = open_engine(url)
        _say("ready")
        sys.stdin.readline()
        write_many(opened, rest[0], range(first, last))
        opened.dispose()
