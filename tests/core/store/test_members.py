from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine

from core.errors import BadInput, Forbidden
from core.store.access import Actor
from core.store.finding import find_plans
from core.store.members import (
    Member,
    Workspace,
    create_workspace,
    list_members,
    remove_member,
    rename_workspace,
    set_role,
    workspaces_of,
)
from core.store.tables import MAIN

from ..frozen.conftest import NOON
from .people import EDITOR, HERE, OWNER, STEWARD, VIEWER, everything, make_team, save


def roles(engine: Engine, workspace_id: str = MAIN) -> dict[str, str]:
    return {m.email: m.role for m in list_members(engine, HERE, workspace_id)}


def test_a_new_database_has_one_workspace_without_members(engine: Engine) -> None:
    assert workspaces_of(engine, HERE) == [Workspace(MAIN, "Workspace", "owner")]
    assert list_members(engine, HERE) == []


def test_members_are_listed_by_address_with_who_added_them(engine: Engine) -> None:
    set_role(engine, HERE, " Olga@Example.com ", "owner", NOON)
    set_role(engine, OWNER, "@example.com", "viewer", NOON + timedelta(days=1))
    assert list_members(engine, OWNER) == [
        Member("@example.com", "viewer", NOON + timedelta(days=1), OWNER.email),
        Member("olga@example.com", "owner", NOON, "Ada"),
    ]


def test_a_second_role_takes_the_place_of_the_first(engine: Engine) -> None:
    make_team(engine)
    set_role(engine, OWNER, EDITOR.email.upper(), "viewer", NOON)
    assert roles(engine)[EDITOR.email] == "viewer" and len(roles(engine)) == 3


def test_the_last_owner_stays(engine: Engine) -> None:
    make_team(engine)
    before = everything(engine)
    calls: list[Callable[[], object]] = [
        lambda: remove_member(engine, OWNER, OWNER.email, NOON),
        lambda: remove_member(engine, OWNER, f" {OWNER.email.upper()} ", NOON),
        lambda: set_role(engine, OWNER, OWNER.email, "editor", NOON),
    ]
    for refused in calls:
        with pytest.raises(BadInput, match=r"needs an owner\. Name another owner first"):
            refused()
    assert everything(engine) == before
    set_role(engine, OWNER, EDITOR.email, "owner", NOON)
    remove_member(engine, OWNER, OWNER.email, NOON)
    assert roles(engine) == {EDITOR.email: "owner", VIEWER.email: "viewer"}


def test_whoever_runs_the_server_may_take_away_the_last_owner(engine: Engine) -> None:
    make_team(engine)
    remove_member(engine, STEWARD, OWNER.email, NOON)
    assert OWNER.email not in roles(engine)
    with pytest.raises(BadInput, match="no member"):
        list_members(engine, OWNER)


def test_two_owners_cannot_take_each_others_role_away_at_once(engine: Engine) -> None:
    other = Actor("Otto", email="otto@example.com")
    for _ in range(5):
        for actor in (OWNER, other):
            set_role(engine, HERE, actor.email, "owner", NOON)
        both = Barrier(2)

        def remove(pair: tuple[Actor, Actor], both: Barrier = both) -> bool:
            both.wait()
            try:
                remove_member(engine, pair[0], pair[1].email, NOON)
            except BadInput:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(remove, [(OWNER, other), (other, OWNER)]))
        assert sorted(done) == [False, True]
        assert list(roles(engine).values()) == ["owner"]


def test_many_changes_of_one_role_at_once_leave_one_role(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda n: set_role(
                    engine, HERE, "ed@example.com", ("viewer", "editor")[n % 2], NOON
                ),
                range(16),
            )
        )
    assert set(roles(engine)) == {"ed@example.com"}


@pytest.mark.parametrize(
    "email",
    [
        "", "@", "ada", "ada@", "ada example.com", "a b@example.com", "ada@exa mple.com",
        "ada@example.com, bo@example.com", "<ada@example.com>", "ada@@example.com",
        "ada@example.com\n", "a\0@example.com", "x" * 65 + "@example.com", "ada@" + "x" * 260,
        "a@" + "x" * 251 + ".de", "\ud83d@example.com", "@example.com\0", "ada@.", "*@example.com;",
    ],
)  # fmt: skip
def test_what_is_no_address_gets_no_role(engine: Engine, email: str) -> None:
    before = everything(engine)
    if email.strip() != email:
        set_role(engine, HERE, email, "viewer", NOON)  # a copied line break is no part of it
        assert set(roles(engine)) == {email.strip()}
        return
    for refused in (
        lambda: set_role(engine, HERE, email, "viewer", NOON),
        lambda: remove_member(engine, HERE, email, NOON),
    ):
        with pytest.raises(BadInput, match="this is no e-mail address"):
            refused()
    assert everything(engine) == before


@pytest.mark.parametrize(
    "email", ["ada@example.com", "@example.com", "a.b+c_d@sub.example.co.uk", "ü@bücher.example"]
)
def test_addresses_and_domains_get_roles(engine: Engine, email: str) -> None:
    set_role(engine, HERE, email, "editor", NOON)
    assert roles(engine) == {email: "editor"}
    remove_member(engine, HERE, email, NOON)
    assert roles(engine) == {}


def test_there_is_no_fourth_role(engine: Engine) -> None:
    with pytest.raises(BadInput, match="there is no role 'admin'"):
        set_role(engine, HERE, "ada@example.com", "admin", NOON)  # type: ignore[arg-type]


def test_whoever_makes_a_workspace_owns_it_alone(engine: Engine) -> None:
    make_team(engine)
    research = create_workspace(engine, OWNER, " Research ", NOON)
    assert roles(engine, research) == {OWNER.email: "owner"}
    assert workspaces_of(engine, OWNER) == [
        Workspace(research, "Research", "owner"),
        Workspace(MAIN, "Workspace", "owner"),
    ]
    assert [w.id for w in workspaces_of(engine, EDITOR)] == [MAIN]
    save(engine, "Secret", actor=OWNER, workspace_id=research)
    assert find_plans(engine, OWNER, workspace_id=research).count == 1
    assert find_plans(engine, OWNER).count == 0


def test_only_owners_of_the_first_workspace_make_others(engine: Engine) -> None:
    make_team(engine)
    research = create_workspace(engine, OWNER, "Research", NOON)
    lone = Actor("Lone", email="lone@example.com")
    set_role(engine, OWNER, lone.email, "owner", NOON, research)
    for actor, error in ((EDITOR, Forbidden), (VIEWER, Forbidden), (lone, BadInput)):
        with pytest.raises(error):
            create_workspace(engine, actor, "More", NOON)


def test_a_workspace_gets_another_name_from_its_owners(engine: Engine) -> None:
    make_team(engine)
    rename_workspace(engine, OWNER, " Costs ", NOON)
    assert [w.name for w in workspaces_of(engine, VIEWER)] == ["Costs"]
    for name in ("", "x" * 121, "a\nb"):
        with pytest.raises(BadInput):
            rename_workspace(engine, OWNER, name, NOON)
        with pytest.raises(BadInput):
            create_workspace(engine, OWNER, name, NOON)
    assert [w.name for w in workspaces_of(engine, OWNER)] == ["Costs"]


def test_taking_away_a_role_that_nobody_has_changes_no_role(engine: Engine) -> None:
    make_team(engine)
    before = roles(engine)
    remove_member(engine, HERE, "nobody@example.com", NOON)
    assert roles(engine) == before
