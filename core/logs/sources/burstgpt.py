"""BurstGPT: the public traces of a university's ChatGPT and GPT-4 service, without texts."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.logs import amounts
from core.logs.mapping import Mapping
from core.logs.sources.source import Look, Source, by_columns

_OUTPUT: Final = "Response tokens"
_STATUS: Final = "how the call went"


def _recognises(look: Look) -> bool:
    return look.has("Request tokens", _OUTPUT)


def _derived(rows: pa.Table) -> dict[str, pa.Array]:
    """A call without an answer has failed."""
    answers, _ = amounts.parse(rows[_OUTPUT].combine_chunks())
    return {_STATUS: pc.if_else(pc.equal(answers, 0), "error", "ok")}


BURSTGPT: Final = Source(
    "burstgpt",
    "BurstGPT trace",
    _recognises,
    by_columns(
        Mapping(
            source="burstgpt",
            model="Model",
            input_tokens="Request tokens",
            output_tokens=_OUTPUT,
            latency="Elapsed time",
            latency_unit="s",
            segment="Log Type",
            session="Session ID",
            status=_STATUS,
        ),
        derive=_derived,
    ),
    notes=(
        "Its times are seconds since the first day of the trace and no dates, so they are left "
        "empty.",
    ),
)
