import json
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from core.logs.canonical import MAX_SYSTEM_CHARS, Canonical, Circumstances, canonical
from core.logs.mapping import Mapping
from core.logs.privacy.identities import pseudonyms
from core.logs.query import SCHEMA

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def read(columns: dict[str, list[str | None]], **mapping: object) -> Canonical:
    chunk = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    roles = {name: name for name in columns if name in Mapping.__dataclass_fields__}
    return canonical(chunk, Mapping(**{**roles, **mapping}), Circumstances(5, NOW))  # type: ignore[arg-type]


def hash_of(name: str) -> str:
    return pseudonyms(pa.array([name]), b"").to_pylist()[0]


def test_a_full_row_becomes_canonical() -> None:
    found = read(
        {
            "text": ["Where is it? I am a@b.io"],
            "model": [" gpt-4o "],
            "time": ["2026-10-05T16:20:00Z"],
            "input_tokens": ["1,234"],
            "cached_tokens": ["1000"],
            "output_tokens": ["56"],
            "cost": ["$0.01"],
            "latency": ["1.5"],
            "segment": ["faq"],
            "feedback": ["down"],
            "request_id": ["r1"],
            "turns": ["3"],
            "cache_write_tokens": ["200"],
            "reasoning_tokens": ["40"],
            "tags": ["beta, eu"],
            "system": ["Be kind to c@d.io"],
            "tools": ["search"],
            "user": ["ann"],
            "session": ["s1"],
            "status": ["success"],
        },
        latency_unit="s",
    )
    assert found.rows.schema == SCHEMA
    assert found.rows.to_pylist() == [
        {
            "request_id": "r1",
            "time": datetime(2026, 10, 5, 16, 20, tzinfo=UTC),
            "model": "gpt-4o",
            "segment": "faq",
            "tags": "beta, eu",
            "text": "Where is it? I am <EMAIL>",
            "text_chars": 24,
            "system_text": "Be kind to <EMAIL>",
            "answer": None,  # a later turn
            "turns": 3,
            "tools": "search",
            "user": hash_of("ann"),
            "session": hash_of("s1"),
            "requests": 1,
            "input_tokens": 1234,
            "cache_read_tokens": 1000,
            "cache_write_tokens": 200,
            "output_tokens": 56,
            "reasoning_tokens": 40,
            "input_estimated": False,
            "output_estimated": False,
            "cost_usd": 0.01,
            "latency_ms": 1500.0,
            "feedback": 0.0,
            "escalated": None,
            "edited": None,
            "status": "ok",
            "attempt": 1,
        }
    ]
    assert found.redactions == {"EMAIL": 2} and not found.dropped and not found.doubts


def test_rows_are_dropped_for_the_first_reason_that_holds() -> None:
    found = read(
        {
            "text": ["a", " ", None, "b", "c", "d", "e", "NaN", "f"],
            "input_tokens": ["5", "", "", "-1", "5", "5", "5", "", "1e12"],
            "cached_tokens": ["0", "0", "0", "0", "9", "0", "", "0", "0"],
            "cost": ["1", "1", "1", "-1", "1", "-0.5", "", "1", "1"],
        }
    )
    assert found.rows.column("text").to_pylist() == ["a", "e"]
    assert found.rows.column("request_id").to_pylist() == ["row-5", "row-11"]
    assert found.dropped == {
        "no query text": 3,
        "negative tokens": 1,
        "more than 100 million tokens in one request": 1,
        "cached tokens exceed input tokens": 1,
        "negative cost": 1,
    }


def test_without_a_text_column_rows_need_an_input_count() -> None:
    found = read({"input_tokens": ["7", "NaN", ""], "output_tokens": ["1", "2", "3"]})
    assert found.rows.column("text").null_count == 1
    assert found.dropped == {"no input token count": 2}


def test_missing_counts_come_from_the_total_else_from_the_text() -> None:
    found = read(
        {
            "text": ["Explain how REST APIs work"] * 4,
            "input_tokens": ["10", "", "", "30"],
            "output_tokens": ["", "4", "", ""],
            "total_tokens": ["25", "16", "20", ""],
            "response": ["", "", "", "What is your refund window?"],
        }
    ).rows
    assert found.column("input_tokens").to_pylist() == [10, 12, 7, 30]
    assert found.column("output_tokens").to_pylist() == [15, 4, 13, 8]
    assert found.column("input_estimated").to_pylist() == [False, False, True, False]
    assert found.column("output_estimated").to_pylist() == [False, False, True, True]


def test_output_without_any_sign_stays_null() -> None:
    assert read({"text": ["a"]}).rows.column("output_tokens").to_pylist() == [None]


def test_the_length_of_an_answer_gives_its_tokens() -> None:
    found = read({"text": ["a"], "output_chars": ["440"]}, response="output_chars").rows
    assert found.column("output_tokens").to_pylist() == [100]


def test_a_chat_is_priced_whole_and_read_by_its_last_question() -> None:
    chat = '[{"role":"system","content":"Explain how"},{"role":"user","content":"REST APIs work"}]'
    row = read({"text": [chat, "plain"]}).rows.to_pylist()[0]
    assert (row["text"], row["turns"], row["text_chars"]) == ("REST APIs work", 2, 14)
    # 7 words and a newline instead of a blank: 1.3 + .087*26 + .695*5 + 1.1 = 8.137, + 2*4 + 3
    assert row["input_tokens"] == 8 + 11


def test_cached_tokens_beside_the_input_are_added() -> None:
    columns: dict[str, list[str | None]] = {"input_tokens": ["10"], "cached_tokens": ["90"]}
    row = read(columns, cached_beside_input=True).rows.to_pylist()[0]
    assert (row["input_tokens"], row["cache_read_tokens"]) == (100, 90)


@pytest.mark.parametrize(
    ("scale", "cell", "value"),
    [
        ("0-1", "0.5", 0.5),
        ("-1-1", "-1", 0.0),
        ("1-5", "4", 0.75),
        ("0-10", "7", 0.7),
        ("0-100", "55", 0.55),
        ("1-5", "thumbs up", 1.0),
        ("0-1", "7", None),
    ],
)
def test_verdicts_come_on_one_scale(scale: str, cell: str, value: float | None) -> None:
    found = read({"input_tokens": ["1"], "feedback": [cell]}, feedback_scale=scale)
    verdict = found.rows.column("feedback").to_pylist()[0]
    assert verdict == (None if value is None else pytest.approx(value))
    assert bool(found.doubts) == (value is None)


def test_values_that_cannot_be_read_are_null_and_counted() -> None:
    found = read({"input_tokens": ["5", "6"], "output_tokens": ["7", "many"], "time": ["soon", ""]})
    assert found.rows.column("output_tokens").to_pylist() == [7, None]
    assert found.doubts == {"output_tokens: not a number": 1, "time: not a time": 1}


def test_texts_are_left_out_when_they_are_not_kept() -> None:
    chunk = pa.table({"text": ["hello a@b.io"]})
    found = canonical(chunk, Mapping(text="text"), Circumstances(1, NOW, keep_text=False))
    assert found.rows.column("text").to_pylist() == [None] and not found.redactions
    assert found.rows.column("text_chars").to_pylist() == [12]


def test_calls_that_failed_stay_with_their_status_even_when_nothing_else_is_known() -> None:
    found = read(
        {
            "text": ["a", "b", None, None],
            "status": ["200", "rate_limited", "timeout", "ok"],
            "input_tokens": ["5", None, None, None],
        }
    )
    assert found.rows.column("status").to_pylist() == ["ok", "error", "error"]
    assert found.dropped == {"no query text": 1}


def test_rows_that_break_an_invariant_are_dropped_and_not_repaired() -> None:
    found = read(
        {
            "input_tokens": ["10", "10", "10", "10"],
            "output_tokens": ["5", "5", "5", "-5"],
            "reasoning_tokens": ["5", "6", "0", "0"],
            "cached_tokens": ["4", "0", "6", "0"],
            "cache_write_tokens": ["6", "0", "5", "0"],
        }
    )
    assert found.rows.num_rows == 1
    assert found.dropped == {
        "negative tokens": 1,
        "cached tokens exceed input tokens": 1,
        "reasoning tokens exceed output tokens": 1,
    }


def test_a_sum_of_many_calls_may_be_large_and_always_stays() -> None:
    columns = {"input_tokens": ["900000000", None], "requests": ["10", "0"]}
    chunk = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    mapping = Mapping(input_tokens="input_tokens", requests="requests")
    found = canonical(chunk, mapping, Circumstances(1, NOW, aggregate=True))
    assert found.rows.column("requests").to_pylist() == [10, 0] and not found.dropped
    single = canonical(
        chunk.slice(0, 1), Mapping(input_tokens="input_tokens"), Circumstances(1, NOW)
    )
    assert single.dropped == {"more than 100 million tokens in one request": 1}


def test_users_and_sessions_are_stored_as_keyed_hashes_only() -> None:
    chunk = pa.table({"t": ["a", "b"], "u": ["ann@shop.io", "default_user_id"], "s": ["x", None]})
    mapping = Mapping(text="t", user="u", session="s")
    one, other = (canonical(chunk, mapping, Circumstances(1, NOW, key=k)) for k in (b"1", b"2"))
    assert one.rows.column("user").to_pylist() != other.rows.column("user").to_pylist()
    assert one.rows.column("user").to_pylist()[1] is None
    assert one.rows.column("session").null_count == 1
    assert "ann" not in str(one.rows.to_pylist())


def test_personal_data_in_names_and_ids_is_redacted_too() -> None:
    row = read(
        {
            "text": ["a"],
            "model": ["ft:gpt:ann@shop.io"],
            "segment": ["mail ann@shop.io"],
            "tags": ["from 10.20.30.40"],
            "tools": ["ask ann@shop.io"],
            "request_id": ["ann@shop.io"],
        }
    ).rows.to_pylist()[0]
    assert "shop.io" not in str(row) and "10.20.30.40" not in str(row)
    assert row["request_id"] == "row-5"


def test_instructions_are_kept_apart_and_cut() -> None:
    chat = [{"role": "system", "content": "be brief " * 400}, {"role": "user", "content": "hi"}]
    row = read({"text": [json.dumps(chat)]}).rows.to_pylist()[0]
    assert row["text"] == "hi"
    assert len(row["system_text"]) == MAX_SYSTEM_CHARS and row["system_text"].startswith("be brief")
