"""Which server answers for each provider, the key for it, and how fast it may be asked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field

import streamlit as st

from core.quality.endpoint import KNOWN, Endpoint, endpoints_of, key_variable


@dataclass(frozen=True)
class Servers:
    """What the fields say: address and key by provider, and calls a minute."""

    named: dict[str, tuple[str, str]] = field(repr=False)
    per_minute: float | None

    def endpoints(self) -> dict[str, Endpoint]:
        """The servers by provider; BadInput for what is no address."""
        return endpoints_of(self.named, self.per_minute)


def choose_servers(providers: Iterable[str], name: str, digest: str) -> Servers:
    """A field for the address and one for the key, per provider; `name` tells forms apart.

    Keys live in the page and in memory; a key left empty comes from the environment.
    """
    named = sorted(set(providers))
    found: dict[str, tuple[str, str]] = {}
    per_minute = None
    for place, provider in enumerate(named):
        of = f" of {provider}" if len(named) > 1 else ""
        left, middle, right = st.columns([2, 2, 1])
        url = left.text_input(
            f"Server{of}", KNOWN.get(provider, ""), key=f"{name}-url-{provider}-{digest}",
            persist_state="page",
            help="Any OpenAI-compatible one: a provider, a gateway, or http://localhost:11434/v1",
        )  # fmt: skip
        variable = key_variable(provider)
        known = os.environ.get(variable, "")
        key = middle.text_input(
            f"Key{of}", type="password", key=f"{name}-key-{provider}-{digest}",
            placeholder=f"from {variable}" if known else "none, for a local server",
            help="Used for this work and kept nowhere.",
        )  # fmt: skip
        found[provider] = (url.strip(), key.strip() or known)
        if place == 0:
            per_minute = right.number_input(
                "Calls a minute", 1.0, None, None, 10.0, format="%.0f", placeholder="no limit",
                key=f"{name}-pace-{digest}", persist_state="page",
                help="The most that each server is asked, where its account has a limit. It is "
                "slowed down anyway when a server says that it is too much.",
            )  # fmt: skip
    return Servers(found, per_minute)
