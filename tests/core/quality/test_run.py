import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import BadInput, Hindered
from core.quality.checks import Checks
from core.quality.endpoint import Endpoint
from core.quality.journal import Journal, Told
from core.quality.prompts import Prompt
from core.quality.replay import Candidate
from core.quality.run import run_replay

from ...conftest import FilesUpTo
from .conftest import FAULTS, KEY, LARGE, Server, candidates, make_replay, prompts


def test_every_query_goes_to_every_candidate_and_to_the_judge_in_both_orders(
    server: Server, folder: Path
) -> None:
    server.script.truth = lambda text, model: model == "large" or "What is 3" not in text
    ran = run_replay(folder, make_replay(), prompts(), server.endpoint())
    assert (ran.ending, ran.done, ran.failed, ran.left) == ("done", 20, 0, 0)
    # two answers each, and the judge twice
    assert len(server.script.bodies) == 20 * 4
    assert ran.spent_usd == pytest.approx(sum(server.script.billed.values()))
    assert ran.doubtful_usd == 0.0
    with Journal(folder) as journal:
        assert journal.items[3].scores == {"small": 0.0, "large": 1.0}
        assert journal.items[4].scores == {"small": 1.0, "large": 1.0}
        assert all(item.agreed == item.verdicts == 1 for item in journal.items.values())


def test_the_judge_never_reads_who_wrote_what_but_for_the_words_themselves(
    server: Server, folder: Path
) -> None:
    server.script.truth = lambda text, model: model == "large"
    run_replay(folder, make_replay(3), prompts(3), server.endpoint())
    judged = [b["messages"][-1]["content"] for b in server.script.bodies if b["model"] == "judge"]
    first = [text.index("<answer_a>\nright") for text in judged if "<answer_a>\nright" in text]
    assert len(judged) == 6 and len(first) == 3  # each answer is A once and B once


def test_equal_answers_need_no_judge(server: Server, folder: Path) -> None:
    server.script.words = lambda body: "The same to the letter."  # type: ignore[method-assign]
    run_replay(folder, make_replay(5), prompts(5), server.endpoint())
    assert len(server.script.bodies) == 10
    with Journal(folder) as journal:
        assert all(item.scores == {"small": 1.0, "large": 1.0} for item in journal.items.values())


def test_an_answer_that_breaks_a_check_needs_no_judge(server: Server, folder: Path) -> None:
    server.script.truth = lambda text, model: model == "large"
    replay = make_replay(4, checks=Checks(pattern="^right"))
    run_replay(folder, replay, prompts(4), server.endpoint())
    assert {b["model"] for b in server.script.bodies} == {"small", "large"}
    with Journal(folder) as journal:
        assert all(item.scores == {"small": 0.0, "large": 1.0} for item in journal.items.values())


def test_what_has_ended_is_not_done_again(server: Server, folder: Path) -> None:
    run_replay(folder, make_replay(6), prompts(), server.endpoint())
    sent = len(server.script.bodies)
    again = run_replay(folder, make_replay(6), prompts(), server.endpoint())
    assert len(server.script.bodies) == sent and again.done == 6


def test_a_replay_stops_when_told_to_and_goes_on_later(server: Server, folder: Path) -> None:
    stop = {"now": False}

    def progress(done: int, all_: int) -> None:
        stop["now"] = done >= 5

    replay = make_replay(60)
    first = run_replay(
        folder, replay, prompts(60), server.endpoint(), progress=progress,
        stopped=lambda: stop["now"],
    )  # fmt: skip
    assert first.ending == "stopped" and 5 <= first.done < 60 and first.left == 60 - first.done
    then = run_replay(folder, replay, prompts(60), server.endpoint())
    assert (then.ending, then.done) == ("done", 60)
    assert server.script.after_answer == []


@pytest.mark.parametrize("cap", [0.002, 0.01, 0.03])
def test_the_cap_is_never_passed(server: Server, folder: Path, cap: float) -> None:
    server.script.delay = 0.01  # so that many calls are under way at once
    ran = run_replay(folder, make_replay(60, cap_usd=cap), prompts(60), server.endpoint())
    assert ran.ending == "cap" and ran.left > 0
    assert sum(server.script.billed.values()) <= cap
    assert ran.spent_usd + ran.doubtful_usd <= cap
    more = run_replay(folder, make_replay(60, cap_usd=5.0), prompts(60), server.endpoint())
    assert (more.ending, more.done) == ("done", 60)
    assert server.script.after_answer == []


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_got_over(server: Server, folder: Path, fault: str) -> None:
    server.script.fault = lambda key, number: fault if number == 1 else None
    patient = server.endpoint(seconds=0.5 if fault == "timeout" else 3.0)
    ran = run_replay(folder, make_replay(4), prompts(4), patient)
    assert (ran.ending, ran.done, ran.failed) == ("done", 4, 0)
    assert sum(server.script.billed.values()) <= ran.spent_usd + ran.doubtful_usd + 1e-12
    if fault in ("429", "500"):
        assert ran.doubtful_usd == 0.0


def test_a_wrong_count_of_tokens_is_booked_at_the_most_it_can_be(
    server: Server, folder: Path
) -> None:
    server.script.fault = lambda key, number: "usage"
    ran = run_replay(folder, make_replay(2), prompts(2), server.endpoint())
    assert sum(server.script.billed.values()) < ran.spent_usd < 0.2


def test_a_query_that_is_always_refused_fails_alone(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.quality.caller._backoff", lambda number: 0.01)
    server.script.fault = lambda key, number: "500" if key.startswith("r1:2:") else None
    ran = run_replay(folder, make_replay(4), prompts(4), server.endpoint())
    assert (ran.ending, ran.done, ran.failed) == ("done", 3, 1)
    with Journal(folder) as journal:
        assert "HTTP 500" in journal.items[2].failed


def test_a_judge_that_talks_nonsense_fails_the_query(server: Server, folder: Path) -> None:
    plain = server.script.words
    server.script.words = lambda body: (  # type: ignore[method-assign]
        "I like both." if body["model"] == "judge" else plain(body)
    )
    ran = run_replay(folder, make_replay(2), prompts(2), server.endpoint())
    assert (ran.done, ran.failed) == (0, 2)


def test_a_server_that_is_not_there_or_knows_nobody_is_said_in_one_line(
    server: Server, folder: Path
) -> None:
    server.script.fault = lambda key, number: "401"
    with pytest.raises(BadInput, match="refuses the key") as refused:
        run_replay(folder, make_replay(3), prompts(3), server.endpoint())
    assert KEY not in str(refused.value)
    with pytest.raises(BadInput, match="no address"):
        Endpoint("localhost:11434")


def test_no_key_and_no_prompt_is_written(server: Server, folder: Path) -> None:
    script = server.script
    script.words = lambda body: (  # type: ignore[method-assign]
        '{"a": true, "b": true, "better": "tie"}'
        if body["model"] == "judge"
        else f"Write to bob.miller@example.com, {body['model']}."
    )
    run_replay(folder, make_replay(3), prompts(3), server.endpoint())
    written = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    for secret in (KEY, "What is 1 and 1?", "bob.miller", "Be brief."):
        assert secret.encode() not in written
    assert b"<EMAIL>" in written


CHILD = """
import sys
from pathlib import Path
from tests.core.quality.conftest import KEY, candidates, make_replay, prompts
from core.quality.endpoint import Endpoint
from core.quality.prompts import Prompt
from core.quality.replay import Candidate
from core.quality.run import run_replay
replay = make_replay(250, candidates=candidates("small", "large"), cap_usd=20.0)
endpoint = Endpoint(sys.argv[2], KEY, seconds=0.5)
run_replay(Path(sys.argv[1]), replay, prompts(250), endpoint)
"""


def test_a_thousand_calls_with_faults_survive_being_killed_twice(
    server: Server, folder: Path
) -> None:
    """250 queries are 500 answers and 500 verdicts; three calls in ten go wrong at first."""

    def fault(key: str, number: int) -> str | None:
        dice = random.Random(f"{key} {number}")
        return dice.choice(FAULTS) if dice.random() < 0.3 else None

    server.script.fault = fault
    server.script.truth = lambda text, model: True
    command = [sys.executable, "-c", CHILD, str(folder), server.base_url]
    root = Path(__file__).parents[3]
    for wanted in (60, 150):
        child = subprocess.Popen(command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)})
        while child.poll() is None and _ended(folder) < wanted:
            time.sleep(0.02)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert 150 <= _ended(folder) < 250
    replay = make_replay(250, candidates=candidates("small", "large"), cap_usd=20.0)
    ran = run_replay(folder, replay, prompts(250), server.endpoint(seconds=0.5))
    assert (ran.ending, ran.done + ran.failed, ran.left) == ("done", 250, 0)
    assert ran.failed <= 2
    lines = (folder / "journal.jsonl").read_text().splitlines()
    ended = [line for line in lines if line.startswith('{"ended"')]
    assert len(ended) == len(set(ended)) == 250
    # What was answered and kept was never asked for again. Answers that the killed process never
    # saw were, under the same key: a server that knows its keys bills them once.
    kept = {line.split('"')[3] for line in lines if line.startswith('{"answered"')}
    assert len(kept) == sum(line.startswith('{"answered"') for line in lines)
    bill = sum(server.script.billed.values())
    assert bill <= ran.spent_usd + ran.doubtful_usd <= 20.0
    written = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert KEY.encode() not in written and b"What is 7 and 7?" not in written.replace(
        b"to What is 7 and 7?", b""
    )


def _ended(folder: Path) -> int:
    file = folder / "journal.jsonl"
    return file.read_bytes().count(b'{"ended"') if file.exists() else 0


def test_a_clear_decision_ends_a_replay_early(server: Server, folder: Path) -> None:
    server.script.truth = lambda text, model: model == "large"
    replay = make_replay(200, tolerances={"small": 0.1})
    ran = run_replay(folder, replay, prompts(200), server.endpoint())
    assert ran.ending == "clear" and 50 <= ran.done <= 90 and ran.left == 200 - ran.done
    whole = make_replay(200, tolerances={})
    assert run_replay(folder, whole, prompts(200), server.endpoint()).ending == "done"
    assert server.script.after_answer == []


def test_providers_may_have_servers_of_their_own(server: Server, folder: Path) -> None:
    other = replace(LARGE, provider="other")
    replay = make_replay(4, candidates=(candidates("small")[0], Candidate(other, "large")))
    with pytest.raises(BadInput, match="no server is named for other"):
        run_replay(folder, replay, prompts(4), {"test": server.endpoint()})
    both = {"test": server.endpoint(), "other": server.endpoint(at_once=1)}
    assert run_replay(folder, replay, prompts(4), both).done == 4


def test_one_server_keeps_its_limit_whoever_asks_it(server: Server, folder: Path) -> None:
    server.script.delay = 0.02
    run_replay(folder, make_replay(6), prompts(6), server.endpoint(at_once=2))
    assert 1 < server.script.most_at_once <= 2


def answered(count: int) -> dict[int, Prompt]:
    """Queries of which the log has the answers of another model, every fourth one wrong."""
    return {
        n: replace(p, model="gpt-old", answer=f"{'wrong' if n % 4 == 0 else 'right'} answer, {n}")
        for n, p in prompts(count).items()
    }


def test_answers_are_held_against_the_log_s_own_and_it_is_scored_too(
    server: Server, folder: Path
) -> None:
    server.script.truth = lambda text, model: model == "large"
    replay = make_replay(8, logged={"gpt-old": "old"})
    ran = run_replay(folder, replay, answered(8), server.endpoint())
    # two answers, and two pairs judged twice
    assert ran.done == 8 and len(server.script.bodies) == 8 * 6
    with Journal(folder) as journal:
        for n, item in journal.items.items():
            assert item.scores == {"small": 0.0, "large": 1.0, "old": float(n % 4 != 0)}
            assert item.reference == "old" and item.verdicts == 2 and item.logged


def test_a_candidate_whose_answer_the_log_has_is_not_asked_again(
    server: Server, folder: Path
) -> None:
    server.script.truth = lambda text, model: True
    replay = make_replay(8, logged={"gpt-old": "large"})
    run_replay(folder, replay, answered(8), server.endpoint())
    assert Counter(b["model"] for b in server.script.bodies) == {"small": 8, "judge": 16}
    with Journal(folder) as journal:
        assert [journal.items[n].scores["large"] for n in range(8)] == [0, 1, 1, 1] * 2


def test_a_query_without_a_logged_answer_is_held_against_the_strongest_model(
    server: Server, folder: Path
) -> None:
    asked = {**answered(4), 1: prompts(4)[1]}
    run_replay(folder, make_replay(4, logged={"gpt-old": "old"}), asked, server.endpoint())
    with Journal(folder) as journal:
        assert journal.items[1].reference == "large" and not journal.items[1].logged
        assert "old" not in journal.items[1].scores
        assert journal.items[2].reference == "old"


def test_a_replay_whose_journal_finds_the_disk_full_goes_on_once_there_is_room(
    server: Server, folder: Path, files_up_to: FilesUpTo
) -> None:
    replay = make_replay(20)
    refused = pytest.raises(Hindered, match=r"journal\.jsonl: cannot be written")
    with files_up_to(4_000), refused:
        run_replay(folder, replay, prompts(), server.endpoint())
    kept, sent = set(Told(folder).replies), len(server.script.bodies)
    then = run_replay(folder, replay, prompts(), server.endpoint())
    assert (then.ending, then.done) == ("done", 20)
    told = Told(folder)
    assert kept and kept < set(told.replies)
    # What the disk took was not asked again, and what it did not take is counted as doubtful.
    assert len(server.script.bodies) - sent == len(told.replies) - len(kept)
    assert told.doubtful_usd > 0
