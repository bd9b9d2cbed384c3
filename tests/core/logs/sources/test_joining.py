"""The requests and the results of a batch become calls with text."""

import json
from typing import Any

import pytest

from core.errors import BadInput
from core.logs.containers.chunk import Chunk
from core.logs.sources import joining
from core.logs.sources.anthropic_batch import ANTHROPIC_BATCH
from core.logs.sources.braintrust import BRAINTRUST
from core.logs.sources.joining import PromptsById, joined, prompts_for
from core.logs.sources.openai_batch import OPENAI_BATCH_OUTPUT
from core.logs.sources.source import Source


def asked(custom_id: str, question: str) -> dict[str, Any]:
    body = {"model": "gpt-5-mini", "messages": [{"role": "user", "content": question}]}
    return {"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions", "body": body}


def answer(custom_id: str) -> dict[str, Any]:
    body = {"model": "gpt-5-mini", "usage": {"prompt_tokens": 12, "completion_tokens": 9}}
    return {"custom_id": custom_id, "response": {"status_code": 200, "body": body}, "error": None}


def index(results: Source, *rows: dict[str, Any]) -> PromptsById:
    prompts = prompts_for(results)
    assert prompts is not None
    prompts.add(Chunk(list(rows)))
    return prompts


def texts(results: Source, prompts: PromptsById, *rows: dict[str, Any]) -> list[str | None]:
    source = joined(results, prompts)
    standard = source.standard(Chunk(list(rows)), source.mapping())
    found: list[str | None] = standard.rows["text"].to_pylist()
    return found


def test_a_result_gets_the_prompt_of_its_custom_id_in_any_order() -> None:
    prompts = index(OPENAI_BATCH_OUTPUT, asked("a", "Which ferry?"), asked("b", "Which train?"))
    found = texts(OPENAI_BATCH_OUTPUT, prompts, answer("b"), answer("a"), answer("c"))
    assert len(prompts) == 2
    assert found[0] is not None and "Which train?" in found[0]
    assert found[1] is not None and "Which ferry?" in found[1]
    assert found[2] is None


def test_everything_but_the_text_stays_as_the_result_has_it() -> None:
    prompts = index(OPENAI_BATCH_OUTPUT, asked("a", "Which ferry?"))
    source = joined(OPENAI_BATCH_OUTPUT, prompts)
    rows = source.standard(Chunk([answer("a")]), source.mapping()).rows.to_pylist()
    plain = OPENAI_BATCH_OUTPUT.standard(Chunk([answer("a")]), source.mapping()).rows.to_pylist()
    assert source.id == OPENAI_BATCH_OUTPUT.id
    assert {**rows[0], "text": None} == plain[0]
    assert not any("holds no prompts" in note for note in source.notes)
    assert any("half the standard price" in note for note in source.notes)


def test_an_id_of_two_different_prompts_tells_nothing() -> None:
    prompts = index(
        OPENAI_BATCH_OUTPUT, asked("a", "Which ferry?"), asked("a", "Which train?"),
        asked("b", "When?"), asked("b", "When?"),
    )  # fmt: skip
    found = texts(OPENAI_BATCH_OUTPUT, prompts, answer("a"), answer("b"))
    assert found[0] is None and found[1] is not None
    assert prompts.ambiguous == 1


def test_anthropic_results_join_with_their_own_requests() -> None:
    params = {
        "model": "claude-haiku-4-5",
        "messages": [{"role": "user", "content": "Which ferry?"}],
    }
    prompts = index(ANTHROPIC_BATCH, {"custom_id": "a", "params": params})
    usage = {"input_tokens": 12, "output_tokens": 9}
    result = {"type": "succeeded", "message": {"model": "claude-haiku-4-5", "usage": usage}}
    [text] = texts(ANTHROPIC_BATCH, prompts, {"custom_id": "a", "result": result})
    assert text is not None and "Which ferry?" in json.dumps(text)


def test_other_sources_have_nothing_to_join() -> None:
    assert prompts_for(BRAINTRUST) is None


def test_more_requests_than_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MAX_REQUESTS", 2)
    with pytest.raises(BadInput, match="one batch at a time"):
        index(OPENAI_BATCH_OUTPUT, *(asked(str(n), f"Question {n}?") for n in range(3)))
    monkeypatch.setattr(joining, "MAX_REQUESTS", 9)
    monkeypatch.setattr(joining, "MAX_BYTES", 20)
    with pytest.raises(BadInput, match="one batch at a time"):
        index(OPENAI_BATCH_OUTPUT, asked("a", "Which ferry?"))
