import pytest

from core.economics.log_claims import log_claims
from core.routing.plan import Plan
from core.routing.simulate import simulate

from ..routing.conftest import CERTAIN, EASY, FOUR_O, HARD, MINI, traffic
from ..workload.conftest import make_model


def test_seventy_percent_moved_saves_less_than_eighty() -> None:
    # economics, case G3: a ratio of 0.06 saves 65.8%, and 85.1% would have to move
    found = traffic([EASY] * 7 + [HARD] * 3, monthly_queries=1e6)
    plan = Plan(MINI, FOUR_O, FOUR_O)
    made = log_claims(found, plan, simulate(found, plan, CERTAIN))
    assert made is not None
    assert made.price_ratio == pytest.approx(0.06)
    assert made.saved_by_moved == pytest.approx(0.658)
    assert made.moved_for_claimed == pytest.approx(0.851063829787)
    assert made.moved_for_usual == pytest.approx(0.6 / 0.94)
    assert made.saved_of_complex == pytest.approx(0.658)
    assert made.saved_of_today == pytest.approx(0.658)


def test_a_cheap_model_that_is_hardly_cheaper_can_never_save_that_much() -> None:
    near = make_model("near", 2.0, 8.0, ability=3.0)
    found = traffic([EASY] * 10)
    plan = Plan(near, FOUR_O, FOUR_O)
    made = log_claims(found, plan, simulate(found, plan, CERTAIN))
    assert made is not None and made.moved_for_claimed is None and made.moved_for_usual is None


def test_a_free_complex_model_has_no_claims() -> None:
    free = make_model("free", 0.0, 0.0, ability=4.0)
    found = traffic([EASY])
    plan = Plan(MINI, MINI, free)
    assert log_claims(found, plan, simulate(found, plan, CERTAIN)) is None
