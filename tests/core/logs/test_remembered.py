from pathlib import Path

from core.logs.mapping import Mapping
from core.logs.remembered import MOST_KEPT, forget, recall, remember

MINE = Mapping(text="b", model="a", latency_unit="s", cached_beside_input=True)


def test_the_next_file_of_the_same_shape_gets_the_mapping_back(tmp_path: Path) -> None:
    remember(tmp_path, ["a", "b", "c"], MINE)
    assert recall(tmp_path, ["c", "a", "b"]) == MINE
    assert recall(tmp_path, ["a", "b"]) is None
    assert recall(tmp_path, ["a", "b", "c", "d"]) is None


def test_the_latest_mapping_counts_and_can_be_forgotten(tmp_path: Path) -> None:
    remember(tmp_path, ["a", "b"], MINE)
    remember(tmp_path, ["b", "a"], Mapping(text="a"))
    assert recall(tmp_path, ["a", "b"]) == Mapping(text="a")
    forget(tmp_path, ["a", "b"])
    assert recall(tmp_path, ["a", "b"]) is None


def test_a_damaged_memory_is_no_memory(tmp_path: Path) -> None:
    assert recall(tmp_path, ["a"]) is None
    remember(tmp_path, ["a", "b"], MINE)
    (tmp_path / "mappings.json").write_text('{"x": [')
    assert recall(tmp_path, ["a", "b"]) is None
    remember(tmp_path, ["a", "b"], MINE)
    assert recall(tmp_path, ["a", "b"]) == MINE
    kept = (tmp_path / "mappings.json").read_text().replace("latency_unit", "latency_units")
    (tmp_path / "mappings.json").write_text(kept)
    assert recall(tmp_path, ["a", "b"]) is None


def test_only_the_latest_mappings_are_kept(tmp_path: Path) -> None:
    for number in range(MOST_KEPT + 1):
        remember(tmp_path, [f"column {number}"], Mapping(text=f"column {number}"))
    assert recall(tmp_path, ["column 0"]) is None
    assert recall(tmp_path, ["column 1"]) == Mapping(text="column 1")
