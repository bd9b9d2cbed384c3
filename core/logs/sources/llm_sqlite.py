"""simonw's llm: its database logs.db, both generations of its tables."""

from __future__ import annotations

from typing import Final

from core.logs.containers.llm_database import MARK
from core.logs.containers.records import Record
from core.logs.sources.call import Call
from core.logs.sources.fields import number, words
from core.logs.sources.source import Look, Source, by_record
from core.logs.sources.usage import usage_from


def _recognises(look: Look) -> bool:
    return look.has(MARK)


def _read(record: Record) -> Call:
    return Call(
        request_id=words(record.get("id")),
        time=words(record.get("datetime_utc")),
        model=words(record.get("model")),
        text=_asked(record),
        response=record.get("response"),
        usage=usage_from(
            record.get("token_details"), record.get("input_tokens"), record.get("output_tokens")
        ),
        latency_ms=number(record.get("duration_ms")),
        session=words(record.get("conversation_id")),
    )


def _asked(record: Record) -> object:
    """All that was sent where it was kept, else the prompt with its instructions."""
    if record.get("messages"):
        return {"messages": record["messages"]}
    prompt, system = record.get("prompt"), record.get("system")
    if not prompt:
        return None
    lead = [{"role": "system", "content": system}] if system else []
    return {"messages": [*lead, {"role": "user", "content": prompt}]}


LLM_SQLITE: Final = Source(
    "llm_sqlite", "llm database (logs.db)", _recognises, by_record("llm_sqlite", _read)
)
