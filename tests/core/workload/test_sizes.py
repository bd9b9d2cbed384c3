from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from core.workload.sizes import POOLING, usual_sizes

from .conftest import Row, row, table


def sized(input_log: float | None = None, output_log: float | None = None, **more: object) -> Row:
    """A row without text whose log1p(tokens) are nearly these."""
    tokens = [None if size is None else round(np.expm1(size)) for size in (input_log, output_log)]
    usual = {"text": None, "text_chars": 0, "input_tokens": tokens[0], "output_tokens": tokens[1]}
    return row("q", **(usual | more))


def above(tmp_path: Path, rows: list[Row]) -> np.ndarray:
    pq.write_table(table(rows), tmp_path / "queries.parquet")
    return usual_sizes(tmp_path / "queries.parquet").above(table(rows))


def test_a_size_is_compared_with_the_mean_of_its_log(tmp_path: Path) -> None:
    rows = [sized(7.0, 8.0), sized(9.0, 8.0), sized(8.0, None)]
    found = above(tmp_path, rows)
    assert found[:, 0].tolist() == pytest.approx([-1.0, 1.0, 0.0], abs=0.001)
    assert found[:, 1].tolist() == pytest.approx([0.0, 0.0, np.nan], abs=0.001, nan_ok=True)


def test_the_spread_is_the_standard_deviation_around_the_usual(tmp_path: Path) -> None:
    path = tmp_path / "queries.parquet"
    pq.write_table(table([sized(7.0, 8.0), sized(11.0, 8.0)]), path)
    assert usual_sizes(path).sd == pytest.approx((2.0, 0.0), abs=0.001)


def test_an_estimated_output_says_nothing(tmp_path: Path) -> None:
    rows = [sized(8.0, 8.0), sized(8.0, 9.0, output_estimated=True)]
    assert above(tmp_path, rows)[:, 1].tolist() == pytest.approx([0.0, np.nan], nan_ok=True)


def test_no_tokens_at_all_is_no_size(tmp_path: Path) -> None:
    rows = [sized(8.0, 8.0), sized(input_tokens=0, output_tokens=0)]
    found = above(tmp_path, rows)
    assert found[0].tolist() == [0.0, 0.0] and np.isnan(found[1]).all()


def test_calls_that_failed_do_not_set_what_is_usual(tmp_path: Path) -> None:
    rows = [sized(8.0, 8.0), sized(12.0, 12.0, status="error"), sized(4.0, status="cancelled")]
    found = above(tmp_path, rows)
    assert found[0].tolist() == [0.0, 0.0]
    assert found[1].tolist() == pytest.approx([4.0, 4.0], abs=0.001)


def test_a_chat_that_resends_its_history_is_no_larger_for_it(tmp_path: Path) -> None:
    rows = [
        sized(input_tokens=1_000),
        sized(input_tokens=5_000, turns=5),
        sized(input_tokens=9_000, turns=9),
    ]
    assert above(tmp_path, rows)[:, 0].tolist() == [0.0, 0.0, 0.0]


def test_the_querys_own_length_is_taken_where_only_its_text_is_gone(tmp_path: Path) -> None:
    # Instructions make all inputs alike; the queries are 440 and 44,000 characters long.
    rows = [sized(9.0, text_chars=440), sized(9.0, text_chars=44_000)]
    apart = np.log1p(10_000) - np.log1p(100)
    assert above(tmp_path, rows)[:, 0].tolist() == pytest.approx([-apart / 2, apart / 2])
    mixed = [*rows, sized(9.0)]  # not of every call: then tokens
    assert above(tmp_path, mixed)[:, 0].tolist() == [0.0, 0.0, 0.0]


def test_half_of_a_segments_own_size_is_usual_pooled_toward_the_log(tmp_path: Path) -> None:
    n = 20
    rows = [sized(6.0, segment="faq")] * n + [sized(10.0, segment="legal")] * n
    found = above(tmp_path, rows)[:, 0]
    # The log's mean is 8; of the distance of 2, half counts, and of that n / (n + pooling).
    usual = 8.0 - 0.5 * 2.0 * n / (n + POOLING)
    assert found[:n] == pytest.approx(np.full(n, 6.0 - usual), abs=0.002)
    assert found[n:] == pytest.approx(np.full(n, usual - 6.0), abs=0.002)


def test_what_a_model_writes_more_of_is_usual_for_it(tmp_path: Path) -> None:
    n = 20
    rows = [sized(8.0, 6.0, model="terse")] * n + [sized(8.0, 8.0, model="wordy")] * n
    found = above(tmp_path, rows)[:, 1]
    # A model's distance of 1 from the log counts whole, but for the pooling.
    left = 1.0 - n / (n + POOLING)
    assert found[:n] == pytest.approx(np.full(n, -left), abs=0.002)
    assert found[n:] == pytest.approx(np.full(n, left), abs=0.002)


def test_a_log_of_failures_only_has_no_usual_sizes(tmp_path: Path) -> None:
    assert np.isnan(above(tmp_path, [sized(8.0, 8.0, status="error")])).all()
