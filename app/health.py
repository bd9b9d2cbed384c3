"""`GET /health`: whether the app can show and keep things, for proxies, containers, monitors."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from core.disk import reason_against
from core.errors import BadInput, Hindered
from core.events import event, place_of
from core.places import home

if TYPE_CHECKING:
    from core.store.engine import Engine

PATIENCE_SECONDS: Final = 3.0


class Question:
    """A question to something that may never answer: asked by one thread at a time.

    Whoever asks while it is being asked gets the same answer, so a database that hangs holds
    one thread, however often it is asked, and the event loop never.
    """

    def __init__(
        self, ask: Callable[[], str], patience: float = PATIENCE_SECONDS, holds_for: float = 0.0
    ) -> None:
        """With `holds_for` an answer counts for so many seconds before it is asked again."""
        self._ask = ask
        self._patience = patience
        self._holds_for = holds_for
        self._asked_at = 0.0
        self._answer: Future[str] | None = None

    async def answer(self) -> str:
        """The answer, or that there is none yet."""
        old = time.monotonic() - self._asked_at >= self._holds_for
        if self._answer is None or (self._answer.done() and old):
            self._answer, self._asked_at = Future(), time.monotonic()
            threading.Thread(target=self._wait, args=[self._answer], daemon=True).start()
        waiting = asyncio.shield(asyncio.wrap_future(self._answer))
        try:
            return await asyncio.wait_for(waiting, self._patience)
        except TimeoutError:
            return f"does not answer within {self._patience:g} s"

    def _wait(self, answer: Future[str]) -> None:
        answer.set_result(self._ask())


async def health(request: Request) -> JSONResponse:
    """200 when the database answers, else 503; with a full local folder plans still open.

    One line for each, which holds no address or secret.
    """
    began = time.monotonic()
    database, storage = await asyncio.gather(_database.answer(), _storage.answer())
    seconds = round(time.monotonic() - began, 3)
    well = database == "ok"
    if not well or storage != "ok":
        event(
            "health_failing", logging.WARNING, database=database, storage=storage, seconds=seconds
        )
    said = {
        "status": "ok" if well else "failing",
        "database": database,
        "storage": storage,
        "version": version("tierwise"),
        "seconds": seconds,
    }
    return JSONResponse(said, 200 if well else 503, headers={"Cache-Control": "no-store"})


def ask_database() -> str:
    """What is the matter with the database, "ok" when it can be read and has its tables."""
    try:
        from core.store.engine import step_of

        # "SELECT 1" would not touch the file of a SQLite database; this reads a table of it.
        return "ok" if step_of(_engine()) else "has no tables"
    except Hindered as error:
        return error.found
    except BadInput as error:
        event("database_unusable", logging.WARNING, found=error.found)
        return "cannot be opened"
    except Exception as error:  # whatever the matter is, the answer is that it fails
        event("database_fails", logging.WARNING, error=type(error).__name__, at=place_of(error))
        return f"fails ({type(error).__name__})"


def ask_storage() -> str:
    """What is the matter with the local folder, "ok" when logs can be kept there."""
    try:
        return reason_against(home()) or "ok"
    except Hindered as error:
        return error.found


@cache
def _engine() -> Engine:
    from core.store.engine import open_engine  # slow to import, and the server need not wait

    return open_engine()


_database = Question(ask_database)
_storage = Question(ask_storage, holds_for=10.0)  # it writes a file
