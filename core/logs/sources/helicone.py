"""Helicone: requests from its API or export tool, that tool's CSV, and its dashboard."""

from __future__ import annotations

from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.call import Call
from core.logs.sources.helicone_rows import read_request
from core.logs.sources.helicone_screen import api_row
from core.logs.sources.source import Look, Source, by_record

_API_SIGNS: Final = frozenset(
    {"delay_ms", "response_status", "request_path", "request_body", "helicone_user", "target_url"}
)
_SCREEN_ROWS: Final = 500  # of one page


def _is_screen(look: Look) -> bool:
    return any(column.partition(".")[0] == "heliconeMetadata" for column in look.columns)


def _is_api(look: Look) -> bool:
    return look.has("request_id", "request_created_at") and bool(look.columns & _API_SIGNS)


def _is_command(look: Look) -> bool:
    return look.has("response_id", "response_created_at", "response_status")


def _read_screen(record: Record) -> Call:
    return read_request(api_row(record))


HELICONE: Final = (
    Source(
        "helicone_ui",
        "Helicone dashboard export",
        _is_screen,
        by_record("helicone_ui", _read_screen),
        row_cap=_SCREEN_ROWS,
    ),
    Source(
        "helicone_api", "Helicone request log", _is_api, by_record("helicone_api", read_request)
    ),
    Source(
        "helicone_cli",
        "Helicone export as CSV",
        _is_command,
        by_record("helicone_cli", read_request),
    ),
)
