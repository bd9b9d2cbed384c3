import numpy as np
import pyarrow as pa
import pytest

from core.workload.latencies import latency_counts, names_with_latency, seconds_of_bins

from .conftest import make_workload, row


def test_calls_are_counted_in_bins_nine_per_cent_wide() -> None:
    found = latency_counts(pa.array(["a", "a", "b", "b"]), np.array([1_000, 1_001, 2_000, np.nan]))
    assert found["queries"].tolist() == [2, 1]
    seconds, calls = seconds_of_bins(found)
    assert calls.tolist() == [2.0, 1.0]
    assert seconds == pytest.approx([1.0, 2.0], rel=0.09)


def test_no_time_at_all_is_no_latency() -> None:
    assert latency_counts(pa.array(["a"]), np.array([0.0])).empty


def test_a_workload_adds_up_its_latencies() -> None:
    rows = [row(str(i), latency_ms=800.0) for i in range(40)] + [row("x", model="rare")]
    found = make_workload(rows, [0.0] * 41)
    assert names_with_latency(found.latencies) == {"big": 40}
