"""What the app keeps in memory is bounded."""

import re
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
KEPT = [
    (file.relative_to(APP).as_posix(), found[0])
    for file in sorted(APP.rglob("*.py"))
    for found in re.finditer(r"@st\.cache_\w+(\([^)]*\))?", file.read_text("utf-8"))
]


@pytest.mark.parametrize(("file", "decorator"), KEPT)
def test_every_cache_says_how_many_entries_it_keeps(file: str, decorator: str) -> None:
    assert re.search(r"max_entries=\d+", decorator), f"{file}: {decorator}"


def test_the_caches_were_found() -> None:
    assert len(KEPT) > 20
