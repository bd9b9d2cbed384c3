"""Which server answers for each provider, and the key for it."""

from __future__ import annotations

import os
from collections.abc import Iterable

import streamlit as st

from core.quality.endpoint import KNOWN, key_variable

Servers = dict[str, tuple[str, str]]  # address and key by provider


def choose_servers(providers: Iterable[str], name: str, digest: str) -> Servers:
    """A field for the address and one for the key, per provider; `name` tells forms apart.

    Keys live in the page and in memory; a key left empty comes from the environment.
    """
    named = sorted(set(providers))
    found: Servers = {}
    for provider in named:
        of = f" of {provider}" if len(named) > 1 else ""
        left, right = st.columns(2)
        url = left.text_input(
            f"Server{of}", KNOWN.get(provider, ""), key=f"{name}-url-{provider}-{digest}",
            persist_state="page",
            help="Any OpenAI-compatible one: a provider, a gateway, or http://localhost:11434/v1",
        )  # fmt: skip
        variable = key_variable(provider)
        known = os.environ.get(variable, "")
        key = right.text_input(
            f"Key{of}", type="password", key=f"{name}-key-{provider}-{digest}",
            placeholder=f"from {variable}" if known else "none, for a local server",
            help="Used for this work and kept nowhere.",
        )  # fmt: skip
        found[provider] = (url.strip(), key.strip() or known)
    return found
