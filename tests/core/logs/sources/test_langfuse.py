"""Langfuse's exports, with the values of small logs worked out by hand."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import BadInput
from core.logs.ingest import ingest
from core.logs.preview import preview
from core.logs.sources.call import Usage
from core.logs.sources.langfuse_usage import usage_of_details

CHAT = [
    {"role": "system", "content": "Answer in one line."},
    {"role": "user", "content": "Which plans have an audit log?"},
]
REPLY = {"role": "assistant", "content": "Business and Enterprise."}


def observation(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "ob-1",
        "traceId": "tr-1",
        "startTime": "2026-10-01T08:00:00.000Z",
        "endTime": "2026-10-01T08:00:02.500Z",
        "projectId": "p-1",
        "parentObservationId": None,
        "type": "GENERATION",
        "name": "reply",
        "level": "DEFAULT",
        "input": CHAT,
        "output": REPLY,
        "metadata": {"route": "sales"},
        "model": "claude-sonnet-4-5",
        "latency": 2.5,
        "usageDetails": {"input": 50, "output": 20, "total": 70},
        "costDetails": {"input": 0.00015, "output": 0.0003, "total": 0.00045},
        "totalCost": 0.00045,
        "inputUsage": 50,
        "outputUsage": 20,
        "totalUsage": 70,
        "traceName": "sales-chat",
        "traceTags": ["prod", "eu"],
        "userId": "u-9",
    }
    return {**row, **changes}


def event(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "ev-1",
        "traceId": "tr-1",
        "traceName": "sales-chat",
        "type": "GENERATION",
        "name": "reply",
        "startTime": "2026-10-01T08:00:00.000Z",
        "endTime": "2026-10-01T08:00:00.700Z",
        "sessionId": "s-1",
        "level": "DEFAULT",
        "providedModelName": "gpt-4.1-mini",
        "usageDetails": {"input": 120, "input_cached_tokens": 80, "output": 40, "total": 240},
        "totalCost": 0.00012,
        "input": json.dumps(CHAT),
        "output": json.dumps(REPLY),
        "latencyMs": 700,
        "tags": ["prod"],
    }
    return {**row, **changes}


def blob(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "bl-1",
        "trace_id": "tr-1",
        "project_id": "p-1",
        "type": "GENERATION",
        "parent_observation_id": None,
        "start_time": "2026-10-01 08:00:00.000",
        "end_time": "2026-10-01 08:00:01.500",
        "name": "reply",
        "level": "DEFAULT",
        "input": json.dumps(CHAT),
        "output": json.dumps(REPLY),
        "provided_model_name": "gpt-4.1-mini",
        "model_parameters": '{"temperature":0}',
        "usage_details": {"input": 50, "output": 20, "total": 70},
        "cost_details": {"total": 0.00045},
        "total_cost": 0.00045,
        "latency": 1.5,
    }
    return {**row, **changes}


def lines(rows: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def table(rows: Sequence[dict[str, Any]], *, quoted: Sequence[str] = ()) -> str:
    """The rows as Langfuse's CSV: every cell quoted, texts as they are, all else as JSON.

    Dates are JSON too; so are the `quoted` texts (exports of before March 2026).
    """

    def cell(name: str, value: Any) -> str:
        if value is None:
            return ""
        plain = isinstance(value, str) and not name.endswith("Time") and name not in quoted
        return value if plain else json.dumps(value)

    file = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([[cell(name, row.get(name)) for name in names] for row in rows])
    return file.getvalue()


def check_first_row(row: dict[str, Any]) -> None:
    assert row["text"] == "Which plans have an audit log?"
    assert row["system_text"] == "Answer in one line."
    assert row["model"] == "claude-sonnet-4-5"
    assert row["time"].isoformat() == "2026-10-01T08:00:00+00:00"
    assert (row["input_tokens"], row["cache_read_tokens"], row["output_tokens"]) == (50, 0, 20)
    assert row["cost_usd"] == pytest.approx(0.00045)
    assert row["latency_ms"] == pytest.approx(2500)
    assert (row["segment"], row["tags"], row["status"]) == ("sales-chat", "prod, eu", "ok")


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([observation()]),
        json.dumps([observation()], indent=2),
        lines([observation()]),
        lines([observation()]).replace("\n", "\r\n"),
        "\ufeff" + lines([observation()]),
        json.dumps({"data": [observation()], "meta": {"page": 1}}),
        table([observation()]),
        "\ufeff" + table([observation()]),
        table([observation()], quoted=["id", "input", "model", "name", "traceName", "type"]),
        gzip.compress(table([observation()]).encode()),
        table([dict(reversed(observation().items()))]),
        table([observation(row=7, embedding=[2.5, 3.5])]),
    ],
)
def test_an_observation_reads_the_same_from_every_container(read: Any, content: Any) -> None:
    log, rows = read(content)
    assert (log.source, log.grain, log.rows) == ("langfuse_observations", "request_text", 1)
    check_first_row(rows[0])
    assert rows[0]["feedback"] is None


def test_optional_columns_may_be_missing(read: Any) -> None:
    gone = ("projectId", "inputUsage", "totalCost", "latency", "traceName", "userId", "metadata")
    log, rows = read(json.dumps([{k: v for k, v in observation().items() if k not in gone}]))
    assert log.source == "langfuse_observations"
    assert rows[0]["cost_usd"] == pytest.approx(0.00045)  # of costDetails
    assert rows[0]["latency_ms"] == pytest.approx(2500)  # between its two times
    assert rows[0]["segment"] == "reply"
    assert rows[0]["user"] is None


def test_plain_texts_of_old_csv_exports_lose_their_second_quotes(read: Any) -> None:
    row = observation(input='Say "yes"\nor no', output="yes")
    _, rows = read(table([row], quoted=["id", "input", "output", "model", "traceName"]))
    assert rows[0]["text"] == 'Say "yes"\nor no'
    assert (rows[0]["request_id"], rows[0]["segment"]) == ("ob-1", "sales-chat")


def test_events_are_in_milliseconds_and_their_messages_in_json_strings(read: Any) -> None:
    for content in (lines([event()]), json.dumps([event()]), table([event()])):
        log, rows = read(content)
        assert log.source == "langfuse_events"
        assert rows[0]["text"] == "Which plans have an audit log?"
        assert rows[0]["latency_ms"] == 700
        assert (rows[0]["input_tokens"], rows[0]["cache_read_tokens"]) == (200, 80)
        assert (rows[0]["segment"], rows[0]["tags"]) == ("sales-chat", "prod")
        assert rows[0]["session"] is not None


def test_blob_files_have_snake_case_seconds_and_times_without_a_zone(read: Any) -> None:
    for content in (lines([blob()]), table([blob()])):
        log, rows = read(content)
        assert log.source == "langfuse_blob"
        assert rows[0]["time"].isoformat() == "2026-10-01T08:00:00+00:00"
        assert rows[0]["model"] == "gpt-4.1-mini"
        assert rows[0]["latency_ms"] == 1500
        assert (rows[0]["input_tokens"], rows[0]["output_tokens"]) == (50, 20)
        assert rows[0]["cost_usd"] == pytest.approx(0.00045)


def test_a_latency_in_milliseconds_shows_by_the_two_times(read: Any) -> None:
    _, rows = read(lines([blob(latency=1500)]))
    assert rows[0]["latency_ms"] == 1500
    _, rows = read(lines([observation(latency=2500)]))
    assert rows[0]["latency_ms"] == 2500


def test_a_latency_without_an_end_is_in_seconds(read: Any) -> None:
    _, rows = read(lines([blob(latency=3, end_time=None)]))
    assert rows[0]["latency_ms"] == 3000


def test_blob_fields_of_groups_that_are_switched_off_stay_empty(read: Any) -> None:
    off = ("usage_details", "cost_details", "total_cost", "latency", "end_time", "metadata")
    row = {k: v for k, v in blob(parent_observation_id="x").items() if k not in off}
    log, rows = read(lines([row]))
    assert log.source == "langfuse_blob"
    assert (log.input_tokens, log.logged_cost_usd) == (None, None)
    assert (rows[0]["input_estimated"], rows[0]["latency_ms"]) == (True, None)


def parquet(folder: Path, columns: dict[str, Any]) -> Path:
    path = folder / "observations.parquet"
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize("kind", ["map", "struct", "text"])
def test_blob_parquet_may_hold_maps_structs_or_text(
    kind: str, tmp_path: Path, folder: Path, noon: Any
) -> None:
    usage = {"input": 20, "input_cached_tokens": 100, "output": 30, "total": 150}
    types = {
        "map": pa.array([list(usage.items())], pa.map_(pa.string(), pa.int64())),
        "struct": pa.array([usage]),
        "text": pa.array([json.dumps(usage)]),
    }
    row = {name: [value] for name, value in blob().items() if name not in ("cost_details",)}
    path = parquet(tmp_path, {**row, "usage_details": types[kind], "tool_call_names": [["find"]]})
    look = preview(path, path.name)
    log = ingest(path, look.mapping, folder, name=path.name, now=noon)
    row = pq.read_table(folder / log.digest / "queries.parquet").to_pylist()[0]
    assert look.source == "langfuse_blob"
    assert (row["input_tokens"], row["cache_read_tokens"], row["output_tokens"]) == (120, 100, 30)
    assert row["tools"] == "find"


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        # beside: 120 + 80 + 40 = 240
        (
            {"input": 120, "input_cached_tokens": 80, "output": 40, "total": 240},
            Usage(200, 80, None, 40, None, 240),
        ),
        # inside: 200 + 40 = 240
        (
            {"input": 200, "input_cached_tokens": 80, "output": 40, "total": 240},
            Usage(200, 80, None, 40, None, 240),
        ),
        # no total: the buckets add up
        ({"input": 120, "input_cached_tokens": 80, "output": 40}, Usage(200, 80, None, 40)),
        # more than the input is beside, whatever the total leaves out
        (
            {"input": 20, "input_cache_read": 100, "output": 40, "total": 60},
            Usage(120, 100, None, 40, None, 60),
        ),
        # written beside, by lifetime: 10 + 300 + (40 + 60) + 5 = 415
        (
            {
                "input": 10,
                "cache_read_input_tokens": 300,
                "input_cache_creation_5m": 40,
                "input_cache_creation_1h": 60,
                "output": 5,
                "total": 415,
            },
            Usage(410, 300, 100, 5, None, 415),
        ),
        # a sum and its parts are one thing
        (
            {"input": 10, "input_cache_creation": 100, "input_cache_creation_5m": 100, "output": 5},
            Usage(110, None, 100, 5),
        ),
        # read inside, written beside: 400 + 50 + 7 = 457
        (
            {
                "input": 400,
                "cache_read_input_tokens": 300,
                "cache_creation_input_tokens": 50,
                "output": 7,
                "total": 457,
            },
            Usage(450, 300, 50, 7, None, 457),
        ),
        # reasoning beside: 60 + 30 + 90 = 180
        (
            {"input": 60, "output": 30, "output_reasoning_tokens": 90, "total": 180},
            Usage(60, None, None, 120, 90, 180),
        ),
        # reasoning inside: 60 + 120 = 180
        (
            {"input": 60, "output": 120, "output_reasoning": 90, "total": 180},
            Usage(60, None, None, 120, 90, 180),
        ),
        # audio and text are further kinds: 0 + 70 + 30 + 12 = 112
        (
            {"input": 0, "input_text_tokens": 70, "input_audio": 30, "output": 12, "total": 112},
            Usage(100, None, None, 12, None, 112),
        ),
        # cached text lies inside the text: 0 + 200 + 10 = 210
        (
            {"input": 0, "input_text_tokens": 200, "input_cached_tokens": 80, "output": 10,
             "total": 210},
            Usage(200, 80, None, 10, None, 210),
        ),
        # Gemini: cached inside the prompt, thoughts beside the answer: 500 + 50 + 120 = 670
        (
            {
                "prompt_token_count": 500,
                "cached_content_token_count": 300,
                "candidates_token_count": 50,
                "thoughts_token_count": 120,
                "total_token_count": 670,
            },
            Usage(500, 300, None, 170, 120, 670),
        ),
        # the same without a total, and in the API's own spelling
        (
            {"promptTokenCount": 500, "cachedContentTokenCount": 300, "candidatesTokenCount": 50,
             "thoughtsTokenCount": 120},
            Usage(500, 300, None, 170, 120),
        ),
        # OpenAI's own names include what they detail
        (
            {"prompt_tokens": 90, "completion_tokens": 60, "reasoning_tokens": 45},
            Usage(90, None, None, 60, 45),
        ),
        # nested, as OpenAI sends it
        (
            {"prompt_tokens": 90, "completion_tokens": 60,
             "prompt_tokens_details": {"cached_tokens": 64}, "total_tokens": 150},
            Usage(90, 64, None, 60, None, 150),
        ),
        # no main count: the rest of the total
        (
            {"input_cached_tokens": 80, "output": 40, "total": 320},
            Usage(None, 80, None, 40, None, 320),
        ),
        ({"total": 43}, Usage(total=43)),
        ({"input": "31", "output": "12"}, Usage(31, None, None, 12)),
        ({"input": 31, "output": None, "web_search_requests": 2}, Usage(31)),
        ({"input": 0, "output": 0, "total": 0}, Usage()),
        ({}, Usage()),
    ],
)  # fmt: skip
def test_buckets_add_up_to_the_total_when_there_is_one(
    details: dict[str, Any], expected: Usage
) -> None:
    assert usage_of_details(details) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"usageDetails": {}, "providedUsageDetails": {"input": 7, "output": 3}}, (7, 3)),
        ({"usageDetails": None, "inputUsage": 9, "outputUsage": 4}, (9, 4)),
        ({"usageDetails": None, "promptTokens": 9, "completionTokens": 4, "inputUsage": None,
          "outputUsage": None, "totalUsage": None}, (9, 4)),
        ({"usageDetails": None, "usage": {"input": 9, "output": 4, "unit": "TOKENS"}}, (9, 4)),
        ({"usageDetails": None, "usage": {"promptTokens": 9, "completionTokens": 4}}, (9, 4)),
    ],
)  # fmt: skip
def test_older_columns_tell_the_tokens_when_there_are_no_details(
    read: Any, changes: dict[str, Any], expected: tuple[int, int]
) -> None:
    for content in (lines([observation(**changes)]), table([observation(**changes)])):
        _, rows = read(content)
        assert (rows[0]["input_tokens"], rows[0]["output_tokens"]) == expected
        assert rows[0]["input_estimated"] is False


def test_no_usage_is_unknown_and_not_zero(read: Any) -> None:
    nothing = {"usageDetails": {}, "inputUsage": 0, "outputUsage": 0, "totalUsage": 0}
    log, rows = read(lines([observation(**nothing, costDetails={}, totalCost=0)]))
    assert (log.input_tokens, log.output_tokens) == (None, None)
    assert (rows[0]["input_estimated"], rows[0]["cost_usd"]) == (True, None)


def test_a_zero_cost_without_details_is_an_unknown_price_but_a_priced_zero_stays(
    read: Any,
) -> None:
    _, rows = read(lines([observation(costDetails={}, totalCost=0)]))
    assert rows[0]["cost_usd"] is None
    _, rows = read(lines([observation(costDetails={"total": 0}, totalCost=0)]))
    assert rows[0]["cost_usd"] == 0


def test_negative_tokens_are_not_mended(read: Any) -> None:
    log, _ = read(lines([observation(), observation(id="ob-2", usageDetails={"input": -5})]))
    assert (log.rows_kept, log.dropped) == (1, {"negative tokens": 1})


def test_counts_of_characters_are_no_tokens(read: Any) -> None:
    row = observation(usageDetails=None, usage={"input": 900, "output": 400, "unit": "CHARACTERS"})
    log, _ = read(lines([{**row, "inputUsage": None, "outputUsage": None, "totalUsage": None}]))
    assert log.input_tokens is None


@pytest.mark.parametrize(
    ("changes", "cost"),
    [
        ({"totalCost": "0.0021"}, 0.0021),
        ({"totalCost": None}, 0.00045),
        ({"totalCost": None, "costDetails": None, "calculatedTotalCost": 0.003}, 0.003),
        ({"totalCost": None, "costDetails": None, "inputCost": 0.001, "outputCost": 0.004}, 0.005),
        ({"totalCost": None, "costDetails": {"input": 0.001, "output": 0.002}}, 0.003),
        ({"totalCost": None, "costDetails": None}, None),
    ],
)
def test_the_cost_is_the_total_or_the_sum_of_what_is_told(
    read: Any, changes: dict[str, Any], cost: float | None
) -> None:
    _, rows = read(lines([observation(**changes)]))
    assert rows[0]["cost_usd"] == (None if cost is None else pytest.approx(cost))


def test_the_api_of_the_years_before_is_read_too(read: Any) -> None:
    row = {
        "id": "ob-5", "traceId": "tr-5", "type": "GENERATION", "name": "reply",
        "startTime": "2025-02-03T10:00:00Z", "endTime": "2025-02-03T10:00:04Z",
        "model": "gpt-4o", "modelParameters": {}, "input": CHAT, "output": REPLY,
        "usage": {"input": 31, "output": 12, "total": 43, "unit": "TOKENS"},
        "usageDetails": {"input": 31, "output": 12, "total": 43},
        "calculatedInputCost": 0.0001, "calculatedOutputCost": 0.0002,
        "calculatedTotalCost": 0.0003, "latency": 4, "level": "DEFAULT",
        "parentObservationId": None, "completionStartTime": None,
    }  # fmt: skip
    log, rows = read(json.dumps({"data": [row], "meta": {"page": 1, "totalItems": 1}}))
    assert log.source == "langfuse_observations"
    assert (rows[0]["input_tokens"], rows[0]["output_tokens"]) == (31, 12)
    assert rows[0]["cost_usd"] == pytest.approx(0.0003)
    assert rows[0]["latency_ms"] == 4000


def test_spans_are_passed_over_and_in_no_count(read: Any) -> None:
    span = observation(id="ob-0", type="SPAN", model=None, usageDetails={}, totalCost=None,
                       costDetails={}, inputUsage=0, outputUsage=0, totalUsage=0)  # fmt: skip
    tool = {**span, "id": "ob-2", "type": "TOOL", "input": {"q": "audit log"}}
    log, rows = read(table([span, observation(parentObservationId="ob-0"), tool]))
    assert [row["request_id"] for row in rows] == ["ob-1"]
    assert log.rows == log.rows_kept == 1
    assert log.passed_over == {
        "span observation, not a model call": 1,
        "tool observation, not a model call": 1,
    }


def test_embeddings_count_and_an_agent_with_a_model_and_tokens_of_its_own(read: Any) -> None:
    vector = observation(id="ob-2", type="EMBEDDING", input="audit log", output=None)
    agent = observation(id="ob-3", type="AGENT", parentObservationId="ob-9")
    log, _ = read(lines([observation(), vector, agent]))
    assert (log.rows_kept, log.passed_over) == (3, {})
    assert log.input_tokens == 150


def test_an_agent_that_repeats_the_tokens_of_its_calls_is_passed_over(read: Any) -> None:
    agent = observation(id="ob-3", type="AGENT")
    step = observation(id="ob-4", type="CHAIN", parentObservationId="ob-3", model=None)
    call = observation(parentObservationId="ob-4")
    log, _ = read(lines([agent, step, call]))
    assert log.input_tokens == 50
    assert log.passed_over == {
        "a span that repeats the model call within it": 1,
        "chain observation, not a model call": 1,
    }


def test_failed_calls_are_kept_apart(read: Any) -> None:
    failed = observation(id="ob-2", level="ERROR", statusMessage="429", usageDetails={},
                         inputUsage=0, outputUsage=0, totalUsage=0, output=None)  # fmt: skip
    log, rows = read(table([observation(), failed, observation(id="ob-3", level="WARNING")]))
    assert [row["status"] for row in rows] == ["ok", "error", "ok"]
    assert (log.rows_kept, log.failed, log.input_tokens) == (2, {"error": 1}, 100)


def test_scores_between_zero_and_one_are_the_feedback(read: Any) -> None:
    first = observation(helpfulness=[0.9], liked=[1, 0], stars=[1], tone=["warm"], toxicity=[0.1])
    other = observation(id="ob-2", helpfulness=None, liked=[True], stars=[4])
    none = observation(id="ob-3", helpfulness=None, liked=None, stars=[5])
    for content in (table([first, other, none]), lines([first, other, none])):
        _, rows = read(content)
        assert rows[0]["feedback"] == pytest.approx((0.9 + 1 + 0) / 3)  # stars go up to 5
        assert [row["feedback"] for row in rows[1:]] == [1, None]


def test_tools_offered_and_called_are_named(read: Any) -> None:
    row = observation(
        toolDefinitions={"search_orders": "{}", "refund": "{}"}, toolCallNames=["refund", "mail"]
    )
    _, rows = read(table([row]))
    assert rows[0]["tools"] == "mail, refund, search_orders"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("What is in Pro?", "What is in Pro?"),
        ({"question": "What is in Pro?"}, "What is in Pro?"),
        ({"args": ["What is in Pro?"], "kwargs": {}}, "What is in Pro?"),
        ({"args": [], "kwargs": {"query": "What is in Pro?"}}, "What is in Pro?"),
        ({"messages": CHAT, "tools": []}, "Which plans have an audit log?"),
        ([[{"type": "human", "content": "What is in Pro?"}]], "What is in Pro?"),
        ({"country": "France"}, '{"country": "France"}'),
    ],
)
def test_the_question_is_found_in_an_application_s_own_input(
    read: Any, value: object, text: str
) -> None:
    for content in (lines([observation(input=value)]), table([observation(input=value)])):
        _, rows = read(content)
        assert rows[0]["text"] == text


def download(**changes: Any) -> dict[str, Any]:
    span = observation(id="ob-0", type="SPAN", model=None, usageDetails={}, costDetails={},
                       totalCost=None, inputUsage=0, outputUsage=0, totalUsage=0)  # fmt: skip
    second = observation(id="ob-2", model="gpt-4o-mini", startTime="2026-10-01T08:00:03Z")
    scores = [
        {"id": "sc-1", "observationId": "ob-1", "name": "thumb", "value": 1, "dataType": "BOOLEAN"},
        {"id": "sc-2", "observationId": "ob-2", "name": "thumb", "value": 0, "dataType": "BOOLEAN"},
        {"id": "sc-3", "observationId": "ob-2", "name": "tone", "value": 1,
         "dataType": "CATEGORICAL", "stringValue": "cold"},
        {"id": "sc-4", "observationId": None, "name": "solved", "value": 1},
    ]  # fmt: skip
    return {"observations": [span, observation(), second], "scores": scores, **changes}


@pytest.mark.parametrize("indent", [None, 1])
def test_a_single_trace_gives_all_of_its_calls(read: Any, indent: int | None) -> None:
    log, rows = read(json.dumps(download(), indent=indent))
    assert (log.source, log.rows) == ("langfuse_trace", 2)
    assert log.passed_over == {"span observation, not a model call": 1}
    check_first_row(rows[0])
    assert [row["feedback"] for row in rows] == [1, 0]
    assert [row["model"] for row in rows] == ["claude-sonnet-4-5", "gpt-4o-mini"]


def test_a_score_of_the_trace_goes_to_its_only_call(read: Any) -> None:
    one = download(observations=[observation(userId=None)], userId="u-1", name="sales")
    _, rows = read(json.dumps(one))
    assert rows[0]["feedback"] == 1  # the mean of thumb and solved
    assert rows[0]["user"] is not None


def test_traces_on_single_lines_and_without_texts_are_read_without_them(read: Any) -> None:
    bare = [
        {k: v for k, v in one.items() if k not in ("input", "output", "metadata")}
        for one in download()["observations"]
    ]
    log, rows = read(lines([download(observations=bare)] * 2))
    assert (log.source, log.grain, log.rows) == ("langfuse_trace", "request_notext", 4)
    assert rows[0]["input_tokens"] == 50


def trace(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "tr-1",
        "timestamp": "2026-10-01T08:00:00.000Z",
        "name": "sales-chat",
        "userId": "u-9",
        "sessionId": "s-1",
        "release": None,
        "environment": "production",
        "tags": ["prod", "eu"],
        "bookmarked": False,
        "public": False,
        "input": {"question": "Which plans have an audit log?"},
        "output": {"answer": "Business."},
        "metadata": {},
        "comments": [],
    }
    return {**row, **changes}


def test_a_traces_export_is_answered_with_the_table_to_export_instead(
    read: Any, file: Callable[..., Path]
) -> None:
    for content in (table([trace()]), lines([trace()]), json.dumps([trace()])):
        log, rows = read(content)
        assert (log.source, log.grain, log.rows) == ("langfuse_traces", "request_text", 1)
        assert "export the observations table instead" in log.warnings[0]
        assert (rows[0]["text"], rows[0]["model"]) == ("Which plans have an audit log?", None)
        assert (log.input_tokens, log.logged_cost_usd) == (None, None)
        assert (rows[0]["segment"], rows[0]["tags"]) == ("sales-chat", "prod, eu")
    assert "observations" in preview(file(table([trace()])), "t.csv").warnings[0]


def test_traces_of_2025_still_tell_tokens_cost_and_seconds(read: Any) -> None:
    old = {"latency": 4.2, "inputTokens": 900, "outputTokens": 80, "totalTokens": 980,
           "totalCost": 0.011, "helpful": [1]}  # fmt: skip
    log, rows = read(table([trace(**old)]))
    assert log.source == "langfuse_traces"
    assert (rows[0]["input_tokens"], rows[0]["output_tokens"]) == (900, 80)
    assert rows[0]["cost_usd"] == pytest.approx(0.011)
    assert rows[0]["latency_ms"] == pytest.approx(4200)
    assert rows[0]["feedback"] == 1
    usage = {"usage.promptTokens": 700, "usage.completionTokens": 60}
    _, rows = read(table([trace(**usage)]))
    assert (rows[0]["input_tokens"], rows[0]["output_tokens"]) == (700, 60)


def test_an_export_of_nothing_but_spans_says_that_no_row_is_a_call(read: Any) -> None:
    span = observation(type="SPAN", model=None, usageDetails={}, inputUsage=0, outputUsage=0,
                       totalUsage=0)  # fmt: skip
    with pytest.raises(BadInput):
        read(table([span]))


def test_ten_thousand_rows_add_up(read: Any) -> None:
    log, _ = read(lines([observation(id=f"ob-{n}") for n in range(10_000)]))
    assert (log.rows_kept, log.input_tokens, log.output_tokens) == (10_000, 500_000, 200_000)
    assert log.logged_cost_usd == pytest.approx(4.5)
