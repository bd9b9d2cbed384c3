import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from core.errors import Forbidden
from core.store.access import Actor
from core.store.drafts import forget_draft, read_draft, write_draft
from core.store.links import list_links, revoke_link
from core.store.tables import DraftTable

from ..frozen.conftest import NOON
from .people import EDITOR, HERE, NOBODY, OWNER, bearer, everything, make_team, save

LOG = "0" * 64


def test_a_draft_is_kept_as_it_was_left(engine: Engine) -> None:
    assert read_draft(engine, HERE, LOG) is None
    write_draft(engine, HERE, LOG, '{"ü": "\\u0000"}', NOON)
    write_draft(engine, HERE, LOG, '{"ü": 2}', NOON + timedelta(hours=1))
    assert read_draft(engine, HERE, LOG) == '{"ü": 2}'
    with engine.connect() as connection:
        assert connection.execute(select(DraftTable.updated_at)).scalars().all() == [
            NOON + timedelta(hours=1)
        ]
    forget_draft(engine, HERE, LOG)
    forget_draft(engine, HERE, LOG)
    assert read_draft(engine, HERE, LOG) is None


def test_everybody_has_a_draft_of_their_own_on_each_subject(engine: Engine, plan_id: str) -> None:
    make_team(engine)
    actors = [HERE, OWNER, EDITOR, *(bearer(engine, plan_id, kind="edit") for _ in range(2))]
    subjects = (f"merge {plan_id}", plan_id)
    for number, actor in enumerate(actors):
        for subject in subjects:
            write_draft(engine, actor, subject, f"{number} on {subject}", NOON)
    for number, actor in enumerate(actors):
        for subject in subjects:
            assert read_draft(engine, actor, subject) == f"{number} on {subject}"
    forget_draft(engine, OWNER, plan_id)
    assert read_draft(engine, OWNER, plan_id) is None
    assert read_draft(engine, OWNER, subjects[0]) and read_draft(engine, EDITOR, plan_id)


def test_many_threads_may_write_the_same_draft_at_once(engine: Engine) -> None:
    def write(number: int) -> None:
        for again in range(10):
            write_draft(engine, EDITOR, LOG, json.dumps([number, again] * 200), NOON)
            assert read_draft(engine, EDITOR, LOG) is not None

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    last = json.loads(read_draft(engine, EDITOR, LOG) or "")
    assert last in [[number, 9] * 200 for number in range(6)], "one of them, whole"


def test_two_editors_write_at_once_and_neither_sees_the_others(engine: Engine) -> None:
    def write(actor: Actor) -> set[str | None]:
        seen = set()
        for again in range(20):
            write_draft(engine, actor, LOG, f"{actor.name} {again}", NOON)
            seen.add(read_draft(engine, actor, LOG))
        return seen

    with ThreadPoolExecutor(2) as pool:
        ours, theirs = pool.map(write, [OWNER, EDITOR])
    assert ours == {f"Olga {n}" for n in range(20)} and theirs == {f"Ed {n}" for n in range(20)}


def test_only_those_who_may_save_versions_draft_them(engine: Engine, plan_id: str) -> None:
    closed = bearer(engine, plan_id, kind="edit")
    revoke_link(engine, HERE, plan_id, list_links(engine, HERE, plan_id, now=NOON)[0].id, NOON)
    others = [bearer(engine, plan_id, kind=kind) for kind in ("view", "comment")]
    others.append(bearer(engine, save(engine, "Other"), kind="edit"))
    before = everything(engine)
    for actor in (NOBODY, Actor("Lin", token="wrong"), closed, *others):
        with pytest.raises(Forbidden, match="only those who may save versions"):
            write_draft(engine, actor, plan_id, "x", NOON)
        assert read_draft(engine, actor, plan_id) is None
    assert everything(engine) == before


def test_without_the_passphrase_a_link_shows_no_draft(engine: Engine, plan_id: str) -> None:
    lin = bearer(engine, plan_id, kind="edit", passphrase="correct horse")
    write_draft(engine, lin, plan_id, "half done", NOON)
    assert read_draft(engine, lin, plan_id) == "half done"
    assert read_draft(engine, Actor("Lin", token=lin.token), plan_id) is None
    assert read_draft(engine, Actor("Lin", token=lin.token, key="wrong"), plan_id) is None
