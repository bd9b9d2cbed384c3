"""Runs a command in this process, and writes small logs for it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.commands.main import main


@dataclass(frozen=True)
class Ran:
    """What a command left behind: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict:  # type: ignore[type-arg]
        """The one JSON object on standard output."""
        assert (self.code, self.err) == (0, "")
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


Run = Callable[..., Ran]

# Ten days of gpt-4o at 2.50, 1.25 (cached) and 10 USD per million tokens, as the log states it.
HEADER = (
    "request_id,timestamp,feature,model,prompt,input_tokens,cached_tokens,output_tokens,cost_usd"
)
EASY = "hello there"
HARD = (
    "Prove that for all n the sum 1/2 + 1/4 + 1/8 = x^2 * 3.5 holds if \\frac{a}{b} > 0.75, given "
    "the matrix [[1, 2], [3, 4]], and then calculate the integral of 3.1 * x**2 + 4.7 = 12.25 "
)
PROMPTS = [EASY, HARD, "how do I reset it", f"{HARD} {HARD}", "thanks a lot"] * 4


@pytest.fixture(autouse=True)
def home(own_home: Path) -> Path:
    """Every command runs with a home folder and a database of its own."""
    return own_home


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: object) -> Ran:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as left:  # --help and the like
            code = int(left.code or 0)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return call


def write_log(path: Path, model: str = "gpt-4o", *, costs: bool = True) -> Path:
    """Twenty queries, two a day from 1 to 10 November and the last at the same hour as the first.

    Each has 1,000 tokens in, 400 of them cached, and 200 out: 0.004 USD on gpt-4o.
    """
    rows = [
        f"q{i},2026-11-{1 + i * 9 // 19:02}T12:00:00Z,{'chat' if i % 2 else 'search'},{model},"
        f'"{prompt}",1000,400,200,{"0.004" if costs else ""}'
        for i, prompt in enumerate(PROMPTS)
    ]
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_log(tmp_path / "log.csv")


@pytest.fixture
def unknown_log(tmp_path: Path) -> Path:
    """The same queries by a model that no catalogue knows, without costs."""
    return write_log(tmp_path / "unknown.csv", "our-own-bot-9", costs=False)
