"""The headers that keep share links out of other sites, and the app out of their frames."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.site import base_path

ALWAYS = {
    "Referrer-Policy": "no-referrer",  # a share link's token is in its address
    "X-Content-Type-Options": "nosniff",
}
OWN_FRAMES = {"X-Frame-Options": "SAMEORIGIN", "Content-Security-Policy": "frame-ancestors 'self'"}
ANY_FRAME = {"Content-Security-Policy": "frame-ancestors *"}


class SecurityHeaders:
    """Adds them to every answer; only a shared plan that asks to be embedded may be framed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, with the headers added."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = ALWAYS | (ANY_FRAME if _may_be_framed(scope) else OWN_FRAMES)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(added)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _may_be_framed(scope: Scope) -> bool:
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return scope["path"] == f"{base_path()}/shared" and query.get("embed") == ["true"]
