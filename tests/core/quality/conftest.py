"""An OpenAI-compatible server with scripted answers and faults, and a small log to replay."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.quality.checks import Checks
from core.quality.endpoint import Endpoint
from core.quality.prompts import Prompt
from core.quality.replay import Candidate, Replay

from ..workload.conftest import make_model

KEY = "sk-test-do-not-write-me-down-0123456789"
SMALL = make_model("small", 1.0, 5.0)
MIDDLE = make_model("middle", 2.0, 10.0)
LARGE = make_model("large", 10.0, 50.0)
JUDGE = make_model("judge", 1.0, 5.0)
FAULTS = ("429", "500", "timeout", "broken", "truncated", "usage")

Truth = Callable[[str, str], bool]


@dataclass
class Script:
    """What the server does, and what it saw. `fault` maps (key, try) to a fault or nothing."""

    truth: Truth = lambda text, model: True
    judge_accuracy: float = 1.0
    fault: Callable[[str, int], str | None] = lambda key, number: None
    delay: float = 0.0
    tries: Counter[str] = field(default_factory=Counter)
    billed: dict[str, float] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    after_answer: list[str] = field(default_factory=list)  # keys asked for again once answered
    bodies: list[dict] = field(default_factory=list)  # type: ignore[type-arg]
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def words(self, body: dict) -> str:  # type: ignore[type-arg]
        """The answer of a model, or the verdict of the judge on two such answers."""
        said = body["messages"][-1]["content"]
        if "compare two answers" not in body["messages"][0]["content"]:
            good = self.truth(said, body["model"])
            return f"{'right' if good else 'wrong'} answer by {body['model']} to {said}"
        dice = random.Random(f"{said}")
        a, b = (
            ("right answer" in said.split(f"<answer_{name}>")[1].split("</answer")[0])
            ^ (dice.random() > self.judge_accuracy)
            for name in "ab"
        )
        better = "tie" if a == b else "a" if a else "b"
        return f"Here you are: {json.dumps({'a': a, 'b': b, 'better': better})}"


@dataclass
class Server:
    """A running server."""

    script: Script
    base_url: str

    def endpoint(self, **values: float) -> Endpoint:
        """How to reach it."""
        return Endpoint(self.base_url, KEY, **{"seconds": 3.0, **values})  # type: ignore[arg-type]


PRICES = {"small": (1.0, 5.0), "middle": (2.0, 10.0), "large": (10.0, 50.0), "judge": (1.0, 5.0)}


class _Handler(BaseHTTPRequestHandler):
    script: Script
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        key, script = self.headers["Idempotency-Key"], self.script
        with script.lock:
            script.tries[key] += 1
            number = script.tries[key]
            script.bodies.append(body)
            if key in script.answered:
                script.after_answer.append(key)
            script.at_once += 1
            script.most_at_once = max(script.most_at_once, script.at_once)
        fault = script.fault(key, number)
        time.sleep(script.delay)
        with script.lock:
            script.at_once -= 1
        if fault in ("429", "500", "401"):
            said = {"error": {"message": f"not with {KEY}"}}
            self._send(int(fault), json.dumps(said).encode(), {"retry-after": "0.01"})
            return
        words = script.words(body)
        given = sum(len(m["content"]) // 4 + 4 for m in body["messages"])
        written = len(words) // 4
        usd_in, usd_out = PRICES.get(body["model"], (1.0, 5.0))
        with script.lock:
            script.billed.setdefault(key, (given * usd_in + written * usd_out) / 1e6)
        if fault == "timeout":
            time.sleep(0.8)
        if fault == "usage":
            written = 10**9
        answer = {
            "id": "x", "object": "chat.completion", "created": 1, "model": body["model"],
            "choices": [{"index": 0, "finish_reason": "stop",
                         "message": {"role": "assistant", "content": words}}],
            "usage": {"prompt_tokens": given, "completion_tokens": written,
                      "total_tokens": given + written},
        }  # fmt: skip
        content = json.dumps(answer).encode()
        if fault == "broken":
            content = content[: len(content) // 2]
        with script.lock:
            if fault in (None, "usage"):
                script.answered.add(key)
        self._send(200, content, {}, torn=fault == "truncated")

    def _send(self, status: int, content: bytes, more: dict[str, str], torn: bool = False) -> None:
        try:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content) + (100 if torn else 0)))
            for name, value in more.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            if torn:
                self.close_connection = True
        except OSError:
            self.close_connection = True  # the client gave up

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of this test's own."""
    with serving(Script()) as running:
        yield running


@contextmanager
def serving(script: Script) -> Iterator[Server]:
    """A server that does what a script says, on a port of its own."""
    handler = type("Handler", (_Handler,), {"script": script})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield Server(script, f"http://127.0.0.1:{running.server_port}/v1")
    running.shutdown()
    running.server_close()
    thread.join()


def candidates(*names: str) -> tuple[Candidate, ...]:
    """Candidates by name, the reference last."""
    models = {"small": SMALL, "middle": MIDDLE, "large": LARGE}
    return tuple(Candidate(models[name], name) for name in names)


def make_replay(count: int = 20, **values: object) -> Replay:
    """A replay of so many queries, of which each stands for ten."""
    usual: dict[str, object] = {
        "id": "r1",
        "log_digest": "d" * 16,
        "plan": "a plan",
        "candidates": candidates("small", "large"),
        "judge": Candidate(JUDGE, "judge"),
        "rows": tuple(range(count)),
        "weights": (10.0,) * count,
        "cap_usd": 5.0,
        "checks": Checks(),
        "most_output": 200,
    }
    return Replay(**{**usual, **values})  # type: ignore[arg-type]


def prompts(count: int = 20) -> dict[int, Prompt]:
    """The texts of those queries."""
    return {
        n: Prompt(f"q{n}", f"What is {n} and {n}?", "Be brief." if n % 2 else None, 20, 15)
        for n in range(count)
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a replay is kept."""
    return tmp_path / "replay"
