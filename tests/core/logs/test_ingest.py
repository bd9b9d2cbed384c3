# ruff: noqa: E501 - one record per line

import json
import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.errors import BadInput, Cancelled
from core.logs.ingest import ingest
from core.logs.log import Log, delete_log, list_logs
from core.logs.mapping import Mapping

Import = Callable[..., tuple[Log, list[dict[str, object]]]]


def test_the_totals_are_those_of_the_kept_rows(read: Import) -> None:
    log, rows = read(
        "prompt,model,timestamp,input_tokens,cached_tokens,output_tokens,cost,feature\n"
        "How are you?,a,2026-10-01T00:00:00Z,10,4,5,0.5,faq\n"
        "And you?,a,2026-10-03T12:00:00Z,20,0,7,,faq\n"
        "Well then,b,,30,0,,0.25,billing\n"
        ",b,2026-10-09T00:00:00Z,99,0,9,9,billing\n"
    )
    assert (log.rows, log.rows_kept, log.dropped) == (4, 3, {"no query text": 1})
    assert (log.models, log.segments) == ({"a": 2, "b": 1}, {"faq": 2, "billing": 1})
    assert (log.input_tokens, log.cache_read_tokens, log.output_tokens) == (60, 4, 12)
    assert (log.output_tokens_estimated, log.input_tokens_estimated) == (250, 0)
    assert (log.logged_cost_usd, log.rows_with_cost) == (0.75, 2)
    assert (log.days, log.rows_with_time, log.grain) == (2.5, 2, "request_text")
    assert [row["output_tokens"] for row in rows] == [5, 7, 250]
    assert [row["output_estimated"] for row in rows] == [False, False, True]


def test_missing_outputs_get_the_logs_own_median_when_twenty_rows_have_one(read: Import) -> None:
    known = "".join(f"question {i},{i}\n" for i in range(1, 22))
    log, rows = read("query,output_tokens\n" + known + "one more,\n")
    assert rows[-1]["output_tokens"] == 11  # the middle of 1..21
    assert log.output_tokens == 231 and log.output_tokens_estimated == 11
    assert any("11 tokens (the log's own median)" in warning for warning in log.warnings)


def test_rare_segments_become_other_in_the_log_and_in_the_rows(read: Import) -> None:
    lines = [f"what about {i},s{i % 60:02d}\n" for i in range(60 * 3 + 10)]
    log, rows = read("query,segment\n" + "".join(lines))
    assert len(log.segments) == 51 and sum(log.segments.values()) == 190
    assert log.segments["other"] == 3 * 10  # the ten most frequent ones have four
    assert sum(row["segment"] == "other" for row in rows) == 30


def test_a_log_read_twice_is_kept_once(
    file: Callable[..., Path], folder: Path, noon: datetime
) -> None:
    path = file("q\nHello there\n")
    first = ingest(path, Mapping(text="q"), folder, name="a", now=noon)
    again = ingest(path, Mapping(text="q"), folder, name="b", now=noon.replace(year=2027))
    assert again == first and list_logs(folder) == [first]
    other = ingest(path, Mapping(text="q"), folder, name="a", now=noon, keep_text=False)
    assert other.digest != first.digest and other.grain == "request_notext"


def test_a_damaged_log_is_read_again(
    file: Callable[..., Path], folder: Path, noon: datetime
) -> None:
    path = file("q\nHello there\n")
    first = ingest(path, Mapping(text="q"), folder, name="a", now=noon)
    (folder / first.digest / "log.json").write_text("{")
    assert ingest(path, Mapping(text="q"), folder, name="a", now=noon) == first
    assert list_logs(folder) == [first]


def test_a_text_of_a_million_characters_is_pointed_out(read: Import) -> None:
    log, _ = read('query,n\n"open ' + "row\n" * 300_000 + '",1\n')
    assert any("never closed" in warning for warning in log.warnings)


def test_nothing_is_left_after_a_cancel_or_a_failure(
    file: Callable[..., Path], folder: Path, noon: datetime
) -> None:
    path = file("q\nHello there\n")
    answers = iter([False, True])
    with pytest.raises(Cancelled):
        ingest(path, Mapping(text="q"), folder, name="a", now=noon, cancelled=lambda: next(answers))
    with pytest.raises(BadInput, match="no column 'z'"):
        ingest(path, Mapping(text="z"), folder, name="a", now=noon)
    with pytest.raises(BadInput, match="No column"):
        ingest(path, Mapping(), folder, name="a", now=noon)
    assert [place.name for place in folder.iterdir()] == [".identity-key"]


def test_progress_ends_at_the_files_size(
    file: Callable[..., Path], folder: Path, noon: datetime
) -> None:
    path = file('{"q": "Hello there"}\n' * 30_000)
    seen: list[tuple[int, int]] = []
    ingest(path, Mapping(text="q"), folder, name="a", now=noon, progress=lambda *p: seen.append(p))
    size = path.stat().st_size
    assert len(seen) == 2 and seen == sorted(seen) and seen[-1] == (size, size)


def test_rows_keep_their_order_and_numbers_over_chunks(read: Import) -> None:
    dice = random.Random(3)
    texts = [f"q{i} " + "x" * dice.randrange(100) if i % 7 else "" for i in range(45_000)]
    log, rows = read("\n".join(f'{{"q": "{text}"}}' for text in texts), Mapping(text="q"))
    kept = [(f"row-{i}", text) for i, text in enumerate(texts, start=1) if text]
    assert [(row["request_id"], row["text"]) for row in rows] == kept
    assert log.rows == 45_000


def test_one_row_with_most_of_the_cost_is_pointed_out(read: Import) -> None:
    cheap = "".join(f"{i + 10},0.01\n" for i in range(50))
    log, _ = read("prompt_tokens,cost\n" + cheap + "10023,9990.01\n")
    assert log.warnings[0].startswith("One request (row-51) logs $9,990.01 of the log's $9,990.51;")
    assert log.grain == "request_notext"


def test_a_cost_of_zero_with_tokens_is_pointed_out(read: Import) -> None:
    log, _ = read("prompt_tokens,cost\n10,0\n20,0\n30,0.5\n")
    assert log.warnings[0].startswith("2 of 3 requests log a cost of 0 although they have tokens")


def test_texts_cut_at_a_round_length_are_pointed_out(read: Import) -> None:
    log, _ = read("query\n" + "".join(f"{i:04d}" + "x" * 396 + "\n" for i in range(9)) + "short\n")
    assert any("9 texts are exactly 400 characters long" in warning for warning in log.warnings)


def test_future_times_and_a_semicolon_files_decimal_commas_are_understood(read: Import) -> None:
    log, rows = read("query;cost;date\nHow so?;1,234;2026-12-24\nWhy?;0,5;2026-11-01\n")
    assert [row["cost_usd"] for row in rows] == [1.234, 0.5]
    assert any("1 request(s) are dated in the future" in warning for warning in log.warnings)


def kept_words(folder: Path) -> str:
    """All that a folder of logs holds, out of the Parquet files' packing too."""
    words = []
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            words += [str(row) for row in pq.read_table(path).to_pylist()]
            words.append(str(pq.read_metadata(path).row_group(0)))
            words.append(path.read_bytes().decode("latin-1"))
        elif path.is_file():
            words.append(path.read_bytes().decode("latin-1"))
    return "\n".join(words)


def test_secrets_never_reach_the_disk(read: Import, folder: Path) -> None:
    log, _ = read("query,user_email\nwrite to eve@corp.example please,eve@corp.example\n")
    assert log.redactions == {"EMAIL": 1}
    assert "please" in kept_words(folder) and "eve@corp" not in kept_words(folder)


CHAT = [
    {"role": "system", "content": "zebra rules"},
    {"role": "user", "content": "earlier zebra"},
    {"role": "assistant", "content": "a zebra", "tool_calls": [
        {"id": "1", "function": {"name": "search", "arguments": "{\"q\": \"zebra\"}"}}]},
    {"role": "tool", "tool_call_id": "1", "content": "found zebra"},
    {"role": "user", "content": "Where is the zebra?"},
]  # fmt: skip
REPLY = {"choices": [{"message": {"role": "assistant", "content": "The zebra sleeps."}}]}
TOOL_ROWS: dict[str, dict[str, object]] = {
    "braintrust": {"id": "a", "_xact_id": "1", "span_id": "s", "root_span_id": "t", "input": CHAT, "output": REPLY, "expected": "zebra", "metrics": {"prompt_tokens": 20, "completion_tokens": 7}, "metadata": {"model": "m", "note": "zebra"}, "span_attributes": {"type": "llm", "name": "zebra"}},
    "litellm_spendlogs": {"request_id": "a", "call_type": "completion", "spend": 0.1, "startTime": "2026-10-05T16:20:00Z", "model": "m", "prompt_tokens": 20, "completion_tokens": 7, "messages": CHAT, "response": REPLY, "proxy_server_request": {"messages": CHAT}, "metadata": {}},
    "langfuse_observations": {"id": "a", "traceId": "t", "type": "GENERATION", "startTime": "2026-10-05T16:20:00Z", "model": "m", "input": {"messages": CHAT}, "output": "zebra", "usageDetails": {"input": 20, "output": 7}, "inputUsage": 20, "statusMessage": "zebra"},
    "llm_json": {"id": "a", "model": "m", "prompt": "the zebra?", "system": "zebra", "response": "zebra", "conversation_id": "c", "conversation_name": "zebra", "duration_ms": 900, "datetime_utc": "2026-10-05T16:20:00", "input_tokens": 20, "output_tokens": 7},
    "generic": {"query": "the zebra?", "system": "zebra", "response": "zebra", "input_tokens": 20, "output_tokens": 7},
}  # fmt: skip


@pytest.mark.parametrize("source", TOOL_ROWS)
def test_a_log_without_texts_holds_no_text_anywhere(
    source: str, read: Import, folder: Path
) -> None:
    content = json.dumps([TOOL_ROWS[source]])
    with_texts, _ = read(content)
    assert (with_texts.source, with_texts.grain) == (source, "request_text")
    assert "zebra" in kept_words(folder)
    delete_log(folder, with_texts.digest)
    log, rows = read(content, keep_text=False)
    assert (log.grain, log.input_tokens, log.output_tokens) == ("request_notext", 20, 7)
    assert rows[0]["text"] is None and rows[0]["text_chars"] == with_texts.rows * len(
        "Where is the zebra?"
        if source in ("braintrust", "litellm_spendlogs", "langfuse_observations")
        else "the zebra?"
    )
    assert "zebra" not in kept_words(folder)
