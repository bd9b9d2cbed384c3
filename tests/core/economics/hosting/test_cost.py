import math
from dataclasses import MISSING, fields
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.economics.hosting import cost as self_host
from core.economics.hosting.case import SelfHostCase, check_input
from core.economics.hosting.cost import break_even, compare, hosting_month, monthly_usd, replicas_at
from core.economics.hosting.defaults import PROVENANCE
from core.economics.hosting.stairs import MOST_STEPS, staircase
from core.economics.hosting.words import answer, meeting, sentences
from core.errors import BadInput

HALF_A_CENT = 0.005
# Worked case G5 of the economics reference (2026-11-23), computed there by hand and by script.
G5 = {"output_tokens_per_query": 300.0, "output_tokens_per_second": 1_500.0}
FRONTIER, MINI = 0.0055, 0.00033

CASES = st.builds(
    SelfHostCase,
    output_tokens_per_query=st.floats(5, 5_000),
    gpu_usd_per_hour=st.floats(0.1, 20),
    gpus_per_replica=st.integers(1, 8),
    output_tokens_per_second=st.floats(20, 10_000),
    busy_at_most=st.floats(0.1, 1),
    peak_to_average=st.floats(1, 20),
    fewest_replicas=st.integers(1, 6),
    spare_replicas=st.integers(0, 3),
    overhead_share=st.floats(0, 1),
    engineers=st.floats(0, 5),
    hours_per_month=st.floats(100, 730),
)
VOLUMES = st.floats(0, 1e8)
MARGINS = st.floats(1.001, 100)  # the API's price over what a full replica costs per query


def g5(**changes):
    return SelfHostCase(**(G5 | changes))


def full_usd_per_query(case):
    return case.usd_per_replica / case.queries_per_replica


def test_the_bill_matches_the_worked_case_to_half_a_cent(golden):
    given_, expect = golden["G5_self_host"]["in"], golden["G5_self_host"]["expect"]
    month = hosting_month(g5(gpu_usd_per_hour=given_["gpu_hour"]), 2_000_000)
    assert month.replicas == given_["replicas"]
    for name, usd in (
        ("gpu", month.gpu_usd),
        ("overhead", month.overhead_usd),
        ("fte", month.people_usd),
        ("total", month.total_usd),
    ):
        assert usd == pytest.approx(float(expect[name]), abs=HALF_A_CENT), name
    assert month.capacity_queries == pytest.approx(expect["capacity_q"])
    assert month.utilisation == pytest.approx(expect["utilisation_at_2M"], abs=1e-9)
    assert month.usd_per_query == pytest.approx(expect["usd_per_q_at_2M"], abs=1e-10)
    assert month.usd_per_mtok_output == pytest.approx(18.11, abs=HALF_A_CENT)
    found = break_even(g5(), given_["api_q_frontier"])
    assert found.first is not None
    assert round(found.first.monthly_queries) == expect["q_star_frontier"]
    assert break_even(g5(), given_["api_q_mini"]).first is expect["q_star_mini"] is None


def test_break_even_matches_the_worked_case_and_never_where_a_full_replica_loses():
    found = break_even(g5(), FRONTIER)
    assert found.first == found.lasting
    assert math.ceil(found.first.monthly_queries) == 1_975_614
    never = break_even(g5(), MINI)
    assert (never.first, never.lasting) == (None, None)
    assert never.why_never == "full replica loses"
    # The naive answer, total over price, is a volume that two replicas cannot carry.
    naive = hosting_month(g5(), 0).total_usd / MINI
    assert naive == pytest.approx(32_926_899, abs=1) and naive > 5_256_000


def test_a_line_that_crosses_a_step_and_falls_below_the_next_has_two_break_evens():
    # By hand: two replicas cost $10,865.88 and carry 5,256,000; three $14,215.48 and 7,884,000;
    # four $17,565.09. At $0.0021 the line is above two at 5.17M, above three at 6.77M, below
    # four until 8.36M, and begins five (at 10.51M) above their $20,914.69.
    found = break_even(g5(), 0.0021)
    assert found.first.monthly_queries == pytest.approx(10_865.876667 / 0.0021)
    assert found.lasting.monthly_queries == pytest.approx(17_565.086667 / 0.0021)
    assert compare(g5(), 5_200_000, 0.0021).cheaper
    assert not compare(g5(), 5_300_000, 0.0021).cheaper
    assert compare(g5(), 6_800_000, 0.0021).cheaper
    assert not compare(g5(), 8_000_000, 0.0021).cheaper
    assert compare(g5(), 10_513_000, 0.0021).cheaper


def test_bills_that_meet_exactly_where_a_step_ends_do_meet():
    # By hand: a replica is $675 and carries 1,200,000; six and three spare ones cost $6,075,
    # which is what 7,200,000 queries cost at $0.00084375.
    case = SelfHostCase(
        output_tokens_per_query=6, gpu_usd_per_hour=6.75, output_tokens_per_second=20,
        busy_at_most=1, peak_to_average=1, fewest_replicas=1, spare_replicas=3,
        overhead_share=0, engineers=0, hours_per_month=100,
    )  # fmt: skip
    first = break_even(case, 0.00084375).first
    assert (first.monthly_queries, first.usd) == pytest.approx((7_200_000, 6_075))


def test_a_volume_at_the_limit_needs_no_further_replica():
    case = g5()
    assert [int(n) for n in replicas_at(case, [0, 5_256_000, 5_256_001, 7_884_000])] == [2, 2, 3, 3]
    spare = g5(spare_replicas=2)
    assert hosting_month(spare, 5_256_000).replicas == 4
    assert hosting_month(spare, 5_256_000).capacity_queries == pytest.approx(5_256_000)


def test_fewer_hours_cost_less_rent_and_carry_less():
    office, always = g5(hours_per_month=365.0), g5()
    assert office.usd_per_replica == pytest.approx(always.usd_per_replica / 2)
    assert office.queries_per_replica == pytest.approx(always.queries_per_replica / 2)


def test_many_volumes_at_once_agree_with_one_at_a_time():
    volumes = np.linspace(0, 5e7, 101)
    single = [hosting_month(g5(), float(v)).total_usd for v in volumes]
    assert monthly_usd(g5(), volumes) == pytest.approx(single)


@given(CASES, VOLUMES, st.floats(0, 1e7))
def test_cost_never_falls_with_volume(case, volume, more):
    assert monthly_usd(case, volume + more) >= monthly_usd(case, volume)


@given(CASES, VOLUMES)
def test_replicas_carry_the_traffic_and_are_as_busy_as_the_peaks_allow_at_most(case, volume):
    month = hosting_month(case, volume)
    assert volume <= month.capacity_queries * (1 + 1e-9)
    assert month.utilisation <= case.busy_at_most / case.peak_to_average * (1 + 1e-9)
    # One replica fewer would not do, unless as few are the least.
    running = month.replicas - case.spare_replicas
    assert running == case.fewest_replicas or volume > (running - 1) * case.queries_per_replica
    assert month.total_usd == pytest.approx(month.gpu_usd + month.overhead_usd + month.people_usd)


@given(CASES, MARGINS)
def test_at_the_break_even_hosting_is_no_dearer_and_just_below_it_is(case, margin):
    price = margin * full_usd_per_query(case)
    first = break_even(case, price).first.monthly_queries
    assert first * price == pytest.approx(break_even(case, price).first.usd)
    assert monthly_usd(case, first * (1 - 1e-9)) <= price * first * (1 + 1e-8)
    below = first * np.array([1 - 1e-6, 0.999, 0.9, 0.5, 0.1])
    assert (monthly_usd(case, below) > price * below).all()


@given(CASES, MARGINS)
def test_a_search_step_by_step_finds_the_same_break_evens(case, margin):
    price = margin * full_usd_per_query(case)
    found = break_even(case, price)
    steps = np.arange(case.fewest_replicas, case.fewest_replicas + 20_000)
    ends = steps * case.queries_per_replica
    usd = (steps + case.spare_replicas) * case.usd_per_replica + case.people_usd
    won = usd <= price * ends
    assume(found.lasting.monthly_queries < ends[-2])
    # Where a bill equals the API's to the last digit, either neighbour is right.
    assume((abs(usd / (price * ends) - 1) > 1e-9).all())
    assume((abs(usd[1:] / (price * ends[:-1]) - 1) > 1e-9).all())
    assert found.first.monthly_queries == pytest.approx(usd[np.argmax(won)] / price)
    begins_dearer = np.flatnonzero(usd > price * (ends - case.queries_per_replica))
    kept = usd[max(begins_dearer, default=0)] / price
    assert found.lasting.monthly_queries == pytest.approx(kept)


@given(CASES, MARGINS, st.lists(st.floats(1 + 1e-6, 1_000), min_size=1, max_size=20))
def test_above_the_lasting_break_even_hosting_stays_no_dearer(case, margin, times):
    price = margin * full_usd_per_query(case)
    found = break_even(case, price)
    assert found.lasting.monthly_queries >= found.first.monthly_queries
    above = found.lasting.monthly_queries * np.array(times)
    assert (monthly_usd(case, above) <= price * above * (1 + 1e-9)).all()


@given(CASES, st.floats(1e-6, 1))
def test_dearer_rent_never_brings_the_break_even_nearer(case, price):
    values = {f.name: getattr(case, f.name) for f in fields(case)}
    dearer = SelfHostCase(**(values | {"gpu_usd_per_hour": 2 * case.gpu_usd_per_hour}))
    before, after = break_even(case, price), break_even(dearer, price)
    for a, b in ((before.first, after.first), (before.lasting, after.lasting)):
        assert b is None or b.monthly_queries >= a.monthly_queries * (1 - 1e-9)


@given(CASES, st.floats(0, 0.999), VOLUMES)
def test_where_there_is_no_break_even_no_volume_is_cheaper(case, part, volume):
    price = part * full_usd_per_query(case)
    found = compare(case, volume, price)
    assert found.break_even.first is None and found.break_even.why_never
    assert not found.cheaper


@given(CASES, VOLUMES, st.floats(0, 1))
def test_the_staircase_covers_the_chart_without_gaps_and_at_the_right_cost(case, volume, price):
    stairs = staircase(case, compare(case, volume, price))
    steps = stairs.steps
    assert 1 <= len(steps) <= MOST_STEPS + 1
    assert steps[0].from_queries == 0
    assert steps[-1].to_queries >= stairs.until_queries * (1 - 1e-9)
    assert stairs.until_queries >= volume
    for left, right in pairwise(steps):
        assert left.to_queries == right.from_queries < right.to_queries
        assert left.usd < right.usd
    for step in steps:
        assert step.usd == pytest.approx(float(monthly_usd(case, step.to_queries)))
        if step.no_dearer_from is not None:
            assert step.from_queries <= step.no_dearer_from <= step.to_queries * (1 + 1e-9)


def test_the_staircase_of_the_worked_case_says_where_each_step_is_cheaper():
    stairs = staircase(g5(), compare(g5(), 5_400_000, 0.0021))
    assert [step.replicas for step in stairs.steps] == [2, 3, 4]
    assert [round(step.no_dearer_from) for step in stairs.steps] == [
        5_174_227,
        6_769_277,
        8_364_327,
    ]


def test_without_queries_there_are_words_and_no_division():
    found = compare(g5(), 0, FRONTIER)
    assert found.month.usd_per_query is None and found.month.usd_per_mtok_output is None
    assert found.month.total_usd == pytest.approx(10_865.88, abs=HALF_A_CENT)
    assert not found.cheaper and found.times_volume is None
    said = " ".join(sentences(found, "GPT-4o"))
    assert "only from 1,975,614 queries a month." in said
    assert (
        "There are no queries today: 2 replicas would cost $10,866 a month and stand idle." in said
    )


@pytest.mark.parametrize(
    ("volume", "price", "text"),
    [
        (2_000_000, FRONTIER, "is $134 a month cheaper than GPT-4o at today's 2,000,000 queries"),
        (100_000, FRONTIER, "only from 1,975,614 queries a month, 19.8 times today's."),
        (100_000, MINI, "never cheaper than GPT-4o: a replica costs $1.27 per 1,000 queries even"),
        (100_000, 0.0, "never cheaper than GPT-4o: the API costs nothing per query."),
        (5_300_000, 0.0021, "dearer than GPT-4o at today's 5,300,000 queries a month, though not"),
    ],
)
def test_the_answer_is_one_plain_sentence(volume, price, text):
    said = answer(compare(g5(), volume, price), "GPT-4o")
    assert text in said and said.endswith(".")


def test_a_second_break_even_is_told_until_it_is_behind():
    for volume, told in ((1_000_000, True), (5_200_000, True), (9_000_000, False)):
        said = " ".join(sentences(compare(g5(), volume, 0.0021), "GPT-4o"))
        assert ("stays cheaper from 8,364,327 queries a month on" in said) == told
    title = meeting(compare(g5(), 1_000_000, 0.0021))
    assert "5,174,227" in title and "8,364,327" in title
    assert meeting(compare(g5(), 1_000_000, MINI)) == "The API stays below every step"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("output_tokens_per_query", 0),
        ("gpu_usd_per_hour", 0),
        ("gpus_per_replica", 0),
        ("gpus_per_replica", 1.5),
        ("output_tokens_per_second", -1),
        ("busy_at_most", 1.2),
        ("busy_at_most", 0),
        ("peak_to_average", 0.5),
        ("fewest_replicas", 0),
        ("spare_replicas", -1),
        ("overhead_share", 15),
        ("engineers", -0.25),
        ("engineer_usd_per_year", math.inf),
        ("hours_per_month", 744),
        ("hours_per_month", math.nan),
    ],
)
def test_an_input_that_cannot_be_is_named_with_its_value_and_what_would_be_valid(field, value):
    with pytest.raises(BadInput) as error:
        g5(**{field: value})
    assert f"'{field}' is {value:g}" in str(error.value)
    assert error.value.remedy.startswith("Use ")
    with pytest.raises(BadInput):
        check_input(field, value)


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
def test_a_volume_or_a_price_that_cannot_be_is_named(bad):
    with pytest.raises(BadInput, match="monthly_queries"):
        compare(g5(), bad, FRONTIER)
    with pytest.raises(BadInput, match="usd_per_query_api"):
        compare(g5(), 1_000, bad)


def test_the_ends_of_the_bounds_give_figures_and_no_overflow():
    tiny = SelfHostCase(
        output_tokens_per_query=1e7, output_tokens_per_second=0.1, busy_at_most=0.01,
        peak_to_average=1_000, hours_per_month=1, engineers=1_000, engineer_usd_per_year=1e7,
    )  # fmt: skip
    huge = SelfHostCase(
        output_tokens_per_query=0.1, output_tokens_per_second=1e7, busy_at_most=1,
        peak_to_average=1, gpu_usd_per_hour=0.001, engineers=0, overhead_share=0,
    )  # fmt: skip
    for case in (tiny, huge):
        for volume in (0.0, 1e12):
            for price in (0.0, 1e-15, min(full_usd_per_query(case) * (1 + 1e-11), 1e6), 1e6):
                found = compare(case, volume, price)
                assert staircase(case, found).steps
                assert all(sentences(found, "GPT-4o"))


def test_every_default_says_where_it_is_from():
    assert set(PROVENANCE) == {f.name for f in fields(SelfHostCase) if f.default is not MISSING}
    assert all(known.note for known in PROVENANCE.values())


def test_how_busy_replicas_are_is_no_input():
    assert "utilisation" not in {f.name for f in fields(SelfHostCase)}
    assert "utilisation" in {f.name for f in fields(self_host.HostingMonth)}
