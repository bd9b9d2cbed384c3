import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reports.paper_charts import amount, nice_ticks

AMOUNTS = st.floats(0, 1e15, allow_nan=False).filter(lambda usd: usd == 0 or usd > 1e-6)


@given(low=AMOUNTS, high=AMOUNTS)
def test_ticks_hold_both_ends_and_zero_in_a_few_equal_steps(low: float, high: float) -> None:
    ticks = nice_ticks(-low, high)
    assert 2 <= len(ticks) <= 8
    near = 1e-6 * (low + high)
    assert ticks[0] <= -low + near and ticks[-1] >= high - near
    assert any(abs(tick) < 1e-9 * (low + high + 1) for tick in ticks)
    step = ticks[1] - ticks[0]
    assert all(b - a == pytest.approx(step) for a, b in itertools.pairwise(ticks))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 7_200, [0, 2_000, 4_000, 6_000, 8_000]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1]),
        (-30, 60, [-50, -25, 0, 25, 50, 75]),
    ],
)
def test_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert nice_ticks(low, high) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("usd", "step", "words"),
    [
        (2_500, 500, "$2.5k"), (-500, 100, "-$500"), (0.05, 0.05, "$0.05"), (0, 1, "$0"),
        (4e12, 1e12, "$4T"), (1_500_000, 500_000, "$1.5M"), (-2_000, 1_000, "-$2k"),
    ],
)  # fmt: skip
def test_amounts_on_an_axis_are_short(usd: float, step: float, words: str) -> None:
    assert amount(usd, step) == words
