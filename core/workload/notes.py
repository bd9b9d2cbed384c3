"""What a person has said about a log: stand-ins for its models, corrected tiers, its volume."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Final, Literal, get_args

from core.catalog.catalogue import Catalogue
from core.catalog.model import Model, Price
from core.catalog.resolve import resolve
from core.complexity.rules import Basis, Rule
from core.complexity.scale import Tier
from core.disk import write_whole
from core.logs.log import Log
from core.workload.routing_rules import RoutingRule
from core.workload.spend import monthly_factor
from core.workload.workload import UNNAMED, Workload

RowMeans = Literal["call", "task"]  # a billed call, or a finished task of perhaps many calls

_ROW_MEANS: Final = get_args(RowMeans)


@dataclass(frozen=True)
class StandIn:
    """What a logged model name stands for: a catalogue model, at its own price if stated."""

    model_id: str
    input_usd_per_mtok: float | None = None
    output_usd_per_mtok: float | None = None


@dataclass(frozen=True)
class Notes:
    """A person's words on one log; none of them change the log itself."""

    stand_ins: dict[str, StandIn] = field(default_factory=dict)  # logged name -> what it is
    corrections: dict[str, Tier] = field(default_factory=dict)  # request id -> tier
    monthly_queries: float | None = None  # when the log is a sample of the traffic
    invoice_usd: float | None = None  # what the provider charged for a month of the log
    row_means: RowMeans | None = None  # where the log does not tell whether rows are attempts
    calls_per_task: float = 1.0  # billed calls, where a row is the last of a task's calls
    rule: Rule | None = None  # sort by this simple rule instead of the trained classifier

    outcomes: str | None = None  # digest of the own outcomes kept beside the log
    segment_names: dict[str, str] = field(default_factory=dict)  # as found -> as a person says
    routing_rules: tuple[RoutingRule, ...] = ()

    @property
    def basis(self) -> Basis:
        """What the texts are to be sorted by."""
        return self.rule or "text"

    @property
    def calls_per_row(self) -> float:
        """How many billed calls like the logged one stand behind a row."""
        return self.calls_per_task if self.row_means == "task" else 1.0

    @property
    def placing_digest(self) -> str:
        """A short name for all that shapes the workload beside the reading; "none" without any."""
        placed = (self.corrections, self.outcomes, self.segment_names, self.routing_rules)
        if not any(placed):
            return "none"
        said: list[object] = [
            sorted(self.corrections.items()),
            self.outcomes,
            sorted(self.segment_names.items()),
        ]
        if self.routing_rules:
            said.append([asdict(rule) for rule in self.routing_rules])
        return blake2b(json.dumps(said).encode(), digest_size=6).hexdigest()


def read_notes(folder: Path) -> Notes:
    """The notes kept beside a log; empty when there are none yet."""
    file = folder / "notes.json"
    if not file.exists():
        return Notes()
    found = json.loads(file.read_text())
    stand_ins = {name: StandIn(**said) for name, said in found["stand_ins"].items()}
    means = found.get("row_means")
    return Notes(
        stand_ins,
        found["corrections"],
        found.get("monthly_queries"),
        found.get("invoice_usd"),
        means if means in _ROW_MEANS else None,
        found.get("calls_per_task", 1.0),
        found.get("rule"),
        found.get("outcomes"),
        found.get("segment_names", {}),
        tuple(RoutingRule(**rule) for rule in found.get("routing_rules", [])),
    )


def write_notes(folder: Path, notes: Notes) -> None:
    """Keep the notes beside the log, whole or not at all; Hindered where that fails."""
    write_whole(folder / "notes.json", json.dumps(asdict(notes), indent=1))


def monthly_calls(workload: Workload, notes: Notes) -> float | None:
    """Calls a month as a person's notes tell; None where only the log's dates do."""
    if notes.calls_per_row == 1.0:
        return notes.monthly_queries
    return notes.calls_per_row * workload.queries * monthly_factor(workload, notes.monthly_queries)


def model_counts(log: Log) -> dict[str, int]:
    """Calls by logged model name, with UNNAMED for those without one."""
    unnamed = log.requests - sum(log.models.values())
    return {**log.models, UNNAMED: unnamed} if unnamed else dict(log.models)


def resolve_names(
    logged: Iterable[str], catalogue: Catalogue, notes: Notes, source: str = ""
) -> dict[str, Model | None]:
    """What each logged model name stands for: as a person said, else as the catalogue knows it.

    `source` is the log's: some names mean something in the logs of one tool only.
    """
    return {name: _stands_for(name, catalogue, notes, source) for name in logged}


def _stands_for(name: str, catalogue: Catalogue, notes: Notes, source: str) -> Model | None:
    said = notes.stand_ins.get(name)
    if said is None:
        match = resolve(name, catalogue, source)
        return match.model if match else None
    model = catalogue.get(said.model_id)
    if said.input_usd_per_mtok is None or said.output_usd_per_mtok is None:
        return model
    paid = Price(
        input_usd_per_mtok=said.input_usd_per_mtok,
        cached_usd_per_mtok=said.input_usd_per_mtok,
        output_usd_per_mtok=said.output_usd_per_mtok,
        as_of=catalogue.as_of,
        source="what you said you pay",
    )
    # Its own price makes it a model of its own: "the same model" must also cost the same.
    return replace(model, id=f"{model.id} ({name})", name=name, price=paid)
