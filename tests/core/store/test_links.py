from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from core.errors import BadInput
from core.store.links import list_links, open_link, revoke_link, share_plan
from core.store.plans import Headline, delete_plan, load_plan, rename_plan, save_plan, undelete_plan

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEADLINE = Headline(1000.0, 400.0, 0.6, 0.97, "support.csv")


def test_a_link_shows_its_own_version_through_rename_and_new_versions(
    engine: Engine, plan_id: str
) -> None:
    token = share_plan(engine, plan_id, NOON)
    rename_plan(engine, plan_id, "Helpdesk")
    save_plan(
        engine,
        name="Helpdesk",
        author="Bo",
        document='{"v": 2}',
        headline=HEADLINE,
        now=NOON,
        plan_id=plan_id,
    )
    shared = open_link(engine, token)
    assert shared is not None
    assert (shared.document, shared.version, shared.author) == ('{"v": 1}', 1, "Ada")
    assert shared.name == "Helpdesk"
    newer = open_link(engine, share_plan(engine, plan_id, NOON))
    assert newer is not None and newer.version == 2


@pytest.mark.parametrize("token", ["", "guess", "' OR 1=1 --", "x" * 10_000, "\ud83d", "\0"])
def test_a_wrong_token_opens_nothing(engine: Engine, plan_id: str, token: str) -> None:
    share_plan(engine, plan_id, NOON)
    assert open_link(engine, token) is None


def test_the_token_itself_is_nowhere_in_the_database(engine: Engine, plan_id: str) -> None:
    token = share_plan(engine, plan_id, NOON)
    assert len(token) == 22  # 128 bits in base 64
    with engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT * FROM share_links").one()
    assert all(token not in str(value) for value in row)
    assert open_link(engine, row.token_sha256) is None, "the hash is not a key"
    assert open_link(engine, row.id) is None


def test_a_revoked_link_opens_nothing_and_the_others_stay(engine: Engine, plan_id: str) -> None:
    first, second = (share_plan(engine, plan_id, NOON + timedelta(hours=h)) for h in range(2))
    newest, oldest = list_links(engine, plan_id)
    assert (oldest.version, oldest.created_at, oldest.revoked_at) == (1, NOON, None)
    revoke_link(engine, oldest.id, NOON + timedelta(days=1))
    revoke_link(engine, oldest.id, NOON + timedelta(days=2))
    assert open_link(engine, first) is None
    assert open_link(engine, second) == load_plan(engine, plan_id)
    assert [link.revoked_at for link in list_links(engine, plan_id)] == [
        None,
        NOON + timedelta(days=1),
    ]
    assert newest.revoked_at is None


def test_deleting_a_plan_closes_its_links_until_it_comes_back(engine: Engine, plan_id: str) -> None:
    token = share_plan(engine, plan_id, NOON)
    delete_plan(engine, plan_id, NOON)
    assert open_link(engine, token) is None
    undelete_plan(engine, plan_id)
    assert open_link(engine, token) is not None


def test_only_what_exists_can_be_shared_or_revoked(engine: Engine) -> None:
    with pytest.raises(BadInput, match="no plan 'nobody'"):
        share_plan(engine, "nobody", NOON)
    with pytest.raises(BadInput, match="no link 'nobody'"):
        revoke_link(engine, "nobody", NOON)
