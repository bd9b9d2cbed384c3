from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

import pytest
from sqlalchemy import Engine, event

from core.errors import Forbidden
from core.store.access import Actor
from core.store.actuals import record_month
from core.store.audit import Action, list_audit
from core.store.bin import delete_plan, empty_bin, remove_plan, undelete_plan
from core.store.decisions import decide
from core.store.drafts import write_draft
from core.store.links import list_links, open_link, revoke_link, share_plan, unlock
from core.store.members import (
    create_workspace,
    list_members,
    remove_member,
    rename_workspace,
    set_role,
)
from core.store.plan_file import export_file, import_file
from core.store.plans import describe_plan, duplicate_plan, list_versions, load_plan, rename_plan
from core.store.saving import At, save_document
from core.store.tables import AuditTable

from ..frozen.conftest import NOON, frozen
from .people import (
    EDITOR,
    HERE,
    OWNER,
    VIEWER,
    everything,
    make_team,
    opened,
    save,
    save_again,
)
from .test_actuals import FOUND

DOCUMENT = frozen()
PASSPHRASE = "correct horse"
EXAMPLES = "zebra quagmire xylophone"


@dataclass(frozen=True)
class Scene:
    """A plan with two versions, one in the bin, a link with a passphrase, and a plan file."""

    plan: str
    gone: str
    link: str
    token: str
    key: str
    file: bytes


@pytest.fixture
def scene(engine: Engine) -> Scene:
    make_team(engine)
    at = save_document(engine, HERE, DOCUMENT, name="Support")
    save_again(engine, at.plan_id)
    token = share_plan(engine, HERE, at.plan_id, NOON, passphrase=PASSPHRASE, examples=EXAMPLES)
    (link,) = list_links(engine, HERE, at.plan_id, now=NOON)
    gone = save(engine, "Gone")
    delete_plan(engine, HERE, gone, NOON)
    exported = save_document(engine, HERE, DOCUMENT, name="File").plan_id
    return Scene(
        at.plan_id,
        gone,
        link.id,
        token,
        unlock(engine, token, PASSPHRASE, NOON) or "",
        export_file(engine, HERE, exported, NOON),
    )


Change = Callable[[Engine, Scene], object]
AFTER = NOON + timedelta(days=31)
# The change, the action that its line names, what the line adds, and who did it.
CHANGES: dict[str, tuple[Change, Action, str, Actor]] = {
    "save a plan": (lambda e, s: save(e, actor=EDITOR), "saved", "version 1", EDITOR),
    "save a document": (
        lambda e, s: save_document(e, OWNER, DOCUMENT, name="x"), "saved", "version 1", OWNER,
    ),
    "save a version": (
        lambda e, s: save_again(e, s.plan, actor=EDITOR, base=2), "saved", "version 3", EDITOR,
    ),
    "rename": (lambda e, s: rename_plan(e, EDITOR, s.plan, "New", NOON), "renamed", "New", EDITOR),
    "describe": (
        lambda e, s: describe_plan(
            e, EDITOR, s.plan, tags=["b", "a"], needs="x", decide_by=NOON.date(), now=NOON
        ),
        "described", "a, b, decide by 2026-11-23", EDITOR,
    ),
    "copy": (
        lambda e, s: duplicate_plan(e, EDITOR, s.plan, "Ed", NOON),
        "copied", "version 2 of ", EDITOR,
    ),
    "import": (lambda e, s: import_file(e, EDITOR, s.file, NOON), "imported", "1 versions", EDITOR),
    "export": (lambda e, s: export_file(e, EDITOR, s.plan, NOON), "exported", "", EDITOR),
    "delete": (lambda e, s: delete_plan(e, EDITOR, s.plan, NOON), "deleted", "", EDITOR),
    "bring back": (lambda e, s: undelete_plan(e, EDITOR, s.gone, NOON), "brought back", "", EDITOR),
    "remove": (lambda e, s: remove_plan(e, OWNER, s.gone, NOON), "removed for good", "", OWNER),
    "empty the bin": (
        lambda e, s: empty_bin(e, AFTER),
        "removed for good", "thirty days after", Actor("Tierwise"),
    ),
    "approve": (
        lambda e, s: decide(e, VIEWER, s.plan, 2, "approved", "", NOON),
        "approved", "version 2", VIEWER,
    ),
    "ask for changes": (
        lambda e, s: decide(e, VIEWER, s.plan, 2, "changes", "no", NOON),
        "asked for changes", "version 2", VIEWER,
    ),
    "comment": (
        lambda e, s: decide(e, VIEWER, s.plan, 1, "comment", "why", NOON),
        "commented", "version 1", VIEWER,
    ),
    "record a month": (
        lambda e, s: record_month(
            e, EDITOR, s.plan, 1, FOUND, log_name="d.csv", first_time=None, last_time=None, now=NOON
        ),
        "recorded a month", "version 1, d.csv", EDITOR,
    ),
    "share": (
        lambda e, s: share_plan(e, EDITOR, s.plan, NOON, kind="comment"),
        "made a link", "to comment, version 2, ", EDITOR,
    ),
    "share the newest": (
        lambda e, s: share_plan(e, EDITOR, s.plan, NOON, kind="edit"),
        "made a link", "to edit, the newest version, ", EDITOR,
    ),
    "close a link": (
        lambda e, s: revoke_link(e, EDITOR, s.plan, s.link, NOON), "closed a link", "", EDITOR,
    ),
    "open a link": (
        lambda e, s: opened(e, s.token, key=s.key, name="Lin"),
        "opened a link", "version 2", Actor("Lin"),
    ),
    "guess": (
        lambda e, s: unlock(e, s.token, "wrong horse", NOON),
        "gave a wrong passphrase", "", Actor("somebody with the link"),
    ),
    "set a role": (
        lambda e, s: set_role(e, OWNER, "Bo@example.com", "viewer", NOON),
        "set a role", "bo@example.com: viewer", OWNER,
    ),
    "take a role away": (
        lambda e, s: remove_member(e, OWNER, VIEWER.email, NOON),
        "took a role away", VIEWER.email, OWNER,
    ),
    "make a workspace": (
        lambda e, s: create_workspace(e, OWNER, "Research", NOON),
        "made a workspace", "Research", OWNER,
    ),
    "rename the workspace": (
        lambda e, s: rename_workspace(e, OWNER, "Costs", NOON),
        "renamed the workspace", "Costs", OWNER,
    ),
}  # fmt: skip


def lines(engine: Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        rows = connection.execute(AuditTable.__table__.select().order_by(AuditTable.id))
        return list(map(tuple, rows))


def test_every_action_that_the_record_knows_is_tried_here() -> None:
    assert {row[1] for row in CHANGES.values()} == set(get_args(Action))


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_leaves_one_line_that_says_who_did_what(
    engine: Engine, scene: Scene, name: str
) -> None:
    change, action, detail, actor = CHANGES[name]
    before = lines(engine)
    change(engine, scene)
    after = lines(engine)
    assert after[: len(before)] == before, "nothing in the record is ever changed"
    assert len(after) == len(before) + 1
    with engine.connect() as connection:
        row = connection.execute(
            AuditTable.__table__.select().order_by(AuditTable.id.desc()).limit(1)
        ).one()
    assert (row.action, row.who) == (action, actor.email or actor.name)
    assert row.detail.startswith(detail) and bool(row.detail) >= bool(detail)
    of_a_workspace = action in (
        "set a role", "took a role away", "made a workspace", "renamed the workspace",
    )  # fmt: skip
    assert (row.plan_id == "") == of_a_workspace and bool(row.plan_name) != of_a_workspace
    by_link = name in ("open a link", "guess")
    local = name == "empty the bin"
    assert row.via == (f"link {scene.link}" if by_link else "local" if local else "login")


class Broken(Exception):
    """What a database does at the worst moment."""


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_that_fails_halfway_leaves_neither_itself_nor_a_line(
    engine: Engine, scene: Scene, name: str
) -> None:
    change, *_ = CHANGES[name]
    before = everything(engine)
    for last in range(1, 50):  # the first, second, ... statement that writes fails
        seen = 0

        def fail(*arguments: object, last: int = last) -> None:
            nonlocal seen
            statement = str(arguments[2]).lstrip().upper()
            seen += statement.startswith(("INSERT", "UPDATE", "DELETE"))
            if seen == last:
                raise Broken

        event.listen(engine, "before_cursor_execute", fail)
        try:
            change(engine, scene)
        except Broken:
            pass
        else:
            assert last >= 2, "at least the change and its line"
            return
        finally:
            event.remove(engine, "before_cursor_execute", fail)
        assert everything(engine) == before
    raise AssertionError("it never came to an end")


def test_what_is_refused_leaves_no_line(engine: Engine, scene: Scene) -> None:
    before = lines(engine)
    for refused in (
        lambda: rename_plan(engine, VIEWER, scene.plan, "x", NOON),
        lambda: set_role(engine, EDITOR, "x@example.com", "owner", NOON),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert lines(engine) == before


def test_looking_leaves_no_line(engine: Engine, scene: Scene) -> None:
    before = everything(engine)
    load_plan(engine, VIEWER, scene.plan, now=NOON)
    list_versions(engine, VIEWER, scene.plan, now=NOON)
    list_members(engine, OWNER)
    list_audit(engine, OWNER)
    open_link(engine, scene.token, NOON, key=scene.key, first=False)
    revoke_link(engine, HERE, scene.plan, scene.link, NOON)
    once = everything(engine)
    assert once != before
    revoke_link(engine, HERE, scene.plan, scene.link, NOON + timedelta(days=1))
    assert everything(engine) == once, "a link that is closed already is no change"


def test_no_secret_and_no_prompt_gets_into_the_record(engine: Engine, scene: Scene) -> None:
    for name, (change, *_) in CHANGES.items():
        if name not in ("delete", "remove", "empty the bin", "close a link"):
            change(engine, scene)
            if name == "save a version":
                write_draft(engine, EDITOR, scene.plan, EXAMPLES, NOON)
    unlock(engine, scene.token, PASSPHRASE, NOON)
    kept = repr(lines(engine))
    for secret in (scene.token, scene.key, PASSPHRASE, "wrong horse", EXAMPLES, "zebra"):
        assert secret not in kept


def test_owners_read_the_record_newest_first_by_pages_and_by_plan(
    engine: Engine, scene: Scene
) -> None:
    save_again(engine, scene.plan, base=2, now=NOON + timedelta(hours=1))
    found = list_audit(engine, OWNER)
    assert found[0].action == "saved" and found[0].at == NOON + timedelta(hours=1)
    assert [e.at for e in found] == sorted((e.at for e in found), reverse=True)
    assert [*list_audit(engine, OWNER, limit=3), *list_audit(engine, OWNER, offset=3)] == found
    mine = list_audit(engine, OWNER, plan_id=scene.plan)
    assert mine == [entry for entry in found if entry.plan_id == scene.plan] and mine
    for actor in (EDITOR, VIEWER):
        with pytest.raises(Forbidden):
            list_audit(engine, actor)


def test_the_record_of_a_workspace_holds_no_line_of_another(engine: Engine, scene: Scene) -> None:
    research = create_workspace(engine, HERE, "Research", NOON)
    secret = save(engine, "Secret", workspace_id=research)
    assert [e.plan_name for e in list_audit(engine, HERE, workspace_id=research)] == ["Secret", ""]
    assert "Secret" not in repr(list_audit(engine, OWNER))
    assert list_audit(engine, OWNER, plan_id=secret) == []


def test_a_line_has_room_for_the_longest_words(engine: Engine) -> None:
    loud = Actor("x" * 1_000 + "\0\ud83d", local=True)
    plan_id = save(engine, "y" * 120)
    record_month(
        engine, loud, plan_id, 1, FOUND, log_name="\0\ud83d" + "z" * 900, first_time=None,
        last_time=None, now=NOON,
    )  # fmt: skip
    line = list_audit(engine, HERE)[0]
    assert line.who == "x" * 254 and line.plan_name == "y" * 120
    assert line.detail.startswith("version 1, \ufffd?zzz") and len(line.detail) == 500


def test_a_document_saved_after_another_leaves_one_line(engine: Engine) -> None:
    at = save_document(engine, HERE, DOCUMENT, name="Support")
    save_document(engine, HERE, DOCUMENT, name="Support", after=at)
    assert at == At(at.plan_id, 1)
    assert [e.detail for e in list_audit(engine, HERE)] == ["version 2", "version 1"]
