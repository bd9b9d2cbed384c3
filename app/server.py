"""What surrounds the pages on the network: routes, headers, logs, and opening the browser."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Final

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route
from streamlit import config

from app import sessions, warming
from app.cut_off import CutOff
from app.headers import SecurityHeaders
from app.health import health
from app.login import ENTER, BackToThePage, enter
from app.site import base_path
from core.events import event, is_json, place_of, watch_logs

_JOBS: Final = "app.jobs"
_UPLOADS: Final = "app.uploads"
_ELSEWHERE: Final = "app.elsewhere"
_WORKERS: Final = "app.workers"


def prepare() -> None:
    """Clean the log from the first line on; to be called before anything is served."""
    _set_up_logs()
    warming.skip_search()
    config.on_config_parsed(_set_up_logs, force_connect=True)  # when its file is edited


def _set_up_logs() -> None:
    config.set_option("logger.enableRich", False)  # it prints an exception's text past the log
    if is_json():
        config.set_option("logger.messageFormat", "%(message)s")  # for loggers made later
    watch_logs()


def routes() -> list[BaseRoute]:
    """Our own addresses beside Streamlit's."""
    base = base_path()
    return [Route(f"{base}/health", health), Route(f"{base}{ENTER}", enter)]


def middleware() -> list[Middleware]:
    """What every answer passes through on its way out."""
    return [Middleware(CutOff), Middleware(SecurityHeaders), Middleware(BackToThePage)]


def tell_script_error(error: Exception) -> None:
    """Log which error no page expected and where; its text may quote a log, so it stays out."""
    event("script_error", logging.ERROR, error=type(error).__name__, at=place_of(error))


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Read what the pages need before anybody asks, and open the browser as Streamlit would.

    At the end the jobs end too: a worker would otherwise keep the process until it is done.
    """
    threading.Thread(target=_read_ahead, daemon=True).start()
    if not st.get_option("server.headless"):
        asyncio.get_running_loop().call_later(0.2, _open_browser)
    tidying = asyncio.create_task(sessions.keep_few())
    yield
    tidying.cancel()
    if elsewhere := sys.modules.get(_ELSEWHERE):
        elsewhere.close()
    if jobs := sys.modules.get(_JOBS):  # unless it ends before it has begun
        await asyncio.to_thread(jobs.close)


def _read_ahead() -> None:
    """Import the pages' parts, tidy up what an earlier run left behind, then tend the workers."""
    steps: list[Callable[[], object]] = [
        warming.read_ahead,
        lambda: import_module(_JOBS).tidy(),
        lambda: import_module(_UPLOADS).tidy(),
        warming.read_on,
        _settle,
        lambda: import_module(_WORKERS).tend(),
    ]
    for step in steps:
        try:
            step()
        except Exception as error:  # if it matters, the first page fails on it too, and says so
            at = place_of(error)
            event("read_ahead_failed", logging.ERROR, error=type(error).__name__, at=at)


def _settle() -> None:
    """Take what was imported out of garbage collection: it never becomes garbage.

    Collecting stops every page for as long as it takes to look through all that there is, which
    is mostly this. `postScriptGC` in config.toml, which would do it after every rerun, is off;
    Python's own collections go on.
    """
    gc.collect()
    gc.freeze()


def _open_browser() -> None:
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    listens = st.get_option("server.address") or ""
    host = "localhost" if listens in ("", "0.0.0.0", "::") else listens
    webbrowser.open(f"{scheme}://{host}:{st.get_option('server.port')}{base_path()}/")
