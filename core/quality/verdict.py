"""What a judge said of two answers, and what it comes to over both orders."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

Better = Literal["a", "b", "tie"]


@dataclass(frozen=True)
class Verdict:
    """Whether each of two answers is acceptable, and which one is better."""

    a: bool
    b: bool
    better: Better

    def turned(self) -> Verdict:
        """The same verdict with the answers in the other order."""
        swapped: dict[Better, Better] = {"a": "b", "b": "a", "tie": "tie"}
        return Verdict(self.b, self.a, swapped[self.better])


@dataclass(frozen=True)
class Judged:
    """A candidate against the reference over both orders, as shares: 0, a half, or 1.

    `agree` says whether both orders gave the same verdict.
    """

    candidate: float
    reference: float
    agree: bool


def read_verdict(text: str) -> Verdict | None:
    """The verdict in a judge's words; None when there is none to be found."""
    for found in re.findall(r"\{[^{}]*\}", text):
        try:
            said = json.loads(found)
        except ValueError:
            continue
        a, b, better = said.get("a"), said.get("b"), str(said.get("better", "")).lower()
        if isinstance(a, bool) and isinstance(b, bool) and better in ("a", "b", "tie"):
            return Verdict(a, b, "a" if better == "a" else "b" if better == "b" else "tie")
    return None


def over_both_orders(first: Verdict, second: Verdict) -> Judged:
    """Both verdicts as one; in the first the candidate was A, in the second B."""
    turned = second.turned()
    return Judged(
        candidate=(first.a + turned.a) / 2,
        reference=(first.b + turned.b) / 2,
        agree=first == turned,
    )
