from dataclasses import replace

import numpy as np
import pytest

from core.routing.check import Check
from core.routing.on_labels import FEWEST, OnLabels, missing_outcomes, on_labels
from core.routing.plan import Plan
from core.workload.grid import bin_of, places_of
from core.workload.labelled import TOKENS, Labelled
from core.workload.workload import band_of

from ..workload.conftest import make_model
from .conftest import CERTAIN, EASY, FOUR_O, HARD, MINI

PLAN = Plan(MINI, MINI, FOUR_O)
NAMES = {"openai/mini": MINI, "four-o": FOUR_O}
N = 100


def labelled(mini: list[float], four_o: list[float], tokens: int = 1_000) -> Labelled:
    """Half easy and half hard queries with these scores; 300 tokens out."""
    difficulty = np.tile([EASY, HARD], len(mini) // 2)
    neutral = np.full(len(mini), 4)
    given = {name: np.zeros(len(mini)) for name in TOKENS}
    given["input_tokens"] += tokens
    given["output_tokens"] += 300
    return Labelled(
        places_of(np.zeros(len(mini), dtype=np.int64), neutral, bin_of(difficulty)),
        band_of(given["input_tokens"].astype(np.int64)),
        ("four-o", "openai/mini"),
        np.column_stack([four_o, mini]).astype(float),
        given,
    )


def rows(found: Labelled, plan: Plan = PLAN) -> dict[str, OnLabels]:
    controls = on_labels(found, NAMES, plan, CERTAIN)
    assert controls is not None
    return {row.name: row for row in controls.rows}


# the mini answers the easy ones, the four-o the hard ones and half of the easy ones
MINI_OK = [1.0, 0.0] * (N // 2)
FOUR_O_OK = ([1.0, 1.0] * (N // 4)) + ([0.0, 1.0] * (N // 4))


def test_the_plan_is_measured_on_the_same_queries_as_its_controls() -> None:
    found = rows(labelled(MINI_OK, FOUR_O_OK))
    assert found["this plan"].quality.central == 1.0
    assert found["always Mini"].quality.central == 0.5
    assert found["always Four-O"].quality.central == 0.75
    assert found["this plan"].usd_per_1000 == pytest.approx((0.33 + 5.5) / 2)
    assert found["this plan"].against_complex.central == 0.25
    against = found["this plan"].against_complex
    assert 0.15 < against.low < 0.25 < against.high < 0.35
    assert [*found][0::4] == ["this plan", "oracle"]


def test_the_oracle_asks_the_cheapest_model_that_is_right() -> None:
    found = rows(labelled([1.0, 0.0] * 50, [1.0, 0.0] * 50))["oracle"]
    # right where any is, and cheap where none is
    assert (found.quality.central, found.usd_per_1000) == (0.5, pytest.approx(0.33))
    assert rows(labelled(MINI_OK, FOUR_O_OK))["oracle"].quality.central == 1.0


def test_the_oracle_is_never_worse_than_any_other_row() -> None:
    random = np.random.default_rng(2)
    for _ in range(10):
        scores = (random.random((2, N)) < 0.6).astype(float).tolist()
        found = rows(labelled(*scores))
        best = found.pop("oracle").quality.central
        assert all(row.quality.central <= best + 1e-12 for row in found.values())


def test_queries_without_all_outcomes_are_left_out() -> None:
    nan = float("nan")
    half = labelled(MINI_OK, [s if i % 2 else nan for i, s in enumerate(FOUR_O_OK)])
    controls = on_labels(half, NAMES, PLAN, CERTAIN)
    assert controls is not None and controls.queries == N // 2
    few = labelled(MINI_OK[: FEWEST - 2], FOUR_O_OK[: FEWEST - 2])
    assert on_labels(few, NAMES, PLAN, CERTAIN) is None


def test_a_model_without_outcomes_is_named() -> None:
    other = make_model("other")
    plan = replace(PLAN, medium=other)
    found = labelled(MINI_OK, FOUR_O_OK)
    assert on_labels(found, NAMES, plan, CERTAIN) is None
    assert missing_outcomes(found, NAMES, plan) == [other]


def test_a_cascade_is_not_measured_without_its_checks() -> None:
    found = labelled(MINI_OK, FOUR_O_OK)
    assert on_labels(found, NAMES, replace(PLAN, check=Check(MINI)), CERTAIN) is None


def test_what_is_too_long_for_the_simple_model_goes_on() -> None:
    short = replace(PLAN, simple=replace(MINI, context_window=8_192))
    found = rows(labelled(MINI_OK, FOUR_O_OK, tokens=9_000), replace(short, medium=FOUR_O))
    assert found["this plan"].quality.central == 0.75
