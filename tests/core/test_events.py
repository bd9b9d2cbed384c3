"""Each line of the log is short, can be read by a machine where asked for, and quotes nobody."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORDS = "where is my parcel 4711"


def lines_of(program: str, log: str = "json") -> list[str]:
    """What a new process writes to standard error."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"TIERWISE_LOG": log, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stdout
    return done.stderr.splitlines()


def test_an_event_is_one_object_with_its_facts() -> None:
    program = "from core.events import event\nevent('job_done', kind='sort', seconds=2.5, ok=True)"
    (line,) = lines_of(program)
    said = json.loads(line)
    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "info",
        "logger": "tierwise",
        "event": "job_done",
        "kind": "sort",
        "seconds": 2.5,
        "ok": True,
    }


def test_without_json_an_event_is_a_short_line() -> None:
    program = "from core.events import event\nevent('job_done', kind='sort', seconds=2.5)"
    (line,) = lines_of(program, log="text")
    assert line.endswith(" INFO job_done kind=sort seconds=2.5")


def test_a_command_says_nothing_by_the_way_and_a_server_does() -> None:
    said = "event('job_done')\nevent('job_failed', 30)"
    quiet = lines_of(f"from core.events import event\n{said}", log="")
    assert [line.split()[-1] for line in quiet] == ["job_failed"]
    told = lines_of(f"from core.events import event, watch_logs\nwatch_logs()\n{said}", log="")
    assert [line.split()[-1] for line in told] == ["job_done", "job_failed"]


@pytest.mark.parametrize("log", ["json", "text"])
def test_a_fact_is_scrubbed_kept_to_one_line_and_cut(log: str) -> None:
    program = (
        "from core.events import event\nevent('x', at='/shared?plan=abc123\\nb', long='y'*999)"
    )
    (line,) = lines_of(program, log)
    assert "abc123" not in line
    assert "y" * 300 in line and "y" * 301 not in line


def test_of_an_exception_json_keeps_its_kind_and_its_place_but_not_its_text() -> None:
    program = f"""
import logging
from core.events import watch_logs
logging.basicConfig()
watch_logs()
try:
    raise ValueError({WORDS!r})
except ValueError:
    logging.getLogger("some.library").exception("it broke")
"""
    (line,) = lines_of(program)
    said = json.loads(line)
    assert (said["message"], said["error"]) == ("it broke", "ValueError")
    assert said["at"].endswith(":7")
    assert WORDS not in line


def test_the_place_of_an_error_is_the_last_line_of_our_own_that_led_to_it() -> None:
    program = """
from core.events import event, place_of
from core.frozen import document
try:
    document.document_from_json(b"not json")
except Exception as error:
    event("script_error", at=place_of(error))
"""
    (line,) = lines_of(program)
    assert json.loads(line)["at"].startswith("core.frozen.document:")


def test_as_text_an_exception_keeps_its_story_without_tokens_and_prompts() -> None:
    program = f"""
import logging
from core.events import watch_logs
logging.basicConfig()
watch_logs()
try:
    try:
        raise KeyError("/shared?plan=abc123")
    except KeyError as error:
        raise ValueError("bad prompt: {WORDS}\\nand {WORDS}") from error
except ValueError:
    logging.getLogger("some.library").exception("it broke at plan=%s", "abc123")
"""
    said = "\n".join(lines_of(program, log=""))
    assert "KeyError: '/shared?plan=…'" in said and "ValueError: bad prompt …" in said
    assert "which led to:" in said
    assert "abc123" not in said and WORDS not in said


def test_loggers_made_later_are_clean_too() -> None:
    program = """
import logging
from core.events import watch_logs
watch_logs()
late = logging.getLogger("made.later")
late.propagate = False
late.addHandler(logging.StreamHandler())
late.warning("GET %s", "/shared?plan=abc123")
"""
    (line,) = lines_of(program)
    assert json.loads(line)["message"] == "GET /shared?plan=…"


def test_what_passes_through_a_websocket_is_not_logged_at_any_level() -> None:
    program = """
import logging
from core.events import watch_logs
logging.basicConfig(level=logging.DEBUG)
watch_logs()
from websockets.server import ServerProtocol
from websockets.protocol import OPEN
from websockets.frames import Frame, Opcode
logger = logging.getLogger("uvicorn.error")
protocol = ServerProtocol(logger=logger, state=OPEN)
protocol.send_text(b"where is my parcel")
logger.debug("still heard")
"""
    (line,) = lines_of(program, log="")
    assert line.endswith("still heard")
