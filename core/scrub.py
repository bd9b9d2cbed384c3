"""Takes out of a line of log what must never be in one: share links, keys, people's words."""

from __future__ import annotations

import re
from typing import Final

GONE: Final = "…"

# What opens something: a share link's token, a login's code, a password in an address.
_OPENERS: Final = (
    r"(?:plan|token|\w+_token|code|state|provider|secret|\w+_secret|key|\w*api_?key|password)"
)
_RULES: Final = (
    # plan=TOKEN, also percent-encoded once or more inside another address
    (
        re.compile(rf"(?i)((?:\b|%(?:25)*(?:3F|26)){_OPENERS}(?:=|%(?:25)*3D))[^\s&\"'<>\\]+"),
        rf"\1{GONE}",
    ),
    # "token": "TOKEN", as JSON or Python writes it
    (re.compile(rf"(?i)([\"']{_OPENERS}[\"']\s*:\s*[\"'])[^\"']+"), rf"\1{GONE}"),
    (re.compile(r"(?im)\b((?:set-)?cookie\s*[:=]).*$"), rf"\1 {GONE}"),
    (re.compile(r"(?i)\b(bearer)\s+[\w.~+/=-]+"), rf"\1 {GONE}"),
    (re.compile(r"\bsk-[\w-]+"), f"sk-{GONE}"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"), f"eyJ{GONE}"),  # a signed token
    (re.compile(r"(://[^\s/:@]*:)[^\s/@]+@"), rf"\1{GONE}@"),
    # what follows the word may be what somebody asked; counts such as prompt_tokens may stay
    (re.compile(r"(?is)(prompts?)(?![a-z])(?!_tokens).*"), rf"\1 {GONE}"),
)


def scrub(text: str) -> str:
    r"""The text without tokens, keys, cookies, passwords, and without anything after "prompt".

    >>> scrub("GET /shared?plan=Ab3-xYz&embed=true")
    'GET /shared?plan=…&embed=true'
    >>> scrub("no answer to prompt 'where is my parcel?'")
    'no answer to prompt …'
    """
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text
