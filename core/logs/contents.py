"""What the values of a column look like, for guessing which part it plays."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

from core.logs.statuses import is_status

Values = Sequence[str | None]

_NUMBER: Final = re.compile(r"[-+]?[$€£]?\s*\d[\d,]*\.?\d*(?:[eE][-+]?\d+)?\s*(?:ms|s|sec|USD)?")
_TIME: Final = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}.*|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}.*|\d{9,19}(\.\d+)?"
    r"|.*\b\d{1,2} [A-Z][a-z]{2,8} \d{4}.*|[A-Z][a-z]{2,8} \d{1,2}, \d{4}.*"
)
_NOTHING: Final = frozenset({"", "nan", "null", "none", "n/a", "na", "-", "nat"})
_VERDICTS: Final = re.compile(
    r"-?\d+(\.\d+)?|true|false|yes|no|(thumbs?[_ -]?)?(up|down)|positive|negative|good|bad"
    r"|(dis)?likes?d?|👍|👎",
    re.IGNORECASE,
)


def present(values: Values) -> list[str]:
    """The values that say something."""
    return [v.strip() for v in values if v is not None and v.strip().lower() not in _NOTHING]


def anything(values: Values) -> bool:
    """Always true: some roles are known by name alone."""
    return True


def numbers(values: Values) -> bool:
    """Whether most values are numbers; a column without values may yet hold some."""
    return _mostly(values, lambda v: bool(_NUMBER.fullmatch(v)))


def counts(values: Values) -> bool:
    """Whether most values are whole numbers."""
    return _mostly(values, lambda v: bool(re.fullmatch(r"-?\d[\d,.]*", v)))


def durations(values: Values) -> bool:
    """Whether most values are numbers, perhaps with a unit of time."""
    return numbers(values)


def times(values: Values) -> bool:
    """Whether most values look like a date or an epoch."""
    return _mostly(values, lambda v: bool(_TIME.fullmatch(v)))


def verdicts(values: Values) -> bool:
    """Whether most values are ratings or thumbs."""
    return _mostly(values, lambda v: bool(_VERDICTS.fullmatch(v)))


def statuses(values: Values) -> bool:
    """Whether most values say that a call went well or failed, and some say anything."""
    return bool(present(values)) and _mostly(values, lambda v: is_status(v))


def distinct(values: Values) -> bool:
    """Whether almost every value is different and short, as ids are."""
    found = present(values)
    return len(set(found)) >= 0.95 * len(found) and all(len(v) <= 200 for v in found[:50])


def chats(values: Values) -> bool:
    """Whether most values are chat messages as JSON."""
    return bool(present(values)) and _mostly(
        values, lambda v: v[0] in "[{" and ('"role"' in v or '"content"' in v or "'role'" in v)
    )


def texts(values: Values) -> bool:
    """Whether the values may be queries: words or chats; not numbers, times or ids."""
    found = present(values)
    if not found:
        return True  # an empty column with a telling name; its rows are dropped with a reason
    ids = not any(" " in v for v in found) and statistics.fmean(map(len, found)) > 24
    foreign = _mostly(values, lambda v: bool(re.fullmatch(r"[\d.,:/+-]+", v))) or times(values)
    return chats(values) or not (foreign or (ids and distinct(values) and all_ascii(found)))


def all_ascii(values: Sequence[str]) -> bool:
    """Whether no value has a letter beyond ASCII (Japanese has no blanks between words)."""
    return all(v.isascii() for v in values)


def answers(values: Values) -> bool:
    """Whether the values may be answers; mere numbers are rather counts of tokens."""
    found = present(values)
    return not found or not counts(values)


def names(values: Values) -> bool:
    """Whether the values are short names, not sentences and not numbers with decimals."""
    found = present(values)
    words = statistics.fmean(len(v.split()) for v in found) if found else 0
    short = words <= 6 and all(len(v) < 200 for v in found)
    return short and not (found and _mostly(values, lambda v: bool(re.fullmatch(r"-?\d*\.\d+", v))))


def labels(values: Values) -> bool:
    """Whether the values are names that repeat, at least two of them."""
    found = present(values)
    kinds = len(set(found))
    few = len(found) < 20 and all(len(v.split()) <= 3 for v in found)
    return names(values) and kinds >= 2 and (kinds <= 0.5 * len(found) or few)


def single_name(values: Values) -> bool:
    """Whether all values are one and the same name."""
    return names(values) and len(set(present(values))) == 1


def longest_prose(columns: Mapping[str, Values]) -> str | None:
    """The column with most words per value, if its values are sentences (or chats)."""
    words: dict[str, float] = {}
    for column, values in columns.items():
        found = present(values)
        if found and (chats(values) or (texts(values) and len(set(found)) > 0.3 * len(found))):
            words[column] = statistics.fmean(len(v.split()) for v in found)
    best = max(words, key=words.__getitem__, default=None)
    return best if best is not None and words[best] >= 3 else None


def latency_unit(column: str, values: Values) -> Literal["s", "ms"]:
    """The unit by the column's name, else by size: LLM calls rarely take 100 s or under 100 ms."""
    name = column.lower()
    if re.search(r"(_|\b|\()(ms|millis\w*)\)?$", name) or name.endswith("Ms"):
        return "ms"
    if re.search(r"(_|\b|\()(s|secs?|seconds)\)?$", name):
        return "s"
    sizes = _numbers(values)
    return "s" if sizes and statistics.median(sizes) < 100 else "ms"


def feedback_scale(values: Values) -> Literal["0-1", "-1-1", "1-5", "0-10", "0-100"]:
    """The scale by the lowest and highest rating seen."""
    sizes = _numbers(values)
    low, high = min(sizes, default=0.0), max(sizes, default=1.0)
    if low < 0:
        return "-1-1"
    if high <= 1:
        return "0-1"
    return "1-5" if high <= 5 else "0-10" if high <= 10 else "0-100"


def day_first(values: Values) -> bool:
    """Whether some date can only be read with the day first (dots always mean that)."""
    dates = [m for v in present(values) if (m := re.match(r"(\d{1,2})([/.])(\d{1,2})\2\d", v))]
    return any(m[2] == "." or int(m[1]) > 12 for m in dates)


def mostly_exceeds(part: Values, whole: Values) -> bool:
    """Whether the part is larger than its whole in over a fifth of the rows that have a part."""
    pairs = [
        (_numbers([p])[0], _numbers([w])[0])
        for p, w in zip(part, whole, strict=True)
        if _numbers([p]) and _numbers([w])
    ]
    some = [(p, w) for p, w in pairs if p > 0]
    return bool(some) and sum(p > w for p, w in some) > 0.2 * len(some)


def _numbers(values: Values) -> list[float]:
    found = (re.sub(r"[^\d.eE+-]", "", v) for v in present(values) if _NUMBER.fullmatch(v))
    return [float(v) for v in found if re.fullmatch(r"[-+]?\d+\.?\d*([eE][-+]?\d+)?", v)]


def _mostly(values: Values, test: Callable[[str], bool]) -> bool:
    found = present(values)
    return sum(map(test, found)) >= 0.7 * len(found)
