"""Sessions whose tab is gone, let go when their time is up, with what was uploaded in them."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final

from streamlit import runtime

from core.events import event, place_of

EVERY_SECONDS: Final = 30.0


async def keep_few() -> None:
    """Let expired sessions go from time to time, as long as the server runs."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            let_go(_disconnected())
        except AttributeError as error:  # another Streamlit keeps them elsewhere
            event("sessions_not_found", logging.WARNING, missing=error.name)
            return
        except Exception as error:  # the next time may go well
            event("sessions_kept", logging.WARNING, error=type(error).__name__, at=place_of(error))


def let_go(kept: Any) -> int:
    """How many sessions had waited longer for their tab than `server.disconnectedSessionTTL`.

    Streamlit looks for them only when the next tab closes: until then an upload of 200 MB would
    stay in memory. On the server's own thread, where tabs come and go.
    """
    gone = kept.expire()
    for _, waiting in gone:
        waiting.session.shutdown()  # not when it is collected as garbage, which may take long
    return len(gone)


def _disconnected() -> Any:
    """Where Streamlit keeps sessions without a tab; AttributeError where that is not known."""
    return runtime.get_instance()._session_mgr._session_storage._cache  # type: ignore[attr-defined]
