"""The way to the login and back to the page that asked for it.

Streamlit's own login always returns to the start page, so whoever opened a share link would lose
it. `/enter?next=/shared?plan=…` keeps the page in a short-lived cookie and goes to the login; when
the login has succeeded, its last redirect is pointed at that page and the cookie is deleted.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import (
    get_redirect_uri,
    get_secrets_auth_section,
    is_authlib_installed,
    validate_auth_credentials,
)
from streamlit.errors import StreamlitAuthError, StreamlitMissingAuthlibError
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.user_info import generate_login_redirect_url
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from app.site import base_path
from core.events import event

ENTER: Final = "/enter"
CALLBACK: Final = "/oauth2callback"
COOKIE: Final = "tierwise_next"
MINUTES: Final = 10
LONGEST: Final = 2000  # characters of an address; a cookie holds 4096

_SCREENS: Final = Path(__file__).with_name("screens")


def own_page(target: str) -> str | None:
    """The address within this site that `target` names; None when it is no page of ours.

    It is put together anew from its parts, so nothing of what was given can lead elsewhere.
    """
    if len(target) > LONGEST or "\\" in target:
        return None
    try:
        parts = urlsplit(target)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.path not in _pages():
        return None
    return f"{parts.path}?{urlencode(query)}" if query else parts.path


def _pages() -> set[str]:
    """The paths of the pages: one file each, the log at the root."""
    names = {file.stem for file in _SCREENS.glob("*.py")} - {"__init__", "log"}
    return {"/"} | {f"/{name.replace('_', '-')}" for name in names}


async def enter(request: Request) -> Response:
    """Off to the login, with the page to return to (`next`) in a cookie.

    `provider` names one of several `[auth.<name>]`; without it the only or first one is taken.
    """
    try:
        login = _login_address(request.query_params.get("provider", ""))
    except StreamlitAuthError as error:
        event("login_unusable", logging.WARNING, error=type(error).__name__)
        return PlainTextResponse("Logging in is not set up on this server.", 503)
    response = RedirectResponse(login, 303, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE,
        quote(own_page(request.query_params.get("next", "/")) or "/", safe=""),
        max_age=MINUTES * 60,
        path=base_path() or "/",
        secure=(get_redirect_uri(get_secrets_auth_section()) or "").startswith("https:"),
        httponly=True,
        samesite="lax",  # the provider sends the person back from another site
    )
    return response


def _login_address(asked: str) -> str:
    section = get_secrets_auth_section()
    if not is_authlib_installed():
        raise StreamlitMissingAuthlibError
    named = [n for n, value in section.items() if hasattr(value, "items") and "client_id" in value]
    unnamed = "default" if "client_id" in section or not named else named[0]
    provider = asked if asked in named else unnamed
    validate_auth_credentials(provider)
    return generate_login_redirect_url(provider)


class BackToThePage:
    """Points a successful login's last redirect at the page that was asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through but the end of a login that `enter` began."""
        if scope["type"] != "http" or scope["path"] != base_path() + CALLBACK:
            await self._app(scope, receive, send)
            return
        kept = cookie_parser(Headers(scope=scope).get("cookie", "")).get(COOKIE, "")
        target = own_page(unquote(kept))

        async def send_elsewhere(message: Message) -> None:
            # A login that failed keeps the cookie: the next one within minutes leads back too.
            if target and message["type"] == "http.response.start" and _logs_in(message):
                headers = MutableHeaders(scope=message)
                headers["location"] = base_path() + target
                forget = Response()
                forget.delete_cookie(COOKIE, path=base_path() or "/", httponly=True)
                headers.append("set-cookie", forget.headers["set-cookie"])
            await send(message)

        await self._app(scope, receive, send_elsewhere)


def _logs_in(message: Message) -> bool:
    """Whether the answer redirects and sets Streamlit's cookie of who is logged in."""
    cookies = Headers(scope=message).getlist("set-cookie")
    set_to = [c.partition("=")[2] for c in cookies if c.startswith(f"{USER_COOKIE_NAME}=")]
    return message["status"] == 302 and any(not value.startswith(('""', ";")) for value in set_to)


def enter_address(page: str) -> str:
    """The address that leads through the login to a page of ours, such as `/shared?plan=…`."""
    return f"{base_path()}{ENTER}?next={quote(page, safe='')}"


def send_to_login() -> None:
    """Send whoever is looking to the login and back to this very page; stops the script.

    `st.login()` would lead to the start page. Call it on a click, never unasked: a provider that
    refuses would be asked again without end.
    """
    path = urlsplit(st.context.url or "/").path.removeprefix(base_path()) or "/"
    query = urlencode(st.query_params.to_dict())
    if context := get_script_run_ctx():
        message = ForwardMsg()  # what st.login sends, with our address
        message.auth_redirect.url = enter_address(f"{path}?{query}" if query else path)
        context.enqueue(message)
    st.stop()
