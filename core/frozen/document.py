"""The frozen plan: everything a saved plan needs to show the same numbers for ever."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from core.catalog.model import Model
from core.complexity.learned import Learned
from core.economics.options import Thrift
from core.economics.outlook import Outlook
from core.economics.projection import Projection
from core.economics.tuning.case import FineTuneCase
from core.errors import BadInput
from core.frozen.upgrading import upgraded
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.controls import Control
from core.routing.plan import Plan
from core.routing.simulate import Outcome

FORMAT = 1


@dataclass(frozen=True)
class LogFacts:
    """What a plan remembers of the log it was made on."""

    name: str
    source: str
    queries: int
    first_time: datetime | None
    last_time: datetime | None
    tokens_estimated_share: float  # queries with at least one estimated token count
    cost_logged_share: float  # queries whose cost the log states itself
    digest: str = ""  # of the log's local copy, where there is one


@dataclass(frozen=True)
class Figures:
    """The computed figures, kept as they were, so that no later program changes them."""

    outcome: Outcome
    controls: tuple[Control, ...]
    central: Projection
    low: Projection  # at the low end of the saving
    high: Projection
    difficulty: tuple[float, ...]  # queries per month per difficulty bin


@dataclass(frozen=True)
class PlanDocument:
    """A plan with its inputs and its figures, frozen at `created_at`.

    `workload` is the JSON of the workload it was made on, with the redacted examples left out.
    """

    author: str
    created_at: datetime
    program_version: str
    log: LogFacts
    classifier_version: str
    classifier_digest: str
    uncertainty: Uncertainty
    assumptions: Assumptions
    growth: Outlook
    prices_as_of: date
    plan: Plan
    names: dict[str, Model | None]  # what each logged model name stood for
    workload: str
    monthly_queries: float | None  # what the log stands for, when it is a sample
    figures: Figures
    fine_tuning: FineTuneCase | None = None
    learned: str = ""  # what own outcomes taught, as JSON without its ranges
    segment_names: dict[str, str] = field(default_factory=dict)  # as logged -> as a person says
    note: str = ""
    thrift: Thrift = field(default_factory=Thrift)
    format: int = FORMAT

    @property
    def taught(self) -> Learned | None:
        """What own outcomes taught; None without any."""
        return Learned.from_json(self.learned) if self.learned else None

    # Infinite cuts ("everything is simple") are written as Infinity, which JSON readers know.
    __pydantic_config__: ClassVar = ConfigDict(ser_json_inf_nan="constants")


_ADAPTER: TypeAdapter[PlanDocument] = TypeAdapter(PlanDocument)


def document_to_json(document: PlanDocument) -> str:
    """The document as JSON text; `document_from_json` gives an equal one back."""
    return _ADAPTER.dump_json(document).decode()


def document_from_json(text: str) -> PlanDocument:
    """The document in JSON text; BadInput when it is not one of this format."""
    try:
        return _ADAPTER.validate_json(_todays(text))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"this is not a saved plan ({first['msg']} at {place or 'the top'})",
            remedy="Save the plan again with this version",
        ) from None


def _todays(text: str) -> str:
    """The text as today's version writes it; BadInput for another format, whatever is in it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text  # not JSON at all, or far too deep: validation says so
    if not isinstance(found, dict):
        return text
    stated = found.get("format", FORMAT)
    if isinstance(stated, int) and stated != FORMAT:
        raise BadInput(
            f"this plan has format {stated}, and this version reads {FORMAT}",
            remedy="Open it with a newer version of Tierwise",
        )
    today = upgraded(found)
    return text if today is found else json.dumps(today)
