import gzip
import json
import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.errors import BadInput
from core.logs.ingest import ingest
from core.logs.log import QUERIES, Log
from core.logs.parts import parts_of
from core.logs.preview import preview

Rows = list[dict[str, object]]
HEADER = "query,model,input_tokens\n"


def day(number: int) -> str:
    return HEADER + f"first of {number},gpt-4o,{number}\nsecond of {number},gpt-4o,{number}\n"


@pytest.fixture
def read(tmp_path: Path, noon: datetime) -> Callable[..., tuple[Log, Rows]]:
    """The log behind paths, and its rows."""

    def import_all(paths: Path | list[Path]) -> tuple[Log, Rows]:
        logs = tmp_path / "logs"
        log = ingest(paths, preview(paths, "october").mapping, logs, name="october", now=noon)
        return log, pq.read_table(logs / log.digest / QUERIES).to_pylist()

    return import_all


@pytest.fixture
def days(tmp_path: Path) -> Path:
    """A folder with three days in two shapes, and what lies beside logs."""
    folder = tmp_path / "days"
    (folder / "later").mkdir(parents=True)
    (folder / ".cache").mkdir()
    (folder / "2026-10-02.csv").write_text(day(2))
    (folder / "2026-10-01.csv.gz").write_bytes(gzip.compress(day(1).encode()))
    (folder / "later" / "3.csv").write_text("input_tokens,query,model\n3,first of 3,gpt-4o\n")
    (folder / "README").write_text("What this is.")
    (folder / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (folder / ".cache" / "junk").write_text("junk")
    (folder / "chart").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "2026-10-04.csv").write_text("")
    return folder


def test_a_folder_of_days_is_one_log_in_the_order_of_names(
    days: Path, read: Callable[..., tuple[Log, Rows]]
) -> None:
    log, rows = read(days)
    assert [row["text"] for row in rows] == [
        "first of 1", "second of 1", "first of 2", "second of 2", "first of 3",
    ]  # fmt: skip
    assert [row["request_id"] for row in rows] == [f"row-{i}" for i in range(1, 6)]
    assert (log.rows, log.input_tokens) == (5, 1 + 1 + 2 + 2 + 3)
    assert log.warnings[0] == (
        "Left out, for they are no logs: .DS_Store, README, 2026-10-04.csv (The file is empty), "
        "chart (This is a PNG image, not a log)."
    )
    look = preview(days, "october")
    assert look.container == "3 files, CSV, comma-separated, UTF-8, gzip"
    assert look.rows[0]["query"] == "first of 1"


def test_a_zip_of_days_and_a_list_of_them_give_the_same_rows(
    days: Path, tmp_path: Path, read: Callable[..., tuple[Log, Rows]]
) -> None:
    files = [days / "2026-10-02.csv", days / "2026-10-01.csv.gz"]
    packed = tmp_path / "days.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    log, rows = read(files)
    again, same = read([*files, files[0]])
    zipped, unpacked = read(packed)
    assert [row["text"] for row in rows] == [
        "first of 1",
        "second of 1",
        "first of 2",
        "second of 2",
    ]
    assert rows == same == unpacked and log.digest == again.digest
    assert zipped.input_tokens == log.input_tokens == 6


def test_a_folder_and_a_zip_with_one_log_are_read_like_the_log(
    tmp_path: Path, read: Callable[..., tuple[Log, Rows]]
) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "notes.md").write_text("# notes")
    (folder / "log").write_text(day(7))
    log, rows = read(folder)
    assert (log.rows, rows[0]["text"]) == (2, "first of 7")
    assert log.warnings[0] == "Left out, for they are no logs: notes.md."


def test_files_of_two_tools_or_shapes_are_refused_and_both_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(day(1))
    other = tmp_path / "b.csv"
    for content, words in (
        ("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,5,6\n", "is of the kind"),
        ("question,model,input_tokens\nwhy so?,a,5\n", "'a.csv' has a column 'query' and 'b.csv'"),
        (HEADER[:-1] + ",cost\nwhy so?,a,5,0.1\n", "'b.csv' has a column 'cost' and 'a.csv'"),
    ):
        other.write_text(content)
        with pytest.raises(BadInput) as refusal:
            preview([tmp_path / "a.csv", other], "both")
        message = str(refusal.value)
        assert words in message and "'a.csv'" in message and "'b.csv'" in message


def test_columns_that_play_no_part_may_differ_and_empty_days_do_not_matter(
    tmp_path: Path, read: Callable[..., tuple[Log, Rows]]
) -> None:
    folder = tmp_path / "days"
    folder.mkdir()
    (folder / "1.csv").write_text(HEADER)
    (folder / "2.csv").write_text(day(2))
    (folder / "3.csv").write_text("colour,query,model,input_tokens\nred,so?,b,5\n")
    log, _ = read(folder)
    assert (log.rows, log.input_tokens) == (3, 9)


def test_a_damaged_file_among_good_ones_is_no_stranger(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(day(1))
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(day(2).encode() * 99)[:-30])
    with pytest.raises(BadInput, match=r"b\.csv\.gz: The packed file is damaged"):
        preview(tmp_path, "both")


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for folder in "ab":
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "log.csv").write_text(day(1))
    found = parts_of([tmp_path / "b" / "log.csv", tmp_path / "a" / "log.csv"], "both")
    assert [part.name for part in found.parts] == [str(tmp_path / f / "log.csv") for f in "ab"]


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadInput, match="pipe or a device"):
        preview(tmp_path / "pipe", "pipe")
    (tmp_path / "a.csv").write_text(day(1))
    assert len(parts_of(tmp_path, "folder").parts) == 1


def batch_line(i: int) -> dict[str, object]:
    body = {"model": "gpt-4.1-mini", "messages": [{"role": "user", "content": f"What is {i}?"}]}
    return {"custom_id": f"q{i}", "method": "POST", "url": "/v1/chat/completions", "body": body}


def result_line(i: int) -> dict[str, object]:
    body = {
        "object": "chat.completion", "created": 1791217200, "model": "gpt-4.1-mini-2025-04-14",
        "choices": [], "usage": {"prompt_tokens": 100 + i, "completion_tokens": 40},
    }  # fmt: skip
    return {"custom_id": f"q{i}", "response": {"status_code": 200, "body": body}, "error": None}


def lines(*records: dict[str, object]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def test_a_batchs_results_get_the_texts_of_its_requests(
    tmp_path: Path, read: Callable[..., tuple[Log, Rows]]
) -> None:
    asked, answered = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    asked.write_text(lines(*(batch_line(i) for i in range(5))))
    answered.write_text(lines(result_line(3), result_line(1), result_line(4)))
    log, rows = read([asked, answered])
    assert (log.source, log.grain, log.rows_kept) == ("openai_batch_output", "request_text", 3)
    assert [(row["text"], row["input_tokens"]) for row in rows] == [
        ("What is 3?", 103), ("What is 1?", 101), ("What is 4?", 104),
    ]  # fmt: skip
    look = preview([asked, answered], "both")
    assert not any("holds no prompts" in warning for warning in look.warnings)


def test_anthropics_batch_is_joined_too_and_strays_are_counted(
    tmp_path: Path, read: Callable[..., tuple[Log, Rows]]
) -> None:
    def request(i: int) -> dict[str, object]:
        return {"custom_id": f"q{i}", "params": {"model": "m", "messages": [{"role": "user", "content": f"What is {i}?"}]}}  # noqa: E501 # fmt: skip

    def result(i: int) -> dict[str, object]:
        message = {"model": "m", "usage": {"input_tokens": 9, "output_tokens": 4}}
        return {"custom_id": f"q{i}", "result": {"type": "succeeded", "message": message}}

    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "a.jsonl").write_text(lines(result(1), result(2), result(9)))
    (tmp_path / "days" / "b.jsonl").write_text(lines(request(1), request(2)))
    log, rows = read(tmp_path / "days")
    assert [row["text"] for row in rows] == ["What is 1?", "What is 2?"]
    assert "1 result(s) have no request of their custom id." in log.warnings


def test_of_deepseeks_two_tables_the_amounts_are_read(
    tmp_path: Path, read: Callable[..., tuple[Log, Rows]]
) -> None:
    when = "u,2026-10-05T00:00:00Z,2026-10-06T00:00:00Z,deepseek-chat"
    (tmp_path / "ds").mkdir()
    (tmp_path / "ds" / "amount-2026-10.csv").write_text(
        "user_id,start_time_iso,end_time_iso,model,api_key_name,api_key,type,price,amount\n"
        f"{when},k,k,input_cache_miss_tokens,0.1,500\n{when},k,k,request_count,0,5\n"
    )
    (tmp_path / "ds" / "cost-2026-10.csv").write_text(
        "user_id,start_time_iso,end_time_iso,model,wallet_type,cost,currency\n"
        f"{when},paid,1.5,CNY\n"
    )
    log, _ = read(tmp_path / "ds")
    assert (log.source, log.input_tokens, log.requests) == ("deepseek_usage", 500, 5)
    assert "The amounts were read, and not the costs in cost-2026-10.csv." in log.warnings


def test_of_several_tables_the_one_most_like_a_log_is_read_and_named(
    tmp_path: Path, read: Callable[..., tuple[Log, Rows]]
) -> None:
    import sqlite3

    path = tmp_path / "app.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE accounts(id, user_id, created_at)")
    connection.execute("INSERT INTO accounts VALUES (1, 2, '2026-10-05')")
    connection.execute("CREATE TABLE drafts(prompt, model, input_tokens, output_tokens, cost)")
    connection.execute("CREATE TABLE messages(prompt, model, input_tokens)")
    connection.executemany(
        "INSERT INTO messages VALUES (?, 'gpt-4o', ?)", [(f"What is {i}?", i) for i in range(9)]
    )
    connection.commit()
    connection.close()
    log, _ = read(path)
    assert (log.rows, log.input_tokens) == (9, 36)
    assert log.warnings[0] == "Of its 3 tables, 'messages' was read (and not accounts, drafts)."


def test_progress_runs_over_all_files(days: Path, tmp_path: Path, noon: datetime) -> None:
    seen: list[tuple[int, int]] = []
    mapping = preview(days, "d").mapping
    ingest(days, mapping, tmp_path / "l", name="d", now=noon, progress=lambda *at: seen.append(at))
    total = sum((days / name).stat().st_size for name in ("2026-10-01.csv.gz", "2026-10-02.csv", "later/3.csv"))  # noqa: E501 # fmt: skip
    assert seen == sorted(seen) and seen[-1] == (total, total)
