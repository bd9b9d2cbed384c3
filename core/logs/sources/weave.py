"""W&B Weave: calls as its API and SDK give them, and the flattened CSV of its screens.

A call of an op carries the usage of all calls below it: Weave sums the children's summaries up
and takes the usage of an op's own output only when the op has none (`finish_call` in its client).
So a row counts when it is a model call by its own look: its output is a provider's response, or
its op is a call of a provider's SDK. A row of another op counts when its usage is that of one
request and nothing in this piece of the file lies below it; what a later piece then holds of its
calls does not count again. Rows above another row with usage never count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.logs.containers.records import Record
from core.logs.sources.bodies import answered, asked, usage_in
from core.logs.sources.cached import filled, settled
from core.logs.sources.call import Call, Usage
from core.logs.sources.fields import count, first, mapping, number, opened, span_ms, words
from core.logs.sources.labels import conversation, feature, person
from core.logs.sources.nesting import nested
from core.logs.sources.source import UNLIKE, Look, Skip, Source
from core.logs.sources.spans import Span, SpanReader
from core.logs.sources.usage import usage_of

_REFERENCE: Final = "weave:///"
_USAGE: Final = "summary.usage."
_COSTS: Final = "summary.weave.costs."
# Model names hold dots ("gpt-4.1"), so a column is split before its last known part only.
_COUNT: Final = re.compile(r"(.+?)\.((?:\w+_details\.)?[a-z]\w*)")
_SDK_CALLS: Final = (
    "completions.", "responses.", "messages.", "embeddings.", "generate_content", "chat.complete",
    "chat_completion", "litellm.completion", "litellm.acompletion", "invoke_model", "converse",
    "langchain.llm",
)  # fmt: skip
_PARENT: Final = "an op that repeats the usage of the calls below it"
_SEVERAL: Final = "an op that sums up several calls (export all calls, not only the top ones)"


@dataclass(frozen=True)
class _Row:
    """A row's place in its trace, and the call that it may be."""

    id: str | None
    parent: str | None
    trace: str | None
    requests: int  # that its usage sums up
    sure: bool  # a model call by its own look
    call: Call


def _recognises(look: Look) -> bool:
    if any(name.startswith((_USAGE, "summary.weave.")) for name in look.columns):
        return True
    return "op_name" in look.columns and any(
        str(record.get("op_name")).startswith(_REFERENCE) for record in look.records
    )


def _spans(records: Sequence[Record], dropped: Counter[str]) -> list[Span]:
    rows: list[_Row] = []
    others: list[Span] = []
    for record in records:
        try:
            rows.append(_read(record))
        except Skip as reason:
            others.append(Span(None, None, None, None, str(reason)))
        except UNLIKE:
            dropped["not shaped like the rest of the export"] += 1
    parents = {row.parent for row in rows if row.parent}
    told = bool(parents)  # else the column is missing, and a trace with a sure call is complete
    complete = set() if told else {row.trace for row in rows if row.sure}
    return others + [_span(row, parents, complete) for row in rows]


def _span(row: _Row, parents: Collection[str], complete: Collection[str | None]) -> Span:
    """The row's call where it stands above no other call; else what it is instead."""
    if row.id in parents or (not row.sure and row.trace in complete):
        return Span(row.id, row.parent, row.trace, None, _PARENT)
    if not row.sure and row.requests > 1:
        return Span(row.id, row.parent, row.trace, None, _SEVERAL)
    return Span(row.id, row.parent, row.trace, row.call)


def _read(record: Record) -> _Row:
    row = nested(record, "inputs", "output", "attributes")
    row["summary"] = opened(record.get("summary"))
    used = _by_model(row, "summary.usage", _USAGE)
    said = usage_in(row["output"])
    state = words(first(row, "summary.weave.status"))
    named = any(part in _op(row).lower() for part in _SDK_CALLS)
    sure = bool(said) or (named and bool(used or first(row, "inputs.model")))
    if not used and not sure:
        raise Skip("an op, not a model call")
    if state == "running":
        raise Skip("a call that had not ended")
    call = _call(row, used, said, failed=bool(opened(row.get("exception"))) or state == "error")
    return _Row(
        id=words(row.get("id")),
        parent=words(row.get("parent_id")),
        trace=call.trace,
        requests=sum(count(entry.get("requests")) or 1 for entry in used.values()),
        sure=sure,
        call=call,
    )


def _call(
    row: Record, used: Mapping[str, Mapping[str, Any]], said: Mapping[str, Any], *, failed: bool
) -> Call:
    model = words(first(row, "output.model", "output.model_version"))
    if model not in used and used:
        model = next(iter(used))
    attributes = mapping(row["attributes"])
    ms = number(first(row, "summary.weave.latency_ms"))
    return Call(
        request_id=words(row.get("id")),
        time=words(row.get("started_at")),
        model=model or words(first(row, "inputs.model")),
        text=asked(row["inputs"]),
        response=answered(row["output"]),
        usage=_usage(used, model, said),
        cost_usd=_cost(_by_model(row, "summary.weave.costs", _COSTS)),
        latency_ms=span_ms(row.get("started_at"), row.get("ended_at")) if ms is None else ms,
        status="error" if failed else "ok",
        segment=feature(attributes) or words(row.get("display_name")),
        user=person(attributes) or words(row.get("wb_user_id")),
        session=words(row.get("thread_id")) or conversation(attributes),
        trace=words(row.get("trace_id")),
    )


def _op(row: Record) -> str:
    """The op's bare name: "openai.chat.completions.create" out of its address."""
    name = words(row.get("op_name")) or words(first(row, "summary.weave.trace_name")) or ""
    return name.rpartition("/")[2].partition(":")[0] if name.startswith(_REFERENCE) else name


def _by_model(row: Record, path: str, lead: str) -> dict[str, dict[str, Any]]:
    """What a call's summary says per model, out of objects or out of dotted columns."""
    found = {model: dict(mapping(part)) for model, part in mapping(first(row, path)).items()}
    for name, value in row.items():
        parts = _COUNT.fullmatch(name.removeprefix(lead)) if name.startswith(lead) else None
        if parts and value not in (None, ""):
            place = found.setdefault(parts[1], {})
            *heads, last = parts[2].split(".")
            for head in heads:
                place = place.setdefault(head, {})
            place[last] = opened(value)
    return {m: part for m, part in found.items() if any(map(_counts, part.values()))}


def _counts(value: object) -> bool:
    """Whether a value says something; a table flattened over many models fills up with 0."""
    return bool(value) and number(value) != 0.0


def _usage(
    used: Mapping[str, Mapping[str, Any]], model: str | None, said: Mapping[str, Any]
) -> Usage:
    """The tokens of the model's own entry, with the details that only the output may hold."""
    entry = used.get(model or "") or next(iter(used.values()), {})
    if number(entry.get("input_tokens")) and not number(entry.get("prompt_tokens")):
        zeros = ("prompt_tokens", "completion_tokens")
        entry = {name: value for name, value in entry.items() if name not in zeros}
    return settled(filled(usage_of(entry), usage_of(said)))


def _cost(costs: Mapping[str, Mapping[str, Any]]) -> float | None:
    """The sum of all "…_total_cost" in USD; None when Weave knew no price."""
    parts = [
        found
        for entry in costs.values()
        for name, value in entry.items()
        if name.endswith("_total_cost") and (found := number(value)) is not None
    ]
    return sum(parts) if parts else None


WEAVE: Final = Source("weave", "W&B Weave calls", _recognises, SpanReader("weave", _spans))
