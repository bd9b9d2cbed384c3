"""Where unfinished work lies: it is there for the next attempt, and only while it is worth it."""

import os
from pathlib import Path

import pytest

from core.logs.scratch import scratch_of


def names(folder: Path) -> list[str]:
    return sorted(place.name for place in folder.iterdir())


def test_nothing_is_left_when_the_work_ends_or_fails(tmp_path: Path) -> None:
    with scratch_of(tmp_path, "a") as place:
        (place / "some").write_text("work")
    assert names(tmp_path) == []
    with pytest.raises(OSError, match="full"), scratch_of(tmp_path, "a"):
        raise OSError("full")
    assert names(tmp_path) == []


def test_what_a_killed_attempt_left_is_found_but_no_half_made_result(tmp_path: Path) -> None:
    left = tmp_path / ".importing-a"
    (left / "ready").mkdir(parents=True)
    (left / "00000.json").write_text("{}")
    with scratch_of(tmp_path, "a") as place:
        assert place == left
        assert names(place) == ["00000.json", "lock"]


def test_two_at_once_do_not_share(tmp_path: Path) -> None:
    with scratch_of(tmp_path, "a") as first, scratch_of(tmp_path, "a") as second:
        assert first != second and second.is_dir()
    assert names(tmp_path) == []


def test_what_nobody_went_on_with_for_a_day_goes(tmp_path: Path) -> None:
    for name, age in (("old", 90_000), ("new", 60)):
        place = tmp_path / f".importing-{name}"
        place.mkdir()
        then = place.stat().st_mtime - age
        os.utime(place, (then, then))
    with scratch_of(tmp_path, "mine"):
        assert names(tmp_path) == [".importing-mine", ".importing-new"]
