# ruff: noqa: T201 - a benchmark prints
"""How long a workspace of ten thousand plans takes to answer, on SQLite and on PostgreSQL.

`python -m tests.bench.workspace` (`--plans N` for another number) fills a database of its own and
prints milliseconds of the server: the median and the 95th percentile of twenty calls each.
PostgreSQL is left out where it does not start.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import Engine, insert
from streamlit.testing.v1 import AppTest

from app import services
from core.frozen.document import PlanDocument, document_from_json, document_to_json
from core.frozen.headline import headline_of
from core.store.access import Actor, the_person_here
from core.store.engine import open_engine
from core.store.finding import Order, Wanted, find_plans, overview, plans_on_other_logs
from core.store.members import set_role
from core.store.plans import list_versions, load_plan, save_version
from core.store.saved import document_digest
from core.store.tables import MAIN, AuditTable, PlanTable, TagTable, VersionTable

from ..core.frozen.conftest import NOON, frozen
from ..core.store.postgres import Postgres
from .figures import Figure, keep, words_of

PAGES = Path(__file__).parents[2] / "app" / "pages.py"
PLANS, QUICK, VERSIONS, CALLS = 10_000, 500, 100, 20
WORDS = ("Support", "Search", "Code review", "Sales", "Onboarding", "Legal", "Billing", "Chat")
TAGS = ("q1", "q2", "q3", "q4", "draft", "board", "emea", "apac", "research", "legacy")
LONG = "f" * 16  # the plan with a hundred versions
READER = Actor("Vi", email="vi@example.com")


def fill(engine: Engine, plans: int) -> None:
    """Plans as a team would have them after some years: most with one version, one with many."""
    chance = random.Random(1)
    made = frozen(note="As agreed with the team on Monday; see the notes of the meeting.")
    text, headline = document_to_json(made), headline_of(made)
    figures = asdict(headline) | {"trend": "[" + ", ".join(["1234.56"] * 12) + "]"}
    owners = [f"person{n}@example.com" for n in range(80)]
    rows: dict[Any, list[dict[str, object]]] = {}
    for number in range(plans):
        plan_id = LONG if number == plans // 2 else f"{number:016x}"
        count = VERSIONS if plan_id == LONG else chance.choice((1, 1, 1, 2, 3))
        when = NOON - timedelta(minutes=chance.randrange(1_000_000))
        name = f"{chance.choice(WORDS)} {chance.choice(WORDS).lower()} {number}"
        rows.setdefault(PlanTable, []).append(
            {
                "id": plan_id, "name": name, "version": count, "created_at": when,
                "updated_at": when, "workspace_id": MAIN, "owner": chance.choice(owners),
                "status": chance.choice(("open", "open", "approved", "changes")),
                "approved_version": count, "needs": "", "decide_by": None,
            }
        )  # fmt: skip
        for version in range(1, count + 1):
            document = text.replace('"seed":0', f'"seed":{number * 1000 + version}')
            rows.setdefault(VersionTable, []).append(
                figures
                | {
                    "plan_id": plan_id, "version": version, "author": "Somebody", "saved_at": when,
                    "log_name": f"log{number % 700}.csv", "log_digest": f"{number % 700:064x}",
                    "planned_monthly_usd": chance.uniform(100, 1_000),
                    "baseline_monthly_usd": 1_000.0, "quality": chance.uniform(0.9, 1.05),
                    "payback_months": chance.choice((None, chance.uniform(2, 30))),
                    "verified_queries": chance.choice((0, 0, 240)),
                    "changes": '["Simple tier: Mini instead of Big", "Saving: 60% instead of 50%"]',
                    "document_sha256": document_digest(document), "document": document,
                }
            )  # fmt: skip
            rows.setdefault(AuditTable, []).append(
                {
                    "at": when, "workspace_id": MAIN, "plan_id": plan_id, "plan_name": name,
                    "who": "Somebody", "via": "login", "action": "saved",
                    "detail": f"version {version}",
                }
            )  # fmt: skip
        for tag in chance.sample(TAGS, chance.randrange(4)):
            rows.setdefault(TagTable, []).append({"plan_id": plan_id, "tag": tag})
        if number % 500 == 499 or number == plans - 1:
            with engine.begin() as connection:
                for table in (PlanTable, VersionTable, TagTable, AuditTable):
                    if table in rows:
                        connection.execute(insert(table), rows.pop(table))
    set_role(engine, the_person_here(), READER.email, "editor", NOON)


def calls(engine: Engine, plans: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """What a page asks for, as a member of the workspace."""

    def find(**wanted: Any) -> Callable[[], object]:
        return lambda: find_plans(engine, READER, Wanted(**wanted))

    for order in get_args(Order):
        yield f"find_plans, order {order}", find(order=order)
    yield "find_plans, a search with many hits", find(text="billing")
    yield "find_plans, a search with none", find(text="no such plan")
    yield "find_plans, a tag", find(tag="q4")
    yield (
        "find_plans, a tag, an owner and a status",
        find(tag="q4", owner="person7@example.com", status="approved"),
    )
    yield "find_plans, verified, by saving", find(verified=True, order="saving")
    yield "find_plans, last page", find(offset=plans - 50)
    yield "find_plans, last page by payback", find(offset=plans - 50, order="payback")
    yield "overview", lambda: overview(engine, READER)
    yield "plans_on_other_logs", lambda: plans_on_other_logs(engine, READER, "0" * 64)
    yield "load_plan and document_from_json", lambda: _open(engine)
    yield f"list_versions of {VERSIONS}", lambda: list_versions(engine, READER, LONG, now=NOON)
    yield "save_version", saver(engine)


def saver(engine: Engine) -> Callable[[], object]:
    """Saves the next version of one plan, again and again."""
    plan_id = f"{1:016x}"
    saved = load_plan(engine, READER, plan_id, now=NOON)
    newest = saved.version

    def save() -> None:
        nonlocal newest
        newest = save_version(
            engine, READER, plan_id, base_version=newest, name=saved.name, author="Vi",
            document=saved.document, headline=replace(saved.headline, note="again"), now=NOON,
        )  # fmt: skip

    return save


def _open(engine: Engine) -> PlanDocument:
    return document_from_json(load_plan(engine, READER, LONG, now=NOON).document)


def measure(call: Callable[[], object]) -> tuple[float, float]:
    """The median and the 95th percentile in milliseconds, after one call that is not counted."""
    call()
    took = []
    for _ in range(CALLS):
        start = time.perf_counter()
        call()
        took.append(1_000 * (time.perf_counter() - start))
    took.sort()
    return (took[CALLS // 2 - 1] + took[CALLS // 2]) / 2, took[round(CALLS * 0.95) - 1]


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """The address of each database that starts, by its name."""
    found = {"SQLite": f"sqlite:///{folder / 'bench.db'}"}
    try:
        server = Postgres()
    except pytest.fail.Exception as error:
        print(error)
        yield found
        return
    yield found | {"PostgreSQL": server.new()}
    server.stop()


def pages(url: str, folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Whole redraws of the pages, as Streamlit's own test harness makes them."""
    os.environ |= {"TIERWISE_HOME": str(folder), "DATABASE_URL": url}
    app = AppTest.from_file(str(PAGES), default_timeout=120)
    app.context["url"] = "http://localhost:8501/"
    app.run()

    def redraw(**query: str) -> Callable[[], object]:
        def draw() -> None:
            for name, value in query.items():
                app.query_params[name] = value
            app.run()
            assert not app.exception and not app.error, (app.exception, app.error)

        return draw

    app.switch_page("screens/plans.py")
    yield "the Plans page", redraw()
    app.session_state["chosen-plans"] = [LONG]
    yield "the Plans page with one plan open", redraw()
    app.switch_page("screens/workspace.py")
    yield "the Workspace page", redraw()


def figures(plans: int) -> list[Figure]:
    """The slowest call and the pages on each database; every call of each is printed."""
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for name, url in urls.items():
            engine = open_engine(url)
            start = time.perf_counter()
            fill(engine, plans)
            print(f"\n{name}: {plans:,} plans, made in {time.perf_counter() - start:.0f} s")
            found[name] = {}
            for what, call in chain(calls(engine, plans), pages(url, Path(folder))):
                median, high = measure(call)
                found[name][what] = median
                print(f"{what:45} {median:8.1f} ms  {high:8.1f} ms", flush=True)
            services.engine.clear()
            engine.dispose()
    lite, other = found["SQLite"], found.get("PostgreSQL", {})
    slowest = max((what for what in lite if what.startswith("find_plans")), key=lite.__getitem__)
    return [
        Figure(
            f"{plans:,} plans, SQLite: {what}", lite[what], "ms",
            f"PostgreSQL: {other[what]:,.0f} ms" if other else "",
            lite[what] / other[what] if other else None,
        )
        for what in (slowest, "save_version", *(w for w in lite if w.startswith("the ")))
    ]  # fmt: skip


def main() -> None:
    """Fills and measures each database."""
    words = words_of(__doc__)
    words.add_argument("--plans", type=int)
    said = words.parse_args()
    keep(figures(said.plans or (QUICK if said.quick else PLANS)), said.json)


if __name__ == "__main__":
    main()
