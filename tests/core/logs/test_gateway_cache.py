import pyarrow as pa
import pytest

from core.logs.gateway_cache import cache_hits


@pytest.mark.parametrize(
    ("tags", "cost", "hit"),
    [
        ("cache hit", 0.0, True),
        ("cache hit, prod", 0.0, True),
        ("cache hit, prod", 0.01, False),
        ("cache hit, prod", None, False),
        ("prod, cache hit", 0.0, False),  # a tag of the team's own
        ("cache hits", 0.0, False),
        (None, 0.0, False),
    ],
)
def test_a_hit_is_free_and_says_so_first(tags: str | None, cost: float | None, hit: bool) -> None:
    rows = pa.table(
        {"tags": pa.array([tags], pa.string()), "cost_usd": pa.array([cost], pa.float64())}
    )
    assert cache_hits(rows).to_pylist() == [hit]


def test_no_rows_have_no_hits() -> None:
    rows = pa.table({"tags": pa.array([], pa.string()), "cost_usd": pa.array([], pa.float64())})
    assert len(cache_hits(rows)) == 0
