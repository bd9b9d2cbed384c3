import pytest

from core.quality.intervals import wilson


def test_wilson_gives_the_published_intervals() -> None:
    # routing.md 2.9
    assert wilson(47, 50) == (pytest.approx(0.8378, abs=5e-5), pytest.approx(0.9794, abs=5e-5))
    assert wilson(0, 20) == (0.0, pytest.approx(0.1611, abs=5e-5))
    assert wilson(0, 0) == (0.0, 1.0)
