"""The servers that a replay asks, as the command line names them."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from typing import Final

from core.errors import BadInput
from core.quality.endpoint import Endpoint, key_from, key_variable
from core.quality.replay import Replay

_LOCAL: Final = ("http://localhost", "http://127.0.0.1", "http://[::1]")


def add_server_arguments(parser: ArgumentParser) -> None:
    """The addresses, the variables with their keys, and how fast to call."""
    parser.add_argument(
        "--base-url",
        default="https://api.openai.com/v1",
        metavar="URL",
        help="any OpenAI-compatible server, such as http://localhost:11434/v1",
    )
    parser.add_argument(
        "--key-variable",
        default="OPENAI_API_KEY",
        metavar="NAME",
        help="the environment variable with the server's key; local servers need none",
    )
    parser.add_argument(
        "--server",
        action="append",
        default=[],
        metavar="PROVIDER=URL",
        help="a server of its own for one provider's models, with the key in PROVIDER_API_KEY "
        "(again for each)",
    )
    parser.add_argument("--at-once", type=int, default=8, metavar="N", help="calls at a time")
    parser.add_argument("--per-minute", type=float, metavar="N", help="calls a minute at the most")


def endpoints_of(arguments: Namespace, replay: Replay) -> dict[str, Endpoint]:
    """The server of each provider: its own where one is named, else the one for all."""
    own = dict(_server(words) for words in arguments.server)
    providers = {c.model.provider for c in (*replay.candidates, replay.judge)}
    usual = None
    if providers - own.keys():
        usual = _endpoint(arguments, arguments.base_url, arguments.key_variable)
    found = {}
    for provider in sorted(providers):
        if provider in own:
            found[provider] = _endpoint(arguments, own[provider], key_variable(provider))
        elif usual is not None:
            found[provider] = usual
    return found


def _server(words: str) -> tuple[str, str]:
    provider, equals, url = words.partition("=")
    if not (provider and equals and url):
        raise BadInput(f"'{words}'", where="--server", remedy="Write PROVIDER=URL")
    return provider.strip(), url.strip()


def _endpoint(arguments: Namespace, base_url: str, variable: str) -> Endpoint:
    Endpoint(base_url)  # an address, or it says so
    local = base_url.startswith(_LOCAL) and variable not in os.environ
    key = "none" if local else key_from(variable)
    return Endpoint(
        base_url, key, requests_per_minute=arguments.per_minute, at_once=arguments.at_once
    )
