"""The people of a team, what they save, and everything that a database holds, for tests."""

from datetime import datetime

from sqlalchemy import Engine

from core.store.access import Actor, Role, the_person_here
from core.store.links import Opened, open_link, share_plan, unlock
from core.store.members import set_role
from core.store.plans import save_plan, save_version
from core.store.tables import MAIN, Base

from ..frozen.conftest import NOON
from .conftest import HEADLINE

HERE = the_person_here("Ada")
OWNER = Actor("Olga", email="olga@example.com")
EDITOR = Actor("Ed", email="ed@example.com")
VIEWER = Actor("Vi", email="vi@example.com")
STRANGER = Actor("Sam", email="sam@elsewhere.org")
STEWARD = Actor("Stew", email="stew@elsewhere.org", steward=True)
NOBODY = Actor("nobody we know")

ROLES: dict[Actor, Role] = {OWNER: "owner", EDITOR: "editor", VIEWER: "viewer"}


def make_team(engine: Engine, workspace_id: str = MAIN) -> None:
    """One person of each role."""
    for actor, role in ROLES.items():
        set_role(engine, HERE, actor.email, role, NOON, workspace_id)


def save(
    engine: Engine, name: str = "Support", document: str = "{}", actor: Actor = HERE, **more: object
) -> str:
    """The id of a new plan."""
    values = {"author": actor.name, "headline": HEADLINE, "now": NOON, **more}
    return save_plan(engine, actor, name=name, document=document, **values)  # type: ignore[arg-type]


def save_again(
    engine: Engine,
    plan_id: str,
    document: str = "{}",
    actor: Actor = HERE,
    *,
    base: int = 1,
    **more: object,
) -> int:
    """The number of the plan's next version, made from `base`."""
    values = {"author": actor.name, "headline": HEADLINE, "now": NOON, "name": "Support", **more}
    return save_version(
        engine,
        actor,
        plan_id,
        base_version=base,
        document=document,
        **values,  # type: ignore[arg-type]
    )


def bearer(engine: Engine, plan_id: str, now: datetime = NOON, **values: object) -> Actor:
    """Whoever holds a new link to the plan, by its passphrase where it has one."""
    passphrase = str(values.get("passphrase", ""))
    token = share_plan(engine, HERE, plan_id, now, **values)  # type: ignore[arg-type]
    key = unlock(engine, token, passphrase, now) or "" if passphrase else ""
    return Actor("Lin", token=token, key=key)


def opened(engine: Engine, token: str, now: datetime = NOON, **values: object) -> Opened:
    """What the link opens, where it does open something."""
    found = open_link(engine, token, now, **values)  # type: ignore[arg-type]
    assert isinstance(found, Opened)
    return found


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, to be compared with those of another moment."""
    with engine.connect() as connection:
        return {
            table.name: sorted(
                map(tuple, connection.execute(table.select()).all()), key=lambda row: repr(row)
            )
            for table in Base.metadata.sorted_tables
        }
