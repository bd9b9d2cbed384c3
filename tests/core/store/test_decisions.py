from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from core.errors import BadInput, Forbidden
from core.store.access import Actor
from core.store.decisions import Decision, Kind, decide, list_decisions
from core.store.links import list_links
from core.store.plans import load_plan

from ..frozen.conftest import NOON
from .people import EDITOR, HERE, OWNER, VIEWER, bearer, everything, make_team, save_again


def hour(count: int) -> datetime:
    return NOON + timedelta(hours=count)


def state(engine: Engine, plan_id: str) -> tuple[str, int | None]:
    plan = load_plan(engine, HERE, plan_id, now=NOON)
    return plan.status, plan.approved_version


def test_what_was_said_comes_back_newest_first(engine: Engine, plan_id: str) -> None:
    make_team(engine)
    decide(engine, OWNER, plan_id, 1, "comment", " Why Mini?\n=1+1 ", hour(0))
    decide(engine, VIEWER, plan_id, 1, "changes", "<b>no</b>", hour(1))
    decide(engine, EDITOR, plan_id, 1, "approved", "", hour(2))
    assert list_decisions(engine, VIEWER, plan_id, now=NOON) == [
        Decision(1, "approved", EDITOR.email, "login", "", hour(2)),
        Decision(1, "changes", VIEWER.email, "login", "<b>no</b>", hour(1)),
        Decision(1, "comment", OWNER.email, "login", "Why Mini?\n=1+1", hour(0)),
    ]
    assert len(list_decisions(engine, HERE, plan_id, now=NOON, limit=2)) == 2


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], ("open", None)),
        ([(2, "comment")], ("open", None)),
        ([(2, "approved")], ("approved", 2)),
        ([(2, "changes")], ("changes", None)),
        ([(1, "approved")], ("open", 1)),  # of an older version: the newest is still open
        ([(1, "changes")], ("open", None)),
        ([(2, "approved"), (2, "comment")], ("approved", 2)),
        ([(2, "approved"), (2, "changes")], ("changes", 2)),
        ([(2, "changes"), (2, "approved")], ("approved", 2)),
        ([(2, "approved"), (1, "approved")], ("approved", 2)),  # an old link changes nothing
    ],
)
def test_the_status_is_the_last_decision_on_the_newest_version(
    engine: Engine, plan_id: str, said: list[tuple[int, Kind]], expected: tuple[str, int | None]
) -> None:
    save_again(engine, plan_id)
    for count, (version, kind) in enumerate(said):
        decide(engine, HERE, plan_id, version, kind, "since", hour(count))
    assert state(engine, plan_id) == expected
    assert len(list_decisions(engine, HERE, plan_id, now=NOON)) == len(said)


@pytest.mark.parametrize("kind", ["changes", "comment"])
@pytest.mark.parametrize("note", ["", "  \n"])
def test_whoever_wants_changes_says_which(
    engine: Engine, plan_id: str, kind: Kind, note: str
) -> None:
    before = everything(engine)
    with pytest.raises(BadInput, match=r"note: it is empty\. Say in a sentence what you mean"):
        decide(engine, HERE, plan_id, 1, kind, note, NOON)
    assert everything(engine) == before


@pytest.mark.parametrize(
    ("actor", "note", "said"),
    [
        (HERE, "x" * 2_001, "note: it has 2,001 characters"),
        (Actor(" ", local=True), "x", "your name: it has 0 characters"),
        (Actor("a\nb", local=True), "x", "your name: it has control characters"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    engine: Engine, plan_id: str, actor: Actor, note: str, said: str
) -> None:
    before = everything(engine)
    with pytest.raises(BadInput, match=said):
        decide(engine, actor, plan_id, 1, "comment", note, NOON)
    assert everything(engine) == before


@pytest.mark.parametrize("version", [0, 2, -1])
def test_nothing_can_be_said_to_a_version_that_is_not_there(
    engine: Engine, plan_id: str, version: int
) -> None:
    before = everything(engine)
    with pytest.raises(BadInput, match=f"no plan '{plan_id}, version {version}'"):
        decide(engine, HERE, plan_id, version, "approved", "", NOON)
    assert everything(engine) == before


def test_by_a_link_one_speaks_under_its_id_and_of_its_version_only(
    engine: Engine, plan_id: str
) -> None:
    lin = bearer(engine, plan_id, kind="comment")
    (link,) = list_links(engine, HERE, plan_id, now=NOON)
    save_again(engine, plan_id)
    decide(engine, HERE, plan_id, 2, "changes", "no", hour(0))
    decide(engine, lin, plan_id, 1, "approved", "", hour(1))
    with pytest.raises(BadInput, match="no plan"):
        decide(engine, lin, plan_id, 2, "approved", "", hour(2))
    (mine,) = list_decisions(engine, lin, plan_id, now=NOON)
    assert (mine.who, mine.via, mine.version) == ("Lin", f"link {link.id}", 1)
    assert state(engine, plan_id) == ("changes", 1)
    assert len(list_decisions(engine, HERE, plan_id, now=NOON)) == 2


def test_a_link_to_view_does_not_let_one_speak(engine: Engine, plan_id: str) -> None:
    with pytest.raises(Forbidden, match="a link to view does not allow to comment or decide"):
        decide(engine, bearer(engine, plan_id), plan_id, 1, "comment", "x", NOON)


def test_a_link_to_the_newest_version_lets_one_speak_of_each(engine: Engine, plan_id: str) -> None:
    lin = bearer(engine, plan_id, kind="comment", follows=True)
    save_again(engine, plan_id)
    for version in (1, 2):
        decide(engine, lin, plan_id, version, "comment", "x", NOON)
    assert {d.version for d in list_decisions(engine, lin, plan_id, now=NOON)} == {1, 2}
