"""LiteLLM's sums: its daily tables per user, team and tag, and the CSV of its usage screens."""

from __future__ import annotations

from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.cached import settled
from core.logs.sources.call import Call, Status, Usage
from core.logs.sources.fields import count, first, number, words
from core.logs.sources.source import Look, Skip, Source, by_record


def _is_daily(look: Look) -> bool:
    return look.has("date", "spend", "api_requests", "prompt_tokens", "successful_requests")


def _is_daily_by_tag(look: Look) -> bool:
    return _is_daily(look) and look.has("tag")


def _is_team(look: Look) -> bool:
    return look.has("Start Date", "Spend (USD)", "Requests", "Prompt Tokens") and any(
        name in look.columns for name in ("Team", "Team ID", "User ID")
    )


def _read_daily(record: Record) -> Call:
    if words(record.get("mcp_namespaced_tool_name")):
        raise Skip("tool calls, not model calls")
    total_ms = number(record.get("total_response_time_ms"))
    timed = number(record.get("timed_requests"))
    requests, status = _requests(record, "api_requests", "successful_requests", "failed_requests")
    return Call(
        request_id=words(record.get("id")),
        time=words(record.get("date")),
        model=words(first(record, "model", "model_group")),
        usage=settled(
            Usage(
                input=count(record.get("prompt_tokens")),
                cache_read=count(record.get("cache_read_input_tokens")),
                cache_write=count(record.get("cache_creation_input_tokens")),
                output=count(record.get("completion_tokens")),
            )
        ),
        cost_usd=number(record.get("spend")),
        latency_ms=total_ms / timed if total_ms and timed else None,
        status=status,
        segment=words(first(record, "tag", "team_alias", "team_id", "organization_id")),
        user=words(first(record, "user_id", "end_user_id")),
        requests=requests,
    )


def _read_team(record: Record) -> Call:
    requests, status = _requests(record, "Requests", "Successful", "Failed")
    return Call(
        time=words(record.get("Start Date")),
        usage=Usage(
            input=count(record.get("Prompt Tokens")),
            output=count(record.get("Completion Tokens")),
            total=count(record.get("Total Tokens")),
        ),
        cost_usd=number(record.get("Spend (USD)")),
        status=status,
        segment=words(first(record, "Team", "Team ID")),
        user=words(first(record, "User ID")),
        requests=requests,
    )


def _requests(record: Record, every: str, good: str, bad: str) -> tuple[int, Status]:
    """How many calls a bucket sums up: those that went well; those that failed if none did.

    Failed calls carry no tokens, so that counting them would thin out the means per call.
    """
    all_calls, went_well, failed = (count(record.get(name)) for name in (every, good, bad))
    if went_well:
        return went_well, "ok"
    if went_well == 0 and failed:
        return failed, "error"
    if not all_calls:
        raise Skip("an empty bucket")
    return all_calls, "ok"


LITELLM_DAILY_TAGS: Final = Source(
    "litellm_daily_tags",
    "LiteLLM daily sums by tag",
    _is_daily_by_tag,
    by_record("litellm_daily_tags", _read_daily),
    kind="aggregate",
    notes=(
        "A call with several tags stands in several rows of this table, so that its sums can "
        "exceed the invoice; the daily table per user or team counts every call once.",
    ),
)
LITELLM_DAILY: Final = Source(
    "litellm_daily",
    "LiteLLM daily sums",
    _is_daily,
    by_record("litellm_daily", _read_daily),
    kind="aggregate",
)
LITELLM_TEAM: Final = Source(
    "litellm_team",
    "LiteLLM usage by team",
    _is_team,
    by_record("litellm_team", _read_team),
    kind="aggregate",
    notes=("This export names no models, so that its spend can be shown but not priced anew.",),
)
