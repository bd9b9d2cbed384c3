from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.routing.exports.targets import TARGETS
from core.store.access import the_person_here
from core.store.engine import open_engine
from core.store.links import share_plan

from .conftest import Run


@pytest.fixture
def plan_id(run: Run, log: Path) -> str:
    return str(run("plan", log, "--save", "Autumn", "--json").json["plan_id"])


@pytest.mark.parametrize("to", list(TARGETS))
def test_a_saved_plan_becomes_a_routers_files(
    run: Run, plan_id: str, tmp_path: Path, to: str
) -> None:
    found = run("export", plan_id, "--to", to, "--out", tmp_path / "new" / to, "--json").json
    assert found["files"] and found["target_version"]
    for name in found["files"]:
        assert Path(name).is_relative_to(tmp_path / "new" / to)
        content = Path(name).read_text(encoding="utf-8")
        assert content
    said = run("export", plan_id, "--to", to, "--out", tmp_path)
    assert said.code == 0 and said.out.count("cannot express") == len(found["cannot_express"])


def test_what_cannot_be_exported_is_said_in_one_line(run: Run, log: Path, tmp_path: Path) -> None:
    by_rule = run("plan", log, "--by", "length", "--save", "Rule", "--json").json["plan_id"]
    ran = run("export", by_rule, "--to", "python", "--out", tmp_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1) and "by length" in ran.err
    assert not list(tmp_path.glob("*.py"))
    missing = run("export", "0" * 16, "--to", "json", "--out", tmp_path)
    assert missing.code == 2 and missing.err.count("\n") == 1
    link = run("export", "http://localhost:8501/shared?plan=nothing", "--to", "json")
    assert link.code == 2 and "opens no plan" in link.err


def test_a_folder_that_cannot_be_written_is_a_bad_input(
    run: Run, plan_id: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    ran = run("export", plan_id, "--to", "json", "--out", tmp_path / "file")
    assert (ran.code, ran.err.count("\n")) == (2, 1) and "cannot be written" in ran.err


def test_a_plan_can_be_named_by_a_link_that_asks_for_no_passphrase(
    run: Run, plan_id: str, tmp_path: Path
) -> None:
    engine, now = open_engine(), datetime.now(UTC)
    open_to_all, locked = (
        share_plan(engine, the_person_here(), plan_id, now, passphrase=passphrase)
        for passphrase in ("", "correct horse")
    )
    engine.dispose()
    address = "http://localhost:8501/shared?plan="
    by_id = run("export", plan_id, "--to", "json", "--out", tmp_path / "a", "--json").json
    by_link = run(
        "export", address + open_to_all, "--to", "json", "--out", tmp_path / "b", "--json"
    ).json
    texts = [Path(found["files"][0]).read_text("utf-8") for found in (by_id, by_link)]
    assert texts[0] == texts[1]
    refused = run("export", address + locked, "--to", "json", "--out", tmp_path / "c")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "this link wants a passphrase" in refused.err and not (tmp_path / "c").exists()
