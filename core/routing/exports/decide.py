"""Which tier a query takes, by a plan: plain Python, nothing but the standard library.

Reads a text exactly as the plan's classifier does, on one text at a time.
"""

import math
import re
import struct
import unicodedata
from functools import lru_cache
from typing import Any

_WORD = re.compile("[a-z]+")
_ASCII_LOWER = {code: code + 32 for code in range(65, 91)}


_TIERS = ("simple", "medium", "complex")


def tier_of(
    policy: dict[str, Any],
    text: str | None,
    segment: str | None = None,
    input_tokens: int | None = None,
    tools: list[str] | None = None,
    customer: str | None = None,
) -> str:
    """The tier of one query: "simple", "medium" or "complex"."""
    text = text or ""
    named = policy["none"] if segment is None else segment
    named = policy["segment_names"].get(named, named)
    low, high = 0, 2
    for rule in policy["rules"]:
        if _fits(policy, rule, text, named, input_tokens, tools or [], customer):
            low, high = _TIERS.index(rule["lowest"]), _TIERS.index(rule["highest"])
            break
    if input_tokens is not None:
        low, high = _held(policy["windows"], policy["largest"], input_tokens, low, high)
    if policy["strategy"] == "cascade":
        return _TIERS[low]  # every query starts there; the check of its answer decides
    return _TIERS[min(max(_sorted(policy, text, named, segment is None), low), high)]


def _held(
    windows: list[int | None], largest: int, tokens: int, low: int, high: int
) -> tuple[int, int]:
    """The lowest and highest tier whose models, and those of all tiers between, hold a request."""
    limits = [math.inf if window is None else window for window in windows]
    holding = [tier for tier in range(3) if tokens <= limits[tier]]
    if not holding:
        return largest, largest
    allowed = [tier for tier in holding if low <= tier <= high]
    if not allowed:
        above = [tier for tier in holding if tier > high]
        only = above[0] if above else holding[-1]
        return only, only
    start = allowed[-1]
    while start - 1 in allowed:
        start -= 1
    return start, allowed[-1]


def _fits(
    policy: dict[str, Any],
    rule: dict[str, Any],
    text: str,
    named: str,
    tokens: int | None,
    tools: list[str],
    customer: str | None,
) -> bool:
    """Whether a rule fits a query."""
    if rule["test"] == "segment":
        return bool(named == rule["value"].strip())
    if rule["test"] == "input_tokens":
        return tokens is not None and tokens >= int(rule["value"])
    if rule["test"] == "tools":
        wanted = {name.strip() for name in rule["value"].split(",") if name.strip()}
        return bool(wanted & set(tools)) if wanted else bool(tools)
    if rule["test"] == "customer":
        return customer is not None and customer == rule["value"].strip()
    if rule["test"] == "language":
        counts = _counts(policy["reading"], text)
        return _unlike(policy["unlike"], text, counts) == "language"
    flags = re.ASCII if rule["test"] == "matches" else 0
    return re.compile(rule["pattern"], flags).search(text) is not None


def _sorted(policy: dict[str, Any], text: str, named: str, unnamed: bool) -> int:
    """The tier that the plan's tolerances give: 0, 1 or 2."""
    grid = policy["grid"]
    difficulty, unlike = difficulty_of(policy, text)
    lever = policy["levers"].index(1.0)
    if policy["learned"] is not None and not unlike:
        # Difficulties are kept as 32-bit numbers and summed in bins, as the plan saw them.
        difficulty = struct.unpack("f", struct.pack("f", difficulty))[0]
        difficulty, lever = _taught(
            policy["learned"], policy["levers"], difficulty, len(text), named, unnamed
        )
    elif not unlike:
        difficulty = struct.unpack("f", struct.pack("f", difficulty))[0]
    number = math.floor((difficulty - grid["lowest"]) / grid["width"])
    number = min(max(number, 0), grid["bins"] - 1)
    middle = grid["lowest"] + grid["width"] * (number + 0.5)
    passed = [cut is not None and middle > cut for cut in policy["cuts"][lever]]
    return sum(passed)


def _taught(
    learned: dict[str, Any],
    levers: list[float],
    difficulty: float,
    characters: int,
    named: str,
    unnamed: bool,
) -> tuple[float, int]:
    """Difficulty and number of the lever, with what own outcomes taught."""
    if named not in learned["segments"] and not unnamed:
        named = learned["other"]  # rare segments were counted together
    row = [
        1.0,
        _standardised(difficulty, learned["difficulty"]),
        _standardised(math.log1p(characters), learned["length"]),
        *(float(one == named) for one in learned["segments"]),
    ]
    lever = 1.0 + sum(a * b for a, b in zip(row, learned["lever"], strict=True))
    lever = min(max(lever, levers[0]), levers[-1])
    number = min(range(len(levers)), key=lambda i: abs(lever - levers[i]))
    shifted = difficulty + sum(a * b for a, b in zip(row, learned["shift"], strict=True))
    return shifted - (learned["about"] - learned["pivot"]) * (1.0 - levers[number]), number


def _standardised(value: float, usual: list[float]) -> float:
    mean, deviation = usual
    return (value - mean) / (deviation if deviation > 1e-9 else 1.0)


def difficulty_of(policy: dict[str, Any], text: str) -> tuple[float, bool]:
    """The difficulty as it looks, in logits, and whether that of the safer tier stands in."""
    reading = policy["reading"]
    counts = _counts(reading, text)
    if _unlike(policy["unlike"], text, counts):
        return float(policy["safer_difficulty"]), True
    if re.fullmatch(r"[\t\n\f\r ]*", text):
        return float(reading["level"]), False
    total = 0.0
    for count, weight, typical, highest in zip(
        counts, reading["weights"], reading["typical"], reading["highest"], strict=True
    ):
        total += (min(math.log1p(count), highest) - typical) * weight
    return float(reading["level"]) + total, False


def _counts(reading: dict[str, Any], text: str) -> list[int]:
    """The counts of the reading: words, words out of the ordinary, and the other features."""
    if len(text) > reading["head"] + reading["tail"]:
        text = text[: reading["head"]] + "\n" + text[-reading["tail"] :]
    text = text.translate(_ASCII_LOWER)
    options = _pattern(reading["options"]).search(text)
    words = _WORD.findall(text[: options.start()] if options else text)
    everyday = _words(reading["everyday"])
    found = [len(words), sum(word not in everyday for word in words)]
    for feature in reading["features"]:
        listed = _words(feature["words"])
        count = sum(word in listed for word in words) if listed else 0
        if feature["pattern"]:
            count += _count(feature["pattern"], text)
        found.append(count)
    return found


def _unlike(limits: dict[str, Any], text: str, counts: list[int]) -> str:
    """How the text is unlike those learned from, so that it goes to the safer tier; "" if not."""
    words, uncommon, numbers = counts[0], counts[1], counts[2]
    everyday = 1.0 - uncommon / max(words, 1)
    size = len(text)
    foreign = (
        size < len(text.encode("utf-8", "surrogatepass"))
        and _count(limits["other_letter"], text) > limits["other_letters"] * size
    )
    if everyday < limits["foreign_below"] and words > 1:
        foreign |= _count(limits["foreign"], text) > _count(limits["english"], text)
    if foreign:
        return "language"
    if words < limits["fewest_words"]:
        return ""  # "thanks" is easy, and needs no learning
    clocks = limits["most_clock_times"]
    if size > 6.0 * words + limits["unbroken"] or numbers > 2 * clocks:
        if _pattern(limits["unbroken_pattern"]).search(text):
            return "data"
        if _count(limits["clock"], text) > clocks:
            return "data"
    if size > limits["most_code_marks"]:
        marks = _count(limits["code_mark"], text)
        if marks > limits["most_code_marks"] and marks > limits["code_share"] * size:
            return "code"
    if size > limits["longest"]:
        return "document"
    if everyday < limits["unknown_below"] and words >= limits["enough_words"]:
        listed = text.count(",") >= limits["listed"] * _letter_runs(text)
        if _count(limits["english"], text) == 0 and not listed:
            return "language"
    return ""


def _letter_runs(text: str) -> int:
    """How many runs of letters, of any script."""
    letters = [unicodedata.category(character).startswith("L") for character in text]
    return sum(now and not before for before, now in zip([False, *letters], letters, strict=False))


def _count(pattern: str, text: str) -> int:
    return sum(1 for _ in _pattern(pattern).finditer(text))


@lru_cache(maxsize=64)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=64)
def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())
