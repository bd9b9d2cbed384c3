"""What surrounds the pages: headers that guard links, the log of errors, the pages' addresses."""

import gc
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import config
from streamlit.web.server.app_discovery import discover_asgi_app

from app import login, server
from core.errors import Hindered

ROOT = Path(__file__).parents[2]


@pytest.fixture
def client() -> TestClient:
    """Our routes and headers around an app that answers everything."""
    anything = Route("/{path:path}", lambda request: PlainTextResponse("a page"))
    return TestClient(
        Starlette(routes=[*server.routes(), anything], middleware=server.middleware())
    )


@pytest.mark.parametrize("path", ["/", "/shared?plan=x", "/health", "/static/x.js", "/nothing"])
def test_no_answer_tells_another_site_where_it_was_asked(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/", "/?embed=true", "/plans?embed=true", "/shared?plan=x", "/shared?plan=x&embed=false",
     "/shared?embed=true&embed=false", "/shared/?embed=true", "/sharedx?embed=true"],
)  # fmt: skip
def test_other_sites_may_not_frame_the_app(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["content-security-policy"] == "frame-ancestors 'self'"


def test_other_sites_may_frame_a_shared_plan_that_is_made_for_it(client: TestClient) -> None:
    headers = client.get("/shared?plan=x&embed=true&embed_options=dark_theme").headers
    assert "x-frame-options" not in headers
    assert headers["content-security-policy"] == "frame-ancestors *"


def test_an_error_of_a_page_is_logged_by_kind_and_place_without_its_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        login.own_page(4711)  # type: ignore[arg-type]
    except TypeError as error:
        error.add_note("where is my parcel")
        assert server.tell_script_error(error) is None  # the page says that something went wrong
    (line,) = capsys.readouterr().err.splitlines()
    assert "script_error error=TypeError at=app.login:" in line
    assert "parcel" not in line and "int" not in line


def test_as_json_every_line_of_streamlit_is_an_object_and_quotes_no_exception() -> None:
    program = """
from streamlit import config, error_util, logger
from app import server
server.prepare()
for _ in range(2):
    error_util._log_uncaught_app_exception(ValueError("where is my parcel"))
    logger.get_logger("made.later").warning("GET /shared?plan=abc123")
    config.get_config_options(force_reparse=True)  # somebody edited config.toml
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"TIERWISE_LOG": "json", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    said = [json.loads(line) for line in done.stderr.splitlines()]
    kinds = [line.get("error", line["message"]) for line in said]
    assert kinds == ["ValueError", "GET /shared?plan=…"] * 2
    assert "parcel" not in done.stderr + done.stdout


def test_streamlit_takes_the_launcher_for_what_it_is() -> None:
    assert discover_asgi_app(ROOT / "app" / "main.py").import_string == "main:app"


@pytest.mark.parametrize("script", ["main.py", "pages.py"])
def test_a_worker_process_that_reads_a_script_again_runs_no_page(script: str) -> None:
    """Started with "spawn" it reads the main script, under another name."""
    program = f"import runpy; runpy.run_path('app/{script}', run_name='__mp_main__')"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "missing ScriptRunContext" not in done.stderr


def test_below_a_folder_of_the_site_our_addresses_are_below_it_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.site.st.get_option", lambda name: "/tools/tierwise/")
    assert [route.path for route in server.routes()] == [  # type: ignore[attr-defined]
        "/tools/tierwise/health",
        "/tools/tierwise/enter",
    ]
    assert login.enter_address("/shared?plan=x") == (
        "/tools/tierwise/enter?next=%2Fshared%3Fplan%3Dx"
    )


def test_collecting_garbage_stops_no_page_for_long() -> None:
    """Streamlit's own collection after every rerun is off, and what was imported is left out."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    name = "runner.postScriptGC"
    assert name in config.get_config_options(), "Streamlit still calls it so"
    assert settings["runner"]["postScriptGC"] is False
    gc.unfreeze()
    server._settle()
    try:
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()


def test_a_step_that_fails_as_the_app_starts_keeps_no_other_from_coming(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    came: list[str] = []

    def locked() -> None:
        raise Hindered("another program keeps it locked")

    monkeypatch.setattr("app.warming.read_ahead", lambda: came.append("read ahead"))
    monkeypatch.setattr("app.jobs.tidy", locked)
    monkeypatch.setattr("app.uploads.tidy", lambda: came.append("uploads"))
    monkeypatch.setattr("app.warming.read_on", lambda: came.append("read on"))
    monkeypatch.setattr("app.server._settle", lambda: came.append("settled"))
    monkeypatch.setattr("app.workers.tend", lambda: came.append("tended"))
    server._read_ahead()
    assert came == ["read ahead", "uploads", "read on", "settled", "tended"]
    assert "read_ahead_failed error=Hindered" in capsys.readouterr().err
