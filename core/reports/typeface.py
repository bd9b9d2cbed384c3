"""The letters of the printed page: which face has a character, and the order it is written in.

The faces come inside a package (SIL Open Font Licence), so nothing is fetched: Source Sans, as on
the screens, and behind it faces for the scripts that it lacks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Final, Literal, NamedTuple

import arabic_reshaper
from bidi.algorithm import get_display
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from core.economics.sheets.text import printable

Weight = Literal["regular", "bold"]

LONGEST: Final = 4_000  # characters of a text; a page holds fewer
MISSING: Final = "\u25a1"  # an empty box, where no face has the character (emoji)
_LATIN: Final = {
    "regular": "source-sans/ttf/SourceSans3-Regular.ttf",
    "bold": "source-sans/ttf/SourceSans3-Semibold.ttf",
}
_WIDE: Final = {"regular": "Rg", "bold": "Bd"}
_HAN: Final = ("SC", "TC", "JP", "KR")


class Run(NamedTuple):
    """Characters in a row that one face has."""

    face: str
    text: str


def written(text: str) -> str:
    """Untrusted text as one line of characters that can be drawn, Arabic letters joined.

    Invisible characters go (directions, joiners, variants of emoji); control characters and lone
    surrogates become spaces.
    """
    plain = unicodedata.normalize("NFC", printable(text[:LONGEST]))
    seen = "".join(c for c in plain if unicodedata.category(c) != "Cf" and not _variant(c))
    line = " ".join(seen.split())
    return str(arabic_reshaper.reshape(line)) if _right_to_left(line) else line


def runs(line: str, weight: Weight) -> tuple[Run, ...]:
    """A written line in the order in which it is drawn, cut where the face changes."""
    return _runs(line, weight)


def width(line: str, weight: Weight, size: float) -> float:
    """How wide a written line is, in points."""
    return float(sum(pdfmetrics.stringWidth(r.text, r.face, size) for r in runs(line, weight)))


@lru_cache(maxsize=4_096)
def _runs(line: str, weight: Weight) -> tuple[Run, ...]:
    shown = str(get_display(line)) if _right_to_left(line) else line
    faces = _faces(shown, weight)
    found: list[Run] = []
    for character in shown:
        face, drawn = _face_of(character, faces)
        if found and found[-1].face == face:
            found[-1] = Run(face, found[-1].text + drawn)
        else:
            found.append(Run(face, drawn))
    return tuple(found)


def _face_of(character: str, faces: Sequence[str]) -> tuple[str, str]:
    """The first face that has the character, and what is drawn for it."""
    for face in faces:
        if ord(character) in _glyphs(_loaded(face)):
            return _loaded(face), character
    return _loaded(faces[0]), MISSING


def _faces(line: str, weight: Weight) -> list[str]:
    """Where to look, in order: Chinese characters look as in the language around them."""
    scripts = ["", *_HAN]
    if any("HANGUL" in unicodedata.name(c, "") for c in line):
        scripts.insert(0, "KR")
    elif any("\u3040" <= c <= "\u30ff" for c in line):
        scripts.insert(0, "JP")
    wide = [f"kurinto/ttf/KurintoSans{script}-{_WIDE[weight]}.ttf" for script in scripts]
    return [_LATIN[weight], *wide]


@cache
def _loaded(file: str) -> str:
    """The name of a face, which is read from its file on first use."""
    name = file.rsplit("/", 1)[1].removesuffix(".ttf")
    with as_file(files("weblate_fonts") / "static" / "weblate_fonts" / file) as path:
        pdfmetrics.registerFont(TTFont(name, str(path)))
    return name


@cache
def _glyphs(name: str) -> frozenset[int]:
    return frozenset(pdfmetrics.getFont(name).face.charToGlyph)


def _right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)


def _variant(character: str) -> bool:
    """Whether it only changes the look of the one before it."""
    return "\ufe00" <= character <= "\ufe0f" or "\U0001f3fb" <= character <= "\U0001f3ff"
