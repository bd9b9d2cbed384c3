"""The names of tools, as every provider writes offers and calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from core.logs.chat.notation import decoded, nested

_MOST_TOOLS: Final = 20
_NAME_CHARS: Final = 60
_LAYERS: Final = 4  # of wrappings
_NAMES: Final = ("name", "toolName", "tool_name")
_WRAPPINGS: Final = ("function", "tool_call", "toolSpec", "kwargs", "toolInvocation", "tool")
_DECLARED: Final = ("functionDeclarations", "function_declarations")


def distinct_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names in order, each once, at most twenty."""
    return tuple(sorted(set(names)))[:_MOST_TOOLS]


def offered_names(request: Mapping[str, Any]) -> list[str]:
    """The names of the tools that a request offers."""
    for key in ("tools", "functions", "toolConfig", "tool_config", "config"):
        found = request.get(key)
        if isinstance(found, dict):
            inner = found.get("tools")
            if isinstance(inner, list):
                return _names(inner)
            if key == "tools":  # Vercel: an object by name
                return [str(name)[:_NAME_CHARS] for name in found]
        if isinstance(found, list):
            return _names(found)
    return []


def opened_tool(tool: Any) -> Mapping[str, Any] | None:
    """The object that holds a tool's name, out of its wrappings; None when it is no object."""
    if isinstance(tool, str):
        tool = decoded(tool)
    if not isinstance(tool, dict):
        return None
    found: dict[str, Any] = tool
    if any(isinstance(key, str) and key.startswith(("tool_call.", "tool.")) for key in tool):
        found = nested(found)
    for _ in range(_LAYERS):
        if isinstance(found.get("name"), str):
            break
        inner = next((found[k] for k in _WRAPPINGS if isinstance(found.get(k), dict)), None)
        if inner is None and found.get("json_schema"):
            inner = decoded(found["json_schema"])
        if not isinstance(inner, dict):
            break
        found = inner
    return found


def tool_name(tool: Any) -> str | None:
    """The name in an offer, a call or a result of a tool; None when it has none."""
    found = opened_tool(tool)
    if found is None:
        return None
    for key in _NAMES:
        name = found.get(key)
        if isinstance(name, str) and name:
            return name[:_NAME_CHARS]
    kind = found.get("type")
    if isinstance(kind, str) and kind.startswith("tool-"):  # Vercel: "tool-getWeather"
        return kind.removeprefix("tool-")[:_NAME_CHARS] or None
    return None


def _names(tools: list[Any]) -> list[str]:
    names: list[str] = []
    for tool in tools:
        declared = next(
            (
                tool[k]
                for k in _DECLARED
                if isinstance(tool, dict) and isinstance(tool.get(k), list)
            ),
            None,
        )
        for one in [tool] if declared is None else declared:
            name = tool_name(one)
            kind = one.get("type") if isinstance(one, dict) else None
            if name is None and isinstance(kind, str) and kind not in ("function", "custom"):
                name = kind[:_NAME_CHARS]  # built-in tools have a type only
            if name:
                names.append(name)
    return names
