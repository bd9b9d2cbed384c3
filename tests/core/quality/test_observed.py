from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from core.quality.observed import ENOUGH, observed, rates
from core.quality.promise import promise_of
from core.routing.plan import Plan
from core.routing.traffic import traffic_of
from core.workload.placing import Placing

from ..routing.conftest import CERTAIN, EASY, HARD
from ..workload.conftest import make_classifier, make_model, make_workload, row, write_log

SMALL = make_model("small", 1.0, ability=1.0)
LARGE = make_model("large", 10.0, ability=4.0)
PLAN = Plan(SMALL, SMALL, LARGE)
NAMES = {"small": SMALL, "large": LARGE, "other": make_model("other")}
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def table(tmp_path: Path) -> pd.DataFrame:
    rows, difficulty = [], []
    for n in range(120):
        model = ("small", "large", "other")[n % 3]
        rows.append(
            row(
                str(n),
                model=model,
                time=MONDAY + timedelta(days=n % 14),
                segment=("chat", "search")[n % 2],
                feedback=None if n % 4 == 0 else float(n % 5 != 0),
                attempt=2 if n % 10 == 0 else 1,
                escalated=n % 6 == 0,
                edited=True if n % 7 == 0 else None,
                status="error" if n == 5 else "ok",
            )
        )
        difficulty.append(HARD if n % 2 else EASY)
    classifier = make_classifier()
    queries, scores = write_log(tmp_path, rows, difficulty, classifier)
    return observed(queries, scores, Placing(classifier), PLAN, NAMES, CERTAIN)


def test_a_query_belongs_to_the_tier_whose_model_answered_it(table: pd.DataFrame) -> None:
    by_tier = {rate.tier: rate for rate in rates(table)}
    # 40 of each model; the other model's go where the plan would send them, half and half
    assert by_tier["simple"].queries == 40 + 20
    assert sum(rate.queries for rate in by_tier.values()) == 119


def test_ratings_and_repeats_are_counted(table: pd.DataFrame) -> None:
    all_ = rates(table)
    assert sum(r.rated for r in all_) == sum(n % 4 != 0 and n != 5 for n in range(120))
    assert sum(r.good for r in all_) == sum(
        n % 4 != 0 and n % 5 != 0 and n != 5 for n in range(120)
    )
    assert sum(r.repeated for r in all_) == 12
    assert sum(r.escalated for r in all_) == 20
    assert sum(r.edited for r in all_) == 18


def test_weeks_and_segments_are_told_apart(table: pd.DataFrame) -> None:
    weeks = {rate.week for rate in rates(table, ("tier", "week"))}
    assert weeks == {pd.Timestamp("2026-11-02"), pd.Timestamp("2026-11-09")}
    found = rates(table, ("tier", "segment"))
    assert {rate.segment for rate in found} == {"chat", "search"}
    assert all((rate.rated >= ENOUGH) is rate.enough for rate in found)
    low, high = found[0].interval
    assert low < (found[0].share or 0) < high


def test_a_promise_is_what_was_rated_less_what_the_plan_gives_up() -> None:
    rows = [row(str(n), model="large", feedback=float(n % 10 != 0)) for n in range(100)]
    workload = make_workload(rows, [EASY] * 50 + [HARD] * 50)
    traffic = traffic_of(workload, NAMES)
    found = promise_of(workload, traffic, PLAN, CERTAIN)
    assert found.of("chat").share == pytest.approx(0.9)
    assert found.of("never seen").share == pytest.approx(0.9)
    # the small model answers the easy ones nearly as well, the large one its own as ever
    assert 0.98 < found.kept["simple"] < 1.0 and found.kept["complex"] == 1.0
