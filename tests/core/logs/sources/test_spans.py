"""A call within a call counts once, also where the two lie in different pieces of a file."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from core.logs import partitions
from core.logs.containers.chunk import Chunk
from core.logs.containers.reading import read_chunks
from core.logs.ingest import ingest
from core.logs.log import QUERIES
from core.logs.preview import preview
from core.logs.sources import spans
from core.logs.sources.call import Call, Usage
from core.logs.sources.registry import source_of
from core.logs.sources.spans import Earlier, Span

Record = dict[str, Any]

SAID = [{"role": "user", "content": "Which ferry goes to Corfu?"}]


def langfuse(id_: str, parent: str | None) -> Record:
    return {
        "id": id_, "traceId": "t", "parentObservationId": parent, "type": "GENERATION",
        "startTime": "2026-10-08T10:00:00Z", "model": "gpt-4.1-mini", "input": SAID,
        "usageDetails": {"input": 60, "output": 9}, "inputUsage": 60,
    }  # fmt: skip


def langsmith(id_: str, parent: str | None) -> Record:
    return {
        "id": id_, "trace_id": "t", "parent_run_id": parent, "run_type": "llm", "session_id": "p",
        "dotted_order": id_, "start_time": "2026-10-08T10:00:00", "inputs": {"messages": SAID},
        "outputs": {}, "prompt_tokens": 60, "completion_tokens": 9,
        "extra": {"metadata": {"ls_model_name": "gpt-4.1-mini"}},
    }  # fmt: skip


def braintrust(id_: str, parent: str | None) -> Record:
    return {
        "id": f"row-{id_}", "_xact_id": "1", "span_id": id_, "root_span_id": "t",
        "span_parents": [parent] if parent else None, "span_attributes": {"type": "llm"},
        "input": SAID, "metadata": {"model": "gpt-4.1-mini"},
        "metrics": {"start": 1_791_453_600.0, "prompt_tokens": 60, "completion_tokens": 9},
    }  # fmt: skip


def phoenix(id_: str, parent: str | None) -> Record:
    return {
        "context": {"trace_id": "t", "span_id": id_}, "parent_id": parent, "span_kind": "LLM",
        "start_time": "2026-10-08T10:00:00+00:00", "attributes": {
            "openinference.span.kind": "LLM", "llm.model_name": "gpt-4.1-mini",
            "llm.input_messages": [{"message.role": "user", "message.content": "Hello there?"}],
            "llm.token_count.prompt": 60, "llm.token_count.completion": 9,
        },
    }  # fmt: skip


def weave(id_: str, parent: str | None) -> Record:
    return {
        "id": id_, "trace_id": "t", "parent_id": parent, "op_name": "weave:///e/p/op/ask:1",
        "started_at": "2026-10-08T10:00:00Z", "inputs": {"messages": SAID},
        "summary": {"usage": {"gpt-4.1-mini": {
            "requests": 1, "prompt_tokens": 60, "completion_tokens": 9}}},
    }  # fmt: skip


SPANS: dict[str, Callable[[str, str | None], Record]] = {
    "langfuse_observations": langfuse,
    "langsmith": langsmith,
    "braintrust": braintrust,
    "phoenix_span": phoenix,
    "otel_span": phoenix,
    "weave": weave,
}


@pytest.mark.parametrize("name", SPANS)
@pytest.mark.parametrize("order", ["ab", "ba", "a|b", "b|a", "b|xy|a", "a|xy|b"])
def test_a_call_within_a_call_counts_once_wherever_the_file_is_cut(name: str, order: str) -> None:
    make = SPANS[name]
    found = {"a": make("a", None), "b": make("b", "a"), "x": make("x", None), "y": make("y", None)}
    source = source_of(name).begun()
    read = [
        source.standard(Chunk([found[letter] for letter in piece]), source.mapping())
        for piece in order.split("|")
    ]
    calls = sum(piece.rows.num_rows for piece in read)
    passed = sum(sum(piece.passed_over.values()) for piece in read)
    assert (calls, passed) == (3 if "x" in order else 1, 1)


def test_a_source_that_is_begun_twice_starts_with_an_empty_memory() -> None:
    for _ in range(2):
        source = source_of("langsmith").begun()
        assert source.standard(Chunk([langsmith("a", None)]), source.mapping()).rows.num_rows == 1
        assert source.standard(Chunk([langsmith("b", "a")]), source.mapping()).rows.num_rows == 0


def test_a_whole_log_is_read_with_one_memory(
    file: Callable[..., Path], folder: Path, noon: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "read_chunks", partial(read_chunks, chunk_rows=1))
    rows = [langfuse("a", None), langfuse("b", "a"), langfuse("c", None)]
    path = file("\n".join(map(json.dumps, rows)), "log.jsonl")
    log = ingest(path, preview(path, "log").mapping, folder, name="log", now=noon)
    ids = pq.read_table(folder / log.digest / QUERIES)["request_id"].to_pylist()
    assert (ids, log.input_tokens) == (["a", "c"], 120)
    assert log.passed_over == {"a part of a model call that is counted already": 1}


def test_a_span_between_the_two_may_lie_in_any_piece() -> None:
    call = Call(usage=Usage(input=5))
    outer, between = Span("a", None, "t", call), Span("b", "a", "t", None, "chain")
    inner = Span("c", "b", "t", call)
    earlier = Earlier()
    earlier.add([inner], [inner])
    assert [span.call for span in earlier.sifted([between, outer])] == [None, None]
    earlier = Earlier()
    earlier.add([outer, between], [outer])
    assert [span.call for span in earlier.sifted([inner])] == [None]
    other_trace = Span("c", "b", "u", call)
    assert [span.call for span in earlier.sifted([other_trace])] == [call]


def test_only_the_last_spans_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "_REMEMBERED", 2)
    call, earlier = Call(usage=Usage(input=5)), Earlier()
    for name in "abc":
        span = Span(name, f"above {name}", "t", call)
        earlier.add([span], [span])
    assert list(earlier.calls) == list(earlier.parents) == [("t", "b"), ("t", "c")]
    assert list(earlier.above) == [("t", "above b"), ("t", "above c")]
