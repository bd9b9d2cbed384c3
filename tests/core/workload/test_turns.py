from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.workload.grid import bin_of
from core.workload.turns import (
    TURN_BINS_EACH,
    follow,
    has_cached_tokens,
    no_ends,
    summed_turns,
    turns_of,
)

from .conftest import make_workload, row, table


def pairs(*runs: tuple[list[str | None], list[int], list[int]]) -> list[tuple[int, int, int]]:
    """All pairs of turns in runs of sessions, bins and cached tokens that follow one another."""
    ends, found = no_ends(), []
    for sessions, bins, tokens in runs:
        names = pa.array(sessions, pa.string())
        within, own = turns_of(names, TURN_BINS_EACH * np.array(bins), np.array(tokens))
        over, ends = follow(ends, own)
        found += [within, over]
    return [tuple(values) for values in summed_turns(pd.concat(found)).to_numpy().tolist()]


def test_a_turn_follows_the_last_one_of_its_conversation() -> None:
    sessions = ["a", "b", "a", None, "b", "a"]
    turns = pairs((sessions, [1, 2, 3, 9, 4, 5], [10, 20, 30, 99, 40, 50]))
    assert turns == [(1, 3, 30), (2, 4, 40), (3, 5, 50)]


def test_conversations_go_on_in_the_next_run() -> None:
    assert pairs((["a", "b"], [1, 2], [5, 5])) == []
    assert pairs((["a", "b"], [1, 2], [5, 5]), (["b", "a"], [3, 4], [7, 8])) == [
        (1, 4, 8),
        (2, 3, 7),
    ]


def test_conversations_go_on_over_runs_without_them() -> None:
    assert pairs((["a"], [1], [5]), (["b", None], [2, 9], [5, 5]), (["a"], [3], [6])) == [(1, 3, 6)]


def test_where_runs_are_cut_makes_no_difference() -> None:
    random = np.random.default_rng(3)
    sessions: list[str | None] = [f"s{n}" if n else None for n in random.integers(0, 9, 200)]
    bins, tokens = random.integers(0, 20, 200).tolist(), random.integers(0, 50, 200).tolist()
    whole = pairs((sessions, bins, tokens))
    for cuts in ([77], [1, 2, 3], [50, 50, 199]):
        borders = [0, *cuts, 200]
        runs = [(sessions[a:b], bins[a:b], tokens[a:b]) for a, b in pairwise(borders)]
        assert pairs(*runs) == whole


def test_turns_without_cached_tokens_are_not_kept() -> None:
    assert pairs((["a", "a"], [1, 2], [0, 0])) == []


def test_a_workload_keeps_the_turns_of_its_rows() -> None:
    rows = [row("1", session="a"), row("2", session="a", cache_read_tokens=600)]
    turns = make_workload(rows, [0.0, 2.0]).turns
    before, after = (bin_of(np.array([0.0, 2.0])) // TURN_BINS_EACH).tolist()
    assert turns.to_numpy().tolist() == [[before, after, 600]]


@pytest.mark.parametrize("tokens", [0, 5])
def test_logs_without_a_cache_are_recognised(tokens: int, tmp_path: Path) -> None:
    pq.write_table(table([row("1"), row("2", cache_read_tokens=tokens)]), tmp_path / "q.parquet")
    assert has_cached_tokens(tmp_path / "q.parquet") is bool(tokens)
