"""Who may call what: every role and every kind of link against every call that takes an actor.

`y`: it is done. `f`: Forbidden. `n`: BadInput, as if nothing were there. `x`: Forbidden by a link
to the newest version, and no such version by a link to an older one. `e`: answered with nothing.
Whoever is refused changes nothing in any table.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import Engine

import core.store
from core.errors import BadInput, Forbidden
from core.frozen.document import PlanDocument, document_to_json
from core.frozen.headline import headline_of
from core.store import (
    actuals,
    audit,
    bin,
    decisions,
    drafts,
    finding,
    links,
    members,
    plan_file,
    plans,
    revising,
    saving,
)
from core.store.access import Actor
from core.store.engine import open_engine
from core.store.links import list_links, revoke_link, share_plan
from core.store.members import create_workspace
from core.store.tables import MAIN

from ..frozen.conftest import NOON, frozen
from .people import (
    EDITOR,
    HERE,
    NOBODY,
    OWNER,
    STEWARD,
    STRANGER,
    VIEWER,
    bearer,
    everything,
    make_team,
    save,
    save_again,
)
from .test_actuals import FOUND

DOCUMENT = frozen()
TEXT, HEADLINE = document_to_json(DOCUMENT), headline_of(DOCUMENT)
LATER = NOON + timedelta(hours=2)  # when everything is called
SECRET = "correct horse"
LOG = "0" * 16

# Who judges whom, rather than who is asked: these are given a connection, not an engine.
INNER = {
    "access.grant", "access.grant_workspace", "access.role_in", "access.active_link",
    "audit.record",
}  # fmt: skip
# Runs in a worker process and hands its actor to `revise`, which is in the table.
HANDED_ON = {"work.sort_and_revise"}

PEOPLE = {
    "local": HERE, "steward": STEWARD, "owner": OWNER, "editor": EDITOR, "viewer": VIEWER,
    "stranger": STRANGER, "nobody": NOBODY,
}  # fmt: skip
GOOD_LINKS: dict[str, dict[str, Any]] = {
    f"{kind}{', the newest' if follows else ''}": {"kind": kind, "follows": follows}
    for kind in ("view", "comment", "edit")
    for follows in (False, True)
} | {"edit, with its passphrase": {"kind": "edit", "follows": True, "passphrase": SECRET}}
BAD_LINKS: dict[str, dict[str, Any]] = {
    "run out": {"kind": "edit", "expires_at": NOON + timedelta(hours=1)},
    "without its passphrase": {"kind": "edit", "passphrase": SECRET},
    "with a wrong passphrase": {"kind": "edit", "passphrase": SECRET},
    "with the passphrase of another link": {"kind": "edit", "passphrase": SECRET},
    "of another plan": {"kind": "edit"},
    "never made": {"kind": "edit"},
    "closed": {"kind": "edit"},
}


@dataclass(frozen=True)
class Room:
    """What a call is tried on: a plan with two versions, one in the bin, and a link to close."""

    workspace: str
    plan: str
    gone: str
    link: str
    file: bytes


Call = Callable[[Engine, Actor, Room], object]

MATRIX = """
call                        local steward owner editor viewer stranger nobody  view comment edit bad
plans.save_plan             y     y       y     y      f      n        n       f    f       f     f
plans.save_version          y     y       y     y      f      n        n       f    f       y     n
plans.save_version/name     y     y       y     y      f      n        n       f    f       f     n
plans.load_plan             y     y       y     y      y      n        n       y    y       y     n
plans.list_versions         y     y       y     y      y      n        n       y    y       y     n
plans.rename_plan           y     y       y     y      f      n        n       f    f       f     n
plans.describe_plan         y     y       y     y      f      n        n       f    f       f     n
plans.duplicate_plan        y     y       y     y      f      n        n       f    f       f     n
saving.save_document        y     y       y     y      f      n        n       f    f       f     f
saving.save_document/after  y     y       y     y      f      n        n       x    x       y     n
revising.revise             y     y       y     y      f      n        n       f    f       y     n
bin.delete_plan             y     y       y     y      f      n        n       f    f       f     n
bin.undelete_plan           y     y       y     y      f      n        n       n    n       n     n
bin.remove_plan             y     y       y     f      f      n        n       n    n       n     n
bin.list_deleted            y     y       y     y      f      n        n       f    f       f     f
actuals.last_months         y     y       y     y      y      n        n       f    f       f     f
finding.find_plans          y     y       y     y      y      n        n       f    f       f     f
finding.overview            y     y       y     y      y      n        n       f    f       f     f
finding.plans_on_other_logs y     y       y     y      y      n        n       f    f       f     f
decisions.decide            y     y       y     y      y      n        n       f    y       y     n
decisions.list_decisions    y     y       y     y      y      n        n       y    y       y     n
actuals.record_month        y     y       y     y      f      n        n       f    f       y     n
actuals.list_months         y     y       y     y      y      n        n       y    y       y     n
links.share_plan            y     y       y     y      f      n        n       f    f       f     n
links.list_links            y     y       y     y      f      n        n       f    f       f     n
links.revoke_link           y     y       y     y      f      n        n       f    f       f     n
members.workspaces_of       y     y       y     y      y      e        e       e    e       e     e
members.create_workspace    y     y       y     f      f      n        n       f    f       f     f
members.rename_workspace    y     y       y     f      f      n        n       f    f       f     f
members.list_members        y     y       y     f      f      n        n       f    f       f     f
members.set_role            y     y       y     f      f      n        n       f    f       f     f
members.remove_member       y     y       y     f      f      n        n       f    f       f     f
audit.list_audit            y     y       y     f      f      n        n       f    f       f     f
audit.list_audit/plan       y     y       y     f      f      n        n       f    f       f     f
plan_file.export_file       y     y       y     y      f      n        n       f    f       f     n
plan_file.import_file       y     y       y     y      f      n        n       f    f       f     f
drafts.write_draft          y     y       y     y      y      y        f       f    f       y     f
drafts.read_draft           e     e       e     e      e      e        e       e    e       e     e
drafts.forget_draft         e     e       e     e      e      e        e       e    e       e     e
"""

CALLS: dict[str, Call] = {
    "plans.save_plan": lambda e, a, r: plans.save_plan(
        e, a, name="New", author="X", document=TEXT, headline=HEADLINE, now=LATER,
        workspace_id=r.workspace,
    ),
    "plans.save_version": lambda e, a, r: plans.save_version(
        e, a, r.plan, base_version=2, author="X", document=TEXT, headline=HEADLINE, now=LATER
    ),
    "plans.save_version/name": lambda e, a, r: plans.save_version(
        e, a, r.plan, base_version=2, name="New", author="X", document=TEXT, headline=HEADLINE,
        now=LATER,
    ),
    "plans.load_plan": lambda e, a, r: plans.load_plan(e, a, r.plan, now=LATER),
    "plans.list_versions": lambda e, a, r: plans.list_versions(e, a, r.plan, now=LATER),
    "plans.rename_plan": lambda e, a, r: plans.rename_plan(e, a, r.plan, "New", LATER),
    "plans.describe_plan": lambda e, a, r: plans.describe_plan(
        e, a, r.plan, tags=["q4"], needs="", decide_by=None, now=LATER
    ),
    "plans.duplicate_plan": lambda e, a, r: plans.duplicate_plan(e, a, r.plan, "X", LATER),
    "saving.save_document": lambda e, a, r: saving.save_document(
        e, a, DOCUMENT, name="New", workspace_id=r.workspace
    ),
    "saving.save_document/after": lambda e, a, r: saving.save_document(
        e, a, replace(DOCUMENT, created_at=LATER), after=saving.At(r.plan, 2)
    ),
    "revising.revise": lambda e, a, r: revising.revise(
        e, a, Path("log"), saving.At(r.plan, 2), "why", LATER
    ),
    "bin.delete_plan": lambda e, a, r: bin.delete_plan(e, a, r.plan, LATER),
    "bin.undelete_plan": lambda e, a, r: bin.undelete_plan(e, a, r.gone, LATER),
    "bin.remove_plan": lambda e, a, r: bin.remove_plan(e, a, r.gone, LATER),
    "bin.list_deleted": lambda e, a, r: bin.list_deleted(e, a, r.workspace),
    "actuals.last_months": lambda e, a, r: actuals.last_months(
        e, a, [r.plan], workspace_id=r.workspace
    ),
    "finding.find_plans": lambda e, a, r: finding.find_plans(e, a, workspace_id=r.workspace),
    "finding.overview": lambda e, a, r: finding.overview(e, a, workspace_id=r.workspace),
    "finding.plans_on_other_logs": lambda e, a, r: finding.plans_on_other_logs(
        e, a, "f" * 64, workspace_id=r.workspace
    ),
    "decisions.decide": lambda e, a, r: decisions.decide(e, a, r.plan, 1, "approved", "", LATER),
    "decisions.list_decisions": lambda e, a, r: decisions.list_decisions(e, a, r.plan, now=LATER),
    "actuals.record_month": lambda e, a, r: actuals.record_month(
        e, a, r.plan, 1, FOUND, log_name="d.csv", first_time=None, last_time=None, now=LATER
    ),
    "actuals.list_months": lambda e, a, r: actuals.list_months(e, a, r.plan, now=LATER),
    "links.share_plan": lambda e, a, r: links.share_plan(e, a, r.plan, LATER),
    "links.list_links": lambda e, a, r: links.list_links(e, a, r.plan, now=LATER),
    "links.revoke_link": lambda e, a, r: links.revoke_link(e, a, r.plan, r.link, LATER),
    "members.workspaces_of": lambda e, a, r: members.workspaces_of(e, a),
    "members.create_workspace": lambda e, a, r: members.create_workspace(e, a, "New", LATER),
    "members.rename_workspace": lambda e, a, r: members.rename_workspace(
        e, a, "New", LATER, r.workspace
    ),
    "members.list_members": lambda e, a, r: members.list_members(e, a, r.workspace),
    "members.set_role": lambda e, a, r: members.set_role(
        e, a, "new@example.com", "owner", LATER, r.workspace
    ),
    "members.remove_member": lambda e, a, r: members.remove_member(
        e, a, "new@example.com", LATER, r.workspace
    ),
    "audit.list_audit": lambda e, a, r: audit.list_audit(e, a, workspace_id=r.workspace),
    "audit.list_audit/plan": lambda e, a, r: audit.list_audit(
        e, a, workspace_id=r.workspace, plan_id=r.plan
    ),
    "plan_file.export_file": lambda e, a, r: plan_file.export_file(e, a, r.plan, LATER),
    "plan_file.import_file": lambda e, a, r: plan_file.import_file(
        e, a, r.file, LATER, workspace_id=r.workspace
    ),
    "drafts.write_draft": lambda e, a, r: drafts.write_draft(e, a, r.plan, "half done", LATER),
    "drafts.read_draft": lambda e, a, r: drafts.read_draft(e, a, r.plan),
    "drafts.forget_draft": lambda e, a, r: drafts.forget_draft(e, a, r.plan),
}  # fmt: skip
# These change nothing, whoever asks.
LOOKING = {
    "plans.load_plan", "plans.list_versions", "bin.list_deleted", "finding.find_plans",
    "actuals.last_months",
    "finding.overview", "finding.plans_on_other_logs", "decisions.list_decisions",
    "actuals.list_months", "links.list_links", "members.workspaces_of", "members.list_members",
    "audit.list_audit", "audit.list_audit/plan", "drafts.read_draft",
}  # fmt: skip
# These are asked about nothing but the actor, or about what is the actor's own.
ABOUT_ONESELF = {
    "members.workspaces_of", "members.create_workspace", "drafts.write_draft", "drafts.read_draft",
    "drafts.forget_draft",
}  # fmt: skip


def rows() -> dict[str, dict[str, str]]:
    header, *lines = MATRIX.strip().splitlines()
    names = header.split()
    return {
        (cells := line.split())[0]: dict(zip(names[1:], cells[1:], strict=True)) for line in lines
    }


ROWS = rows()


def calls_of_the_store() -> set[str]:
    """Every public function of the store that takes an actor, by module and name."""
    found = set()
    for module in pkgutil.iter_modules(core.store.__path__):
        if module.ispkg:
            continue
        loaded = importlib.import_module(f"core.store.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ != loaded.__name__ or name.startswith("_"):
                continue
            if "actor" in inspect.signature(function).parameters:
                found.add(f"{module.name}.{name}")
    return found


def test_every_call_of_the_store_that_takes_an_actor_has_a_row() -> None:
    in_the_table = {name.partition("/")[0] for name in ROWS}
    assert calls_of_the_store() == in_the_table | INNER | HANDED_ON
    assert list(CALLS) == list(ROWS)


def test_what_judges_actors_is_given_a_connection_and_all_else_an_engine() -> None:
    for name in calls_of_the_store() - HANDED_ON:
        module, _, function = name.partition(".")
        called = getattr(importlib.import_module(f"core.store.{module}"), function)
        first, second, *_ = inspect.signature(called).parameters
        assert (first, second) == ("connection" if name in INNER else "engine", "actor")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A plan file to import."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('file') / 'x.db'}")
    content = plan_file.export_file(engine, HERE, save(engine, "File", TEXT), NOON)
    engine.dispose()
    return content


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No slow passphrases, and no log behind the plan that is revised."""

    def revised(
        document: PlanDocument, folder: Path, *, author: str, now: datetime, note: str
    ) -> PlanDocument:
        return replace(document, author=author, created_at=now, note=note)

    monkeypatch.setattr(links, "_slow", lambda passphrase, salt: f"{salt} {passphrase}")
    monkeypatch.setattr(revising, "revised", revised)


def furnished(
    engine: Engine,
    file: bytes,
    call: str,
    kinds: Mapping[str, dict[str, Any]] = MappingProxyType({}),
    workspace: str = MAIN,
) -> tuple[Room, dict[str, Actor]]:
    """A room, and the bearers of such links to the plan that the call is about."""
    plan = save(engine, "Support", TEXT, workspace_id=workspace)
    gone = save(engine, "Gone", TEXT, workspace_id=workspace)
    share_plan(engine, HERE, plan, NOON)
    (to_close,) = list_links(engine, HERE, plan, now=NOON)
    subject = gone if call in ("bin.undelete_plan", "bin.remove_plan") else plan
    bearers = {who: bearer(engine, subject, **link) for who, link in kinds.items()}
    save_again(engine, plan, TEXT, headline=HEADLINE)
    bin.delete_plan(engine, HERE, gone, NOON)
    return Room(workspace, plan, gone, to_close.id, file), bearers


def ruined(engine: Engine, who: str, good: Actor, room: Room) -> Actor:
    """The bearer of what was a link to edit, or never was one."""
    if who == "closed":
        for made in list_links(engine, HERE, room.plan, now=NOON):
            if made.kind == "edit" and not (made.has_passphrase or made.expires_at):
                revoke_link(engine, HERE, room.plan, made.id, NOON)
    other = save(engine, "Other", TEXT)
    return {
        "run out": good,
        "closed": good,
        "without its passphrase": replace(good, key=""),
        "with a wrong passphrase": replace(good, key="wrong"),
        "with the passphrase of another link": replace(
            good, key=bearer(engine, other, kind="edit", passphrase=SECRET).key
        ),
        "of another plan": bearer(engine, other, kind="edit"),
        "never made": replace(good, token="A" * 22),
    }[who]


def answer(engine: Engine, call: str, actor: Actor, room: Room) -> str:
    try:
        found = CALLS[call](engine, actor, room)
    except Forbidden:
        return "f"
    except BadInput as error:
        assert "no plan '" in str(error) or "you are no member of it" in str(error)
        return "n"
    nothing = (found is None or found == []) and "e" in ROWS[call].values()
    return "e" if nothing else "y"


def expect(engine: Engine, call: str, who: str, actor: Actor, room: Room, expected: str) -> None:
    before = everything(engine)
    assert (who, answer(engine, call, actor, room)) == (who, expected)
    if expected != "y" or call in LOOKING:
        assert everything(engine) == before, f"{who}: something changed"


@pytest.mark.parametrize("call", ROWS)
def test_each_role_may_do_what_the_table_says(engine: Engine, file: bytes, call: str) -> None:
    make_team(engine)
    room, _ = furnished(engine, file, call)
    # First those who are refused: they leave the room as it is for the next one.
    for who, actor in sorted(PEOPLE.items(), key=lambda each: ROWS[call][each[0]] == "y"):
        if ROWS[call][who] == "y" and call not in LOOKING:
            room, _ = furnished(engine, file, call)
        expect(engine, call, who, actor, room, ROWS[call][who])


@pytest.mark.parametrize("call", ROWS)
def test_each_link_opens_what_the_table_says(engine: Engine, file: bytes, call: str) -> None:
    room, bearers = furnished(engine, file, call, GOOD_LINKS)
    for who, link in GOOD_LINKS.items():
        expected = ROWS[call][str(link["kind"])]
        if expected == "x":
            expected = "f" if link["follows"] else "n"
        if expected == "y" and call not in LOOKING:
            room, bearers = furnished(engine, file, call, {who: link})
        expect(engine, call, who, bearers[who], room, expected)


@pytest.mark.parametrize("call", ROWS)
def test_no_other_link_opens_anything(engine: Engine, file: bytes, call: str) -> None:
    room, bearers = furnished(engine, file, call, BAD_LINKS)
    for who, good in bearers.items():
        actor = ruined(engine, who, good, room)
        expect(engine, call, who, actor, room, ROWS[call]["bad"])
        if call not in ABOUT_ONESELF:  # nor does it help to be somebody besides
            owner = replace(actor, email=OWNER.email)
            expect(engine, call, f"an owner's, {who}", owner, room, ROWS[call]["bad"])


@pytest.mark.parametrize("call", [name for name in ROWS if name not in ABOUT_ONESELF])
def test_a_plan_or_a_workspace_of_others_is_as_if_it_were_not_there(
    engine: Engine, file: bytes, call: str
) -> None:
    make_team(engine)
    research = create_workspace(engine, HERE, "Research", NOON)
    theirs, _ = furnished(engine, file, call, workspace=research)
    ours, bearers = furnished(engine, file, call, GOOD_LINKS)
    assert ours.plan != theirs.plan
    for actor in (OWNER, EDITOR, VIEWER, STRANGER, NOBODY):
        expect(engine, call, actor.name, actor, theirs, "n")
    for who, actor in bearers.items():
        expect(engine, call, who, actor, theirs, ROWS[call]["bad"])
        expect(engine, call, who, actor, replace(theirs, workspace=MAIN), ROWS[call]["bad"])


def test_ids_of_others_do_not_help_where_one_has_rights_of_ones_own(
    engine: Engine, file: bytes
) -> None:
    make_team(engine)
    research = create_workspace(engine, HERE, "Research", NOON)
    theirs, _ = furnished(engine, file, "", workspace=research)
    ours, _ = furnished(engine, file, "")
    before = everything(engine)
    # A link of theirs by way of a plan of ours; their plan in the log of our workspace.
    with pytest.raises(BadInput, match="no link"):
        revoke_link(engine, OWNER, ours.plan, theirs.link, LATER)
    assert audit.list_audit(engine, OWNER, plan_id=theirs.plan) == []
    found = finding.find_plans(engine, OWNER)
    assert (found.count, {row.workspace_id for row in found.rows}) == (1, {MAIN})
    assert theirs.gone not in {plan.id for plan in bin.list_deleted(engine, OWNER)}
    assert everything(engine) == before


def test_a_link_to_one_version_shows_and_decides_on_no_other(engine: Engine, file: bytes) -> None:
    for kind in ("view", "comment"):
        room, bearers = furnished(engine, file, "", {kind: {"kind": kind}})
        decisions.decide(engine, HERE, room.plan, 2, "comment", "secret", LATER)
        lin = bearers[kind]
        before = everything(engine)
        assert plans.load_plan(engine, lin, room.plan, now=LATER).version == 1
        with pytest.raises(BadInput, match="no plan"):
            plans.load_plan(engine, lin, room.plan, 2, now=LATER)
        assert [v.version for v in plans.list_versions(engine, lin, room.plan, now=LATER)] == [1]
        assert decisions.list_decisions(engine, lin, room.plan, now=LATER) == []
        with pytest.raises(BadInput):
            decisions.decide(engine, lin, room.plan, 2, "approved", "", LATER)
        assert everything(engine) == before
