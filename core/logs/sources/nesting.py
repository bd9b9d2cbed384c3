"""Objects inside a row, whichever way a container keeps them."""

from __future__ import annotations

from core.logs.chat import notation
from core.logs.containers.records import Record
from core.logs.sources.fields import opened


def nested(record: Record, *roots: str) -> Record:
    """The record with these columns as objects or lists; None where it has nothing.

    They may be objects already, JSON text (CSV), or columns with dotted names (Parquet, tables
    flattened by pandas or by a tool's screens).
    """
    found = dict(record)
    for root in roots:
        value = opened(record.get(root))
        if value is None or value == "":
            lead = f"{root}."
            flat = {k[len(lead) :]: opened(v) for k, v in record.items() if k.startswith(lead)}
            value = notation.nested(flat) if flat else None
        found[root] = value
    return found
