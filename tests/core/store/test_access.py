from datetime import timedelta

import pytest
from sqlalchemy import Engine

from core.errors import BadInput, Forbidden
from core.store.access import (
    LINK_RIGHTS,
    ROLE_RIGHTS,
    Actor,
    Right,
    grant,
    grant_workspace,
    role_in,
    the_person_here,
)
from core.store.bin import delete_plan
from core.store.finding import find_plans
from core.store.links import list_links, revoke_link
from core.store.members import create_workspace, remove_member, set_role, workspaces_of
from core.store.plans import load_plan, rename_plan
from core.store.tables import MAIN

from ..frozen.conftest import NOON
from .people import (
    EDITOR,
    HERE,
    NOBODY,
    OWNER,
    STEWARD,
    STRANGER,
    VIEWER,
    bearer,
    make_team,
    save,
)


def role(engine: Engine, actor: Actor, workspace_id: str = MAIN) -> str | None:
    with engine.connect() as connection:
        return role_in(connection, actor, workspace_id)


def rights(engine: Engine, actor: Actor, plan_id: str) -> set[Right]:
    """What the store grants, asked one by one."""
    found: set[Right] = set()
    for right in ROLE_RIGHTS["owner"]:
        with engine.connect() as connection:
            try:
                grant(connection, actor, right, plan_id=plan_id, now=NOON)
            except BadInput:
                continue
        found.add(right)
    return found


def test_each_role_may_do_what_the_one_below_may_and_more() -> None:
    viewer, editor, owner = (ROLE_RIGHTS[role] for role in ("viewer", "editor", "owner"))
    assert viewer < editor < owner
    assert owner - editor == {"manage"} and editor - viewer == {"write", "arrange", "share"}
    view, comment, edit = (LINK_RIGHTS[kind] for kind in ("view", "comment", "edit"))
    assert view < comment < edit
    assert edit == {"read", "comment", "write"}, "no link shares, renames or deletes"


def test_a_role_and_a_link_give_exactly_their_rights(engine: Engine, plan_id: str) -> None:
    make_team(engine)
    assert rights(engine, OWNER, plan_id) == rights(engine, HERE, plan_id)
    assert rights(engine, STEWARD, plan_id) == ROLE_RIGHTS["owner"]
    assert rights(engine, EDITOR, plan_id) == ROLE_RIGHTS["editor"]
    assert rights(engine, VIEWER, plan_id) == ROLE_RIGHTS["viewer"]
    assert rights(engine, STRANGER, plan_id) == rights(engine, NOBODY, plan_id) == set()
    assert rights(engine, bearer(engine, plan_id, kind="view"), plan_id) == {"read"}
    assert rights(engine, bearer(engine, plan_id, kind="edit"), plan_id) == LINK_RIGHTS["edit"]


@pytest.mark.parametrize(
    ("entries", "email", "expected"),
    [
        ({}, "ada@example.com", None),
        ({"@example.com": "viewer"}, "ada@example.com", "viewer"),
        ({"@example.com": "viewer"}, "Ada@EXAMPLE.com", "viewer"),
        ({"@example.com": "viewer", "ada@example.com": "owner"}, "ada@example.com", "owner"),
        ({"@example.com": "owner", "ada@example.com": "viewer"}, "ada@example.com", "viewer"),
        ({"@example.com": "owner"}, "ada@sub.example.com", None),
        ({"@example.com": "owner"}, "ada@notexample.com", None),
        ({"@example.com": "owner"}, "ada@example.com.evil.org", None),
        ({"@example.com": "owner"}, "ada@evil.org@example.com", "owner"),  # the login vouches
        ({"@example.com": "owner"}, "", None),
        ({"ada@example.com": "owner"}, "eda@example.com", None),
        ({"ada@example.com": "owner"}, "%@example.com", None),
    ],
)
def test_ones_own_entry_goes_before_that_of_the_domain(
    engine: Engine, entries: dict[str, str], email: str, expected: str | None
) -> None:
    for address, given in entries.items():
        set_role(engine, HERE, address, given, NOON)  # type: ignore[arg-type]
    assert role(engine, Actor("Ada", email=email)) == expected


def test_a_role_in_one_workspace_is_none_in_another(engine: Engine) -> None:
    make_team(engine)
    other = create_workspace(engine, HERE, "Research", NOON)
    plan_id = save(engine, workspace_id=other)
    assert [role(engine, actor, other) for actor in (OWNER, EDITOR, VIEWER)] == [None] * 3
    assert role(engine, STEWARD, other) == role(engine, HERE, other) == "owner"
    for actor in (OWNER, EDITOR, VIEWER):
        with pytest.raises(BadInput, match="no plan"):
            load_plan(engine, actor, plan_id, now=NOON)
        with pytest.raises(BadInput, match="you are no member of it, or it does not exist"):
            find_plans(engine, actor, workspace_id=other)
        assert [w.id for w in workspaces_of(engine, actor)] == [MAIN]


def said(engine: Engine, actor: Actor, plan_id: str) -> tuple[type[BadInput], str]:
    with pytest.raises(BadInput) as error:
        load_plan(engine, actor, plan_id, now=NOON)
    return type(error.value), str(error.value).replace(plan_id, "ID")


def test_whoever_may_not_see_a_plan_does_not_learn_that_there_is_one(
    engine: Engine, plan_id: str
) -> None:
    make_team(engine)
    other = save(engine, "Other")
    gone = save(engine, "Gone")
    delete_plan(engine, HERE, gone, NOON)
    none = said(engine, HERE, "0" * 16)
    assert none[0] is BadInput and "Support" not in none[1]
    for actor in (STRANGER, NOBODY, Actor("Lin", token="wrong"), bearer(engine, other)):
        assert said(engine, actor, plan_id) == none
        assert said(engine, actor, gone) == none
    assert said(engine, OWNER, gone) == none


def test_whoever_sees_a_plan_is_told_what_they_may_not_do(engine: Engine, plan_id: str) -> None:
    make_team(engine)
    with pytest.raises(Forbidden, match="your role does not allow to rename, tag, copy or delete"):
        rename_plan(engine, VIEWER, plan_id, "x", NOON)
    with pytest.raises(Forbidden, match="a link to comment does not allow to rename"):
        rename_plan(engine, bearer(engine, plan_id, kind="comment"), plan_id, "x", NOON)
    with pytest.raises(Forbidden, match="a share link opens one plan and nothing else"):
        find_plans(engine, bearer(engine, plan_id, kind="edit"))


def test_an_unknown_workspace_is_unknown_to_everybody(engine: Engine) -> None:
    for actor in (HERE, STEWARD, STRANGER, NOBODY):
        for workspace_id in ("nowhere", "", "\0", "\ud83d"):
            with (
                engine.connect() as connection,
                pytest.raises(BadInput, match="no member of it, or it does not exist"),
            ):
                grant_workspace(connection, actor, "read", workspace_id)


def test_a_right_that_is_taken_away_is_gone_with_the_next_call(
    engine: Engine, plan_id: str
) -> None:
    make_team(engine)
    lin = bearer(engine, plan_id)
    for actor in (VIEWER, lin):
        assert load_plan(engine, actor, plan_id, now=NOON).id == plan_id
    remove_member(engine, HERE, VIEWER.email, NOON)
    revoke_link(engine, HERE, plan_id, list_links(engine, HERE, plan_id, now=NOON)[0].id, NOON)
    for actor in (VIEWER, lin):
        with pytest.raises(BadInput, match="no plan"):
            load_plan(engine, actor, plan_id, now=NOON)


def test_a_token_counts_alone_whoever_holds_it(engine: Engine, plan_id: str) -> None:
    make_team(engine)
    link = bearer(engine, plan_id)
    owner = Actor("Olga", email=OWNER.email, token=link.token)
    assert rights(engine, owner, plan_id) == {"read"}
    assert role(engine, owner) is None and workspaces_of(engine, owner) == []
    assert rights(engine, Actor("Olga", email=OWNER.email, token="wrong"), plan_id) == set()


def test_a_link_says_which_version_it_opens_and_how_it_is_called_in_the_log(
    engine: Engine, plan_id: str
) -> None:
    make_team(engine)
    lin = bearer(engine, plan_id)
    (link,) = list_links(engine, HERE, plan_id, now=NOON)
    with engine.connect() as connection:
        by_link = grant(connection, lin, "read", plan_id=plan_id, now=NOON)
        by_role = grant(connection, VIEWER, "read", plan_id=plan_id, now=NOON)
        local = grant(connection, HERE, "read", plan_id=plan_id, now=NOON)
    assert (by_link.via, by_link.pinned, by_link.plan_name) == (f"link {link.id}", 1, "Support")
    assert (by_role.via, by_role.pinned, by_role.workspace_id) == ("login", None, MAIN)
    assert local.via == "local"


def test_the_bearer_of_a_link_learns_nothing_of_a_bin(engine: Engine, plan_id: str) -> None:
    lin = bearer(engine, plan_id, kind="edit")
    delete_plan(engine, HERE, plan_id, NOON)
    with (
        engine.connect() as connection,
        pytest.raises(BadInput, match="no plan") as error,
    ):
        grant(connection, lin, "read", plan_id=plan_id, now=NOON, deleted=True)
    assert not isinstance(error.value, Forbidden)


def test_everybody_keeps_drafts_under_another_name() -> None:
    here, again = the_person_here("Ada"), the_person_here("Bo")
    assert here.id == again.id == ""  # one person at one machine, whatever they call themselves
    ids = [
        EDITOR.id, VIEWER.id, Actor("x", token="one").id, Actor("x", token="two").id,
        Actor("x", token="one", key="key").id,
    ]  # fmt: skip
    assert len({here.id, *ids}) == 6
    assert not any("one" in found or "two" in found for found in ids), "no token in it"


def test_a_link_that_runs_out_between_two_clicks_closes(engine: Engine, plan_id: str) -> None:
    lin = bearer(engine, plan_id, expires_at=NOON + timedelta(hours=1))
    assert load_plan(engine, lin, plan_id, now=NOON).id == plan_id
    with pytest.raises(BadInput, match="no plan"):
        load_plan(engine, lin, plan_id, now=NOON + timedelta(hours=1))
