"""Exports of the known tools that hold no model calls, and what to export in their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.logs.sources.source import Look


@dataclass(frozen=True)
class NoCalls:
    """An export without calls: its label, columns that together tell it, and what has them."""

    label: str  # as in "This is Langfuse's export of scores"
    signs: tuple[frozenset[str], ...]  # one of these sets is there, whole
    instead: str


_OBSERVATIONS: Final = "Export the observations table of Langfuse, which has the calls"
_REQUESTS: Final = "Export Helicone's requests, which are the calls"
_RUNS: Final = "Export LangSmith's runs, which have the calls"


def _any(*signs: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(sign.split()) for sign in signs)


_KNOWN: Final = (
    NoCalls(
        "Langfuse's export of scores",
        _any(
            "name value dataType source traceId",
            "name value dataType source observationId",
            "name value data_type source trace_id",
            "name value data_type source observation_id",
        ),
        _OBSERVATIONS,
    ),
    NoCalls(
        "Langfuse's export of sessions",
        _any("countTraces sessionDuration", "countTraces userIds"),
        _OBSERVATIONS,
    ),
    NoCalls(
        "Langfuse's list of prompts",
        _any("versions labels lastUpdatedAt", "prompt labels config commitMessage"),
        _OBSERVATIONS,
    ),
    NoCalls(
        "Langfuse's export of a dataset's runs",
        _any("datasetItemId datasetRunId", "datasetItemId datasetRunName"),
        _OBSERVATIONS,
    ),
    NoCalls(
        "Langfuse's export of a dataset",
        _any("expectedOutput datasetId", "expectedOutput sourceTraceId"),
        _OBSERVATIONS,
    ),
    NoCalls(
        "Helicone's list of sessions",
        _any("session_id session_name latest_request_created_at total_requests"),
        _REQUESTS,
    ),
    NoCalls(
        "Helicone's list of users",
        _any("user_id active_for first_active last_active total_requests"),
        _REQUESTS,
    ),
    NoCalls(
        "LangSmith's export of feedback",
        _any("run_id key score feedback_source", "run_id key score correction"),
        _RUNS,
    ),
    NoCalls("LangSmith's list of projects", _any("run_count latency_p50 tenant_id"), _RUNS),
    NoCalls(
        "Phoenix's export of annotations",
        _any("span_id annotator_kind", "context.span_id annotator_kind"),
        "Export Phoenix's spans, which have the calls",
    ),
    NoCalls(
        "Weave's export of feedback",
        _any("feedback_type weave_ref"),
        "Export Weave's calls",
    ),
    NoCalls(
        "LiteLLM's list of keys",
        _any("key_name key_alias max_budget spend"),
        "Export LiteLLM's spend logs, which have the calls",
    ),
)


def told_apart(look: Look) -> NoCalls | None:
    """The export without calls that these columns show; None for anything else."""
    columns = look.columns | {column.partition(".")[0] for column in look.columns}
    for known in _KNOWN:
        if any(signs <= columns for signs in known.signs):
            return known
    return None
