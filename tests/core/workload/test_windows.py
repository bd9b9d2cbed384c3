import numpy as np
import pytest

from core.workload.grid import BOUNDS
from core.workload.routing_rules import RoutingRule
from core.workload.windows import NO_WINDOWS, longest_fits, too_long, within_windows
from core.workload.workload import WINDOW_EDGES, Workload, band_of

from .conftest import make_workload, row


def with_tokens(*counts: int, rule: RoutingRule | None = None) -> Workload:
    rows = [row(str(i), input_tokens=count) for i, count in enumerate(counts)]
    return make_workload(rows, [0.0] * len(counts), [rule] if rule else [])


def bounds(workload: Workload) -> list[tuple[int, int]]:
    cells = workload.cells.sort_values("band")
    return [BOUNDS[bound] for bound in cells["bound"]]


@pytest.mark.parametrize(
    ("window", "longest"),
    [(128_000, 128_000), (131_072, 128_000), (8_192, 8_000), (1_050_000, 1_000_000), (1_000, 0)],
)
def test_a_window_holds_what_the_edge_below_it_counts(window: int, longest: int) -> None:
    assert longest_fits(window) == longest


def test_no_limit_is_known_without_a_window_or_beyond_the_last_edge() -> None:
    assert longest_fits(None) is None and longest_fits(WINDOW_EDGES[-1] + 1) is None


def test_an_edge_still_fits_and_one_token_more_does_not() -> None:
    windows = (8_192, 128_000, 200_000)
    found = within_windows(with_tokens(8_000, 8_001, 128_001), windows)
    assert bounds(found) == [(0, 2), (1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("windows", "tokens", "bound"),
    [
        ((1_000_000, 128_000, 200_000), 150_000, (2, 2)),  # medium cannot, so all go to complex
        ((1_000_000, 1_000_000, 200_000), 300_000, (0, 1)),
        ((1_000_000, 128_000, 200_000), 300_000, (0, 0)),
        ((8_192, 16_385, None), 500_000, (2, 2)),  # nobody knows a limit of the last one
        ((8_192, 16_385, 16_385), 20_000, (2, 2)),  # too long for all: the largest window
        ((None, None, None), 3_000_000, (0, 2)),
    ],
)
def test_what_is_too_long_goes_to_tiers_that_hold_it(
    windows: tuple[int | None, int | None, int | None], tokens: int, bound: tuple[int, int]
) -> None:
    assert bounds(within_windows(with_tokens(tokens), windows)) == [bound]


def test_a_rule_gives_way_to_what_a_model_can_hold() -> None:
    cap = RoutingRule("input_tokens", "1", "cap", "medium")
    windows = (8_192, 128_000, 1_000_000)
    found = within_windows(with_tokens(1_000, 100_000, 150_000, rule=cap), windows)
    assert bounds(found) == [(0, 1), (1, 1), (2, 2)]


def test_queries_that_no_model_holds_are_counted() -> None:
    found = with_tokens(1_000, 100_000, 150_000, 150_000)
    assert too_long(found, (8_192, 16_385, 128_000)) == 2
    assert too_long(found, (8_192, 16_385, 200_000)) == 0
    assert within_windows(found, NO_WINDOWS) is found


def test_bands_are_numbered_from_the_shortest() -> None:
    assert band_of(np.array([0, 2_000, 2_001, 5_000_000])).tolist() == [0, 0, 1, 13]
