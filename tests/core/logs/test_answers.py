import json
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from core.logs.answers import MAX_ANSWER_CHARS, is_length
from core.logs.canonical import Canonical, Circumstances, canonical
from core.logs.mapping import Mapping

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def read(columns: dict[str, list[str | None]], *, keep_text: bool = True) -> Canonical:
    chunk = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    roles = {name: name for name in columns}
    return canonical(chunk, Mapping(**roles), Circumstances(1, NOW, keep_text=keep_text))  # type: ignore[arg-type]


def test_an_answer_is_kept_redacted() -> None:
    found = read({"text": ["Where?"], "response": ["Write to ann@shop.io."]})
    assert found.rows["answer"].to_pylist() == ["Write to <EMAIL>."]
    assert found.redactions == {"EMAIL": 1}


def test_the_text_of_an_api_response_is_the_answer() -> None:
    body = {"choices": [{"message": {"role": "assistant", "content": "By ferry."}}]}
    found = read({"text": ["How?"], "response": [json.dumps(body)]})
    assert found.rows["answer"].to_pylist() == ["By ferry."]


def test_an_answer_is_cut_and_what_is_secret_at_the_cut_is_gone() -> None:
    words = "a " * (MAX_ANSWER_CHARS // 2 - 5)
    found = read({"text": ["How?"], "response": [f"{words}ann.longname@shop.io and more"]})
    (answer,) = found.rows["answer"].to_pylist()
    assert len(answer) == MAX_ANSWER_CHARS and "ann.long" not in answer


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"turns": ["3"]}, "a later turn cannot be replayed"),
        ({"status": ["error"]}, "a call that failed"),
        ({"response": ["  "]}, "nothing said"),
    ],
)
def test_what_cannot_be_compared_keeps_no_answer(
    columns: dict[str, list[str | None]], why: str
) -> None:
    found = read({"text": ["How?"], "response": ["By ferry."], **columns})
    assert found.rows["answer"].to_pylist() == [None], why


def test_without_texts_no_answer_is_kept_either() -> None:
    columns: dict[str, list[str | None]] = {"text": ["How?"], "response": ["By ferry."]}
    assert read(columns, keep_text=False).rows["answer"].to_pylist() == [None]
    only: dict[str, list[str | None]] = {"input_tokens": ["5"], "response": ["By ferry."]}
    assert read(only).rows["answer"].to_pylist() == [None]


def test_the_length_of_an_answer_is_no_answer() -> None:
    assert is_length(Mapping(response="output_chars")) and not is_length(Mapping(response="out"))
