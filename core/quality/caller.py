"""One call to a server: set aside, sent, retried, booked."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from core.errors import BadInput, Cancelled, TierwiseError
from core.quality.budget import Budget, most_tokens, most_usd
from core.quality.endpoint import Endpoint
from core.quality.journal import Journal, Reply
from core.quality.replay import Candidate
from core.quality.requests import Message

if TYPE_CHECKING:
    from openai import AsyncOpenAI

TRIES: Final = 6
_FIRST_WAIT: Final = 0.5  # seconds, doubled with every try
_LONGEST_WAIT: Final = 30.0
_LOOK_AGAIN: Final = 0.01
_WRONG_FOR_ALL: Final = {401: "refuses the key", 403: "refuses the key", 404: "does not know it"}


class CapReached(TierwiseError):
    """The next call could pass the cap."""


class NoAnswer(TierwiseError):
    """One call has no answer; others may have."""


@dataclass(frozen=True)
class Call:
    """One thing to ask; `key` names it for ever, so that nothing is asked and paid twice."""

    key: str
    candidate: Candidate
    messages: list[Message]
    most_output: int


class Caller:
    """Asks one endpoint, within a budget, and keeps a journal."""

    def __init__(
        self,
        endpoint: Endpoint,
        budget: Budget,
        journal: Journal,
        *,
        stopped: Callable[[], bool] = lambda: False,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.endpoint = endpoint
        self.budget = budget
        self.journal = journal
        self._stopped = stopped
        self._wait = wait
        self._gate = asyncio.Semaphore(endpoint.at_once)
        self._next_start = 0.0
        self._client: AsyncOpenAI | None = None

    async def ask(self, call: Call) -> Reply:
        """The reply; one that the journal has is not asked for again.

        Raises CapReached, Cancelled, NoAnswer for this call, and BadInput where no call to the
        endpoint can succeed.
        """
        known = self.journal.replies.get(call.key)
        if known is not None:
            return known
        most = most_usd(call.candidate.model, call.messages, call.most_output)
        why = ""
        for number in range(TRIES):
            async with self._gate:
                await self._pace()
                if self._stopped():
                    raise Cancelled("The replay was stopped; it can go on later.")
                await self._set_aside(most)
                self.journal.sent(call.key, most)
                found = await self._try(call, most)
            if isinstance(found, Reply):
                return found
            why, pause = found
            if number < TRIES - 1:
                await self._wait(pause or _backoff(number))
        raise NoAnswer(f"no answer after {TRIES} tries ({why})")

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    async def _try(self, call: Call, most: float) -> Reply | tuple[str, float]:
        """One try: the reply, or why there is none and how long the server asks to wait."""
        import openai

        started = time.monotonic()
        try:
            said = await self._send(call)
            return self._booked(call, said, most, time.monotonic() - started)
        except openai.APIStatusError as error:
            # Never its message: some servers repeat a part of the key in it.
            self.journal.refused(call.key)
            self.budget.release(most)
            return self._refused(call, error.status_code, error.response.headers)
        except (openai.APIError, ValueError, AttributeError) as error:
            self.journal.cut_off(call.key)
            self.budget.doubt(most)
            return type(error).__name__, 0.0
        except asyncio.CancelledError:
            self.journal.cut_off(call.key)
            self.budget.doubt(most)
            raise

    async def _send(self, call: Call) -> Any:
        client = self._opened()
        limit = {self.endpoint.output_limit: call.most_output}
        if call.candidate.effort:
            limit["reasoning_effort"] = call.candidate.effort  # type: ignore[assignment]
        return await client.chat.completions.create(
            model=call.candidate.called,
            messages=call.messages,  # type: ignore[arg-type]
            extra_headers={"Idempotency-Key": call.key},
            extra_body=limit,
        )

    def _booked(self, call: Call, said: Any, most: float, seconds: float) -> Reply:
        """The reply, paid; ValueError for something that is no completion."""
        choices = getattr(said, "choices", None)
        if not choices:
            raise ValueError("no completion")
        usage = getattr(said, "usage", None)
        given = int(getattr(usage, "prompt_tokens", None) or 0)
        written = int(getattr(usage, "completion_tokens", None) or 0)
        model = call.candidate.model
        assert model.price is not None
        usd = model.price.cost_usd(float(given), 0.0, float(written))
        # No count, or one that cannot be: the most that it can have cost is booked.
        if not given or given > most_tokens(call.messages) or written > call.most_output:
            usd = most
        text = choices[0].message.content or ""
        reply = Reply(text, given, written, min(usd, most), round(seconds, 3))
        kept = self.journal.answered(call.key, reply)
        self.budget.settle(most, reply.usd)
        return kept

    def _refused(self, call: Call, status: int, headers: Any) -> tuple[str, float]:
        if status in _WRONG_FOR_ALL:
            what = call.candidate.called if status == 404 else "this key"
            raise BadInput(
                f"it {_WRONG_FOR_ALL[status]} (HTTP {status}, {what})",
                where=self.endpoint.base_url,
                remedy="Check the address, the key and the name of the model",
            )
        if status != 429 and status < 500:
            raise NoAnswer(f"the server refused it (HTTP {status})")
        try:
            return f"HTTP {status}", min(float(headers.get("retry-after", 0)), _LONGEST_WAIT)
        except ValueError:
            return f"HTTP {status}", 0.0

    async def _set_aside(self, most: float) -> None:
        """Wait for the money of a call: others under way mostly cost less than was set aside."""
        while not self.budget.reserve(most):
            if self.budget.reserved_usd <= 1e-12:
                raise CapReached("The next call could pass the cap.")
            await asyncio.sleep(_LOOK_AGAIN)

    async def _pace(self) -> None:
        """Wait for the next start that the rate limit allows."""
        if self.endpoint.requests_per_minute is None:
            return
        now = time.monotonic()
        start = max(now, self._next_start)
        self._next_start = start + 60.0 / self.endpoint.requests_per_minute
        if start > now:
            await self._wait(start - now)

    def _opened(self) -> AsyncOpenAI:
        if self._client is None:
            from openai import AsyncOpenAI

            self._client = AsyncOpenAI(
                base_url=self.endpoint.base_url,
                api_key=self.endpoint.api_key,
                timeout=self.endpoint.seconds,
                max_retries=0,  # retried here, where every try is booked
            )
        return self._client


def _backoff(number: int) -> float:
    longest = min(_FIRST_WAIT * 2.0**number, _LONGEST_WAIT)
    return float(longest * (0.5 + random.random()))
