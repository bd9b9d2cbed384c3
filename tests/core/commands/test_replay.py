import csv
import json
from pathlib import Path

import pytest

from core.places import home

from ..quality.conftest import KEY, Server
from ..quality.conftest import server as server
from .conftest import Run


@pytest.fixture
def plan(run: Run, log: Path) -> str:
    """A saved plan on the small log."""
    return str(run("plan", log, "--save", "Tried", "--json").json["plan_id"])


def sent(run: Run, plan: str, log: Path, server: Server, *words: object):  # type: ignore[no-untyped-def]
    return run("replay", plan, "--log", log, "--base-url", server.base_url, *words)


def test_a_dry_run_says_the_cost_and_sends_nothing(
    run: Run, plan: str, log: Path, server: Server
) -> None:
    ran = sent(run, plan, log, server, "--sample", 10, "--cap", 1, "--dry-run", "--json")
    found = json.loads(ran.out)
    low, high = found["estimate_usd"]
    assert ran.code == 0 and 0 < low < high and found["spent_usd"] == 0.0
    assert "10 queries to 3 models: 30 answers and up to 40 verdicts" in ran.err
    assert server.script.bodies == []


def test_a_replay_measures_each_tier_and_writes_outcomes_that_teach(
    run: Run, plan: str, log: Path, server: Server, tmp_path: Path
) -> None:
    server.script.truth = lambda text, model: model != "gpt-6-luna" or len(text) < 60
    out = tmp_path / "outcomes.csv"
    ran = sent(run, plan, log, server, "--sample", 20, "--cap", 1, "--out", out, "--json")
    found = json.loads(ran.out)
    assert (found["ending"], found["done"], found["failed"]) == ("done", 20, 0)
    assert 0 < found["spent_usd"] <= 1
    assert found["agreement_of_orders"] == 1.0
    for tier in found["quality_by_tier"].values():
        assert 0 <= tier["low"] <= tier["rate"] <= tier["high"] <= 1 and tier["n"] > 0
    assert sum(tier["n"] for tier in found["quality_by_tier"].values()) == 20
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 60 and {r["model"] for r in rows} == {
        "gpt-6-luna", "gpt-6.1-terra", "gpt-6.1-sol",
    }  # fmt: skip
    taught = run("plan", log, "--calibration", out, "--json").json
    assert taught["on_labels"]["queries"] == 20
    assert all(b["model"].startswith("gpt-") for b in server.script.bodies)


def test_a_replay_that_hit_its_cap_says_how_to_go_on(
    run: Run, plan: str, log: Path, server: Server
) -> None:
    ran = sent(run, plan, log, server, "--sample", 20, "--cap", 0.03)
    assert ran.code == 0 and "Stopped at the cap" in ran.out and "--resume" in ran.out
    before = len(server.script.bodies)
    again = sent(run, plan, log, server, "--resume", "--json")
    assert json.loads(again.out)["ending"] == "cap"
    assert len(server.script.bodies) - before <= 8  # the money is gone
    assert server.script.after_answer == []


def test_the_key_is_taken_from_the_environment_and_goes_nowhere_else(
    run: Run, plan: str, log: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUR_KEY", KEY)
    ran = sent(run, plan, log, server, "--sample", 3, "--cap", 1, "--key-variable", "OUR_KEY")
    assert ran.code == 0 and KEY not in ran.out + ran.err
    written = b"".join(file.read_bytes() for file in home().rglob("*") if file.is_file())
    assert KEY.encode() not in written


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--cap", "0"], "a cap of"),
        ([], "no cap"),
        (["--cap", "1", "--base-url", "localhost:1"], "no address"),
        (["--resume"], "none to go on with"),
        (["--cap", "1", "--judge", "nobody"], "no model 'nobody'"),
        (["--cap", "1", "--check-pattern", "("], "no regular expression"),
        (["--cap", "1", "--base-url", "https://x.invalid", "--key-variable", "NOPE"], "NOPE"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    run: Run, plan: str, log: Path, words: list[str], said: str
) -> None:
    ran = run("replay", plan, "--log", log, *words)
    assert ran.code == 2 and said in ran.err and "Traceback" not in ran.err


def test_a_plan_whose_log_is_not_here_asks_for_it(run: Run, plan: str) -> None:
    ran = run("replay", plan, "--cap", 1)
    assert ran.code == 2 and "--log FILE" in ran.err
