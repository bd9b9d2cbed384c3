"""Azure's inference traces: seven digits of a second, with and without a zone."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]


def test_times_with_seven_digits_are_read_to_the_microsecond(read: Import) -> None:
    log, rows = read(
        "TIMESTAMP,ContextTokens,GeneratedTokens\n"
        "2023-11-16 18:17:03.9799600,4808,10\n"
        "2023-11-16 18:17:04.0319605,110,27\n"
    )
    assert (log.source, log.grain, log.rows_kept) == ("azure_llm", "request_notext", 2)
    assert rows[0]["time"] == datetime(2023, 11, 16, 18, 17, 3, 979_960, tzinfo=UTC)
    assert rows[1]["time"] == datetime(2023, 11, 16, 18, 17, 4, 31_960, tzinfo=UTC)
    assert (log.input_tokens, log.output_tokens) == (4_918, 37)
    assert (rows[0]["model"], rows[0]["cost_usd"]) == (None, None)


def test_images_and_zones_change_nothing(read: Import) -> None:
    log, [row] = read(
        "NumImages,GeneratedTokens,TIMESTAMP,ContextTokens\n"
        "3,77,2024-05-10 00:00:00.009930+00:00,812\n"
    )
    assert (log.source, row["input_tokens"], row["output_tokens"]) == ("azure_llm", 812, 77)
    assert row["time"] == datetime(2024, 5, 10, 0, 0, 0, 9_930, tzinfo=UTC)


def test_no_generated_token_is_still_a_call(read: Import) -> None:
    log, _ = read("TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00,812,0\n")
    assert (log.rows_kept, log.output_tokens) == (1, 0)
