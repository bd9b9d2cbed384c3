"""Keys, tokens and passwords, by the prefixes, frames and words that give them away."""

from __future__ import annotations

import re
from typing import Final

from core.logs.privacy.kinds import Kind, Span

_KEY_CHARS: Final = 8_000  # of a private key: RSA with 4,096 bits has 3,300
_KEY_FRAME: Final = r"[A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
_KEY_LINES: Final = re.compile(
    r"(?:[\s\\]{0,6}n?(?:Proc-Type|DEK-Info|Version|Comment):[^\n\\]{0,80}){0,4}"
    r"(?:[\s\\]{0,6}[A-Za-z0-9+/=]{16,}){0,400}(?:[\s\\]{1,6}\w+=+)?"
)
_KEY_LINES_BACK: Final = re.compile(
    r"[\s\\]{0,6}[A-Za-z0-9+/=]{0,80}(?:[\s\\]{0,6}[A-Za-z0-9+/=]{16,}){1,400}"
)


def _key(match: re.Match[str]) -> Span:
    """A private key to its last line, also when that is missing."""
    if "-----END " in match[0]:
        return match.span()
    lines = _KEY_LINES.match(match.string, match.end(), match.end() + _KEY_CHARS)
    return match.start(), lines.end() if lines else match.end()


def _key_end(match: re.Match[str]) -> Span:
    """The last line of a private key and the lines before it, when the first one is missing."""
    before = match.string[max(0, match.start() - _KEY_CHARS) : match.start()]
    lines = _KEY_LINES_BACK.match(before[::-1])
    return match.start() - (lines.end() if lines else 0), match.end()


def _password(match: re.Match[str]) -> Span | None:
    """A literal value after a word: `request.body`, `get(...)` or `$_POST` is code.

    A bare word ("the password is wrong") only counts in quotation marks.
    """
    lead = match.string[max(0, match.start() - _LEAD_CHARS) : match.start()]
    if not _LEAD.search(lead):
        return None
    place = match.lastindex or 0
    value, quoted = match[place], place < 3
    said = match[0][0] in "iI"
    if not quoted and (value.isalpha() or (said and not re.search(_MARK, value))):
        return None
    if value.lower() in _NOT_PASSWORDS or len(set(value)) < 3 or _CODE.search(value):
        return None
    return match.span(place)


def _bearer(match: re.Match[str]) -> Span | None:
    told = (
        match[1].lower() == "bearer"
        or "authorization" in match.string[max(0, match.start() - 24) : match.start()].lower()
    )
    mixed = re.search(r"\d", match[2]) and re.search(r"[A-Za-z]", match[2])
    return match.span(2) if told and (mixed or match[2].endswith("=")) else None


_MARK: Final = r"[0-9!@#$%^&*]"  # in a password that is told in a sentence
_CODE: Final = re.compile(r"\.[a-z]|[()\[\]{}<>]|^\$|^process|^os\.|^%|^\*+$", re.IGNORECASE)
# fmt: off
_NOT_PASSWORDS: Final = frozenset(
    {
        "password", "secret", "token", "none", "null", "true", "false", "string", "required",
        "optional", "changeme", "your_password", "undefined", "default", "hidden", "text",
        "number", "varchar", "hash", "input", "field", "reset", "policy",
    }
)
_PREFIXED: Final = (
    r"sk-[A-Za-z0-9_-]{16,200}", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}",
    r"gh[pousr]_[A-Za-z0-9]{20,255}", r"github_pat_[A-Za-z0-9_]{20,255}",
    r"glpat-[A-Za-z0-9_-]{16,64}", r"xox[abeprs]-[A-Za-z0-9-]{10,200}",
    r"xapp-[A-Za-z0-9-]{20,200}", r"AIza[A-Za-z0-9_-]{30,60}", r"ya29\.[A-Za-z0-9_-]{20,400}",
    r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,200}", r"whsec_[A-Za-z0-9+/=]{20,100}",
    r"hf_[A-Za-z0-9]{20,60}", r"gsk_[A-Za-z0-9]{20,100}", r"xai-[A-Za-z0-9]{20,100}",
    r"pplx-[A-Za-z0-9]{20,100}", r"npm_[A-Za-z0-9]{30,60}", r"pypi-[A-Za-z0-9_-]{30,250}",
    r"dop_v1_[a-f0-9]{40,80}", r"shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{30,40}",
    r"SG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{16,60}", r"AGE-SECRET-KEY-1[A-Z0-9]{50,60}",
)
# fmt: on
_WORDS: Final = (
    r"pass(?:word|wd|phrase|code|wort)|pwd|secret"
    r"|(?:api|access|secret|private|account|signing|encryption)[_ -]?key"
    r"|(?:auth|access|api|refresh|session)[_ -]?token|bearer"
    r"|mot de passe|contraseña|senha|wachtwoord|пароль|密码|パスワード"
)
_LEAD: Final = re.compile(rf"(?:{_WORDS})[\"']?\s{{0,3}}$", re.IGNORECASE)
_LEAD_CHARS: Final = 24

CREDENTIALS: Final[tuple[Kind, ...]] = (
    Kind(
        "PRIVATE_KEY",
        "words",
        r"-----BEGIN ",
        re.compile(
            rf"-----BEGIN {_KEY_FRAME}(?:.{{0,{_KEY_CHARS}}}?-----END {_KEY_FRAME})?", re.DOTALL
        ),
        _key,
    ),
    Kind("PRIVATE_KEY", "words", r"-----END ", re.compile(rf"-----END {_KEY_FRAME}"), _key_end),
    Kind(
        "JWT",
        "words",
        r"eyJ[A-Za-z0-9_-]{4}",
        re.compile(
            r"eyJ(?<!\weyJ)[A-Za-z0-9_-]{8,4000}+\.[A-Za-z0-9_-]{8,8000}+"
            r"(?:\.[A-Za-z0-9_-]{0,8000}+){0,3}"
        ),
    ),
    Kind(
        "SECRET",
        "words",
        r"\bsk-|AKIA|ASIA|ABIA|ACCA|\bgh[pousr]_|github_pat_|glpat-|xox[abeprs]-|xapp-|AIza"
        r"|\bya29\.|[srp]k_(?:live|test)_|whsec_|\bhf_|gsk_|\bxai-|pplx-|npm_|pypi-|dop_v1_"
        r"|\bshp(?:at|ca|pa|ss)_|\bSG\.[A-Za-z0-9_-]|AGE-SECRET",
        re.compile(rf"\b(?:{'|'.join(_PREFIXED)})"),
    ),
    Kind(
        "URL_CREDENTIALS",
        "at",
        r"://[^\s/]*@",
        re.compile(r"://([^\s/:@]{0,100}:[^\s/?#]{1,200})@"),
    ),
    Kind(
        "SECRET",
        "words",
        r"(?i:bearer)\s{1,3}[A-Za-z0-9._~+/-]{8}|(?i:authorization)[\s\S]{0,11}(?i:basic)\s",
        re.compile(r"\b(bearer|basic)\s{1,3}([A-Za-z0-9._~+/-]{8,2000}={0,2})", re.IGNORECASE),
        _bearer,
    ),
    Kind(
        "SECRET",
        "words",
        rf"(?i:{_WORDS})[\"']?\s{{0,3}}"
        rf"(?:[:=：]\s{{0,3}}(?:[\"']|\S{{6}})|(?i:is)\b\s{{0,3}}(?:[\"']|\S*{_MARK}))",
        re.compile(
            r"[:=：iI](?:(?<=[:=：])|(?<!\w[iI])[sS]\b)\s{0,3}"
            r"(?:\"([^\"\n]{6,200})\"|'([^'\n]{6,200})'|[\"']?([^\s\"',;]{6,200}))"
        ),
        _password,
    ),
)
