from dataclasses import replace

import numpy as np
import pytest

from core.errors import BadInput
from core.quality.journal import Item
from core.quality.people import Said
from core.quality.results import outcomes_of, shown, together
from core.routing.plan import Plan
from core.workload.grid import bin_of, places_of
from core.workload.labelled import TOKENS, Labelled

from ..routing.conftest import CERTAIN, EASY, HARD
from ..workload.conftest import make_model
from .conftest import make_replay

SMALL = make_model("small", 1.0, ability=1.0)
LARGE = make_model("large", 10.0, ability=4.0)
PLAN = Plan(SMALL, SMALL, LARGE)
N = 200


def labelled(items: dict[int, Item]) -> Labelled:
    """Even rows are easy, odd ones hard."""
    rows = np.array(sorted(items))
    difficulty = np.where(rows % 2, HARD, EASY)
    none = np.zeros(len(rows), dtype=np.int64)
    names = ("large", "small")
    score = np.array([[items[r].scores[name] for name in names] for r in rows.tolist()])
    return Labelled(
        places_of(none, none + 4, bin_of(difficulty)),
        none,
        names,
        score,
        {name: np.zeros(len(rows)) for name in TOKENS},
    )


ITEMS = {
    n: Item(n, {"small": float(n % 2 == 0 and n % 10 != 0), "large": 1.0}, "", 1, n % 4 != 0)
    for n in range(N)
}


def test_each_tier_is_measured_on_the_queries_that_it_gets() -> None:
    found = shown(make_replay(N), ITEMS, labelled(ITEMS), PLAN, CERTAIN)
    assert [(t.tier, t.n) for t in found.tiers] == [("simple", N // 2), ("complex", N // 2)]
    assert found.agreement == 0.75 and found.queries == N
    simple, complex_ = (t.quality for t in found.tiers)
    assert simple.low < simple.central < simple.high
    assert simple.central < complex_.central


def test_people_s_word_tells_the_error_of_the_judge() -> None:
    said = [Said(n, "small", bool(ITEMS[n].scores["small"]), True) for n in range(0, N, 2)]
    found = shown(make_replay(N), ITEMS, labelled(ITEMS), PLAN, CERTAIN, said)
    simple = found.tiers[0].quality
    # all of that tier was judged by people: what they said is what it is
    assert simple.central == pytest.approx(0.8, abs=0.01)
    assert simple.low == pytest.approx(0.73, abs=0.02)
    assert simple.high == pytest.approx(0.86, abs=0.02)


def test_a_query_speaks_for_as_many_as_it_stands_for() -> None:
    weights = tuple(100.0 if n % 10 == 0 else 1.0 for n in range(N))
    even = shown(make_replay(N), ITEMS, labelled(ITEMS), PLAN, CERTAIN)
    uneven = shown(make_replay(N, weights=weights), ITEMS, labelled(ITEMS), PLAN, CERTAIN)
    # what fails stands for most of the log
    assert uneven.tiers[0].quality.central < even.tiers[0].quality.central - 0.3


def test_outcomes_are_those_of_the_items_that_ended_well() -> None:
    items = {**ITEMS, N: Item(N, failed="no answer")}
    own = outcomes_of(items)
    assert own.queries == N and len(own.row) == 2 * N
    with pytest.raises(BadInput, match="no query has ended"):
        outcomes_of({})


def test_later_outcomes_hold() -> None:
    first = outcomes_of({1: Item(1, {"small": 0.0, "large": 1.0})})
    then = outcomes_of({1: Item(1, {"small": 1.0}), 2: Item(2, {"small": 0.5})})
    found = together(first, then)
    told = set(zip(found.row.tolist(), found.model.to_pylist(), found.score.tolist(), strict=True))
    assert told == {(1, "small", 1.0), (1, "large", 1.0), (2, "small", 0.5)}


def test_today_s_answers_are_measured_where_the_log_keeps_them() -> None:
    items = {
        n: Item(n, {**i.scores, "old": float(n % 4 != 0)}, "", 2, 2, True)
        if n < 100 else i
        for n, i in ITEMS.items()
    }  # fmt: skip
    rows = labelled(ITEMS)
    old = [items[n].scores.get("old", np.nan) for n in range(N)]
    both = replace(rows, models=(*rows.models, "old"), score=np.column_stack([rows.score, old]))
    found = shown(make_replay(N, logged={"gpt-old": "old"}), items, both, PLAN, CERTAIN)
    same = shown(make_replay(N), ITEMS, rows, PLAN, CERTAIN)
    assert found.today is not None and same.today is None
    assert found.today.low < found.today.central < found.models["large"].central
    assert found.plan == same.plan and found.models == same.models
    assert found.models.keys() == {"small", "large"}
    # the plan sends the easy half to the small model, which fails a tenth of all there
    assert found.against_reference.central < 0 and found.against_reference.low > -0.5
    assert found.against_today is not None and same.against_today is None
