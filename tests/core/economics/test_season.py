import numpy as np
import pytest

from core.economics.season import season_of

INDEX = np.array([0.8, 0.8, 0.9, 1.0, 1.0, 1.0, 0.9, 0.9, 1.0, 1.2, 1.2, 1.3])


def months(count: int, growth: float = 0.0, start: int = 0) -> dict[tuple[int, int], float]:
    return {
        (2024 + n // 12, n % 12 + 1): 1_000 * (1 + growth) ** n * INDEX[n % 12]
        for n in range(start, start + count)
    }


@pytest.mark.parametrize("growth", [0.0, 0.03, -0.02])
def test_the_season_is_told_from_growth(growth: float) -> None:
    found = season_of(months(36, growth, start=4))
    assert found is not None and np.mean(found) == pytest.approx(1)
    assert found == pytest.approx(INDEX / INDEX.mean(), abs=0.02)


def test_a_log_of_less_than_two_years_tells_no_season() -> None:
    assert season_of(months(23)) is None and season_of({}) is None
    assert season_of(months(24)) is not None


def test_a_gap_tells_none_either() -> None:
    held = months(30)
    del held[(2025, 3)]
    assert season_of(held) is None
    assert season_of({**months(30), (2025, 3): 0.0}) is None
