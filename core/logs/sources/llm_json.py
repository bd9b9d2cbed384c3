"""simonw's llm: what `llm logs --json` prints."""

from __future__ import annotations

from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.call import Call
from core.logs.sources.fields import first, number, words
from core.logs.sources.source import Look, Source, by_record
from core.logs.sources.usage import usage_from


def _recognises(look: Look) -> bool:
    return look.has("conversation_id", "duration_ms", "datetime_utc")


def _read(record: Record) -> Call:
    return Call(
        request_id=words(record.get("id")),
        time=words(record.get("datetime_utc")),
        model=words(first(record, "resolved_model", "model")),
        text=_asked(record),
        response=record.get("response"),
        usage=usage_from(
            record.get("token_details"), record.get("input_tokens"), record.get("output_tokens")
        ),
        latency_ms=number(record.get("duration_ms")),
        session=words(record.get("conversation_id")),
    )


def _asked(record: Record) -> object:
    """The prompt with its instructions, as a chat also without them: a prompt may be JSON."""
    prompt, system = record.get("prompt"), record.get("system")
    if not prompt:
        return None
    lead = [{"role": "system", "content": system}] if system else []
    return {"messages": [*lead, {"role": "user", "content": prompt}]}


LLM_JSON: Final = Source("llm_json", "llm logs (JSON)", _recognises, by_record("llm_json", _read))
