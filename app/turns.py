"""Whose turn it is: jobs that wait and run, within limits, so that nobody holds up all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from core.errors import BadInput

# Computing fills a processor; asking waits for somebody else's server most of the time.
Lane = Literal["computing", "asking"]

_LATER: Final = "Wait until one has ended, or stop one, and press the button again"


@dataclass(frozen=True)
class Ticket:
    """A job in the queue: for whom, in which lane, and what is called with which arguments."""

    job_id: str
    who: str
    lane: Lane
    function: Callable[..., None]
    arguments: tuple[Any, ...]

    @property
    def what(self) -> tuple[Any, ...]:
        """What tells it from other work; where it asks, the place of its answers and no key."""
        return self.arguments[:2] if self.lane == "asking" else self.arguments


class Turns:
    """The jobs that wait or run here; not safe for several threads at once.

    Whoever waited longest since their last job began comes next, so that one job of somebody
    who asks for little passes the many of another.
    """

    def __init__(self, *, per_user: int, in_all: int, slots: Mapping[Lane, int]) -> None:
        """At most so many jobs waiting or running, and so many at once in each lane."""
        self._per_user, self._in_all, self._slots = per_user, in_all, slots
        self._held: dict[str, Ticket] = {}
        self._waiting: list[Ticket] = []
        self._running: dict[str, Ticket] = {}
        self._last: dict[str, int] = {}  # by user, the number of their last turn
        self._count = 0

    def check(self, who: str) -> None:
        """BadInput where there is no room for one more job of that user."""
        mine = sum(ticket.who == who for ticket in self.open)
        if mine >= self._per_user:
            raise BadInput(
                f"{mine} of your jobs wait or run, and one person may have no more at once",
                remedy=_LATER,
            )
        if len(self.open) >= self._in_all:
            raise BadInput(
                f"{len(self.open)} jobs of all people here wait or run, and more do not fit",
                remedy="Nothing was started: try again in a few minutes",
            )

    def hold(self, ticket: Ticket) -> None:
        """Keep a place for a job that is about to be asked for; `add` or `end` follows."""
        self._held[ticket.job_id] = ticket

    def add(self, ticket: Ticket) -> None:
        """Let a job wait for its turn."""
        self._held.pop(ticket.job_id, None)
        self._waiting.append(ticket)

    def same(self, wanted: Ticket) -> Ticket | None:
        """The job that does the very same and has not begun; None without one.

        In the lane that asks one that runs is found, too: two would write in one journal.
        """
        for ticket in self.open:
            if ticket.job_id in self._running and wanted.lane == "computing":
                continue  # it may have read what has changed since
            if (ticket.function, ticket.what) == (wanted.function, wanted.what):
                return ticket
        return None

    def next(self, lane: Lane) -> Ticket | None:
        """The job whose turn it is, which runs from now on; None while none can."""
        line = self._line(lane)
        if not line or self._busy(lane) >= self._slots[lane]:
            return None
        ticket = line[0]
        self._waiting.remove(ticket)
        self._running[ticket.job_id] = ticket
        self._count += 1
        self._last[ticket.who] = self._count
        return ticket

    def end(self, job_id: str) -> None:
        """Let a job go that has ended, or is not wanted any more."""
        self._running.pop(job_id, None)
        self._held.pop(job_id, None)
        self.drop(job_id)
        known = {ticket.who for ticket in self.open}
        self._last = {who: turn for who, turn in self._last.items() if who in known}

    def drop(self, job_id: str) -> None:
        """Take a job out that waits; one that runs is not touched."""
        self._waiting = [ticket for ticket in self._waiting if ticket.job_id != job_id]

    def before(self, job_id: str) -> int | None:
        """How many jobs run or come before that one; None where it does not wait here."""
        for ticket in self._waiting:
            if ticket.job_id == job_id:
                return self._busy(ticket.lane) + self._line(ticket.lane).index(ticket)
        return None

    @property
    def open(self) -> list[Ticket]:
        """All that wait or run, or are about to."""
        return [*self._running.values(), *self._waiting, *self._held.values()]

    def _line(self, lane: Lane) -> list[Ticket]:
        """The jobs that wait in a lane, in the order in which they will begin as things stand."""
        waiting = [ticket for ticket in self._waiting if ticket.lane == lane]
        last, count, line = Counter(self._last), self._count, []
        while waiting:
            first = min(waiting, key=lambda ticket: last[ticket.who])
            waiting.remove(first)
            line.append(first)
            count += 1
            last[first.who] = count
        return line

    def _busy(self, lane: Lane) -> int:
        return sum(ticket.lane == lane for ticket in self._running.values())
