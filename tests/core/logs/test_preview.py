import json
from collections.abc import Callable
from pathlib import Path

from core.logs.mapping import Mapping
from core.logs.preview import SHOWN_CHARS, preview


def test_a_preview_says_what_the_file_is_and_shows_fifty_rows(file: Callable[..., Path]) -> None:
    path = file("query,model\n" + "Where is my order?,gpt-4o\n" * 80)
    look = preview(path, "orders.csv")
    assert (look.name, look.container, look.source) == (
        "orders.csv",
        "CSV, comma-separated, UTF-8",
        "generic",
    )
    assert look.columns == ("query", "model") and len(look.rows) == 50
    assert look.rows[0] == {"query": "Where is my order?", "model": "gpt-4o"}
    assert look.size_bytes == path.stat().st_size
    assert look.mapping == Mapping(text="query", model="model")
    assert look.warnings == ()


def test_long_cells_are_cut_but_chats_are_understood_whole(file: Callable[..., Path]) -> None:
    chat = json.dumps([{"role": "user", "content": "long " * 2_000}])
    look = preview(file(json.dumps({"payload": chat}) + "\n"), "a")
    shown = look.rows[0]["payload"]
    assert shown is not None and len(shown) == SHOWN_CHARS + 1
    assert look.mapping.text == "payload"


def test_what_is_missing_or_guessed_is_said(file: Callable[..., Path]) -> None:
    look = preview(file("prompt_tokens,latency\n5,1.5\n6,2\n"), "a")
    assert "No column of query texts" in look.warnings[0] and "seconds" in look.warnings[1]
    assert "Neither" in preview(file("colour,size\nred,1\n"), "a").warnings[0]
    assert preview(file("query\n"), "a").warnings[0] == "The file has a header but no rows."
