from pathlib import Path

import pytest

from core.places import shipped

from .conftest import HEADER, Run, write_log

PROMISED = {
    "source", "grain", "rows", "rows_kept", "dropped", "models", "input_tokens",
    "cache_read_tokens", "cache_write_tokens", "output_tokens", "input_tokens_estimated",
    "output_tokens_estimated", "cost_usd", "priced_usd", "first_time", "last_time", "warnings",
    "requests", "calls_per_ask", "sessions", "passed_over", "reconcile",
}  # fmt: skip

# One call a row: when, which model, tokens in, read from the cache, written to it, out, and what
# the providers' price pages of that day make of it.
BILLED = [
    # o3 cost 10 / 40 USD per million tokens until 2025-06-09 and 2 / 8 from the day after
    ("2025-06-02T10:00:00Z", "o3-2025-04-16", 3_000, 0, 0, 500, 0.05),
    ("2025-06-20T10:00:00Z", "o3-2025-04-16", 3_000, 0, 0, 500, 0.01),
    # claude-sonnet-4-5: 3 / 15, cached 0.30, written 3.75; twice as much in, 22.50 out, above 200k
    ("2026-10-05T10:00:00Z", "claude-sonnet-4-5-20250929", 9_000, 6_000, 2_000, 400, 0.0183),
    ("2026-10-05T11:00:00Z", "claude-sonnet-4-5-20250929", 250_000, 0, 0, 1_000, 1.5225),
    # gpt-5.6-luna: 1 / 6, cached 0.10 until 2026-07-29; 0.20 / 1.20, cached 0.02 since
    ("2026-07-29T23:00:00Z", "gpt-5.6-luna", 40_000, 30_000, 0, 2_000, 0.025),
    ("2026-07-30T01:00:00Z", "gpt-5.6-luna", 40_000, 30_000, 0, 2_000, 0.005),
]
BILLED_HEADER = (
    "timestamp,model,input_tokens,cache_read_tokens,cache_creation_tokens,output_tokens,cost_usd"
)


def billed(folder: Path, *numbers: int) -> Path:
    """A log of those calls, all of them when none is named."""
    rows = [",".join(map(str, BILLED[n])) for n in numbers or range(len(BILLED))]
    path = folder / "billed.csv"
    path.write_text("\n".join([BILLED_HEADER, *rows]) + "\n")
    return path


def test_the_json_says_what_the_log_is(run: Run, log: Path) -> None:
    found = run("inspect", log, "--json").json
    assert found.keys() >= PROMISED
    assert (found["grain"], found["rows"], found["rows_kept"]) == ("request_text", 20, 20)
    assert found["dropped"] == {}
    assert found["models"] == {"gpt-4o": 20}
    assert (found["input_tokens"], found["output_tokens"]) == (20_000, 4_000)
    assert found["cache_read_tokens"] == 8_000
    assert (found["input_tokens_estimated"], found["output_tokens_estimated"]) == (0, 0)
    assert found["first_time"] == "2026-11-01T12:00:00+00:00"
    assert found["last_time"] == "2026-11-10T12:00:00+00:00"
    assert found["cost_usd"] == pytest.approx(0.08)
    # (600 x 2.50 + 400 x 1.25 + 200 x 10) / 1e6 = 0.004 USD each, at the list price
    assert found["priced_usd"] == pytest.approx(0.08)
    assert (found["requests"], found["passed_over"], found["reconcile"]) == (20, {}, None)


@pytest.mark.parametrize("number", range(len(BILLED)))
def test_a_call_is_priced_as_it_was_billed(run: Run, tmp_path: Path, number: int) -> None:
    found = run("inspect", billed(tmp_path, number), "--json").json
    assert found["cache_write_tokens"] == BILLED[number][4]
    assert found["cost_usd"] == pytest.approx(BILLED[number][-1])
    assert found["priced_usd"] == pytest.approx(found["cost_usd"], rel=1e-9)


def test_a_log_is_priced_call_by_call(run: Run, tmp_path: Path) -> None:
    found = run("inspect", billed(tmp_path), "--json").json
    assert found["priced_usd"] == pytest.approx(sum(row[-1] for row in BILLED))


def test_what_is_not_known_is_null(run: Run, unknown_log: Path) -> None:
    found = run("inspect", unknown_log, "--json").json
    assert (found["cost_usd"], found["priced_usd"]) == (None, None)
    assert (found["calls_per_ask"], found["sessions"]) == (None, None)
    assert found["unpriced_share"] == 1.0
    said = run("inspect", unknown_log).out
    assert "Cost as logged: not stated" in said
    assert "Cost at list prices: unknown: no model has a price" in said
    assert "Without a cost or a known price: 100.0% of the tokens (our-own-bot-9)" in said


def test_tokens_that_nobody_logged_are_null_and_not_zero(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("prompt,model\nhello there,gpt-4o\n")
    found = run("inspect", path, "--json").json
    assert (found["input_tokens"], found["output_tokens"]) == (None, None)
    assert found["input_tokens_estimated"] > 0 and found["first_time"] is None


def test_rows_that_cannot_be_used_are_counted_with_the_reason(run: Run, tmp_path: Path) -> None:
    path = write_log(tmp_path / "log.csv")
    path.write_text(path.read_text() + "x,2026-11-10T12:00:00Z,chat,gpt-4o,hello,10,90,5,0.1\n")
    found = run("inspect", path, "--json").json
    assert found["dropped"] == {"cached tokens exceed input tokens": 1}
    assert (found["rows"], found["rows_kept"]) == (21, 20)


def test_the_words_say_the_same(run: Run, log: Path) -> None:
    said = run("inspect", log)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(
        "This is a table. This log has one row per call, with the text of the query.\n"
        "log.csv: 20 of 20 rows kept\n"
    )
    assert "1 model: gpt-4o (20)\n" in said.out
    assert "Input tokens: 20,000 logged, of them 8,000 read from the cache\n" in said.out
    assert "Cost as logged: $0.08" in said.out and "Cost at list prices: $0.08" in said.out


def test_the_words_for_one_row_are_those_for_one(run: Run, tmp_path: Path) -> None:
    said = run("inspect", billed(tmp_path, 2)).out
    assert "billed.csv: 1 of 1 row kept" in said
    assert "1 model: claude-sonnet-4-5-20250929 (1)" in said
    assert "of them 6,000 read from the cache and 2,000 written to the cache" in said


def test_a_summary_is_shown_by_model_and_month(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "usage.csv"
    header = (
        "start_time_iso,end_time_iso,model,num_model_requests,batch,input_tokens,"
        "input_uncached_tokens,input_cached_tokens,output_tokens"
    )
    rows = [
        "2026-10-31T00:00:00+00:00,2026-11-01T00:00:00+00:00,gpt-4o,10,false,"
        "20000.0,12000.0,8000.0,1000.0",
        "2026-11-01T00:00:00+00:00,2026-11-02T00:00:00+00:00,gpt-4o-mini,1,true,"
        "40000.0,40000.0,0.0,2000.0",
        "2026-11-02T00:00:00+00:00,2026-11-03T00:00:00+00:00,,,,,,,",
    ]
    path.write_text("\n".join([header, *rows]) + "\n")
    found = run("inspect", path, "--json").json
    assert (found["source"], found["grain"]) == ("openai_usage", "aggregate")
    assert (found["rows"], found["requests"]) == (2, 11)
    assert found["models"] == {"gpt-4o": 10, "gpt-4o-mini": 1}
    # (12,000 x 2.5 + 8,000 x 1.25 + 1,000 x 10) / 1e6, and half of (40,000 x 0.15 + 2,000 x 0.6)
    assert found["priced_usd"] == pytest.approx(0.05 + 0.0036)
    summed = found["baseline"]
    assert list(summed["by_model"]) == ["gpt-4o", "gpt-4o-mini"]
    assert summed["by_month"]["2026-11"]["list_usd"] == pytest.approx(0.0036)
    assert found["cost_usd"] is None and found["input_tokens"] == 60_000
    said = run("inspect", path).out
    assert said.startswith("This is an OpenAI usage export. This log is a summary")
    assert "Calls: 11\n" in said
    assert "  gpt-4o: $0.05 at list prices, 10 calls\n" in said
    assert "  gpt-4o-mini: under $0.01 at list prices, 1 call\n" in said
    assert "Spend by month:\n  October 2026: $0.05 at list prices, 10 calls\n" in said


def test_costs_without_tokens_have_no_list_price(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cost.csv"
    path.write_text(
        "usage_date_utc,model,workspace,usage_type,token_type,cost_usd\n"
        "2026-11-03,Claude Sonnet 4.5,Default,standard,output,1.25\n"
    )
    found = run("inspect", path, "--json").json
    assert (found["cost_usd"], found["priced_usd"], found["output_tokens"]) == (1.25, None, None)
    assert found["unpriced_share"] == 0.0
    said = run("inspect", path).out
    assert "Cost at list prices: unknown: no tokens are counted\n" in said
    assert "Calls: not counted\n" in said and "Claude Sonnet 4.5: $1.25 as logged" in said


def test_many_models_are_not_all_spelt_out(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    rows = [f"hello number {i},model-{i % 15}" for i in range(30)]
    path.write_text("\n".join(["prompt,model", *rows]) + "\n")
    assert "model-11 (2) and 3 more" in run("inspect", path).out


def test_an_invoice_is_held_against_its_month(run: Run, log: Path) -> None:
    said = run("inspect", log, "--invoice", "0.23")
    assert (
        "The log comes to $0.08 in November 2026, 34.8% of the invoice of $0.23.\n"
        "Usual causes, the likeliest here first:\n"
        "  1. The log covers 10 of the 30 days of November 2026: at the same rate the whole month "
        "comes to $0.24.\n"
    ) in said.out
    found = run("inspect", log, "--invoice", "0.23", "--json").json["reconcile"]
    assert found["ratio"] == pytest.approx(0.08 / 0.23)
    assert (found["month"], found["months"]) == ("2026-11", ["2026-11"])
    assert (found["first_day"], found["last_day"]) == ("2026-11-01", "2026-11-10")
    assert found["causes"][0]["usd"] == pytest.approx(0.16)
    assert not found["agrees"]


def test_rows_that_are_tasks_stand_for_several_billed_calls(run: Run, log: Path) -> None:
    asked = ("inspect", log, "--invoice", "0.12", "--calls-per-row", "1.5")
    assert "Each row is one of 1.5 billed calls of a task: the others" in run(*asked).out
    found = run(*asked, "--json").json["reconcile"]
    assert found["calls_per_row"] == 1.5
    assert found["causes"][0]["usd"] == pytest.approx(0.04)  # half of 0.08
    refused = run("inspect", log, "--invoice", "0.12", "--calls-per-row", "0.5")
    assert refused.code == 2 and "calls per row" in refused.err


def test_an_invoice_that_agrees_needs_no_explanation(run: Run, log: Path) -> None:
    said = run("inspect", log, "--invoice", "0.08").out
    assert "100.0% of the invoice of $0.08. The two agree." in said and "Usual causes" not in said


@pytest.mark.parametrize("invoice", ["0", "-5", "nan", "a lot"])
def test_an_invoice_that_is_no_amount_is_refused(run: Run, log: Path, invoice: str) -> None:
    said = run("inspect", log, f"--invoice={invoice}")
    assert (said.code, said.out) == (2, "") and "invoice" in said.err


def test_personal_data_is_never_printed(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        f"{HEADER}\nq,2026-11-01T12:00:00Z,chat,gpt-4o,write to jane.doe@example.com,10,0,5,0.1\n"
    )
    for said in (run("inspect", path), run("inspect", path, "--json")):
        assert said.code == 0 and "jane" not in said.out


def test_the_sample_log_is_inspected_whole(run: Run) -> None:
    found = run("inspect", shipped("sample_log/support_bot.csv.gz"), "--json").json
    assert found["rows"] == 12_000
    assert found["rows_kept"] + sum(found["dropped"].values()) == found["rows"]
    assert sum(found["models"].values()) == found["rows_kept"]
    # the sample states costs at list prices
    assert found["priced_usd"] == pytest.approx(found["cost_usd"], rel=1e-4)
