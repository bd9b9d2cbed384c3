"""Whose turn it is: fair to all, within limits, and every wait has a number."""

import pytest

from app.turns import Lane, Ticket, Turns
from core.errors import BadInput


def turns(*, per_user: int = 10, in_all: int = 20, computing: int = 1, asking: int = 1) -> Turns:
    slots: dict[Lane, int] = {"computing": computing, "asking": asking}
    return Turns(per_user=per_user, in_all=in_all, slots=slots)


def ticket(job_id: str, lane: Lane = "computing") -> Ticket:
    return Ticket(job_id, job_id[0], lane, print, (job_id,))


def add(queue: Turns, *ids: str, lane: Lane = "computing") -> None:
    """Jobs of the users that their ids begin with."""
    for job_id in ids:
        queue.add(ticket(job_id, lane))


def begun(queue: Turns, lane: Lane = "computing") -> str:
    ticket = queue.next(lane)
    return ticket.job_id if ticket else ""


def test_one_job_of_somebody_who_asks_for_little_passes_the_many_of_another() -> None:
    queue = turns()
    add(queue, "a1", "a2", "a3", "b1", "c1", "b2")
    order = []
    while job_id := begun(queue):
        order.append(job_id)
        queue.end(job_id)
    assert order == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_a_lane_runs_as_many_at_once_as_it_has_slots_and_does_not_hold_up_the_other() -> None:
    queue = turns(computing=2)
    add(queue, "a1", "b1", "c1")
    add(queue, "a2", lane="asking")
    assert [begun(queue) for _ in range(3)] == ["a1", "b1", ""]
    assert begun(queue, "asking") == "a2"
    queue.end("a1")
    assert begun(queue) == "c1"


def test_whoever_waits_knows_how_many_come_before() -> None:
    queue = turns()
    add(queue, "a1", "a2", "a3", "b1")
    assert [queue.before(j) for j in ("a1", "b1", "a2", "a3")] == [0, 1, 2, 3]
    begun(queue)
    assert queue.before("a1") is None, "it runs"
    assert [queue.before(j) for j in ("b1", "a2", "a3")] == [1, 2, 3]
    queue.drop("a2")
    assert [queue.before(j) for j in ("b1", "a3")] == [1, 2]
    queue.end("a1")
    assert queue.before("b1") == 0


def test_the_place_that_was_told_is_kept_unless_somebody_comes_who_waited_longer() -> None:
    queue = turns()
    add(queue, "a1", "a2", "a3", "b1", "b2", "c1")
    while told := {t.job_id: queue.before(t.job_id) for t in queue.open}:
        first = min(told, key=lambda job_id: told[job_id] or 0)
        assert begun(queue) == first
        queue.end(first)
        for ticket in queue.open:
            before = told[ticket.job_id]
            assert before is not None and queue.before(ticket.job_id) == before - 1


def test_one_person_may_have_so_many_jobs_and_is_told_what_to_do() -> None:
    queue = turns(per_user=2)
    add(queue, "a1", "a2")
    begun(queue)
    with pytest.raises(BadInput, match=r"2 of your jobs wait or run.*Wait until one"):
        queue.check("a")
    queue.check("b")
    queue.end("a1")
    queue.check("a")


def test_a_full_server_takes_nothing_from_anybody_and_says_so() -> None:
    queue = turns(in_all=2)
    add(queue, "a1")
    add(queue, "b1", lane="asking")
    with pytest.raises(
        BadInput, match=r"2 jobs of all people here wait or run.*try again in a few"
    ):
        queue.check("c")
    queue.drop("b1")
    queue.check("c")


def test_the_same_work_is_recognised_only_while_it_waits() -> None:
    queue = turns()
    queue.hold(ticket("a1"))
    assert queue.same(ticket("a1")), "about to wait"
    add(queue, "a1")
    assert queue.same(ticket("a1")) and not queue.same(ticket("a2"))
    begun(queue)
    assert not queue.same(ticket("a1")), "what it read may have changed since"
    add(queue, "b1", lane="asking")
    begun(queue, "asking")
    assert queue.same(ticket("b1", "asking")), "two would write in one journal"


def test_a_place_that_is_kept_counts_and_begins_nothing() -> None:
    queue = turns(per_user=1)
    queue.hold(ticket("a1"))
    with pytest.raises(BadInput):
        queue.check("a")
    assert queue.next("computing") is None and queue.before("a1") is None
    queue.end("a1")
    queue.check("a")
