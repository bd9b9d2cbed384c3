"""What can only be settled at the end of a log, seen through whole imports."""

from collections.abc import Callable

import pytest

from core.logs import completion
from core.logs.completion import GENERAL_OUTPUT_TOKENS, foreseen_fill
from core.logs.log import Log
from core.logs.mapping import Mapping

Rows = list[dict[str, object]]
Import = Callable[..., tuple[Log, Rows]]


def test_a_missing_output_count_becomes_the_logs_own_median_when_enough_rows_have_one(
    read: Import,
) -> None:
    rows = "".join(f"question {n},10,{n}\n" for n in range(1, 22))
    log, kept = read("query,input_tokens,output_tokens\n" + rows + "the last one,10,\n")
    assert kept[-1]["output_tokens"] == 11 and kept[-1]["output_estimated"]
    assert log.output_tokens_estimated == 11


def test_with_few_counts_it_becomes_the_general_assumption(read: Import) -> None:
    _, kept = read("query,input_tokens,output_tokens\nwhere is it,10,7\nwhy is it,10,\n")
    assert [row["output_tokens"] for row in kept] == [7, GENERAL_OUTPUT_TOKENS]


def test_it_is_foreseen_only_where_no_column_tells_of_outputs() -> None:
    assert foreseen_fill(Mapping(text="q")) == GENERAL_OUTPUT_TOKENS
    for told in ("output_tokens", "total_tokens", "response"):
        assert foreseen_fill(Mapping(text="q", **{told: "x"})) is None  # type: ignore[arg-type]


def test_rare_names_become_other(read: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "MAX_MODELS", 2)
    names = ["a", "a", "b", "b", "c"]
    content = "query,model\n" + "".join(f"where is it {i},{m}\n" for i, m in enumerate(names))
    log, kept = read(content)
    assert [row["model"] for row in kept] == ["a", "a", "b", "b", "other"]
    assert log.models == {"a": 2, "b": 2, "other": 1}


def test_the_few_rows_of_another_grain_go(read: Import) -> None:
    head = "query,input_tokens\n"
    log, kept = read(
        head + "where is it,5\nwhy is it,6\n,7\n",
        Mapping(text="query", input_tokens="input_tokens"),
    )
    assert [row["input_tokens"] for row in kept] == [5, 6]
    assert log.dropped == {"no query text": 1} and log.grain == "request_text"
    log, kept = read(
        head + "where is it,5\n,6\n,7\n", Mapping(text="query", input_tokens="input_tokens")
    )
    assert [row["text"] for row in kept] == [None, None, None]
    assert log.grain == "request_notext"


def test_repeats_of_one_ask_are_numbered(read: Import) -> None:
    head = "query,session_id,timestamp\n"
    one = "where is it,s1,2026-10-05T10:00:00Z\n"
    again = "where is it,s1,2026-10-05T10:01:00Z\n"
    later = "where is it,s1,2026-10-05T12:00:00Z\n"
    log, kept = read(head + one + again + later)
    assert [row["attempt"] for row in kept] == [1, 2, 1]
    assert log.repeats == 1
