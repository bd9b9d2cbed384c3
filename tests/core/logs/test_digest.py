from pathlib import Path

import pytest

from core.errors import Cancelled
from core.logs.digest import digest_of
from core.logs.mapping import Mapping


def of(*paths: Path, text: str = "q", keep_text: bool = True) -> str:
    return digest_of(paths, Mapping(text=text), keep_text, lambda: False)


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"a" * 5_000_000 + b"b")
    two.write_bytes(b"c")
    return one, two


def test_the_same_content_read_the_same_way_has_the_same_name(
    paths: tuple[Path, Path], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(paths[0].read_bytes())
    assert of(paths[0]) == of(copy) and len(of(copy)) == 16


def test_another_content_order_mapping_or_privacy_has_another(paths: tuple[Path, Path]) -> None:
    one, two = paths
    found = [of(one), of(two), of(one, two), of(two, one), of(one, text="p")]
    found.append(of(one, keep_text=False))
    assert len(set(found)) == len(found)


def test_where_one_file_ends_and_the_next_begins_matters(tmp_path: Path) -> None:
    names = ("ab", "c", "a", "bc")
    for name in names:
        (tmp_path / name).write_text(name)
    assert of(tmp_path / "ab", tmp_path / "c") != of(tmp_path / "a", tmp_path / "bc")


def test_it_can_be_stopped(paths: tuple[Path, Path]) -> None:
    with pytest.raises(Cancelled):
        digest_of(paths, Mapping(), True, lambda: True)
