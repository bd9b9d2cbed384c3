"""Small looks that several charts share."""

from __future__ import annotations

LINE = 22  # characters of a label that fit beside the bars on a phone


def wrapped(label: str) -> str:
    """A long label on two lines, so that a phone has room for the bars."""
    words = label.split()
    if len(label) <= LINE or len(words) < 2:
        return label
    cuts = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    return "<br>".join(min(cuts, key=lambda lines: max(map(len, lines))))


def faded(colour: str, alpha: float) -> str:
    """A colour of the palette (#rrggbb) that lets the page through; words on it stay clear."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"
