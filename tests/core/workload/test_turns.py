from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.workload.grid import bin_of
from core.workload.turns import TURN_BINS_EACH, Conversations, has_cached_tokens

from .conftest import make_workload, row, table


def pairs(found: Conversations, sessions: list[str | None], bins: list[int], tokens: list[int]):  # type: ignore[no-untyped-def]
    turns = found.turns(
        pa.array(sessions, pa.string()), TURN_BINS_EACH * np.array(bins), np.array(tokens)
    )
    return [tuple(values) for values in turns.to_numpy().tolist()]


def test_a_turn_follows_the_last_one_of_its_conversation() -> None:
    found = Conversations()
    sessions = ["a", "b", "a", None, "b", "a"]
    turns = pairs(found, sessions, [1, 2, 3, 9, 4, 5], [10, 20, 30, 99, 40, 50])
    assert turns == [(1, 3, 30), (2, 4, 40), (3, 5, 50)]


def test_conversations_go_on_in_the_next_chunk() -> None:
    found = Conversations()
    assert pairs(found, ["a", "b"], [1, 2], [5, 5]) == []
    assert pairs(found, ["b", "a"], [3, 4], [7, 8]) == [(1, 4, 8), (2, 3, 7)]


def test_chunks_make_no_difference() -> None:
    random = np.random.default_rng(3)
    sessions = [f"s{n}" for n in random.integers(0, 9, 200)]
    bins, tokens = random.integers(0, 20, 200), random.integers(0, 50, 200)
    whole = Conversations().turns(pa.array(sessions), bins, tokens)
    found = Conversations()
    halves = [
        found.turns(pa.array(sessions[a:b]), bins[a:b], tokens[a:b])
        for a, b in ((0, 77), (77, 200))
    ]
    assert sum(h["cache_read_tokens"].sum() for h in halves) == whole["cache_read_tokens"].sum()


def test_turns_without_cached_tokens_are_not_kept() -> None:
    assert pairs(Conversations(), ["a", "a"], [1, 2], [0, 0]) == []


def test_a_workload_keeps_the_turns_of_its_rows() -> None:
    rows = [row("1", session="a"), row("2", session="a", cache_read_tokens=600)]
    turns = make_workload(rows, [0.0, 2.0]).turns
    before, after = (bin_of(np.array([0.0, 2.0])) // TURN_BINS_EACH).tolist()
    assert turns.to_numpy().tolist() == [[before, after, 600]]


@pytest.mark.parametrize("tokens", [0, 5])
def test_logs_without_a_cache_are_recognised(tokens: int, tmp_path: Path) -> None:
    pq.write_table(table([row("1"), row("2", cache_read_tokens=tokens)]), tmp_path / "q.parquet")
    assert has_cached_tokens(tmp_path / "q.parquet") is bool(tokens)
