"""Whoever goes away in the middle of sending a file: one line in the log, and nothing is kept."""

from __future__ import annotations

import logging

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from core.events import event


class CutOff:
    """Takes the end of a request whose sender is gone as such; it is no error of the app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; where nobody is left to answer, that is logged."""
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            event("request_cut_off", logging.WARNING, method=str(scope.get("method", "")))
