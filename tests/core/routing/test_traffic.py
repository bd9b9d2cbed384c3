from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings

from core.routing.tier_costs import usd_of
from core.routing.traffic import Traffic, traffic_of
from core.workload.grid import NEUTRAL_PLACES, PLACES
from core.workload.workload import empty_workload

from ..workload.conftest import NOON, make_model, make_workload, row
from .conftest import FOUR_O, MINI, any_traffic, traffic, usd_on

NAMES = {"four-o": FOUR_O, "mini": MINI}


def test_each_logged_model_is_a_stream_by_difficulty() -> None:
    rows = [row("1", model="four-o"), row("2", model="mini"), row("3", model="mini")]
    found = traffic_of(make_workload(rows, [-8.0, 0.0, 0.0]), NAMES)
    assert [(s.name, s.model) for s in found.streams] == [("four-o", FOUR_O), ("mini", MINI)]
    one, two = found.streams
    assert one.queries.shape == (PLACES,)
    of_one, of_two = one.queries[NEUTRAL_PLACES], two.queries[NEUTRAL_PLACES]
    assert (of_one[0], of_two[200], found.queries.sum()) == (1, 2, 3)
    tokens = two.input_tokens[NEUTRAL_PLACES], two.output_tokens[NEUTRAL_PLACES]
    assert (tokens[0][200], tokens[1][200]) == (2_000, 200)
    # 1,000 in and 100 out: 2,500 + 1,000 and 150 + 60 millionths of a dollar
    assert found.usd_by_place()[NEUTRAL_PLACES][[0, 200]] == pytest.approx([0.0035, 0.00042])
    assert found.monthly_usd == pytest.approx(0.00392)
    assert (found.log_queries, found.left_out_share, found.left_out_models) == (3, 0.0, ())


def test_ten_days_are_carried_to_a_month() -> None:
    rows = [row(str(i), model="mini", time=NOON + timedelta(days=i * 10)) for i in range(2)]
    found = traffic_of(make_workload(rows, [0.0, 0.0]), NAMES)
    assert found.monthly_queries == pytest.approx(2 * 3.04375)
    assert found.monthly_usd == pytest.approx(2 * 0.00021 * 3.04375)
    assert found.log_queries == 2


def test_a_sample_is_carried_to_the_months_volume() -> None:
    found = traffic([0.0] * 4, monthly_queries=1_000_000)
    assert found.monthly_queries == pytest.approx(1_000_000)
    assert found.monthly_usd == pytest.approx(5_500)


def test_what_has_no_model_or_no_cost_is_left_out_of_both_sides() -> None:
    rows = [
        row("1", model="four-o"),
        row("2", model="mystery", cost_usd=3.0),  # a cost, but nobody knows the model
        row("3", model="unpriced"),
        row("4", model=None),
    ]
    found = traffic_of(
        make_workload(rows, [0.0] * 4), {**NAMES, "unpriced": make_model("unpriced", None)}
    )
    assert [s.name for s in found.streams] == ["four-o"]
    assert (found.left_out_share, found.log_queries) == (0.75, 1)
    assert set(found.left_out_models) == {"mystery", "unpriced", "(none)"}


def test_a_model_whose_queries_are_partly_without_cost_is_named_among_those_left_out() -> None:
    unpriced = make_model("unpriced", None, fixed=1.0)
    rows = [row("1", model="unpriced", cost_usd=3.0), row("2", model="unpriced")]
    found = traffic_of(make_workload(rows, [0.0, 4.0]), {"unpriced": unpriced})
    assert (found.monthly_usd, found.left_out_share) == (3.0, 0.5)
    assert found.left_out_models == ("unpriced",)


def test_staying_costs_what_was_logged_and_moving_the_list_price() -> None:
    found = traffic([0.0, 0.0], cost_usd=0.25)
    assert usd_on(found, FOUR_O, 0.0).sum() == pytest.approx(0.5)
    assert usd_on(found, MINI, 0.0).sum() == pytest.approx(2 * 0.00033)


# economics 1.3: 8,000 tokens in, 7,500 of them cached, 300 out, per million turns
@pytest.mark.parametrize(
    ("cache_kept", "usd"), [(0.0, 7_125.00), (1.0, 2_062.50), (0.5, (7_125 + 2_062.5) / 2)]
)
def test_a_query_that_changes_model_starts_with_a_cold_cache(cache_kept: float, usd: float) -> None:
    sol = make_model("sol", 2.0, 10.0, cached=0.1)
    found = traffic([0.0], sol, monthly_queries=1e6, input_tokens=8_000, cache_read_tokens=7_500)
    assert found.monthly_usd == pytest.approx(4_750.00)
    cheaper = make_model("cheaper", 0.75, 3.75, cached=0.075)
    assert usd_on(found, cheaper, cache_kept).sum() == pytest.approx(usd)
    assert usd_on(found, sol, cache_kept).sum() == pytest.approx(4_750.00)


def test_what_is_written_to_the_cache_is_written_at_the_other_models_price() -> None:
    sol = make_model("sol", 2.0, 10.0, cached=0.1, written=2.5)
    tokens = {"input_tokens": 8_000, "cache_read_tokens": 5_000, "cache_write_tokens": 2_000}
    found = traffic([0.0], sol, monthly_queries=1e6, **tokens)
    # per turn 1,000 x 2 + 5,000 x 0.1 + 2,000 x 2.5 + 300 x 10 millionths of a dollar
    assert found.monthly_usd == pytest.approx(10_500.00)
    writer = make_model("writer", 1.0, 4.0, cached=0.1, written=1.25)
    plain = make_model("plain", 1.0, 4.0, cached=0.1)
    # cold: 6,000 x 1 + 2,000 x 1.25 + 300 x 4; warm: 1,000 x 1 + 5,000 x 0.1 + 2,500 + 1,200
    assert usd_on(found, writer, 0.0).sum() == pytest.approx(9_700.00)
    assert usd_on(found, writer, 1.0).sum() == pytest.approx(5_200.00)
    assert usd_on(found, plain, 0.0).sum() == pytest.approx(9_200.00)


def test_one_model_for_everything_pays_its_rent() -> None:
    own = make_model("own", 0.0, fixed=123.0)
    assert usd_of(traffic([0.0, 1.0]), own) == 123.0
    assert usd_of(traffic([0.0, 1.0]), make_model("own", None, fixed=123.0)) == 123.0


@settings(max_examples=15, deadline=None)
@given(any_traffic())
def test_bins_add_up_to_the_month(found: Traffic) -> None:
    assert found.usd_by_place().sum() == pytest.approx(found.monthly_usd)
    assert sum(s.queries.sum() for s in found.streams) == pytest.approx(found.monthly_queries)
    assert found.left_out_share == 0.0


def test_no_queries_are_no_traffic() -> None:
    nothing = traffic_of(empty_workload(), NAMES)
    assert (nothing.monthly_usd, nothing.monthly_queries, nothing.left_out_share) == (0, 0, 0)
    assert np.array_equal(nothing.usd_by_place(), np.zeros(PLACES))
    assert np.array_equal(usd_on(nothing, MINI, 0.0), np.zeros(PLACES))
