"""Personal data and secrets in text become typed placeholders; nothing can be turned back.

It does not find names of people, postal addresses, dates of birth, company names, facts
about health or law, account numbers of unknown form, or phone numbers without a plus sign,
a parenthesis or a word such as "call": these need a language model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

KEPT_BYTES: Final = 20_000  # per text: half from the head, half from the tail
CUT_MARK: Final = " [...] "


@dataclass(frozen=True)
class Kind:
    """One kind of personal data: what it looks like, and a check that it really is that.

    `pattern` runs in linear time (bounded repeats, no nesting); group 1, when there is one,
    is the part that is replaced. `hint` is a cheap sign without which no text can match.
    """

    name: str
    pattern: re.Pattern[str]
    hint: str  # RE2
    holds: Callable[[re.Match[str]], bool] = lambda match: True


def redact(texts: pa.Array) -> tuple[pa.Array, dict[str, int]]:
    """The texts with placeholders such as <EMAIL>, cut to KEPT_BYTES, and hits per kind.

    A text that is not valid UTF-8 must have been mended before. Null stays null.
    """
    texts = _cut(texts)
    hits: Counter[str] = Counter()
    suspects = _matches(texts, _HINT)
    if not pc.any(suspects).as_py():
        return texts, {}
    some = texts.filter(suspects)
    for kind in KINDS:
        likely = _matches(some, kind.hint)
        if pc.any(likely).as_py():
            replace = _replacer(kind, hits)
            cleaned = [kind.pattern.sub(replace, text) for text in some.filter(likely).to_pylist()]
            some = pc.replace_with_mask(some, likely, pa.array(cleaned, texts.type))
    return pc.replace_with_mask(texts, suspects, some), dict(hits)


def _matches(texts: pa.Array, pattern: str) -> pa.Array:
    return pc.fill_null(pc.match_substring_regex(texts, pattern), False)


def _cut(texts: pa.Array) -> pa.Array:
    long = pc.fill_null(pc.greater(pc.binary_length(texts), KEPT_BYTES), False)
    if not pc.any(long).as_py():
        return texts
    ends = [_ends(text) for text in texts.filter(long).to_pylist()]
    return pc.replace_with_mask(texts, long, pa.array(ends, texts.type))


def _ends(text: str) -> str:
    """Head and tail, cut between words where there are any, so that no number is halved."""
    half = (KEPT_BYTES - len(CUT_MARK)) // 2
    head = text[:half].encode()[:half].decode("utf-8", "ignore")
    tail = text[-half:].encode()[-half:].decode("utf-8", "ignore")
    head = re.sub(r"\S{1,200}$", "", head) or head
    tail = re.sub(r"^\S{1,200}", "", tail) or tail
    return head + CUT_MARK + tail


def _replacer(kind: Kind, hits: Counter[str]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        if not kind.holds(match):
            return match[0]
        hits[kind.name] += 1
        if match.re.groups == 0:
            return f"<{kind.name}>"
        start, end = match.span(1)
        before, after = match[0][: start - match.start()], match[0][end - match.start() :]
        return f"{before}<{kind.name}>{after}"

    return replace


def _luhn(match: re.Match[str]) -> bool:
    digits = [int(c) for c in match[0] if c.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = (sum(divmod(2 * d, 10)) for d in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _mod97(match: re.Match[str]) -> bool:
    code = "".join(match[0].split()).upper()
    if not 15 <= len(code) <= 34:
        return False
    return int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 == 1


def _address(match: re.Match[str]) -> bool:
    """An IPv4 address in range; four small numbers need a telling word, else they are a version."""
    parts = [int(part) for part in match[0].split(".")]
    if max(parts) > 255 or parts[0] == 0:
        return False
    before = match.string[max(0, match.start() - 24) : match.start()].lower()
    if _VERSION_WORD.search(before):
        return False
    after = match.string[match.end() : match.end() + 2]
    telling = _ADDRESS_WORD.search(before) or re.match(r"[:/]\d", after)
    return max(parts) > 31 or telling is not None


def _phone(match: re.Match[str]) -> bool:
    """Enough digits, and a plus sign, a parenthesis or a telling word before them."""
    number = match[1]
    digits = re.sub(r"\D", "", number)
    if not 7 <= len(digits) <= 15:
        return False
    if number.startswith("+"):
        return len(digits) >= 9
    if re.match(r"\(\d{2,4}\)\s?\d{3,4}[ .-]\d{3,4}$", number):
        return True
    before = match.string[max(0, match.start(1) - 24) : match.start(1)].lower()
    return _PHONE_WORD.search(before) is not None


def _secret(match: re.Match[str]) -> bool:
    """A literal value: code such as `request.body`, `get(...)` or `$_POST` is none.

    A bare word ("the password is wrong") only counts in quotation marks.
    """
    value = match[1]
    if value.isalpha() and match[0][-len(value) - 1] not in "\"'":
        return False
    if value.lower() in _NOT_SECRETS or len(set(value)) < 3:
        return False
    return not re.search(r"\.[a-z]|[()\[\]{}<>]|^\$|^process|^os\.|^%|^\*+$", value, re.IGNORECASE)


# fmt: off
_NOT_SECRETS: Final = frozenset(
    {
        "password", "secret", "token", "none", "null", "true", "false", "string", "required",
        "optional", "changeme", "your_password", "undefined", "default", "hidden", "text",
        "number", "varchar", "hash", "input", "field", "reset", "policy",
    }
)
# fmt: on
_VERSION_WORD: Final = re.compile(
    r"(\bv|versions?|release|build|python|chrome|section|§)\s*[:=/]?\s*$"
)
_ADDRESS_WORD: Final = re.compile(
    r"(\bips?|ipv4|address|host|server|ping|ssh|from|client|peer|gateway|dns|subnet|@|//|=)\W*$"
)
_PHONE_WORD: Final = re.compile(
    r"\b((tele)?phone|tel|mobile|cell|fax|whats ?app|sms|dial"
    r"|(call|reach|text|contact|ring) (me|us|him|her|them))"
    r"( number| no\.?)?( is| at| on)?\W{0,3}$"
)

KINDS: Final[tuple[Kind, ...]] = (
    Kind(
        "SECRET",
        re.compile(
            r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[A-Za-z0-9+/=\s\\]{0,8000}"
            r"-----END [A-Z ]{0,30}PRIVATE KEY-----)?"
        ),
        r"-----BEGIN ",
    ),
    Kind(
        "SECRET",
        re.compile(
            r"\b(?:sk-[A-Za-z0-9_-]{16,200}|(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,255}"
            r"|github_pat_[A-Za-z0-9_]{20,255}|glpat-[A-Za-z0-9_-]{16,64}"
            r"|xox[abprs]-[A-Za-z0-9-]{10,200}|AIza[A-Za-z0-9_-]{30,60}"
            r"|(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,200}|hf_[A-Za-z0-9]{20,60}"
            r"|eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,1000})"
        ),
        r"\bsk-|AKIA|ASIA|\bgh[pousr]_|github_pat_|glpat-|xox[abprs]-|AIza"
        r"|[srp]k_(live|test)_|\bhf_|eyJ",
    ),
    Kind(
        "URL_CREDENTIALS",
        re.compile(r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://([^\s/:@]{1,100}:[^\s/@]{1,200})@"),
        r"://[^\s/]*@",
    ),
    Kind(
        "SECRET",
        re.compile(
            r"(?:pass(?:word|wd|phrase)|pwd|secret|api[_ -]?key|access[_ -]?key|auth[_ -]?token"
            r"|access[_ -]?token|bearer)[\"']?\s{0,3}(?:[:=]|\bis\b)\s{0,3}[\"']?"
            r"([^\s\"',;]{6,200})",
            re.IGNORECASE,
        ),
        r"(?i)(password|passwd|passphrase|pwd|secret|key|token|bearer)[\"']?\s{0,3}([:=]|is\b)",
        _secret,
    ),
    Kind(
        "EMAIL",
        re.compile(
            r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])"
        ),
        r"@",
    ),
    Kind(
        "IBAN",
        re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"),
        r"\b[A-Z]{2}\d\d ?[A-Z0-9]{4}",
        _mod97,
    ),
    Kind(
        "CARD",
        re.compile(r"(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])"),
        r"\d{4}[ -]?\d{4}[ -]?\d{4}|\d{4}[ -]\d{6}[ -]\d{4}|\d{13}",
        _luhn,
    ),
    Kind(
        "SSN",
        re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])"),
        r"\d{3}-\d\d-\d{4}",
    ),
    Kind(
        "IP",
        re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)"),
        r"\d\.\d{1,3}\.\d{1,3}\.\d",
        _address,
    ),
    Kind(
        "PHONE",
        re.compile(r"(?<![\w.+(-])(\+?\(?\d(?:[ ().-]{0,2}\d){6,14})(?![\w-]|\.\d)"),
        r"\+\(?\d|\(\d{2,4}\)|\d{3}[ ./-]?\d{3,4}",
        _phone,
    ),
)
_HINT: Final = "|".join(dict.fromkeys(f"(?:{kind.hint})" for kind in KINDS))
