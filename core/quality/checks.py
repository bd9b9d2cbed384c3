"""What needs no judge: answers that are equal, or that break a rule anybody can check."""

from __future__ import annotations

import json
import math
import re
import subprocess
from dataclasses import dataclass
from typing import Final

from core.errors import BadInput

SECONDS: Final = 30.0  # that a program of one's own may take

_WORD = re.compile(r"\w+|[^\w\s.,;:!?'\"`*]")  # words, and signs that mean something
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class Checks:
    """Rules for every answer; one that breaks a rule is unacceptable, whatever a judge says.

    `json`: it must be JSON. `pattern`: this regular expression must be found in it. `number`: its
    last number must be that of the reference. `command`: a program of one's own gets the answer on
    its standard input and ends with 0 when it will do; it runs with the rights of whoever replays,
    so only they may name it.
    """

    json: bool = False
    pattern: str = ""
    number: bool = False
    command: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise BadInput(
                f"'{self.pattern}' is no regular expression ({error})",
                where="check",
                remedy="Mend it",
            ) from error

    def passes(self, answer: str, reference: str) -> bool:
        """Whether an answer keeps the rules."""
        if self.json and as_json(answer) is None:
            return False
        if self.pattern and not re.search(self.pattern, answer):
            return False
        if self.number and not same_number(answer, reference):
            return False
        return not self.command or _accepted(self.command, answer)


def same_answer(one: str, other: str) -> bool:
    """Whether two answers say the same word for word, whatever their case, marks and blanks.

    JSON is the same in any order. Texts that are only nearly alike are for the judge: a "not"
    more is one word of many.
    """
    if _words(one) == _words(other):
        return True
    first, second = as_json(one), as_json(other)
    return first is not None and first == second


def same_number(one: str, other: str) -> bool:
    """Whether the last numbers of two texts are the same; a text without one never is."""
    first, second = _last_number(one), _last_number(other)
    return (
        first is not None
        and second is not None
        and math.isclose(first, second, rel_tol=1e-6, abs_tol=1e-9)
    )


def as_json(text: str) -> object | None:
    """The JSON in a text, alone or in a code fence; None when it is none."""
    bare = re.sub(r"^\s*```(?:json)?\s*|\s*```\s*$", "", text)
    try:
        found = json.loads(bare)
    except ValueError:
        return None
    return found if isinstance(found, dict | list) else None


def _accepted(command: tuple[str, ...], answer: str) -> bool:
    try:
        ran = subprocess.run(
            command, input=answer.encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    except OSError as error:
        raise BadInput(
            f"it does not start ({error.strerror})",
            where=command[0],
            remedy="Name a program that reads the answer and ends with 0 when it will do",
        ) from error
    return ran.returncode == 0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _last_number(text: str) -> float | None:
    found = _NUMBER.findall(text)
    return float(found[-1].replace(",", "")) if found else None
