from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from core.errors import BadInput
from core.store.checking import check
from core.store.engine import connect, newest_revision, open_engine
from core.store.plans import save_version

from ..frozen.conftest import NOON
from .furnished import at_step, document, furnish, kept, save_sound
from .people import HERE, save

Damage = Callable[[Connection], object]


def sql(*statements: str) -> Damage:
    def do(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return do


def without_constraints(engine: Engine, damage: Damage) -> None:
    """Does to the database what no program of ours could, as a faulty disk or a hand might."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        damage(connection)
        connection.commit()
    engine.dispose()


def test_a_sound_database_has_no_problems(engine: Engine) -> None:
    furnish(engine)
    before = kept(engine)
    found = check(engine)
    assert found.problems == ()
    assert (found.plans, found.versions, found.links) == (3, 4, 2)
    assert found.revision == newest_revision()
    assert kept(engine) == before


def test_a_new_database_has_no_problems(engine: Engine) -> None:
    found = check(engine)
    assert (found.plans, found.versions, found.links, found.problems) == (0, 0, 0, ())


DAMAGES: list[tuple[Damage, str]] = [
    (
        sql("UPDATE plan_versions SET document = replace(document, '0.1', '0.2')"),
        "plan PLAN, version 1: its document is not the one that was saved",
    ),
    (
        sql("UPDATE plan_versions SET document = '', document_sha256 = ''"),
        "plan PLAN, version 1: this is not a saved plan",
    ),
    (
        sql("UPDATE plan_versions SET quality = quality + 0.01"),
        "plan PLAN, version 1: the figures in the list are not those of its document",
    ),
    (
        sql("UPDATE plan_versions SET trend = '[1, 2'"),
        "plan PLAN, version 1: a list beside its document is damaged",
    ),
    (
        sql("DELETE FROM plan_versions WHERE version = 1"),
        "plan PLAN: 1 versions are kept, and its newest is 2",
    ),
    (
        sql("UPDATE plan_versions SET version = 3 WHERE version = 2"),
        "plan PLAN: 2 versions are kept, and its newest is 2",
    ),
    (
        sql("UPDATE plans SET version = 3 WHERE version = 2"),
        "plan PLAN: 2 versions are kept, and its newest is 3",
    ),
    (
        sql("DELETE FROM plan_versions", "DELETE FROM plans"),
        "plan PLAN has no version 1",
    ),
    (sql("UPDATE decisions SET version = 9"), "plan PLAN has no version 9"),
    (sql("UPDATE actuals SET version = 9"), "plan PLAN has no version 9"),
]


@pytest.mark.parametrize(("damage", "said"), DAMAGES)
def test_damage_of_each_kind_is_found_and_told_where(
    engine: Engine, damage: Damage, said: str
) -> None:
    plan_id = furnish(engine)
    without_constraints(engine, damage)
    problems = check(engine).problems
    assert any(said.replace("PLAN", plan_id) in problem for problem in problems)
    assert not any("\n" in problem for problem in problems)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A furnished SQLite file that nobody has open."""
    path = tmp_path / "tierwise.db"
    engine = open_engine(f"sqlite:///{path}")
    furnish(engine)
    for number in range(20):
        save_sound(engine, f"Plan {number}")
    engine.dispose()
    return path


def checked(path: Path) -> tuple[str, ...]:
    """The problems of a file; one that cannot even be opened has one."""
    engine = connect(f"sqlite:///{path}")
    try:
        return check(engine).problems
    except BadInput as error:
        return (str(error),)
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (sql("DELETE FROM plans WHERE version = 2"), "table share_links: a row refers to one in"),
        (sql("DELETE FROM workspaces"), "table plans: a row refers to one in workspaces"),
        (sql("UPDATE audit SET at = 'yesterday'"), "table audit: a value cannot be read"),
        (sql("UPDATE plan_versions SET document = x'ff00'"), "not the one that was saved"),
    ],
)
def test_what_only_sqlite_lets_happen_is_found_as_well(
    file: Path, damage: Damage, said: str
) -> None:
    without_constraints(connect(f"sqlite:///{file}"), damage)
    assert any(said in problem for problem in checked(file))


def test_one_flipped_byte_of_a_document_is_found_wherever_it_is(file: Path) -> None:
    content = file.read_bytes()
    text = document()[0].encode()
    # SQLite lays a long document on several pages: what can be found whole lies on one of them.
    places = [content.find(text[at : at + 60]) for at in range(0, len(text) - 60, 400)]
    assert sum(place > 0 for place in places) > 5
    for place in filter(lambda place: place > 0, places):
        flipped = bytes([content[place] ^ 1])
        file.write_bytes(content[:place] + flipped + content[place + 1 :])
        problems = checked(file)
        assert len(problems) == 1 and "not the one that was saved" in problems[0]
    file.write_bytes(content)
    assert checked(file) == ()


@pytest.mark.parametrize("share", [0.02, 0.25, 0.5, 0.9])
def test_a_truncated_file_is_found(file: Path, share: float) -> None:
    with file.open("r+b") as opened:
        opened.truncate(int(file.stat().st_size * share))
    problems = checked(file)
    assert problems and not any("\n" in problem for problem in problems)


def test_a_page_of_nothing_is_found(file: Path) -> None:
    content = file.read_bytes()
    middle = len(content) // 2 // 4096 * 4096
    file.write_bytes(content[:middle] + bytes(4096) + content[middle + 4096 :])
    assert checked(file)


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("these are my notes\n" * 100)
    (problem,) = checked(tmp_path / "notes.txt")
    assert "cannot be opened: file is not a database" in problem


def test_an_earlier_schema_is_said_and_not_changed(new_url: str) -> None:
    engine = at_step(new_url, "0002")
    found = check(engine)
    assert found.problems == (
        f"its schema is step 0002, and this program works with step {newest_revision()}",
    )
    assert found.revision == "0002"
    assert check(engine) == found
    engine.dispose()


def test_a_database_without_any_table_has_nothing_to_check(new_url: str) -> None:
    engine = connect(new_url)
    with pytest.raises(BadInput, match="there is nothing in it"):
        check(engine)
    engine.dispose()


def test_a_server_that_does_not_answer_is_said_in_one_line(tmp_path: Path) -> None:
    engine = connect(f"postgresql://ada:secret@/plans?host={tmp_path}")
    with pytest.raises(BadInput, match="cannot be opened") as refused:
        check(engine)
    assert "secret" not in str(refused.value) and "\n" not in str(refused.value)
    engine.dispose()


def test_a_plan_of_another_format_is_a_problem_and_not_the_end(engine: Engine) -> None:
    text, headline = document()
    plan_id = save(engine, "Odd", '{"format": 99}')
    save_version(
        engine, HERE, plan_id, base_version=1, name="Odd", author="Ada", document=text,
        headline=replace(headline, saving_share=headline.saving_share), now=NOON,
    )  # fmt: skip
    found = check(engine)
    assert found.versions == 2 and len(found.problems) == 1
    assert f"plan {plan_id}, version 1: this plan has format 99" in found.problems[0]
