"""The replay itself: every query to every candidate, then to the judge in both orders."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeVar

from core.errors import BadInput, Cancelled
from core.quality.budget import Budget
from core.quality.caller import Call, Caller, CapReached, NoAnswer
from core.quality.checks import same_answer
from core.quality.endpoint import Endpoint
from core.quality.journal import Item, Journal
from core.quality.prompts import Prompt
from core.quality.replay import VERDICT_OUTPUT, Candidate, Replay
from core.quality.requests import answer_messages, judge_messages
from core.quality.stopping import LOOK, is_clear
from core.quality.verdict import Judged, Verdict, over_both_orders, read_verdict

Ending = Literal["done", "clear", "cap", "stopped"]
Result = TypeVar("Result")

VERDICT_TRIES: Final = 2
ITEMS_AT_ONCE: Final = 16


@dataclass(frozen=True)
class Ran:
    """How a replay stands after a run; USD, `doubtful_usd` may or may not have been billed."""

    ending: Ending
    done: int
    failed: int
    left: int
    spent_usd: float
    doubtful_usd: float


def run_replay(
    folder: Path,
    replay: Replay,
    prompts: Mapping[int, Prompt],
    endpoints: Endpoint | Mapping[str, Endpoint],
    *,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Ran:
    """Run a replay, or go on with one that was cut off; what has ended is not done again.

    `endpoints` are one server for all models, or servers by provider. `progress` gets (queries
    ended, in all). Raises BadInput where a server refuses everything, or a provider has none;
    what was paid for by then is kept.
    """
    by_provider = _by_provider(replay, endpoints)
    with Journal(folder) as journal:
        budget = Budget(replay.cap_usd, journal.spent_usd, journal.doubtful_usd)
        # One caller per server, so that its limits hold whoever asks it.
        servers = {id(e): Caller(e, budget, journal, stopped=stopped) for e in by_provider.values()}
        callers = {provider: servers[id(e)] for provider, e in by_provider.items()}
        work = _Work(replay, prompts, callers, journal)
        ending = work_through(
            replay.rows,
            work.item,
            journal,
            progress,
            list(servers.values()),
            is_clear=work.is_clear,
        )
        return standing_of(len(replay.rows), journal, ending, budget)


def _by_provider(
    replay: Replay, endpoints: Endpoint | Mapping[str, Endpoint]
) -> dict[str, Endpoint]:
    providers = {c.model.provider for c in (*replay.candidates, replay.judge)}
    if isinstance(endpoints, Endpoint):
        return dict.fromkeys(providers, endpoints)
    missing = sorted(providers - endpoints.keys())
    if missing:
        raise BadInput(
            f"no server is named for {', '.join(missing)}",
            where="replay",
            remedy="Name one for each provider of the plan's models, or one gateway for all",
        )
    return {provider: endpoints[provider] for provider in providers}


def standing_of(asked: int, journal: Journal, ending: Ending, budget: Budget) -> Ran:
    """How work on that many queries stands."""
    failed = sum(bool(item.failed) for item in journal.items.values())
    return Ran(
        ending=ending,
        done=len(journal.items) - failed,
        failed=failed,
        left=asked - len(journal.items),
        spent_usd=budget.spent_usd,
        doubtful_usd=budget.doubtful_usd,
    )


def work_through(
    rows: Sequence[int],
    item: Callable[[int], Awaitable[Item]],
    journal: Journal,
    progress: Callable[[int, int], None] | None,
    callers: Sequence[Caller],
    *,
    is_clear: Callable[[], bool] = lambda: False,
) -> Ending:
    """Do every query that has not ended, many at once; what ends is in the journal at once."""
    return asyncio.run(_through(rows, item, journal, progress, callers, is_clear))


async def _through(
    rows: Sequence[int],
    item: Callable[[int], Awaitable[Item]],
    journal: Journal,
    progress: Callable[[int, int], None] | None,
    callers: Sequence[Caller],
    is_clear: Callable[[], bool],
) -> Ending:
    waiting = [row for row in rows if row not in journal.items]
    waiting.reverse()
    ending: Ending = "done"

    async def worker() -> None:
        nonlocal ending
        while waiting and ending == "done":
            row = waiting.pop()
            try:
                journal.ended(await item(row))
            except NoAnswer as error:
                journal.ended(Item(row, failed=str(error)))
            except CapReached:
                ending = "cap"
            except Cancelled:
                ending = "stopped"
            if progress:
                progress(len(journal.items), len(rows))
            if ending == "done" and waiting and is_clear():
                ending = "clear"

    workers = [asyncio.create_task(worker()) for _ in range(ITEMS_AT_ONCE)]
    try:
        await asyncio.gather(*workers)
    finally:
        for task in workers:
            task.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        for caller in callers:
            await caller.close()
    return ending


@dataclass
class _Work:
    replay: Replay
    prompts: Mapping[int, Prompt]
    callers: Mapping[str, Caller]  # by provider
    journal: Journal

    def is_clear(self) -> bool:
        """Whether the decision is clear, looked at after every LOOK queries."""
        ended, limits = self.journal.items, self.replay.tolerances
        if not limits or len(ended) % LOOK:
            return False
        return is_clear(ended.values(), self.replay.reference.model.id, limits)

    async def item(self, row: int) -> Item:
        """The scores of one query: the share of both orders in which an answer was acceptable."""
        prompt, checks = self.prompts[row], self.replay.checks
        asked = self.replay.asked(prompt)
        answers = dict(
            zip(
                (c.model.id for c in asked),
                await _all(*(self._answer(row, prompt, c) for c in asked)),
                strict=True,
            )
        )
        known = self.replay.logged_model(prompt)
        against = known or self.replay.reference.model.id
        reference = (prompt.answer or "") if known else answers.pop(against)
        scores: dict[str, float] = {}
        judged: list[Judged] = []
        equal: list[str] = []
        for model, answer in answers.items():
            if not await asyncio.to_thread(checks.passes, answer, reference):
                scores[model] = 0.0
            elif same_answer(answer, reference):
                equal.append(model)
            else:
                found = await self._judged(row, prompt, model, answer, reference)
                scores[model] = found.candidate
                judged.append(found)
        level = sum(j.reference for j in judged) / len(judged) if judged else 1.0
        if not await asyncio.to_thread(checks.passes, reference, reference):
            level = 0.0
        scores |= dict.fromkeys([*equal, against], level)
        agreed = sum(j.agree for j in judged)
        return Item(row, scores, "", len(judged), agreed, logged=bool(known))

    async def _answer(self, row: int, prompt: Prompt, candidate: Candidate) -> str:
        messages = answer_messages(prompt.system, prompt.text)
        key = f"{self.replay.id}:{row}:{candidate.model.id}"
        caller = self.callers[candidate.model.provider]
        reply = await caller.ask(Call(key, candidate, messages, self.replay.most_output))
        return reply.text

    async def _judged(
        self, row: int, prompt: Prompt, model: str, answer: str, reference: str
    ) -> Judged:
        name = f"{self.replay.id}:{row}:judge:{model}"
        first, second = await _all(
            self._verdict(f"{name}:1", judge_messages(prompt.text, answer, reference)),
            self._verdict(f"{name}:2", judge_messages(prompt.text, reference, answer)),
        )
        return over_both_orders(first, second)

    async def _verdict(self, key: str, messages: list[dict[str, str]]) -> Verdict:
        for number in range(VERDICT_TRIES):
            call = Call(f"{key}:{number}", self.replay.judge, messages, VERDICT_OUTPUT)
            caller = self.callers[self.replay.judge.model.provider]
            verdict = read_verdict((await caller.ask(call)).text)
            if verdict is not None:
                return verdict
        raise NoAnswer("the judge gave no verdict")


async def _all(*work: Awaitable[Result]) -> list[Result]:
    """The results of all; when one fails the others are still waited for, and booked."""
    found = await asyncio.gather(*work, return_exceptions=True)
    results: list[Result] = []
    for each in found:
        if isinstance(each, BaseException):
            raise each
        results.append(each)
    return results
