"""The kinds of personal data and secrets that are known by their form, each with its proof.

Every pattern runs in linear time (bounded repeats, no nesting) and starts with a letter or a
set of letters, which Python's search skips to. A form alone is rarely enough: checksums,
lengths and telling words nearby keep versions, dates and sums out.
"""

from __future__ import annotations

import re
from typing import Final

from core.logs.privacy.credentials import CREDENTIALS
from core.logs.privacy.kinds import Kind, Span

# fmt: off
# Characters of an IBAN by country (SWIFT registry of IBAN formats, release of 2025).
_IBAN_CHARS: Final = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BI": 27, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27,
    "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27,
    "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28,
    "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28,
    "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22,
    "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23,
    "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24,
    "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28,
    "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}
# fmt: on
_ISSUED: Final = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|35\d{14}"
    r"|3(?:0[0-5]|[689]\d)\d{11,16}|(?:5[0678]|6)\d{11,18}"
)
_LOCAL_PART: Final = re.compile(r"[\w.+%-]+$")
_LOCAL_CHARS: Final = 64
_NEAR: Final = 24  # characters before a number in which a telling word may stand
_TAX_WORD: Final = re.compile(r"\b(ssn|itin|social security|tax(payer)?)\b", re.IGNORECASE)
_VERSION_WORD: Final = re.compile(
    r"(\bv|versions?|release|build|python|chrome|section|§)\s*[:=/]?\s*$"
)
_ADDRESS_WORD: Final = re.compile(
    r"(\bips?|ipv4|address|host|server|ping|ssh|from|client|peer|gateway|dns|subnet|@|//|=)\W*$"
)
_PHONE_NOUNS: Final = (
    "phone|telephone|tel|mobile|cell|fax|whats ?app|sms|dial|my number|telefon|telefono|téléphone"
    "|teléfono|telefone|telefoon|handy|mobil|móvil"
)
_PHONE_LEAD: Final = (
    rf"(?:\b(?:{_PHONE_NOUNS}|(?:call|reach|text|contact|ring) (?:me|us|him|her|them))|電話|手机)"
    r"(?:番号|nummer| number| no\.?| nr\.?)?(?: is| at| on)?\W{0,3}"
)
_PHONE_WORD: Final = re.compile(_PHONE_LEAD + "$")


def _email(match: re.Match[str]) -> Span | None:
    at = match.start()
    local = _LOCAL_PART.search(match.string[max(0, at - _LOCAL_CHARS) : at])
    return (at - len(local[0]), match.end()) if local else None


def _iban(match: re.Match[str]) -> Span | None:
    text, at, code = match.string, match.start(), ""
    length = _IBAN_CHARS.get(match[0][:2].upper(), 0)
    while len(code) < length and at < len(text):
        letter = text[at]
        if letter.isascii() and letter.isalnum():
            code += letter.upper()
        elif letter not in " -" or text[at - 1] == letter:
            return None
        at += 1
    if len(code) < length or not length or text[at : at + 1].isalnum():
        return None
    number = "".join(str(int(letter, 36)) for letter in code[4:] + code[:4])
    return (match.start(), at) if int(number) % 97 == 1 else None


def _card(match: re.Match[str]) -> Span | None:
    """The longest run of whole groups with an issuer's length and prefix and a right checksum."""
    found, start = match[0], match.start()
    for end in range(len(found), 12, -1):
        if end < len(found) and (found[end].isdigit() or not found[end - 1].isdigit()):
            continue
        digits = re.sub(r"\D", "", found[:end])
        if _ISSUED.fullmatch(digits) and len(set(digits)) > 1 and _luhn(digits):
            return start, start + end
    return None


def _luhn(digits: str) -> bool:
    numbers = [int(digit) for digit in digits]
    doubled = (sum(divmod(2 * number, 10)) for number in numbers[-2::-2])
    return (sum(numbers[-1::-2]) + sum(doubled)) % 10 == 0


def _ssn(match: re.Match[str]) -> Span | None:
    """A number that was or may be given out; without dashes only after a telling word."""
    digits = re.sub(r"\D", "", match[0])
    area, group, serial = int(digits[:3]), int(digits[3:5]), int(digits[5:])
    taxpayer = area >= 900 and (50 <= group <= 65 or group >= 70)
    if area in (0, 666) or not group or not serial or (area >= 900 and not taxpayer):
        return None
    told = match[1] == "-" or _TAX_WORD.search(_before(match, 2 * _NEAR))
    return match.span() if told else None


def _address(match: re.Match[str]) -> Span | None:
    """An IPv4 address in range; four small numbers need a telling word, else they are a version."""
    parts = [int(part) for part in match[0].split(".")]
    before = _before(match, _NEAR)
    if max(parts) > 255 or parts[0] == 0 or _VERSION_WORD.search(before):
        return None
    after = match.string[match.end() : match.end() + 2]
    telling = _ADDRESS_WORD.search(before) or re.match(r"[:/]\d", after)
    return match.span() if max(parts) > 31 or telling else None


def _phone(match: re.Match[str]) -> Span | None:
    """Seven digits or more after a telling word."""
    return match.span() if _PHONE_WORD.search(_before(match, _NEAR)) else None


def _before(match: re.Match[str], chars: int) -> str:
    return match.string[max(0, match.start() - chars) : match.start()].lower()


KINDS: Final[tuple[Kind, ...]] = (
    *CREDENTIALS,
    Kind("EMAIL", "at", "@", re.compile(r"@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}"), _email),
    Kind(
        "IBAN",
        "digits",
        r"\b[A-Za-z]{2}\d\d[ -]?[A-Za-z0-9]{4}",
        re.compile(r"[A-Za-z](?<!\w[A-Za-z])[A-Za-z]\d\d[ -]?[A-Za-z0-9]{4}"),
        _iban,
    ),
    Kind(
        "CARD",
        "digits",
        r"[2-6]\d{3}(?:[ .-]?\d){9}",
        re.compile(r"[2-6](?<!\w[2-6])(?<!\d[.-][2-6])\d{3}(?:[ .-]?\d){8,15}(?!\w|[.-]\d)"),
        _card,
    ),
    Kind(
        "SSN",
        "digits",
        r"\d{3}-\d\d-\d{4}|(?i:ssn|itin|social security|tax)",
        re.compile(r"\d(?<!\w\d)(?<!-\d)\d\d([- ]?)\d\d\1\d{4}(?!\w|-\d)"),
        _ssn,
    ),
    Kind(
        "IP",
        "dots",
        r"\d\.\d{1,3}\.\d{1,3}\.\d",
        re.compile(r"\d(?<![\w.-]\d)\d{0,2}(?:\.\d{1,3}){3}(?![\w-]|\.\d)"),
        _address,
    ),
    Kind(
        "PHONE",
        "digits",
        r"\+[ (]{0,2}\d",
        re.compile(r"\+(?<![\w.+(-]\+)(?:[ ().-]{0,2}\d){9,15}(?![\w-]|\.\d)"),
    ),
    Kind(
        "PHONE",
        "digits",
        r"\(\d{2,4}\)",
        re.compile(r"\((?<![\w.+(-]\()\d{2,4}\)\s?\d{3,4}[ .-]?\d{3,4}(?![\w-]|\.\d)"),
    ),
    Kind(
        "PHONE",
        "digits",
        rf"(?i:{_PHONE_LEAD}\d)",
        re.compile(r"[(\d](?<![\w.+(-][(\d])(?:[ ().-]{0,2}\d){6,14}(?![\w-]|\.\d)"),
        _phone,
    ),
)
