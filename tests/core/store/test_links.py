from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import scrypt, sha256

import pytest
from sqlalchemy import Engine

from core.errors import BadInput
from core.store import links
from core.store.access import Actor, LinkKind
from core.store.audit import list_audit
from core.store.bin import delete_plan, undelete_plan
from core.store.links import (
    TRIES,
    Locked,
    Opened,
    link_id_of,
    list_links,
    open_link,
    revoke_link,
    share_plan,
    unlock,
)
from core.store.plans import load_plan, rename_plan

from ..frozen.conftest import NOON
from .people import EDITOR, HERE, everything, make_team, opened, save, save_again

SECRET = "correct horse"
SLOW = links._slow
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guesses in no time; one test does without."""

    def quick(passphrase: str, salt: str) -> str:
        return sha256(f"{salt}{passphrase}".encode("utf-8", "surrogatepass")).hexdigest()

    monkeypatch.setattr(links, "_slow", quick)


def share(engine: Engine, plan_id: str, **values: object) -> str:
    return share_plan(engine, HERE, plan_id, NOON, **values)  # type: ignore[arg-type]


def guess(engine: Engine, token: str, passphrase: str, seconds: float = 0) -> str | None:
    return unlock(engine, token, passphrase, NOON + timedelta(seconds=seconds))


def test_a_link_shows_its_own_version_through_rename_and_new_versions(
    engine: Engine, plan_id: str
) -> None:
    token = share(engine, plan_id)
    rename_plan(engine, HERE, plan_id, "Helpdesk", NOON)
    save_again(engine, plan_id, '{"v": 2}', name="Helpdesk", author="Bo")
    shared = opened(engine, token)
    plan = shared.plan
    assert (plan.document, plan.version, plan.author) == ('{"v": 1}', 1, "Ada")
    assert (plan.name, shared.kind, shared.follows) == ("Helpdesk", "view", False)
    assert opened(engine, share(engine, plan_id)).plan.version == 2


@pytest.mark.parametrize("kind", ["view", "comment", "edit"])
@pytest.mark.parametrize("follows", [False, True])
def test_a_link_that_follows_and_every_link_to_edit_opens_the_newest_version(
    engine: Engine, plan_id: str, kind: LinkKind, follows: bool
) -> None:
    token = share(engine, plan_id, kind=kind, follows=follows)
    save_again(engine, plan_id, '{"v": 2}')
    shared, newest = opened(engine, token), follows or kind == "edit"
    assert (shared.kind, shared.follows) == (kind, newest)
    assert shared.plan.version == (2 if newest else 1)
    (link,) = list_links(engine, HERE, plan_id, now=NOON)
    assert (link.kind, link.version) == (kind, None if newest else 1)


@pytest.mark.parametrize("token", ["", "guess", "' OR 1=1 --", "x" * 10_000, "\ud83d", "\0"])
def test_a_wrong_token_opens_nothing(engine: Engine, plan_id: str, token: str) -> None:
    share(engine, plan_id)
    share(engine, plan_id, passphrase=SECRET)
    assert open_link(engine, token, NOON) is None
    assert unlock(engine, token, SECRET, NOON) is None


def test_neither_token_nor_passphrase_nor_key_is_anywhere_in_the_database(
    engine: Engine, plan_id: str
) -> None:
    token = share(engine, plan_id, passphrase=SECRET)
    assert len(token) == 22  # 128 bits in base 64
    key = guess(engine, token, SECRET)
    assert key is not None and opened(engine, token, key=key)
    guess(engine, token, "wrong horse")
    kept = repr(everything(engine))
    assert token not in kept and SECRET not in kept and key not in kept
    assert "wrong horse" not in kept
    with engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT * FROM share_links").one()
    assert open_link(engine, row.token_sha256, NOON) is None, "the hash is not a key"
    assert open_link(engine, row.id, NOON) is None
    assert open_link(engine, token, NOON, key=row.passphrase) == Locked(None)


def test_a_revoked_link_opens_nothing_and_the_others_stay(engine: Engine, plan_id: str) -> None:
    first, second = (share_plan(engine, HERE, plan_id, NOON + timedelta(hours=h)) for h in range(2))
    newest, oldest = list_links(engine, HERE, plan_id, now=NOON)
    assert (oldest.version, oldest.created_at, oldest.revoked_at) == (1, NOON, None)
    revoke_link(engine, HERE, plan_id, oldest.id, NOON + DAY)
    revoke_link(engine, HERE, plan_id, oldest.id, NOON + 2 * DAY)
    assert open_link(engine, first, NOON) is None
    assert opened(engine, second).plan == load_plan(engine, HERE, plan_id, now=NOON)
    made = list_links(engine, HERE, plan_id, now=NOON)
    assert [link.revoked_at for link in made] == [None, NOON + DAY]
    assert [link.is_open(NOON) for link in made] == [True, False]
    assert newest.revoked_at is None


def test_deleting_a_plan_closes_its_links_until_it_comes_back(engine: Engine, plan_id: str) -> None:
    token = share(engine, plan_id)
    delete_plan(engine, HERE, plan_id, NOON)
    assert open_link(engine, token, NOON) is None
    undelete_plan(engine, HERE, plan_id, NOON)
    assert opened(engine, token).plan.id == plan_id


def test_only_what_exists_can_be_shared_or_revoked(engine: Engine, plan_id: str) -> None:
    with pytest.raises(BadInput, match="no plan 'nobody'"):
        share_plan(engine, HERE, "nobody", NOON)
    with pytest.raises(BadInput, match="no plan 'nobody'"):
        revoke_link(engine, HERE, "nobody", "nobody", NOON)
    with pytest.raises(BadInput, match="no link 'nobody'"):
        revoke_link(engine, HERE, plan_id, "nobody", NOON)


def test_a_link_cannot_be_closed_by_way_of_another_plan(engine: Engine, plan_id: str) -> None:
    other = save(engine, "Other")
    token = share(engine, plan_id)
    (link,) = list_links(engine, HERE, plan_id, now=NOON)
    with pytest.raises(BadInput, match="no link"):
        revoke_link(engine, HERE, other, link.id, NOON)
    assert opened(engine, token)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kind": "admin"}, "there is no kind 'admin'"),
        ({"expires_at": NOON}, "it ends in the past"),
        ({"passphrase": "1234567"}, "passphrase: it has 7 characters. Use at least 8"),
    ],
)
def test_a_link_that_could_not_work_is_not_made(
    engine: Engine, plan_id: str, values: dict[str, object], said: str
) -> None:
    before = everything(engine)
    with pytest.raises(BadInput, match=said):
        share(engine, plan_id, **values)
    assert everything(engine) == before


def test_a_link_ends_at_its_moment_and_not_before(engine: Engine, plan_id: str) -> None:
    token = share(engine, plan_id, expires_at=NOON + DAY)
    almost = NOON + DAY - timedelta(microseconds=1)
    assert opened(engine, token, almost)
    assert open_link(engine, token, NOON + DAY) is None
    (link,) = list_links(engine, HERE, plan_id, now=NOON)
    assert link.expires_at == NOON + DAY
    assert link.is_open(almost) and not link.is_open(NOON + DAY)


def test_it_is_counted_how_often_and_when_last_a_link_was_opened(
    engine: Engine, plan_id: str
) -> None:
    token = share(engine, plan_id)
    (link,) = list_links(engine, HERE, plan_id, now=NOON)
    assert (link.opened, link.opened_at) == (0, None)
    opened(engine, token, NOON + DAY, name="Lin")
    opened(engine, token, NOON + 2 * DAY)
    opened(engine, token, NOON + 3 * DAY, first=False)  # a page drawn anew
    (link,) = list_links(engine, HERE, plan_id, now=NOON)
    assert (link.opened, link.opened_at) == (2, NOON + 2 * DAY)
    lines = [e for e in list_audit(engine, HERE) if e.action == "opened a link"]
    assert [(e.who, e.via, e.detail, e.plan_id) for e in lines] == [
        ("somebody with the link", f"link {link.id}", "version 1", plan_id),
        ("Lin", f"link {link.id}", "version 1", plan_id),
    ]


def test_openings_at_the_same_time_are_all_counted(engine: Engine, plan_id: str) -> None:
    token = share(engine, plan_id)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: opened(engine, token), range(24)))
    assert list_links(engine, HERE, plan_id, now=NOON)[0].opened == 24


@pytest.mark.parametrize("name", ["x" * 5_000, "NUL \0 in it", "half \ud83d", "<b>Lin</b>\n"])
def test_whatever_bearers_call_themselves_a_link_opens(
    engine: Engine, plan_id: str, name: str
) -> None:
    assert opened(engine, share(engine, plan_id), name=name).plan.id == plan_id


def test_a_passphrase_is_asked_for_and_opens(engine: Engine, plan_id: str) -> None:
    token = share(engine, plan_id, passphrase=SECRET, kind="comment")
    assert open_link(engine, token, NOON) == Locked(None)
    assert guess(engine, token, "wrong horse") is None
    key = guess(engine, token, SECRET)
    assert key is not None
    assert opened(engine, token, key=key).kind == "comment"
    assert open_link(engine, token, NOON, key="") == Locked(None)
    assert list_links(engine, HERE, plan_id, now=NOON)[0].has_passphrase


def test_a_clock_that_was_set_back_does_not_keep_a_link_closed(
    engine: Engine, plan_id: str
) -> None:
    token, yesterday = share(engine, plan_id, passphrase=SECRET), NOON - timedelta(days=1)
    for _ in range(TRIES):
        assert guess(engine, token, "wrong horse") is None
    assert open_link(engine, token, yesterday) == Locked(None)
    assert unlock(engine, token, "wrong horse", yesterday) is None
    assert unlock(engine, token, SECRET, yesterday) is not None


def test_five_wrong_passphrases_close_a_link_for_a_minute(engine: Engine, plan_id: str) -> None:
    token = share(engine, plan_id, passphrase=SECRET)
    for _ in range(TRIES):
        assert guess(engine, token, "wrong horse") is None
    assert open_link(engine, token, NOON) == Locked(NOON + MINUTE)
    for tried in (SECRET, "wrong horse"):
        with pytest.raises(BadInput, match=r"too many wrong passphrases\. Wait a minute"):
            guess(engine, token, tried, 59.9)
    assert open_link(engine, token, NOON + MINUTE) == Locked(None)
    key = guess(engine, token, SECRET, 60)
    assert key is not None and opened(engine, token, key=key)


def test_the_right_passphrase_wipes_out_the_wrong_ones(engine: Engine, plan_id: str) -> None:
    token = share(engine, plan_id, passphrase=SECRET)
    for _ in range(3):
        for _ in range(TRIES - 1):
            assert guess(engine, token, "wrong horse") is None
        assert guess(engine, token, SECRET)


def test_after_the_wait_there_are_five_tries_again(engine: Engine, plan_id: str) -> None:
    token = share(engine, plan_id, passphrase=SECRET)
    for seconds in (0, 60):
        for _ in range(TRIES):
            assert guess(engine, token, "wrong horse", seconds) is None
        with pytest.raises(BadInput, match="too many"):
            guess(engine, token, SECRET, seconds)


def test_many_guesses_at_the_same_time_are_five_guesses(engine: Engine, plan_id: str) -> None:
    token = share(engine, plan_id, passphrase=SECRET)

    def try_one(number: int) -> str:
        try:
            return guess(engine, token, f"wrong horse {number}") or "wrong"
        except BadInput:
            return "wait"

    with ThreadPoolExecutor(12) as pool:
        said = list(pool.map(try_one, range(24)))
    assert (said.count("wrong"), said.count("wait")) == (TRIES, 24 - TRIES)
    wrong = [e for e in list_audit(engine, HERE) if e.action == "gave a wrong passphrase"]
    assert len(wrong) == TRIES


def test_the_same_passphrase_of_another_link_opens_only_that_one(
    engine: Engine, plan_id: str
) -> None:
    first, second = (share(engine, plan_id, passphrase=SECRET) for _ in range(2))
    key = guess(engine, first, SECRET)
    assert key is not None and opened(engine, first, key=key)
    assert open_link(engine, second, NOON, key=key) == Locked(None)


def test_examples_come_only_by_the_link_that_includes_them_and_go_with_it(
    engine: Engine, plan_id: str
) -> None:
    with_them = share(engine, plan_id, examples='["zebra"]')
    without = share(engine, plan_id)
    assert opened(engine, with_them).examples == '["zebra"]'
    assert opened(engine, without).examples == ""
    made = {link.has_examples: link for link in list_links(engine, HERE, plan_id, now=NOON)}
    revoke_link(engine, HERE, plan_id, made[True].id, NOON)
    assert open_link(engine, with_them, NOON) is None
    assert "zebra" not in repr(everything(engine))
    assert opened(engine, without).examples == ""


@pytest.mark.parametrize("state", ["wrong", "revoked", "expired", "deleted"])
@pytest.mark.parametrize("passphrase", ["", SECRET])
def test_every_wrong_state_is_answered_alike(
    engine: Engine, plan_id: str, state: str, passphrase: str
) -> None:
    token = share(engine, plan_id, passphrase=passphrase, expires_at=NOON + DAY)
    key = guess(engine, token, SECRET) or ""
    (link,) = list_links(engine, HERE, plan_id, now=NOON)
    now = NOON
    if state == "wrong":
        token = "A" * 22
    elif state == "revoked":
        revoke_link(engine, HERE, plan_id, link.id, NOON)
    elif state == "expired":
        now = NOON + DAY
    else:
        delete_plan(engine, HERE, plan_id, NOON)
    before = everything(engine)
    assert open_link(engine, token, now) is None
    assert open_link(engine, token, now, key=key) is None
    assert unlock(engine, token, SECRET, now) is None
    assert unlock(engine, token, "wrong horse", now) is None
    with pytest.raises(BadInput) as error:
        load_plan(engine, Actor("Lin", token=token, key=key), plan_id, now=now)
    assert str(error.value).startswith(f"plans: no plan '{plan_id}'.")
    assert everything(engine) == before


def test_a_link_without_a_passphrase_cannot_be_unlocked(engine: Engine, plan_id: str) -> None:
    token = share(engine, plan_id)
    assert guess(engine, token, "") is None and guess(engine, token, SECRET) is None
    assert opened(engine, token, key="whatever").plan.id == plan_id


def test_a_link_remembers_who_made_it(engine: Engine, plan_id: str) -> None:
    make_team(engine)
    share_plan(engine, EDITOR, plan_id, NOON)
    assert list_links(engine, HERE, plan_id, now=NOON)[0].made_by == EDITOR.email


def test_a_guess_takes_its_time_and_differs_from_link_to_link(
    engine: Engine, plan_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "_slow", SLOW)
    tokens = [share(engine, plan_id, passphrase=SECRET) for _ in range(2)]
    keys = {guess(engine, token, SECRET) for token in tokens}
    with engine.connect() as connection:
        salts = connection.exec_driver_sql("SELECT salt FROM share_links").scalars().all()
    # RFC 7914 with N = 16,384, r = 8 and p = 1: 16 MB of memory for each guess
    slow = {
        scrypt(SECRET.encode(), salt=bytes.fromhex(salt), n=16_384, r=8, p=1).hex()
        for salt in salts
    }
    assert keys == slow and len(slow) == 2


@pytest.mark.parametrize("passphrase", ["пароль-пароль", "x" * 5_000, "half \ud83d half", "\0" * 8])
def test_any_passphrase_of_eight_characters_works(
    engine: Engine, plan_id: str, passphrase: str
) -> None:
    token = share(engine, plan_id, passphrase=passphrase)
    key = guess(engine, token, passphrase)
    assert key is not None and opened(engine, token, key=key)


def test_what_a_link_follows_after_the_plan_was_deleted_and_saved_anew_stays_its_own(
    engine: Engine, plan_id: str
) -> None:
    token = share(engine, plan_id, follows=True)
    delete_plan(engine, HERE, plan_id, NOON)
    save(engine, "Support")  # another plan of the same name
    assert open_link(engine, token, NOON) is None


def test_a_link_opens_the_version_that_was_meant_whatever_was_saved_meanwhile(
    engine: Engine, plan_id: str
) -> None:
    save_again(engine, plan_id)
    first = share_plan(engine, HERE, plan_id, NOON, version=1)
    opened = open_link(engine, first, NOON)
    assert isinstance(opened, Opened) and opened.plan.version == 1
    with pytest.raises(BadInput, match="version 3"):
        share_plan(engine, HERE, plan_id, NOON, version=3)


def test_whoever_made_a_link_knows_which_one_it_is(engine: Engine, plan_id: str) -> None:
    first, second = (share_plan(engine, HERE, plan_id, NOON) for _ in range(2))
    assert {link_id_of(first), link_id_of(second)} == {
        link.id for link in list_links(engine, HERE, plan_id, now=NOON)
    }
    assert open_link(engine, link_id_of(first), NOON) is None, "the id opens nothing"
