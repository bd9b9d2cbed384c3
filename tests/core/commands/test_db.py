import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.store.engine import newest_revision

from .conftest import Ran, Run

GOLDEN = Path(__file__).parents[2] / "golden" / "databases"


@pytest.fixture
def plan_id(run: Run, log: Path) -> str:
    return str(run("plan", log, "--save", "Autumn", "--json").json["plan_id"])


@pytest.fixture
def database(home: Path) -> Path:
    return home / "tierwise.db"


def names(run: Run) -> list[object]:
    return [plan["name"] for plan in run("plans", "list", "--json").json["plans"]]


def refused(ran: Ran, said: str) -> None:
    """One line on standard error that says it, exit code 2, and nothing else."""
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1 and said in ran.err and "Traceback" not in ran.err


def old_database(path: Path, step: str = "0002") -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((GOLDEN / f"{step}.sql").read_text("utf-8"))


def damage(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(";".join(statements))


@pytest.mark.usefixtures("plan_id")
def test_a_backup_goes_to_the_local_folder_and_says_where_and_how_much(
    run: Run, home: Path
) -> None:
    ran = run("db", "backup")
    (file,) = (home / "backups").iterdir()
    assert file.name.startswith("tierwise-") and file.suffix == ".db"
    assert ran.code == 0 and str(file) in ran.out
    found = run("db", "backup", "--json").json
    assert len(list((home / "backups").iterdir())) == 2, "also within one second"
    assert found["rows"] == 4  # a workspace, a plan, its version, and a line in the log
    assert f"Wrote {found['rows']} rows" in ran.out


@pytest.mark.usefixtures("plan_id")
def test_what_was_backed_up_comes_back_and_what_was_there_is_kept(
    run: Run, log: Path, home: Path, tmp_path: Path
) -> None:
    assert run("db", "backup", tmp_path / "copy.db", "--json").json["file"].endswith("copy.db")
    run("plan", log, "--save", "Winter")
    assert names(run) == ["Winter", "Autumn"]
    found = run("db", "restore", tmp_path / "copy.db", "--yes", "--json").json
    assert names(run) == ["Autumn"]
    kept = Path(found["kept"])
    assert kept.parent == home / "backups" and "before-restore" in kept.name
    ran = run("db", "restore", kept, "--yes")
    assert ran.code == 0 and len(ran.out.splitlines()) == 2
    assert names(run) == ["Winter", "Autumn"]
    assert run("db", "check").code == 0


@pytest.mark.usefixtures("plan_id")
def test_restoring_asks_first(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "copy.db"
    run("db", "backup", copy)
    refused(run("db", "restore", copy), "Add --yes")

    class Terminal:
        def __init__(self, answer: str) -> None:
            self.answer = answer

        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return self.answer

    for answer in ("\n", "no\n", ""):
        monkeypatch.setattr("sys.stdin", Terminal(answer))
        ran = run("db", "restore", copy)
        assert (ran.code, ran.out) == (2, "") and "Nothing was restored." in ran.err
    for answer in ("y\n", "Yes\n"):
        monkeypatch.setattr("sys.stdin", Terminal(answer))
        assert run("db", "restore", copy).code == 0


def test_a_backup_restores_where_there_was_no_database(
    run: Run, plan_id: str, database: Path, tmp_path: Path
) -> None:
    run("db", "backup", tmp_path / "copy.db")
    database.unlink()
    assert run("db", "restore", tmp_path / "copy.db", "--yes").code == 0
    assert run("plans", "show", plan_id).code == 0


@pytest.mark.parametrize("step", ["0001", "0002"])
def test_migrating_says_from_where_to_where_and_keeps_a_copy(
    run: Run, database: Path, step: str
) -> None:
    old_database(database, step)
    found = run("db", "migrate", "--json").json
    assert (found["from"], found["to"]) == (step, newest_revision())
    assert f"before-step-{step}" in found["kept"] and Path(found["kept"]).is_file()
    again = run("db", "migrate", "--json").json
    assert again == {"from": newest_revision(), "to": newest_revision(), "kept": None}
    assert "Nothing to do" in run("db", "migrate").out
    assert run("db", "check", "--json").json["ok"] is True
    old_database(database, step)
    ran = run("db", "migrate")
    assert f"from step {step} to step {newest_revision()}" in ran.out
    assert len(ran.out.splitlines()) == 2


def test_migrating_makes_a_new_database(run: Run, database: Path) -> None:
    found = run("db", "migrate", "--json").json
    assert found == {"from": None, "to": newest_revision(), "kept": None}
    assert database.is_file()


def test_migrating_without_a_place_for_the_copy_changes_nothing(
    run: Run, home: Path, database: Path
) -> None:
    old_database(database)
    (home / "backups").write_text("")
    refused(run("db", "migrate"), "no copy of the database can be kept")
    refused(run("plans", "list"), "no copy of the database can be kept")
    (home / "backups").unlink()
    assert run("db", "migrate", "--json").json["from"] == "0002"


@pytest.mark.usefixtures("plan_id")
def test_a_sound_database_is_said_to_be(run: Run) -> None:
    found = run("db", "check", "--json").json
    assert found == {
        "ok": True, "plans": 1, "versions": 1, "links": 0, "step": newest_revision(),
        "problems": [],
    }  # fmt: skip
    ran = run("db", "check")
    assert ran.code == 0 and "1 plan, 1 version and 0 links, all sound." in ran.out


def test_problems_are_told_one_a_line_after_a_summary(
    run: Run, plan_id: str, database: Path
) -> None:
    damage(database, "UPDATE plan_versions SET document = 'x'", "UPDATE plans SET version = 2")
    ran = run("db", "check")
    assert (ran.code, ran.out) == (2, "")
    summary, *problems = ran.err.splitlines()
    assert "2 problems in 1 plan, 1 version and 0 links" in summary
    assert problems == [
        f"plan {plan_id}: 1 versions are kept, and its newest is 2",
        f"plan {plan_id}, version 1: its document is not the one that was saved",
    ]
    with_json = run("db", "check", "--json")
    assert with_json.code == 2
    found = Ran(0, with_json.out, "").json
    assert found["ok"] is False and found["problems"] == problems


def test_checking_an_earlier_database_does_not_change_it(run: Run, database: Path) -> None:
    old_database(database)
    ran = run("db", "check")
    assert ran.code == 2 and "its schema is step 0002" in ran.err
    assert run("db", "migrate", "--json").json["from"] == "0002"


@pytest.mark.parametrize("words", ["db check", "db backup"])
def test_no_database_is_made_by_looking_for_one(run: Run, database: Path, words: str) -> None:
    refused(run(*words.split()), "there is no database yet")
    refused(run(*words.split(), "--json"), "there is no database yet")
    assert not database.exists() and not (database.parent / "backups").exists()


@pytest.mark.usefixtures("plan_id")
def test_a_database_that_cannot_be_opened_is_explained_in_one_line(
    run: Run, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("db", "backup", tmp_path / "copy.db")
    database.write_text("these are my notes\n" * 100)
    before = database.read_bytes()
    for words in ("check", "backup", "migrate"):
        refused(run("db", words), "not a database")
    refused(run("db", "restore", tmp_path / "copy.db", "--yes"), "Move it away")
    assert database.read_bytes() == before
    database.rename(database.with_suffix(".broken"))
    assert run("db", "restore", tmp_path / "copy.db", "--yes").code == 0
    assert names(run) == ["Autumn"]
    damage(database, "UPDATE alembic_version SET version_num = '9999'")
    for words in ("backup", "migrate"):
        refused(run("db", words), "A newer Tierwise made it")
    monkeypatch.setenv("DATABASE_URL", f"postgresql://ada:secret@/x?host={tmp_path}")
    for words in ("check", "backup", "migrate"):
        refused(ran := run("db", words), "cannot be opened")
        assert "secret" not in ran.err


@pytest.mark.usefixtures("plan_id")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("db", "ACTION"),
        ("db frobnicate", "frobnicate"),
        ("db restore", "FILE"),
        ("db restore nowhere.db --yes", "no such file"),
        ("db restore log.csv --yes", "no backup"),
        ("db restore log.csv --yes --json", "no backup"),
        ("db backup log.csv", "there already"),
        ("db backup nowhere/copy.db", "cannot be written"),
        ("db backup a.db b.db", "b.db"),
        ("db migrate 0002", "0002"),
    ],
)
def test_a_bad_input_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run(*words.split()), said)
    assert names(run) == ["Autumn"]


def test_a_backup_folder_that_cannot_be_made_is_said(
    run: Run, plan_id: str, home: Path, tmp_path: Path
) -> None:
    run("db", "backup", tmp_path / "copy.db")
    (home / "backups").write_text("")
    refused(run("db", "backup"), "backups")
    refused(run("db", "restore", tmp_path / "copy.db", "--yes"), "backups")
    assert run("plans", "show", plan_id).code == 0
