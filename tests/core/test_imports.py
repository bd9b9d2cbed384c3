"""What takes long to import is imported where it is used, not where a page begins."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"alembic", "openai", "openpyxl", "reportlab", "scipy", "sklearn", "xlsxwriter"}
ASK = f"""
import json, sys
from app import warming
with warming.drawing():
    pass
loaded = []
for read in (warming.read_ahead, warming.read_on):
    read()
    loaded.append(sorted({HEAVY!r} & set(sys.modules)))
print(json.dumps(loaded))
"""


@pytest.fixture(scope="module")
def loaded() -> tuple[list[str], list[str]]:
    """Which of HEAVY are there once the start page can be drawn, and once all pages can."""
    command = [sys.executable, "-W", "ignore", "-c", ASK]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    start, all_pages = json.loads(told)
    return start, all_pages


def test_the_start_page_needs_none_of_what_is_slow_to_import(
    loaded: tuple[list[str], list[str]],
) -> None:
    assert loaded[0] == []


def test_the_other_pages_need_only_what_writes_their_files_and_works_out_their_ranges(
    loaded: tuple[list[str], list[str]],
) -> None:
    assert loaded[1] == ["reportlab", "scipy", "xlsxwriter"]
