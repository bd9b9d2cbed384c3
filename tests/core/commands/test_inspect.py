from pathlib import Path

import pytest

from core.places import shipped

from .conftest import HEADER, Run, write_log

PROMISED = {
    "source", "grain", "rows", "rows_kept", "dropped", "models", "input_tokens",
    "cache_read_tokens", "cache_write_tokens", "output_tokens", "input_tokens_estimated",
    "output_tokens_estimated", "cost_usd", "priced_usd", "first_time", "last_time", "warnings",
}  # fmt: skip


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


def test_what_is_not_known_is_null(run: Run, unknown_log: Path) -> None:
    found = run("inspect", unknown_log, "--json").json
    assert (found["cost_usd"], found["priced_usd"]) == (None, None)


def test_rows_that_cannot_be_used_are_counted_with_the_reason(run: Run, tmp_path: Path) -> None:
    path = write_log(tmp_path / "log.csv")
    path.write_text(path.read_text() + "x,2026-11-10T12:00:00Z,chat,gpt-4o,hello,10,90,5,0.1\n")
    found = run("inspect", path, "--json").json
    assert found["dropped"] == {"cached tokens exceed input tokens": 1}
    assert (found["rows"], found["rows_kept"]) == (21, 20)


def test_the_words_say_the_same(run: Run, log: Path) -> None:
    said = run("inspect", log)
    assert (said.code, said.err) == (0, "")
    assert "log.csv: 20 of 20 rows kept" in said.out
    assert "Models: gpt-4o (20)" in said.out
    assert "Cost as logged: $0.08" in said.out and "Cost at list prices: $0.08" in said.out


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
