"""LOG on the command line: paths, globs, folders, several of them, databases."""

import sqlite3
import zipfile
from pathlib import Path

import pytest

from .conftest import HEADER, Run, write_log


@pytest.fixture
def days(tmp_path: Path) -> Path:
    folder = tmp_path / "days"
    folder.mkdir()
    for number in (1, 2, 3):
        write_log(folder / f"2026-11-0{number}.csv")
    (folder / "README.md").write_text("# Logs")
    return folder


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A LiteLLM table of one call beside a table of people, in SQLite."""
    path = tmp_path / "litellm.db"
    connection = sqlite3.connect(path)
    connection.execute(
        'CREATE TABLE "LiteLLM_SpendLogs"(request_id, call_type, spend, "startTime", "endTime", '
        "model, prompt_tokens, completion_tokens, total_tokens, messages, metadata)"
    )
    connection.execute(
        "INSERT INTO \"LiteLLM_SpendLogs\" VALUES ('r1', 'acompletion', 0.25, "
        "'2026-10-05 16:20:00', '2026-10-05 16:20:01', 'gpt-4o', 200, 100, 300, "
        '\'[{"role": "user", "content": "Where is it?"}]\', \'{}\')'
    )
    connection.execute("CREATE TABLE people(id, name)")
    connection.execute("INSERT INTO people VALUES (1, 'Ann')")
    connection.commit()
    connection.close()
    return path


def test_a_folder_a_glob_a_list_and_a_zip_are_the_same_log(
    run: Run, days: Path, tmp_path: Path
) -> None:
    packed = tmp_path / "days.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(days.glob("*.csv")):
            archive.write(file, f"days/{file.name}")
    files = sorted(days.glob("*.csv"))
    for words in ((days,), (f"{days}/*.csv",), (f"{tmp_path}/**/*.csv",), files, (packed,)):
        found = run("inspect", *words, "--json").json
        assert (found["rows"], found["input_tokens"]) == (60, 60_000)
    assert any(
        "README.md" in warning for warning in run("inspect", days, "--json").json["warnings"]
    )


def test_every_command_takes_several_files(run: Run, days: Path) -> None:
    files = sorted(days.glob("*.csv"))[:2]
    assert run("categorize", *files, "--json").json["queries"] == 40
    one = run("plan", files[0], "--json").json["baseline_monthly_usd"]
    two = run("plan", *files, "--json").json["baseline_monthly_usd"]
    assert two == pytest.approx(2 * one)


def test_a_query_by_url_is_read_like_the_tools_own_export(run: Run, database: Path) -> None:
    url, sql = f"sqlite:///{database}", 'SELECT * FROM "LiteLLM_SpendLogs"'
    for words in ((url, "--query", sql), (f"{url}?query={sql}",), (url,), (database,)):
        found = run("inspect", *words, "--json").json
        assert (found["source"], found["grain"]) == ("litellm_spendlogs", "request_text")
        assert (found["input_tokens"], found["output_tokens"], found["cost_usd"]) == (
            200,
            100,
            0.25,
        )
        assert found["first_time"] == "2026-10-05T16:20:00+00:00"
    assert not list(database.parent.glob("litellm.db-*"))


def test_the_name_of_a_database_log_has_no_password(run: Run, database: Path) -> None:
    said = run("inspect", f"sqlite:///{database}?password=s3cret", "--query", 'SELECT * FROM "LiteLLM_SpendLogs"')  # noqa: E501 # fmt: skip
    assert said.code == 0 and f"sqlite:///{database}: 1 of 1 row kept" in said.out
    assert "s3cret" not in said.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere*.csv"], "nowhere*.csv: matches no file."),
        (["nowhere.csv"], "nowhere.csv: no such file."),
        (["log.csv", "nowhere.csv"], "nowhere.csv: no such file."),
        (["log.csv", "other.csv"], "'log.csv' has a column 'prompt' and 'other.csv' has none"),
        (["log.csv", "sqlite:///a.db"], "a database is one log of its own"),
        (["log.csv", "--query", "SELECT 1"], "there is no database URL"),
        (["sqlite:///a.db", "--query", "DROP TABLE x"], "the query is no SELECT"),
        (["sqlite:///a.db"], "no such SQLite file"),
        (["postgresql:/u:s3cret@db/x"], "no such file"),
        (["https://u:s3cret@example.com/log.csv"], "no driver for 'https'"),
        (["empty"], "There is no log in it"),
    ],
)
def test_what_cannot_be_found_is_said_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_log(tmp_path / "log.csv")
    (tmp_path / "other.csv").write_text("question,input_tokens\nhow so?,5\n")
    (tmp_path / "empty").mkdir()
    if words[0] == "sqlite:///a.db" and "--query" in words:
        sqlite3.connect("a.db").close()
    ran = run("inspect", *words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert said in ran.err and "s3cret" not in ran.err and "Traceback" not in ran.err


def test_a_file_whose_name_looks_like_a_glob_is_a_file(run: Run, tmp_path: Path) -> None:
    path = write_log(tmp_path / "log[1]*.csv")
    assert run("inspect", path, "--json").json["rows"] == 20


def test_the_folder_one_is_in_may_be_named_by_a_dot(
    run: Run, days: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(days)
    said = run("inspect", ".")
    assert said.code == 0 and "days: 60 of 60 rows kept" in said.out


def test_nothing_of_a_log_stays_behind(
    run: Run, days: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    assert run("inspect", days).code == 0
    (days / "4.csv").write_text(HEADER + "\n")
    (days / "5.csv").write_text("question\nwhy?\n")
    assert run("inspect", days).code == 2
    assert list(scratch.iterdir()) == []


ODD = "body,blob,n1,n2\nwhere is my order?,x,12,3\nhow do I reset it?,y,14,5\n"


def test_columns_named_by_hand_are_kept_for_the_next_file_like_it(run: Run, tmp_path: Path) -> None:
    for name in ("monday.csv", "tuesday.csv"):
        (tmp_path / name).write_text(ODD)
    assert run("inspect", tmp_path / "monday.csv", "--json").json["input_tokens"] is None
    words = ("--map", "text=body", "--map", "input_tokens=n1", "--map", "output_tokens=n2")
    said = run("inspect", tmp_path / "monday.csv", *words, "--json").json
    assert (said["input_tokens"], said["output_tokens"]) == (26, 8)
    again = run("categorize", tmp_path / "tuesday.csv", "--json")
    assert again.code == 0 and again.err.count("\n") == 1 and "--map" in again.err
    anew = run("inspect", tmp_path / "tuesday.csv", "--map", "input_tokens=n2", "--json").json
    assert anew["input_tokens"] == 8


@pytest.mark.parametrize(
    ("words", "said"),
    [("nonsense=body", "no role 'nonsense'"), ("text=bodi", "no column 'bodi'"), ("text", "''")],
)
def test_a_wrong_map_says_what_there_is(run: Run, tmp_path: Path, words: str, said: str) -> None:
    (tmp_path / "log.csv").write_text(ODD)
    ran = run("inspect", tmp_path / "log.csv", "--map", words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert said in ran.err
