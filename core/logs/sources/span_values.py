"""Values of a span in the writings of OTLP and of the SDKs' exporters, made plain."""

from __future__ import annotations

import base64
import binascii
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from core.logs.chat.notation import decoded, nested
from core.logs.containers.records import Record
from core.logs.sources.fields import moment, number, words

_DEPTH: Final = 12
_NUMBERED: Final = re.compile(r"\.\d{1,6}(?=\.|$)")
_WHOLE: Final = frozenset({"metadata", "input.value", "output.value"})  # objects, not namespaces
_BASE64_CHARS: Final = (12, 24)  # of 8 bytes, a span's id, and of 16, a trace's
_NANOS: Final = ((1e11, 1e9), (1e14, 1e6), (1e17, 1e3))  # below the bound: nanoseconds per unit


def attributes_of(value: object) -> dict[str, Any]:
    """Attributes by dotted key, out of OTLP's list, a flat or nested object, or its JSON text.

    Keys with a number in them, such as "gen_ai.prompt.0.role", become one list.
    """
    found = decoded(value)
    if isinstance(found, list):
        return _with_lists(_pairs(found, 0))
    if not isinstance(found, dict):
        return {}
    return _with_lists(_flat(found) if any(map(_is_object, found.values())) else found)


def columns_of(record: Record, lead: str) -> dict[str, Any]:
    """Attributes in columns of their own, such as "attributes.llm.model_name"."""
    found = {k[len(lead) :]: v for k, v in record.items() if k.startswith(lead) and v is not None}
    return attributes_of(found) if found else {}


def any_value(value: Any, depth: int = 0) -> Any:
    """The value in OTLP's {"stringValue": ...} or Go's {"Type": ..., "Value": ...}."""
    if not isinstance(value, dict) or not value or depth > _DEPTH:
        return value
    if "Type" in value and "Value" in value:
        return value["Value"]
    key, inner = next(iter(value.items()))
    match plain(key):
        case "stringvalue" | "boolvalue" | "doublevalue" | "bytesvalue":
            return inner
        case "intvalue":
            whole = _long(inner)
            return inner if whole is None else whole
        case "arrayvalue":
            values = inner.get("values") if isinstance(inner, dict) else inner
            found = values if isinstance(values, list) else []
            return [any_value(one, depth + 1) for one in found]
        case "kvlistvalue":
            values = inner.get("values") if isinstance(inner, dict) else inner
            return _pairs(values, depth + 1) if isinstance(values, list) else {}
    return value


@lru_cache(maxsize=2_000)
def plain(name: str) -> str:
    """A field's name without the case and underscores in which exporters differ."""
    return name.replace("_", "").lower()


def identifier(value: object) -> str | None:
    """An id of a span or a trace in hex, also from base64 or "0x..."; None when it is empty."""
    text = words(value)
    if text is None:
        return None
    if len(text) in _BASE64_CHARS and text.endswith("="):
        try:
            return base64.b64decode(text, validate=True).hex()
        except (binascii.Error, ValueError):
            return text
    text = text.removeprefix("0x")
    return text if text.strip("0") and text not in ("None", "null", "nan") else None


def nanoseconds(value: object) -> int | None:
    """A time since 1970, from ISO text, an epoch in any unit or a pair of numbers; else None."""
    if isinstance(value, list) and len(value) == 2:  # JavaScript: seconds and nanoseconds
        seconds, rest = _long(value[0]), _long(value[1])
        return None if seconds is None or rest is None else seconds * 1_000_000_000 + rest
    whole = _long(value)
    size = number(value) if whole is None else float(whole)
    if size is not None:
        unit = next((unit for bound, unit in _NANOS if size < bound), 1)
        return (round(size * unit) if whole is None else whole * int(unit)) or None
    try:
        found = moment(value)
    except ValueError:
        return None
    return None if found is None else round(found.timestamp() * 1e6) * 1000


def _long(value: object) -> int | None:
    if isinstance(value, dict) and "low" in value and "high" in value:  # of protobuf in JavaScript
        low, high = _long(value["low"]), _long(value["high"])
        return None if low is None or high is None else (high << 32) + (low & 0xFFFFFFFF)
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    try:
        whole = int(value)
    except ValueError:
        return None
    return whole if abs(whole) < 1 << 63 else None


def _pairs(pairs: list[Any], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs:
        if isinstance(pair, dict):
            key = pair.get("key", pair.get("Key"))
            if isinstance(key, str):
                found[key] = any_value(pair.get("value", pair.get("Value")), depth)
    return found


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _flat(value: Mapping[str, Any], lead: str = "", depth: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, inner in value.items():
        name = f"{lead}{key}"
        if isinstance(inner, dict) and inner and name not in _WHOLE and depth < _DEPTH:
            found |= _flat(inner, f"{name}.", depth + 1)
        else:
            found[name] = inner
    return found


def _with_lists(found: dict[str, Any]) -> dict[str, Any]:
    lists: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    rest: dict[str, Any] = {}
    for key, value in found.items():
        place = _NUMBERED.search(key)
        if place:
            lists[key[: place.start()]][key[place.start() + 1 :]] = value
        else:
            rest[key] = value
    for root, parts in lists.items():
        rest[root] = nested(parts)
    return rest
