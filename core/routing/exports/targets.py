"""All targets by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from core.errors import BadInput
from core.routing.exports.files import Export
from core.routing.exports.litellm import litellm_export
from core.routing.exports.plan_json import json_export
from core.routing.exports.policy import Exported
from core.routing.exports.portkey import portkey_export
from core.routing.exports.python_file import python_export
from core.routing.exports.vllm_sr import vllm_sr_export

TARGETS: Final[dict[str, Callable[[Exported], Export]]] = {
    "litellm": litellm_export,
    "vllm-sr": vllm_sr_export,
    "portkey": portkey_export,
    "json": json_export,
    "python": python_export,
}


def export(found: Exported, to: str) -> Export:
    """The files for a target; BadInput for an unknown one or for thresholds out of order."""
    if to not in TARGETS:
        raise BadInput(f"no target '{to}'", where="export", remedy=f"Use {', '.join(TARGETS)}")
    return TARGETS[to](found)
