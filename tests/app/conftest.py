"""The app in this process, with logs that were read and sorted once for the whole session."""

import csv
import io
import pickle
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test

from app import elsewhere, jobs, services
from app.queueing import Queue
from app.workers import Worker
from core.catalog.catalogue import load_catalogue
from core.complexity.classifier import load_classifier
from core.economics.estimate import Estimate
from core.economics.outlook import Outlook
from core.errors import BadInput
from core.frozen.document import Figures
from core.frozen.freeze import figures_of
from core.logs.ingest import ingest
from core.logs.log import QUERIES, log_folder
from core.logs.preview import preview
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.plan import Plan
from core.store.engine import open_engine
from core.workload.build import build_workload
from core.workload.notes import Notes, read_notes, resolve_names
from core.workload.placing import Placing
from core.workload.scores import score_log, scores_file, workload_file
from core.workload.workload import from_json, to_json

MAIN = Path(__file__).parents[2] / "app" / "pages.py"
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)

OpenApp = Callable[..., AppTest]

# A query that would fetch an image, run a script, or turn into a formula if it were not text.
TRAP = "Costs $5 and $10 ![x](http://evil.invalid/p.png) <img src=http://evil.invalid/q> **bold**"
ASKED = [
    ("orders", "gpt-4o", 40, "Where is my order {n}?"),
    ("texts", "gpt-4o-mini", 30, "Translate 'good morning, team {n}' into Spanish."),
    ("texts", "gpt-4o", 90, "Summarise this complaint about parcel {n} in two sentences: late."),
    ("research", "gpt-4o", 700, "Prove that no rational number squares to {n}, step by step."),
    ("code", "gpt-4o", 500, "Refactor this function to run in linear time and explain why: "
     "def f{n}(a): return [x for x in a if a.count(x) > {n}]"),
]  # fmt: skip


def log_rows(models: dict[str, str] | None = None) -> list[dict[str, object]]:
    """300 queries of 30 days with tokens and cost; `models` replaces model names."""
    rows: list[dict[str, object]] = []
    for n in range(300):
        feature, model, output, text = ASKED[n % len(ASKED)]
        input_tokens, output_tokens = 4000 + 70 * (n % 11), 10 * output + n % 13
        rows.append(
            {
                "request_id": f"q{n}",
                "timestamp": (NOON - timedelta(hours=2.4 * n)).isoformat(),
                "model": (models or {}).get(model, model),
                "prompt": TRAP if n == 7 else text.format(n=n),
                "feature": feature,
                "input_tokens": input_tokens,
                "output_tokens": output_tokens,
                # gpt-4o's price of that time for everything: $2.50 in, $10 out per million
                "cost_usd": "" if models else (2.5 * input_tokens + 10 * output_tokens) / 1e6,
            }
        )
    return rows


def rated_rows(good: float, *, later: bool = False) -> list[dict[str, object]]:
    """The queries twice over, each with a thumb; a month later texts are rated badly."""
    found = []
    for n, row in enumerate([*log_rows(), *log_rows()]):
        share = 0.5 if later and row["feature"] == "texts" else good
        changed: dict[str, object] = {
            "request_id": f"r{later}{n}",
            "rating": int(n % 100 < 100 * share),
        }
        if later:
            moved = datetime.fromisoformat(str(row["timestamp"])) + timedelta(days=30)
            changed |= {"timestamp": moved.isoformat(), "model": "gpt-6-luna", "cost_usd": ""}
        found.append(row | changed)
    return found


def as_csv(rows: list[dict[str, object]]) -> str:
    """The rows as a CSV file's text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def keep_log(folder: Path, rows: list[dict[str, object]], name: str, *, sort: bool) -> str:
    """Read the rows into a folder of logs, sorted or not, as the worker would; its digest."""
    file = folder / name
    file.write_text(as_csv(rows))
    mapping = preview(file, name).mapping
    log = ingest(file, mapping, folder / "logs", name=name, now=NOON)
    if sort:
        place, classifier = log_folder(folder / "logs", log.digest), load_classifier()
        scores = scores_file(place, classifier)
        score_log(place / QUERIES, scores, classifier)
        workload = build_workload(place / QUERIES, scores, Placing(classifier))
        workload_file(place, classifier, Notes()).write_text(to_json(workload))
    return log.digest


@pytest.fixture(scope="session")
def rows() -> list[dict[str, object]]:
    """What the small log holds."""
    return log_rows()


@pytest.fixture(scope="session")
def trap() -> str:
    """The query of the small log that must only ever be shown as text."""
    return TRAP


@pytest.fixture(scope="session")
def small_csv() -> bytes:
    """The small log as a file to upload."""
    return as_csv(log_rows()).encode()


@pytest.fixture(scope="session")
def _kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    """The logs of this session by kind: their folder and digest."""
    unknown = {"gpt-4o": "vicuna-13b", "gpt-4o-mini": "koala-13b"}
    kinds = {
        "sorted": (log_rows(), True),
        "unsorted": (log_rows(), False),
        "unpriced": (log_rows(unknown), True),
        "rated before": (rated_rows(0.95), True),
        "a month later": (rated_rows(0.95, later=True), True),
    }
    kept = {}
    for kind, (rows, sort) in kinds.items():
        folder = tmp_path_factory.mktemp(kind)
        kept[kind] = folder / "logs", keep_log(folder, rows, f"{kind}.csv", sort=sort)
    return kept


@pytest.fixture(scope="session", autouse=True)
def _worked_out_once() -> Iterator[None]:
    """What Streamlit's test harness does anew for each app, though nothing of it changes here.

    It parses every page for each run, and looks through all that is installed for components of
    other people's making (a tenth of a second), of which there are none.
    """
    pages = ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app_test, "ScriptCache", lambda: pages)
        patch.setattr(manifest_scanner, "scan_component_manifests", list)
        yield


@pytest.fixture(scope="session")
def _new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the newest schema and nothing else, to be copied."""
    path = tmp_path_factory.mktemp("database") / "tierwise.db"
    open_engine(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(autouse=True)
def home(own_home: Path, _new_database: Path) -> Iterator[Path]:
    """A home of the test's own, and caches that remember nothing of other tests."""
    _forget()
    shutil.copy(_new_database, own_home)
    yield own_home
    jobs.close()
    services.engine().dispose()
    _forget()


def _forget() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def keep(home: Path, _kept: dict[str, tuple[Path, str]]) -> Callable[[str], str]:
    """Puts the log of that kind (sorted, unsorted, unpriced) into this test's home: its digest."""

    def put(kind: str) -> str:
        logs, digest = _kept[kind]
        shutil.copytree(logs, home / "logs", dirs_exist_ok=True)
        return digest

    return put


@pytest.fixture
def open_app(keep: Callable[[str], str]) -> OpenApp:
    """Opens a screen, with a log of that kind open; a screen that raises fails the test."""

    def start(screen: str, kind: str | None = None, **query: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        app.context["url"] = "http://localhost:8501/"
        app.run()
        app.switch_page(f"screens/{screen}.py")
        if screen == "shared":
            app.context["url"] = "http://localhost:8501/shared"
        for key, value in query.items():
            app.query_params[key] = value
        if kind:
            app.query_params["log"] = keep(kind)
        app.run()
        assert not app.exception
        return app

    return start


@pytest.fixture
def figures(home: Path) -> Callable[..., Figures]:
    """What core computes for a log in this home with the usual models, apart from the app."""

    def compute(digest: str, **changes: float) -> Figures:
        place, classifier, catalogue = home / "logs" / digest, load_classifier(), load_catalogue()
        notes, usual = read_notes(place), catalogue.default_tiers
        workload = from_json(workload_file(place, classifier, notes).read_text())
        models = (catalogue.get(i) for i in (usual.simple, usual.medium, usual.complex))
        growth = {
            k: Estimate.exactly(changes.pop(k))
            for k in ("monthly_growth", "yearly_price_decline")
            if k in changes
        }
        cache_kept = changes.pop("cache_kept", 0.0)
        return figures_of(
            workload,
            resolve_names(workload.models, catalogue, notes),
            replace(Plan(*models), **changes),
            Uncertainty(classifier.spread, classifier.level_sd),
            Assumptions(cache_kept=cache_kept),
            Outlook(**growth),
            notes.monthly_queries,
        )

    return compute


@pytest.fixture
def save_plan(open_app: OpenApp) -> Callable[..., tuple[AppTest, str]]:
    """Saves a plan on the small log through the Plan page: the page then, and the link's token."""

    def save(name: str, author: str = "Ada") -> tuple[AppTest, str]:
        app = open_app("plan", "sorted")
        labelled(app.text_input, "Name of the plan").set_value(name)
        labelled(app.text_input, "Your name").set_value(author)
        next(b for b in app.button if b.label == "Save the plan").click().run()
        assert not app.exception and not app.error
        return app, token_on(app)

    return save


def copied(value: Any) -> Any:
    """What another process would get of it."""
    return pickle.loads(pickle.dumps(value))


class Here(Worker):
    """Calls in this process, but what goes in and out is copied all the same."""

    def run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        function, arguments, named = copied((function, arguments, named))
        try:
            done.set_result(copied(function(*arguments, **named)))
        except BadInput as error:
            done.set_exception(copied(error))
        return done


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are worked out here, not in a process that takes seconds to start."""
    for line in (elsewhere._quick, elsewhere._reading):
        monkeypatch.setattr(line, "worker", Here())
    monkeypatch.setattr(jobs, "get_ready", lambda: None)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Background work runs here and now, not in a worker process."""

    def run(worker: Worker, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(function(*arguments))
        return done

    monkeypatch.setattr(Worker, "run", run)
    monkeypatch.setattr(Queue, "_has_ended", Queue._end)


def labelled(elements: Iterable[Any], label: str) -> Any:
    """The one element with that label."""
    (found,) = [e for e in elements if e.label == label]
    return found


def token_on(app: AppTest) -> str:
    """The token of the one share link that a page shows."""
    (found,) = [m[1] for c in app.code if (m := re.search(r"/shared\?plan=([\w-]+)$", c.value))]
    return found


@pytest.fixture
def words() -> Callable[[AppTest], str]:
    """All that a page says outside of its tables, with Markdown's escapes taken out."""

    def said(app: AppTest) -> str:
        kinds = ("title", "header", "subheader", "markdown", "caption", "text", "info",
                 "warning", "error", "success", "code")  # fmt: skip
        parts = [element.value for kind in kinds for element in app.get(kind)]
        parts += [f"{m.label} {m.value} {m.delta}" for m in app.metric]
        return re.sub(r"\\([^\w\s])", r"\1", "\n".join(map(str, parts)))

    return said
