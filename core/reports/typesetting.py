"""Text that keeps to its place: wrapped, made smaller or shortened, never beyond its box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from core.reports.typeface import Weight, runs, width, written

Align = Literal["left", "right", "middle"]

ELLIPSIS: Final = "\u2026"


@dataclass(frozen=True)
class Style:
    """How a text looks: size and `leading` (from line to line) in points, colour as #rrggbb."""

    size: float
    colour: str
    weight: Weight = "regular"
    leading: float = 0.0

    @property
    def step(self) -> float:
        """From one line to the next, in points."""
        return self.leading or 1.3 * self.size


def put(
    canvas: Canvas, x: float, y: float, text: str, style: Style, room: float, align: Align = "left"
) -> float:
    """Draw one line from, up to or around x, shortened to `room`; how wide it came out."""
    line = shortened(written(text), style, room)
    wide = width(line, style.weight, style.size)
    x -= {"left": 0.0, "middle": wide / 2, "right": wide}[align]
    pen = canvas.beginText(x, y)
    pen.setFillColor(HexColor(style.colour))
    for run in runs(line, style.weight):
        pen.setFont(run.face, style.size)
        pen.textOut(run.text)
    canvas.drawText(pen)
    return wide


def put_lines(
    canvas: Canvas, x: float, y: float, text: str, style: Style, room: float, most: int
) -> float:
    """Draw up to `most` lines from the baseline y down, the last one shortened; the next y."""
    for line in lines(text, style, room, most):
        put(canvas, x, y, line, style, room)
        y -= style.step
    return y


def smaller(text: str, style: Style, room: float, least: float) -> Style:
    """The style in the largest size, down to `least`, at which the text fits on a line."""
    wide = width(written(text), style.weight, style.size)
    size = style.size if wide <= room else max(least, style.size * room / wide)
    return Style(size, style.colour, style.weight, style.leading)


def shortened(line: str, style: Style, room: float) -> str:
    """A written line that fits: cut at its end, with an ellipsis, where it does not."""
    if width(line, style.weight, style.size) <= room:
        return line
    low, high = 0, len(line)  # how many characters stay: bisected, since width only grows
    while low < high:
        middle = (low + high + 1) // 2
        if width(line[:middle].rstrip() + ELLIPSIS, style.weight, style.size) <= room:
            low = middle
        else:
            high = middle - 1
    return line[:low].rstrip() + ELLIPSIS


def lines(text: str, style: Style, room: float, most: int) -> list[str]:
    """A text in up to `most` written lines, broken between words, or within one too long."""
    whole = written(text)
    found: list[str] = []
    for line in _broken(whole, style, room):
        if len(found) == most:
            found[-1] = shortened(f"{found[-1]} {line}", style, room)
            break
        found.append(line)
    return found


def _broken(text: str, style: Style, room: float) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        wanted = f"{line} {word}" if line else word
        if width(wanted, style.weight, style.size) <= room:
            line = wanted
            continue
        if line:
            yield line
        line = word
        while width(line, style.weight, style.size) > room:  # a word longer than a line
            cut = max(1, len(_start(line, style, room)))
            yield line[:cut]
            line = line[cut:]
    if line:
        yield line


def _start(word: str, style: Style, room: float) -> str:
    """The longest start of a word that fits."""
    low, high = 0, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if width(word[:middle], style.weight, style.size) <= room:
            low = middle
        else:
            high = middle - 1
    return word[:low]
