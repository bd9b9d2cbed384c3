"""LiteLLM: the spend log of its proxy, and the payload of its logging callbacks."""

from __future__ import annotations

from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.bodies import answered, asked, usage_in
from core.logs.sources.cached import filled, settled
from core.logs.sources.call import Call, Status, Usage
from core.logs.sources.fields import count, first, items, mapping, number, span_ms, words
from core.logs.sources.labels import kind
from core.logs.sources.nesting import nested
from core.logs.sources.source import Look, Skip, Source, by_record
from core.logs.sources.usage import usage_of

_REDACTED: Final = "redacted-by-litellm"  # stands for every text when message logging is off
_CUT: Final = "litellm_truncated"  # marks the place where a long text lost its middle
_USERS: Final = (
    "end_user", "metadata.user_api_key_end_user_id", "user", "metadata.user_api_key_user_id",
)  # fmt: skip
_NEVER_CALLS: Final = ("mcp", "search", "vector_store", "file")
_SELDOM_CALLS: Final = ("batch", "assistant", "thread", "run")  # only where tokens were counted


def _is_spend_log(look: Look) -> bool:
    return look.has("request_id", "call_type", "spend", "startTime")


def _is_payload(look: Look) -> bool:
    return look.has("response_cost", "startTime") and (
        any(
            name.split(".")[0] in ("hidden_params", "model_map_information")
            for name in look.columns
        )
        or look.has("litellm_call_id")
    )


def _read_spend_log(record: Record) -> Call:
    row = nested(record, "metadata", "proxy_server_request", "response", "messages")
    _pass_over_other_work(row)
    text = _said(row["proxy_server_request"]) or _said(row["messages"])
    usage = _usage(row)
    if not usage.input and not usage.output and text and _status(row) == "ok":
        usage = Usage()  # the table's own default is 0: nothing was counted
    return _call(row, text, usage, number(row.get("spend")))


def _read_payload(record: Record) -> Call:
    row = nested(record, "metadata", "hidden_params", "response", "messages", "model_parameters")
    _pass_over_other_work(row)
    text = _said({**mapping(row["model_parameters"]), "messages": row["messages"]})
    return _call(row, text, _usage(row), number(row.get("response_cost")))


def _call(row: Record, text: object, usage: Usage, cost: float | None) -> Call:
    ms = number(row.get("request_duration_ms"))
    if ms is None:
        ms = span_ms(row.get("startTime"), row.get("endTime"))
    seconds = number(row.get("response_time"))
    tags = [
        tag
        for tag in map(words, items(row.get("request_tags")))
        if tag and not tag.startswith("User-Agent:")  # LiteLLM adds these by itself
    ]
    return Call(
        request_id=words(first(row, "request_id", "id")),
        time=words(row.get("startTime")),
        model=words(first(row, "model", "metadata.routing_decision.routed_model", "model_group")),
        text=text,
        response=None if _REDACTED in str(row["response"]) else answered(row["response"]),
        usage=usage,
        cost_usd=cost,
        latency_ms=ms if ms is not None or seconds is None else seconds * 1000,
        status=_status(row),
        segment=_segment(tags, row),
        tags=[*tags, *_notable(row, text)],
        user=words(first(row, *_USERS)),
        session=words(row.get("session_id")),
        trace=words(row.get("trace_id")),
        from_cache=words(row.get("cache_hit")) in ("True", "true", "1"),
    )


def _pass_over_other_work(row: Record) -> None:
    """Skip what the proxy did besides calling models: tools, files, searches, batches' upkeep."""
    work = words(row.get("call_type")) or ""
    other = words(row.get("mcp_namespaced_tool_name")) or any(w in work for w in _NEVER_CALLS)
    idle = any(w in work for w in _SELDOM_CALLS) and not count(row.get("total_tokens"))
    if other or idle:
        raise Skip(f"{kind(work or 'tool_call')}, not a model call")


def _said(body: object) -> object:
    """What was asked; None where the text was not stored or was blanked out."""
    text = asked(body)
    return None if text is None or _REDACTED in str(text) else text


def _usage(row: Record) -> Usage:
    """Tokens of the row's own columns; the details lie in several places of the metadata."""
    own = Usage(
        input=count(row.get("prompt_tokens")),
        output=count(row.get("completion_tokens")),
        total=count(row.get("total_tokens")),
    )
    places = ("metadata.usage_object", "metadata.additional_usage_values", "hidden_params.usage")
    told = [usage_of(found) for place in places if (found := first(row, place))]
    return settled(filled(own, *told, usage_of(usage_in(row["response"]))))


def _status(row: Record) -> Status:
    told = f"{words(row.get('status'))} {words(first(row, 'metadata.status'))}"
    return "error" if "fail" in told or first(row, "error_str") else "ok"


def _segment(tags: list[str], row: Record) -> str | None:
    """The first tag that the application set, else the team.

    A tag is what an application calls its feature. Key aliases would often do as well, but they
    name people and travel no further; model groups say where a call went, not what it was for.
    """
    team = first(row, "metadata.user_api_key_team_alias", "team_id")
    return tags[0] if tags else words(team)


def _notable(row: Record, text: object) -> list[str]:
    tier = words(first(row, "metadata.routing_decision.tier"))
    fallbacks = count(first(row, "metadata.attempted_fallbacks"))
    return [
        *([f"router tier: {tier}"] if tier else []),
        *(["after a fallback"] if fallbacks else []),
        *(["text cut by LiteLLM"] if _CUT in str(text) else []),
    ]


LITELLM_SPENDLOGS: Final = Source(
    "litellm_spendlogs",
    "LiteLLM spend log",
    _is_spend_log,
    by_record("litellm_spendlogs", _read_spend_log),
    notes=(
        "LiteLLM stores prompts only with store_prompts_in_spend_logs, and cuts the middle out of "
        "texts over 2,048 characters unless MAX_STRING_LENGTH_PROMPT_IN_DB is higher.",
    ),
)
LITELLM_STANDARD: Final = Source(
    "litellm_standard",
    "LiteLLM logging payload",
    _is_payload,
    by_record("litellm_standard", _read_payload),
)
