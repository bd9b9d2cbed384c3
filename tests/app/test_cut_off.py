"""A browser that goes away while it sends a file is one line in the log, and no traceback."""

import asyncio
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from app.cut_off import CutOff
from app.server import middleware


async def take(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


APP = Starlette(routes=[Route("/", take, methods=["PUT"])], middleware=[Middleware(CutOff)])
FIRST: Message = {"type": "http.request", "body": b"the first half", "more_body": True}
LAST: Message = {"type": "http.request", "body": b", the second"}


def put(*messages: Message) -> list[Message]:
    """What the app sends to a browser that sends this."""
    coming: Iterator[Message] = iter(messages)
    answers: list[Message] = []

    async def receive() -> Message:
        return next(coming)

    async def send(message: Message) -> None:
        answers.append(message)

    scope = {
        "type": "http", "method": "PUT", "path": "/", "headers": [], "query_string": b"",
        "http_version": "1.1",
    }  # fmt: skip
    asyncio.run(APP(scope, receive, send))
    return answers


def test_a_file_that_is_cut_off_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert put(FIRST, {"type": "http.disconnect"}) == []
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "request_cut_off method=PUT" in said


def test_one_that_is_sent_again_arrives(capsys: pytest.CaptureFixture[str]) -> None:
    assert put(FIRST, LAST)[-1]["body"] == b"26"
    assert capsys.readouterr().err == ""


def test_it_is_the_outermost_so_that_nothing_around_it_logs_the_error() -> None:
    assert middleware()[0].cls is CutOff
