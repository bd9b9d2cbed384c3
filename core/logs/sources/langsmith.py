"""LangSmith: runs as the SDK, the API and the bulk export give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.logs.containers.records import Record
from core.logs.sources.bodies import answered, asked, usage_in
from core.logs.sources.cached import filled, settled
from core.logs.sources.call import Call, Usage
from core.logs.sources.fields import count, first, items, mapping, number, span_ms, words
from core.logs.sources.labels import conversation, feature, kind, person
from core.logs.sources.nesting import nested
from core.logs.sources.source import Look, Skip, Source
from core.logs.sources.spans import Span, by_span, span_of
from core.logs.sources.usage import usage_of

_OBJECTS: Final = (
    "inputs", "outputs", "extra", "feedback_stats", "prompt_token_details",
    "completion_token_details",
)  # fmt: skip
_MODELS: Final = (
    "extra.metadata.ls_model_name",
    "extra.invocation_params.model",
    "extra.invocation_params.model_name",
    "outputs.llm_output.model_name",
    "inputs.model",
    "outputs.model",
)
_STEPS: Final = "seq:step"  # tags that LangChain adds by itself


def _recognises(look: Look) -> bool:
    parts = {name.split(".")[0] for name in look.columns}
    if "run_type" in parts:
        return bool(parts & {"dotted_order", "trace_id", "inputs", "parent_run_id"})
    return parts >= {"trace_id", "session_id", "inputs", "outputs"}


def _run(record: Record) -> Span:
    parent = words(first(record, "parent_run_id"))
    place = words(record.get("id")), parent, words(record.get("trace_id"))
    return span_of(*place, lambda: _read(record))


def _read(record: Record) -> Call:
    row = nested(record, *_OBJECTS)
    model = words(first(row, *_MODELS))
    _pass_over_other_runs(row, model)
    metadata = mapping(first(row, "extra.metadata"))
    tags = [tag for tag in map(words, items(row.get("tags"))) if tag]
    tags = [tag for tag in tags if not tag.startswith(_STEPS)]
    failed = words(row.get("status")) == "error" or words(row.get("error"))
    return Call(
        request_id=words(row.get("id")),
        time=words(row.get("start_time")),
        model=model,
        text=_said(row),
        response=answered(row["outputs"]),
        usage=_usage(row),
        cost_usd=_cost(row),
        latency_ms=span_ms(row.get("start_time"), row.get("end_time")),
        status="error" if failed else "ok",
        segment=feature(metadata) or (tags[0] if tags else None),
        tags=tags,
        feedback=_feedback(row["feedback_stats"]),
        user=person(metadata),
        session=conversation(metadata),  # the row's session_id is the project
        trace=words(row.get("trace_id")),
    )


def _pass_over_other_runs(row: Record, model: str | None) -> None:
    """Skip chains, tools and the like: they repeat the tokens of the runs below them."""
    run_type = words(row.get("run_type"))
    if run_type not in (None, "llm"):
        raise Skip(f"{kind(run_type)} run, not a model call")
    if run_type is None and (not model or items(row.get("child_run_ids"))):
        raise Skip("a run above the model calls")
    if words(row.get("status")) == "pending":
        raise Skip("a run that had not ended")


def _said(row: Record) -> object:
    """What was asked, with the tools that LangChain keeps beside the messages."""
    inputs = row["inputs"]
    tools = items(first(row, "extra.invocation_params.tools"))
    if isinstance(inputs, dict) and tools and not inputs.get("tools"):
        return asked({**inputs, "tools": tools})
    return asked(inputs)


def _usage(row: Record) -> Usage:
    """Tokens of the run's own columns, else of its outputs; both at 0 mean: not counted."""
    own = Usage(
        input=count(row.get("prompt_tokens")),
        output=count(row.get("completion_tokens")),
        total=count(row.get("total_tokens")),
    )
    if not own.input and not own.output:
        own = Usage()
    told = [usage_of(found) for found in _usages(row) if found]
    details = _details(
        mapping(row["prompt_token_details"]), mapping(row["completion_token_details"])
    )
    return settled(filled(own, details, *told))


def _usages(row: Record) -> list[Mapping[str, Any]]:
    """The usage objects in the outputs and in LangChain's messages there."""
    outputs = mapping(row["outputs"])
    generation: Any = outputs.get("generations")
    while isinstance(generation, list) and generation:
        generation = generation[0]
    message = mapping(mapping(generation).get("message"))
    inner = mapping(message.get("kwargs")) or message
    return [
        usage_in(outputs, outputs.get("message"), outputs.get("output"), inner),
        mapping(first(row, "outputs.llm_output.token_usage", "outputs.llm_output.usage")),
        mapping(first(row, "extra.metadata.usage_metadata")),
    ]


def _details(prompt: Mapping[str, Any], completion: Mapping[str, Any]) -> Usage:
    """Cached and reasoning tokens; service tiers write them as "priority_cache_read"."""

    def part(details: Mapping[str, Any], *endings: str) -> int | None:
        found = [count(n) for name, n in details.items() if name.endswith(endings)]
        known = [n for n in found if n is not None]
        return sum(known) if known else None

    written = part(prompt, "cache_creation", "cache_write")
    return Usage(
        cache_read=part(prompt, "cache_read", "cached_tokens"),
        cache_write=written or part(prompt, "5m_input_tokens", "1h_input_tokens") or written,
        reasoning=part(completion, "reasoning", "reasoning_tokens"),
    )


def _cost(row: Record) -> float | None:
    total = number(row.get("total_cost"))
    if total is not None:
        return total
    parts = [number(row.get("prompt_cost")), number(row.get("completion_cost"))]
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _feedback(stats: object) -> float | None:
    """The mean over the kinds of feedback whose average lies between 0 and 1."""
    means = [number(mapping(kind).get("avg")) for kind in mapping(stats).values()]
    found = [mean for mean in means if mean is not None and 0.0 <= mean <= 1.0]
    return sum(found) / len(found) if found else None


LANGSMITH: Final = Source("langsmith", "LangSmith runs", _recognises, by_span("langsmith", _run))
