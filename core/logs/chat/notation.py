"""Values that a tool wrote into a cell: JSON, JSON in JSON, Python's repr, dotted keys."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Mapping
from typing import Any, Final

_CODE_LIMIT: Final = 400_000  # characters of Python notation that are worth parsing
_CODE_START: Final = re.compile(r"\s*[\[{]\s*(?:['\"\[{\]}]|array\()")
_LAYERS: Final = 4  # of JSON text within JSON text
_LEVELS: Final = 12  # of a dotted key
# numpy prints arrays without commas and with their type; what lies in quotes stays as it is
_NUMPY: Final = re.compile(
    r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<=[}\])])(\s*\n\s*)(?=[{\[a])"""
    r"""|(\barray\(|,\s*dtype=\w+\)|(?<=\])\))|(\bnan\b)""",
    re.DOTALL,
)


def decoded(cell: object) -> Any:
    """The value in a cell of JSON or of Python's repr; other values and texts as they are."""
    for _ in range(_LAYERS):
        if not isinstance(cell, str):
            return cell
        found = _json(cell)
        if found is None and '""' in cell:  # quotes doubled on their way through CSV
            found = _json(cell.replace('""', '"'))
        if found is None:
            found = _python(cell)
        if found is None:
            return cell
        cell = found
    return cell


def nested(flat: Mapping[str, object]) -> Any:
    """Dotted keys as nested objects, and numbers in them as places of a list.

    {"0.role": "user", "0.content": "Hi"} gives [{"role": "user", "content": "Hi"}].
    """
    root: dict[str, Any] = {}
    for key, value in flat.items():
        *path, last = str(key).split(".", _LEVELS)
        node: Any = root
        for name in path:
            node = node.setdefault(name, {})
            if not isinstance(node, dict):
                break
        else:
            node.setdefault(last, value)
    return _with_lists(root, 0)


def _with_lists(node: Any, level: int) -> Any:
    if not isinstance(node, dict) or not node or level > _LEVELS:
        return node
    if all(isinstance(key, str) and key.isdecimal() and len(key) <= 6 for key in node):
        return [_with_lists(node[key], level + 1) for key in sorted(node, key=int)]
    return {key: _with_lists(value, level + 1) for key, value in node.items()}


def _json(text: str) -> object:
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found


def _python(cell: str) -> object:
    """The list or object in Python's notation; None when it is something else."""
    if len(cell) > _CODE_LIMIT or not _CODE_START.match(cell):
        return None
    text = cell.strip()
    found = _evaluated(text)
    if found is None and ("array(" in text or "nan" in text or "\n" in text):
        found = _evaluated(_NUMPY.sub(_as_python, text))
    return found if isinstance(found, (list, dict)) else None


def _as_python(match: re.Match[str]) -> str:
    quoted, gap, _, not_a_number = match.groups()
    if quoted is not None:
        return quoted
    return ", " if gap else "None" if not_a_number else ""


def _evaluated(text: str) -> object:
    try:
        if "\\" not in text:
            return ast.literal_eval(text)
        with warnings.catch_warnings():  # about escapes such as "\d" in a prompt
            warnings.simplefilter("ignore")
            return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None
