"""Which column of a log plays which part, guessed by name and by content."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Collection, Sequence
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

from core.errors import BadInput
from core.logs import contents

LatencyUnit = Literal["s", "ms"]
FeedbackScale = Literal["0-1", "-1-1", "1-5", "0-10", "0-100"]
Row = Lookup[str, str | None]

ROLES: Final[dict[str, str]] = {
    "text": "The query: what the user asked, or the chat messages",
    "response": "The answer, or its length in characters",
    "model": "The model that answered",
    "time": "When it was asked",
    "input_tokens": "Input tokens, cached ones included",
    "cached_tokens": "Input tokens that were read from the provider's cache",
    "cache_write_tokens": "Input tokens that were written to the provider's cache",
    "output_tokens": "Output tokens, reasoning included",
    "reasoning_tokens": "Output tokens spent on reasoning",
    "total_tokens": "Input and output tokens together",
    "cost": "What the call cost, in USD",
    "latency": "How long the answer took",
    "segment": "The feature, category or tag that the query belongs to",
    "feedback": "The user's verdict: thumbs, rating or score",
    "escalated": "Whether a person or a stronger model took over",
    "edited": "Whether the user changed the answer, or how much of it",
    "request_id": "The id of the query",
    "turns": "Number of messages in the request",
    "system": "The instructions that go with the query",
    "tools": "The tools offered or called",
    "tags": "Further labels of the query",
    "status": "Whether the call succeeded",
    "user": "The user who asked (kept as a keyed hash only)",
    "session": "The conversation that the query belongs to (kept as a keyed hash only)",
    "trace": "The task that the call belongs to (kept as a keyed hash only)",
    "requests": "Number of calls in the row (only in summed-up logs)",
}


@dataclass(frozen=True)
class Mapping:
    """Who reads a log, one optional column per role, and the units that names leave open.

    `source` is the id of a known export format, or "generic" for a table read by its columns.
    `cached_beside_input`: the log counts cached tokens beside the input tokens (Anthropic
    does) and not inside them. `day_first`: 05/10/2026 is the fifth of October.
    """

    source: str = "generic"
    text: str | None = None
    response: str | None = None
    model: str | None = None
    time: str | None = None
    input_tokens: str | None = None
    cached_tokens: str | None = None
    cache_write_tokens: str | None = None
    output_tokens: str | None = None
    reasoning_tokens: str | None = None
    total_tokens: str | None = None
    cost: str | None = None
    latency: str | None = None
    segment: str | None = None
    feedback: str | None = None
    escalated: str | None = None
    edited: str | None = None
    request_id: str | None = None
    turns: str | None = None
    system: str | None = None
    tools: str | None = None
    tags: str | None = None
    status: str | None = None
    user: str | None = None
    session: str | None = None
    trace: str | None = None
    requests: str | None = None
    latency_unit: LatencyUnit = "ms"
    feedback_scale: FeedbackScale = "0-1"
    cached_beside_input: bool = False
    day_first: bool = False

    def columns(self) -> frozenset[str]:
        """The source columns in use."""
        return frozenset(c for role in ROLES if (c := self.column(role)) is not None)

    def column(self, role: str) -> str | None:
        """The source column that plays a role of ROLES."""
        value: str | None = getattr(self, role)
        return value

    def only(self, columns: Collection[str]) -> Mapping:
        """The mapping without the columns that a file lacks."""
        absent = {role: None for role in ROLES if self.column(role) not in columns}
        return replace(self, **absent)  # type: ignore[arg-type]

    def to_json(self) -> str:
        """The mapping as a JSON object with sorted keys: equal mappings, equal texts."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> Mapping:
        """The mapping that `to_json` wrote; BadInput for anything else."""
        try:
            values = json.loads(text)
            mapping = Mapping(**values)
        except (ValueError, TypeError) as error:
            raise BadInput(
                "This is not a column mapping", remedy="Map the columns again"
            ) from error
        closed = {"latency_unit": LatencyUnit, "feedback_scale": FeedbackScale}
        for field, kind in closed.items():
            if getattr(mapping, field) not in get_args(kind):
                raise BadInput(
                    f"{field} is {getattr(mapping, field)!r}",
                    where="mapping",
                    remedy=f"Use one of {', '.join(get_args(kind))}",
                )
        return mapping


# Aliases in order of preference, from the exports that we have seen; compared without case,
# blanks, dots and underscores, first with the whole name, then with its last dotted part.
_ALIASES: Final[dict[str, str]] = {
    "input_tokens": "input_tokens prompt_tokens tokens_in tokens_prompt request_tokens "
    "context_tokens n_prompt_tokens num_input_tokens input_token_count prompt_token_count "
    "prompt_token tokens_input input",
    "cached_tokens": "cached_tokens cache_read_tokens cache_read_input_tokens "
    "cached_input_tokens input_cached_tokens tokens_cached cached prompt_cache_read_tokens",
    "cache_write_tokens": "cache_write_tokens cache_creation_tokens cache_creation_input_tokens "
    "input_cache_write_tokens prompt_cache_write_tokens cache_write",
    "reasoning_tokens": "reasoning_tokens tokens_reasoning thoughts_tokens reasoning_output_tokens",
    "output_tokens": "output_tokens completion_tokens tokens_out tokens_completion "
    "response_tokens generated_tokens answer_tokens answer_token num_output_tokens "
    "output_token_count completion_token_count tokens_output output",
    "total_tokens": "total_tokens tokens token_count",
    "cost": "cost_usd cost total_cost usd_cost price spend amount usd cost_total response_cost",
    "latency": "latency_ms latency duration_ms duration response_time response_time_ms elapsed "
    "elapsed_time elapsed_ms latency_s latency_seconds duration_s generation_time_ms took_ms took "
    "took_s",
    "time": "timestamp time created_at created datetime date start_time request_time "
    "request_created_at ts event_time datetime_utc started_at created_utc asked_at sent_at "
    "logged_at occurred_at",
    "request_id": "request_id id uuid uid call_id query_id trace_id generation_id custom_id",
    "turns": "turns num_turns n_messages num_messages message_count",
    "feedback": "feedback thumb thumbs rating user_rating user_feedback feedback_score score "
    "satisfaction vote liked helpful resolved is_resolved solved accepted csat eval_score "
    "quality_score quality reward",
    "escalated": "escalated is_escalated escalation escalations was_escalated escalated_to_human "
    "handoff handed_off human_handoff takeover transferred_to_agent",
    "edited": "edited is_edited was_edited user_edited edits edit_count edit_distance edit_share",
    "text": "prompt query question user_query user_message user_prompt user_input input "
    "input_text request message messages text utterance content instruction body q",
    "response": "response completion answer output output_text assistant reply generated_text "
    "model_output a",
    "model": "model model_name model_id engine deployment llm model_version model_permaslug "
    "main_model model_used request_model response_model",
    "session": "session_id conversation_id thread_id chat_id session conversation",
    "trace": "trace_id task_id",
    "user": "user_id user end_user customer_id customer userid end_user_id username",
    "status": "status state outcome call_status response_status status_code http_status error",
    "system": "system system_prompt system_text system_message instructions",
    "tools": "tools tool_names tool_calls functions",
    "segment": "feature segment use_case category task task_type intent label topic tag "
    "cluster dataset route endpoint workflow app app_name application product project team "
    "complexity difficulty tier",
    "tags": "tags labels request_tags tag_list",
}
_FITS: Final[dict[str, Callable[[contents.Values], bool]]] = {
    **dict.fromkeys(
        (
            "input_tokens",
            "cached_tokens",
            "cache_write_tokens",
            "output_tokens",
            "reasoning_tokens",
            "total_tokens",
        ),
        contents.counts,
    ),
    "turns": contents.counts,
    "cost": contents.numbers,
    "latency": contents.durations,
    "time": contents.times,
    "request_id": contents.distinct,
    **dict.fromkeys(("feedback", "escalated", "edited"), contents.verdicts),
    "text": contents.texts,
    "response": contents.answers,
    "model": contents.names,
    "session": contents.anything,
    "trace": contents.anything,
    "user": contents.anything,
    "status": contents.statuses,
    "system": contents.texts,
    "tools": contents.anything,
    "tags": contents.anything,
    "segment": contents.labels,
}


def guess_mapping(columns: Sequence[str], rows: Sequence[Row]) -> Mapping:
    """The mapping that names and the given rows suggest; a person should see and mend it.

    A column whose values do not fit its name (a number called "input") is passed over, and
    without a known name the column of longest prose is taken for the text.
    """
    values: Lookup[str, contents.Values] = {
        column: [row.get(column) for row in rows] for column in columns
    }
    chosen: dict[str, Any] = {}

    def free() -> list[str]:
        return [column for column in columns if column not in chosen.values()]

    for role, aliases in _ALIASES.items():
        column = _named(free(), aliases.split(), values, _FITS[role])
        if column is not None:
            chosen[role] = column
    for role, fallback in _FALLBACKS.items():
        if role not in chosen:
            column = fallback({c: values[c] for c in free()})
            if column is not None:
                chosen[role] = column
    return replace(Mapping(), **chosen, **_units(chosen, values))


def _any_model(values: Lookup[str, contents.Values]) -> str | None:
    return next((column for column in values if _plain(column).endswith("model")), None)


def _answer_length(values: Lookup[str, contents.Values]) -> str | None:
    names = ("output_chars", "response_chars", "answer_chars", "response_length", "output_length")
    return _named(list(values), names, values, contents.counts)


def _single_label(values: Lookup[str, contents.Values]) -> str | None:
    """A label that never changes in these rows, as in a log sorted by label."""
    return _named(list(values), _ALIASES["segment"].split(), values, contents.single_name)


_FALLBACKS: Final[dict[str, Callable[[Lookup[str, contents.Values]], str | None]]] = {
    "model": _any_model,
    "segment": _single_label,
    "response": _answer_length,
    "text": contents.longest_prose,
}


def _named(
    columns: Sequence[str],
    aliases: Sequence[str],
    values: Lookup[str, contents.Values],
    fits: Callable[[contents.Values], bool],
) -> str | None:
    for alias in map(_plain, aliases):
        for name_of in (_plain, _last_part):
            for column in columns:
                if name_of(column) == alias and fits(values[column]):
                    return column
    return None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _last_part(name: str) -> str:
    return _plain(name.rpartition(".")[2])


def _units(chosen: dict[str, str], values: Lookup[str, contents.Values]) -> dict[str, Any]:
    """The units as far as the values show them."""
    units: dict[str, Any] = {}
    if latency := chosen.get("latency"):
        units["latency_unit"] = contents.latency_unit(latency, values[latency])
    if feedback := chosen.get("feedback"):
        units["feedback_scale"] = contents.feedback_scale(values[feedback])
    if time := chosen.get("time"):
        units["day_first"] = contents.day_first(values[time])
    if "cached_tokens" in chosen and "input_tokens" in chosen:
        units["cached_beside_input"] = contents.mostly_exceeds(
            values[chosen["cached_tokens"]], values[chosen["input_tokens"]]
        )
    return units
