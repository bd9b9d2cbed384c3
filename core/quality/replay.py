"""What a replay is: which queries go to which models, who judges, and the cap."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from core.catalog.model import Model
from core.disk import write_whole, writing
from core.errors import BadInput
from core.quality.checks import Checks
from core.quality.prompts import Prompt
from core.routing.settings import Effort

MOST_OUTPUT: Final = 1_024  # tokens of an answer; longer ones are cut, and judged as they are
VERDICT_OUTPUT: Final = 200  # tokens of a verdict
REPLAYS: Final = "replays"
_FILE: Final = "replay.json"
_CLOSED: Final = "closed"


@dataclass(frozen=True)
class Candidate:
    """One model of the plan; `called` is its name at the endpoint."""

    model: Model
    called: str
    effort: Effort | None = None


@dataclass(frozen=True)
class Replay:
    """A replay as it was confirmed: it never changes once calls were sent.

    The last candidate is the plan's strongest. Answers are held against the log's own where
    `logged` names the model that gave it, else against the last candidate's. `rows` are places
    in the log, `weights` the queries that each stands for, `covered` the share of the log's
    queries that they speak for. With `tolerances` it may end early (`stopping.py`).
    """

    id: str
    log_digest: str
    plan: str  # its id, or a name for people
    candidates: tuple[Candidate, ...]
    judge: Candidate
    rows: tuple[int, ...]
    weights: tuple[float, ...]
    cap_usd: float
    checks: Checks = field(default_factory=Checks)
    most_output: int = MOST_OUTPUT
    covered: float = 1.0
    tolerances: dict[str, float] = field(default_factory=dict)  # by model id; none: run to the end
    logged: dict[str, str] = field(default_factory=dict)  # by name in the log: a model id

    def __post_init__(self) -> None:
        if len({c.model.id for c in self.candidates}) < 2:
            raise BadInput(
                "there is one model only",
                where="replay",
                remedy="A replay compares at least two models of a plan",
            )
        for candidate in (*self.candidates, self.judge):
            if candidate.model.price is None:
                raise BadInput(
                    f"{candidate.model.name} has no price",
                    where="replay",
                    remedy="State its price on the Models page; a local model may cost 0",
                )
        if not self.cap_usd > 0:
            raise BadInput(f"a cap of ${self.cap_usd:g}", where="replay", remedy="Give more than 0")

    @property
    def reference(self) -> Candidate:
        """The plan's strongest model, which the cheaper ones may lose little against."""
        return self.candidates[-1]

    def logged_model(self, prompt: Prompt) -> str | None:
        """The id of the model whose logged answer counts; None where there is no such answer."""
        return self.logged.get(prompt.model or "") if prompt.answer else None

    def asked(self, prompt: Prompt) -> tuple[Candidate, ...]:
        """The candidates to ask; one whose answer the log has is not asked again."""
        known = self.logged_model(prompt)
        return tuple(c for c in self.candidates if c.model.id != known)


_ADAPTER: TypeAdapter[Replay] = TypeAdapter(Replay)


def replay_folder(log_folder: Path, replay_id: str) -> Path:
    """Where a replay lies, beside its log; BadInput for what is no id."""
    if not replay_id.isalnum():
        raise BadInput(f"{replay_id[:40]!r} is no replay", remedy="Start a new one")
    return log_folder / REPLAYS / replay_id


def latest_replay(log_folder: Path) -> Path | None:
    """The folder of the replay of a log that was started last; None before there is one."""
    files = (log_folder / REPLAYS).glob(f"*/{_FILE}")
    newest = max(files, key=lambda file: file.stat().st_mtime, default=None)
    return newest.parent if newest else None


def write_replay(folder: Path, replay: Replay) -> None:
    """Keep what was confirmed, whole or not at all."""
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(folder / _FILE, _ADAPTER.dump_json(replay))
    make_latest(folder / _FILE)


def make_latest(file: Path) -> None:
    """Lets a file count as written after its like in the folders beside it.

    A clock that was set back meanwhile would bring an earlier one back to the screen.
    """
    others = [o for o in file.parent.parent.glob(f"*/{file.name}") if o != file]
    newest = max((other.stat().st_mtime_ns for other in others), default=0)
    if newest >= file.stat().st_mtime_ns:
        os.utime(file, ns=(newest + 1_000_000_000, newest + 1_000_000_000))


def close_replay(folder: Path) -> None:
    """Cancel what is left of a replay: what was judged stays, and nothing more is asked."""
    with writing(folder):
        (folder / _CLOSED).touch()


def is_closed(folder: Path) -> bool:
    """Whether the rest of a replay was cancelled."""
    return (folder / _CLOSED).exists()


def read_replay(folder: Path) -> Replay:
    """The replay in a folder; BadInput when there is none or it is damaged."""
    try:
        return _ADAPTER.validate_json((folder / _FILE).read_bytes())
    except (OSError, ValidationError) as error:
        raise BadInput(
            "there is no replay to go on with", where="replay", remedy="Start a new one"
        ) from error
