"""The copy of a SQLite file that is kept before its schema changes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import BadInput
from core.store.copies import COPIES_KEPT
from core.store.engine import connect, newest_revision, open_engine, revision

from .furnished import GOLDEN, at_step

TABLES = ("plans", "plan_versions", "share_links", "jobs", "alembic_version")


def old_database(path: Path, step: str = "0002") -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((GOLDEN / f"{step}.sql").read_text("utf-8"))
    return path


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        return {t: connection.execute(f"SELECT * FROM {t}").fetchall() for t in TABLES}


def copies(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "backups").iterdir())


def step_of(path: Path) -> str | None:
    engine = connect(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = revision(connection)
    engine.dispose()
    return found


def test_an_earlier_database_leaves_a_copy_with_its_schema_and_all_rows(tmp_path: Path) -> None:
    path = old_database(tmp_path / "tierwise.db")
    before = content(path)
    open_engine(f"sqlite:///{path}").dispose()
    assert step_of(path) == newest_revision()
    (copy,) = (tmp_path / "backups").glob("*before-step-0002*.db")
    assert content(copy) == before
    assert step_of(copy) == "0002"
    assert [name for name in copies(tmp_path) if name.endswith(".part")] == []
    open_engine(f"sqlite:///{copy}").dispose()
    assert content(copy)["plan_versions"] == content(path)["plan_versions"]


def test_the_copy_has_what_only_the_write_ahead_log_held(tmp_path: Path) -> None:
    path = tmp_path / "tierwise.db"
    at_step(f"sqlite:///{path}", "0002").dispose()
    with closing(sqlite3.connect(path)) as somebody:
        somebody.execute("PRAGMA journal_mode = WAL")
        somebody.execute(
            "INSERT INTO plans VALUES ('p', 'Old', 1, '2026-10-01', '2026-10-04', NULL)"
        )
        somebody.commit()
        assert Path(f"{path}-wal").stat().st_size > 0
        open_engine(f"sqlite:///{path}").dispose()
    (copy,) = (tmp_path / "backups").glob("*.db")
    assert [row[1] for row in content(copy)["plans"]] == ["Old"]


def test_a_new_database_and_one_that_is_up_to_date_leave_none(tmp_path: Path) -> None:
    for _ in range(2):
        open_engine(f"sqlite:///{tmp_path / 'tierwise.db'}").dispose()
    assert not (tmp_path / "backups").exists()


def test_at_most_five_are_kept_and_the_newest_always_is(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in range(1, 8):
        (folder / f"tierwise-before-step-0009-left-202601{day:02}-000000.db").touch()
    (folder / "tierwise-20260101-000000.db").touch()  # one that somebody made
    (folder / "another-before-step-0001-left-20250101-000000.db").touch()
    open_engine(f"sqlite:///{old_database(tmp_path / 'tierwise.db', '0001')}").dispose()
    names = copies(tmp_path)
    assert {"tierwise-20260101-000000.db", "another-before-step-0001-left-20250101-000000.db"} < {
        *names
    }
    automatic = [name for name in names if name.startswith("tierwise-before")]
    assert len(automatic) == COPIES_KEPT == 5
    assert "tierwise-before-step-0001-left-" in automatic[0], "though its step sorts first"
    assert [name[-10:-7] for name in automatic[1:]] == ["-00"] * 4
    assert "20260104" in automatic[1]


@pytest.mark.parametrize("name", ["plans[1].db", "what is this * .db"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    for _ in range(COPIES_KEPT + 2):
        path = tmp_path / name
        path.unlink(missing_ok=True)
        open_engine(f"sqlite:///{old_database(path)}").dispose()
    assert len(copies(tmp_path)) == COPIES_KEPT


def test_without_a_place_for_the_copy_nothing_is_changed(tmp_path: Path) -> None:
    path = old_database(tmp_path / "tierwise.db")
    before = content(path)
    (tmp_path / "backups").write_text("a file where the folder would be")
    with pytest.raises(BadInput, match="no copy of the database can be kept") as refused:
        open_engine(f"sqlite:///{path}")
    words = str(refused.value)
    assert str(tmp_path / "backups") in words and "\n" not in words
    assert content(path) == before and step_of(path) == "0002"
    (tmp_path / "backups").unlink()
    open_engine(f"sqlite:///{path}").dispose()
    assert step_of(path) == newest_revision()


def test_a_copy_that_fails_half_way_is_no_copy_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old_database(tmp_path / "tierwise.db")
    before = content(path)

    class Full(sqlite3.Connection):
        def backup(self, *arguments: object) -> None:  # type: ignore[override]
            raise sqlite3.OperationalError("database or disk is full")

    plain = sqlite3.connect
    monkeypatch.setattr(
        "core.store.copies.sqlite3.connect", lambda *a, **k: plain(*a, **{"factory": Full, **k})
    )
    with pytest.raises(BadInput, match="database or disk is full"):
        open_engine(f"sqlite:///{path}")
    monkeypatch.undo()
    assert copies(tmp_path) == []
    assert content(path) == before
