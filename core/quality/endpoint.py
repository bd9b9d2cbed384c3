"""An OpenAI-compatible server: a provider, a gateway, or a model on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from core.errors import BadInput

_OPENAI: Final = "https://api.openai.com/v1"
# Where providers of the catalogue speak OpenAI's protocol, as their documentation says (2026-11).
KNOWN: Final = {
    "openai": _OPENAI,
    "anthropic": "https://api.anthropic.com/v1",
    "google": "https://generativelanguage.googleapis.com/v1beta/openai",
    "groq": "https://api.groq.com/openai/v1",
    "mistral": "https://api.mistral.ai/v1",
    "deepseek": "https://api.deepseek.com",
    "x-ai": "https://api.x.ai/v1",
    "together": "https://api.together.xyz/v1",
    "openrouter": "https://openrouter.ai/api/v1",
    "self-hosted": "http://localhost:8000/v1",
}


@dataclass(frozen=True)
class Endpoint:
    """Where calls go, with the key for it; the key is shown nowhere and never stored."""

    base_url: str = _OPENAI
    api_key: str = field(default="none", repr=False)  # local servers take any
    requests_per_minute: float | None = None
    seconds: float = 60.0  # until a call counts as cut off
    at_once: int = 8

    def __post_init__(self) -> None:
        if not self.base_url.startswith(("http://", "https://")):
            raise BadInput(
                f"'{self.base_url}' is no address",
                where="base URL",
                remedy="Write for example http://localhost:11434/v1",
            )

    @property
    def output_limit(self) -> str:
        """How the server calls the limit of an answer's tokens: OpenAI's own changed its name."""
        return "max_completion_tokens" if self.base_url == _OPENAI else "max_tokens"


def key_variable(provider: str) -> str:
    """The environment variable that usually holds a provider's key."""
    return f"{provider.upper().replace('-', '_')}_API_KEY"


def key_from(variable: str) -> str:
    """The key in an environment variable; BadInput when it is not set."""
    key = os.environ.get(variable, "").strip()
    if not key:
        raise BadInput(f"{variable} is not set", where="key", remedy=f"export {variable}=...")
    return key


def endpoints_of(
    servers: Mapping[str, tuple[str, str]], requests_per_minute: float | None = None
) -> dict[str, Endpoint]:
    """The servers by provider, from addresses and keys; providers may share a server.

    The limit holds for each server by itself.
    """
    made = {
        (url, key): Endpoint(url, key or "none", requests_per_minute)
        for url, key in set(servers.values())
    }
    return {provider: made[pair] for provider, pair in servers.items()}
