import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.complexity.scale import NEUTRAL, TIERS
from core.errors import BadInput
from core.workload.grid import BIN_WIDTH, BINS, NEUTRAL_PLACES, bin_centres, bin_of, binned
from core.workload.workload import (
    EXAMPLES_PER_TIER,
    LENGTH_BINS,
    SUMS,
    UNNAMED,
    Workload,
    from_json,
    length_bin_of,
    merge,
    sum_by_place,
    to_json,
    without_examples,
)

from .conftest import NOON, Row, make_workload, row


def same(left: Workload, right: Workload) -> bool:
    """Whether two workloads are equal to the last digit, column order and types included."""
    for ours, theirs in ((left.cells, right.cells), (left.lengths, right.lengths)):
        assert ours.equals(theirs) and list(ours.dtypes) == list(theirs.dtypes)
    assert left.examples == right.examples
    assert (left.first_time, left.last_time) == (right.first_time, right.last_time)
    return left.failed == right.failed


@st.composite
def one_query(draw: st.DrawFn) -> tuple[Row, float]:
    """A row of any kind that a log may hold, ids that repeat included, and its difficulty."""
    tokens = draw(st.integers(0, 10**7))
    known = draw(st.booleans())
    values = row(
        draw(st.sampled_from(["a", "b", "c"])),
        model=draw(st.sampled_from(["big", "small", None])),
        segment=draw(st.sampled_from(["chat", "search", None])),
        text=draw(st.sampled_from(["one", "two", None])),
        text_chars=draw(st.integers(0, 10**6)),
        time=draw(st.sampled_from([None, *(NOON + timedelta(days=d) for d in range(4))])),
        input_tokens=tokens if known else None,
        cache_read_tokens=draw(st.integers(0, tokens // 2)) if known else 0,
        cache_write_tokens=draw(st.integers(0, tokens // 2)) if known else 0,
        output_tokens=draw(st.one_of(st.none(), st.integers(0, 10**5))),
        cost_usd=draw(st.one_of(st.none(), st.floats(0, 500))),
        latency_ms=draw(st.one_of(st.none(), st.floats(0, 60_000))),
        feedback=draw(st.one_of(st.none(), st.floats(0, 1))),
        input_estimated=draw(st.booleans()),
        status=draw(st.sampled_from(["ok", "error", "cancelled"])),
    )
    return values, draw(st.floats(-20, 20))


queries = st.lists(one_query(), max_size=8)


def summed(pairs: Sequence[tuple[Row, float]]) -> Workload:
    return make_workload([values for values, _ in pairs], [d for _, d in pairs])


@settings(max_examples=15, deadline=None)
@given(queries, queries, queries)
def test_merging_in_any_order_equals_summing_all_rows_at_once(
    first: list[tuple[Row, float]], second: list[tuple[Row, float]], third: list[tuple[Row, float]]
) -> None:
    a, b, c = summed(first), summed(second), summed(third)
    at_once = summed([*first, *second, *third])
    assert same(merge([a, b, c]), at_once)
    assert same(merge([merge([a, b]), c]), at_once)
    assert same(merge([a, merge([b, c])]), at_once)
    assert same(merge([c, a, b]), at_once)


@settings(max_examples=15, deadline=None)
@given(queries)
def test_json_gives_the_same_workload_back(pairs: list[tuple[Row, float]]) -> None:
    found = summed(pairs)
    text = to_json(found)
    assert same(from_json(text), found)
    assert to_json(from_json(text)) == text


def test_the_size_does_not_grow_with_the_number_of_queries() -> None:
    def repeated(times: int) -> Workload:
        rows = [row(f"{i}-{n}") for n in range(times) for i in range(20)]
        return make_workload(rows, [i / 4 - 5 for i in range(20)] * times)

    few, many = repeated(20), repeated(200)
    assert (few.queries, many.queries) == (400, 4_000)
    assert len(few.cells) == len(many.cells) == 20
    assert len(few.examples) == len(many.examples) == EXAMPLES_PER_TIER * len(TIERS)
    # ten times the queries add one digit to some sums
    assert len(to_json(many)) <= len(to_json(few)) + 20 * len(SUMS) + 200


def test_sums_are_those_of_the_rows() -> None:
    rows = [
        row("1", input_tokens=700, cache_read_tokens=200, output_tokens=30, cost_usd=0.25),
        row("2", input_tokens=300, cache_write_tokens=40, output_tokens=None,
            input_estimated=True, latency_ms=80.6),
        row("3", input_tokens=None, output_tokens=5, output_estimated=True, feedback=0.5),
        row("4", model=None, segment=None, feedback=1.0),
    ]  # fmt: skip
    cells = make_workload(rows, [1.0, 1.0, 1.0, 1.0]).cells.set_index(["segment", "model"])
    assert list(cells.index) == [(UNNAMED, UNNAMED), ("chat", "big")]
    assert cells.loc[("chat", "big")].to_dict() == {
        "lever": NEUTRAL,
        "bin": 225,  # (1 + 8) / 0.04
        "rule": 0,
        "bound": 0,
        "band": 0,
        "repeated_queries": 0,
        "queries": 3,
        "input_tokens": 1_000,
        "cache_read_tokens": 200,
        "cache_write_tokens": 40,
        "output_tokens": 35,
        "estimated_queries": 2,
        "costed_queries": 1,
        "cost_nusd": 250_000_000,
        "uncosted_input_tokens": 300,
        "uncosted_cache_read_tokens": 0,
        "uncosted_cache_write_tokens": 40,
        "uncosted_output_tokens": 5,
        "latency_ms": 81,
        "latency_queries": 1,
        "feedback_milli": 500,
        "feedback_queries": 1,
    }
    assert cells.loc[(UNNAMED, UNNAMED), "feedback_milli"] == 1_000


def test_what_was_partly_sorted_by_size_counts_as_sorted_by_size() -> None:
    by_text = make_workload([row("1")], [0.0])
    by_size = replace(by_text, basis="size")
    assert merge([by_text, by_text]).basis == merge([]).basis == "text"
    assert merge([by_text, by_size]).basis == merge([by_size, by_text]).basis == "size"
    assert from_json(to_json(by_size)).basis == "size"


def test_a_workload_kept_before_there_was_a_basis_is_of_texts() -> None:
    kept = json.loads(to_json(make_workload([row("1")], [0.0])))
    del kept["basis"]
    assert from_json(json.dumps(kept)).basis == "text"


def test_lengths_count_prompts_by_half_octaves() -> None:
    rows = [row("1", text_chars=0), row("2", text_chars=100), row("3", text_chars=1_500_000)]
    lengths = make_workload(rows, [0.0, 0.0, 0.0]).lengths
    # 2 log2(100) = 13.29 and 2 log2(1.5 million) = 41.03, beyond the last bin
    assert lengths["length"].tolist() == [0, 13, LENGTH_BINS - 1]
    assert lengths["queries"].tolist() == [1, 1, 1]
    assert lengths["input_tokens"].sum() == 3_000 and lengths["output_tokens"].sum() == 300


@pytest.mark.parametrize(
    ("characters", "expected"), [(1, 0), (2, 2), (3, 3), (4, 4), (1023, 19), (1024, 20)]
)
def test_a_length_bin_is_twice_the_binary_logarithm(characters: int, expected: int) -> None:
    assert length_bin_of(np.array([characters]))[0] == expected


@pytest.mark.parametrize(
    ("difficulty", "expected"),
    [(-8.0, 0), (-7.961, 0), (-7.959, 1), (0.01, 200), (7.99, 399), (8.0, 399), (99.0, 399),
     (-99.0, 0)],
)  # fmt: skip
def test_a_difficulty_falls_into_its_bin_and_the_ends_take_the_rest(
    difficulty: float, expected: int
) -> None:
    assert bin_of(np.array([difficulty]))[0] == expected


def test_centres_cover_minus_eight_to_eight() -> None:
    centres = bin_centres()
    assert len(centres) == BINS
    assert (centres[0], centres[-1]) == pytest.approx((-7.98, 7.98))
    assert np.diff(centres) == pytest.approx(0.04)
    assert bin_of(centres).tolist() == list(range(BINS))


@given(st.floats(-8, 7.999))
def test_binning_moves_a_difficulty_by_half_a_bin_at_most(difficulty: float) -> None:
    moved = binned(np.array([difficulty]))[0]
    assert abs(moved - difficulty) <= BIN_WIDTH / 2 + 1e-9


def test_queries_per_bin_count_every_segment_and_model() -> None:
    rows = [row("1"), row("2", model="small"), row("3", segment="search"), row("4")]
    found = make_workload(rows, [0.0, 0.0, 0.0, 2.0])
    by_bin = found.by_bin()
    assert by_bin.shape == (BINS,) and by_bin.sum() == 4
    assert (by_bin[200], by_bin[250]) == (3, 1)
    assert sum_by_place(found.cells, "input_tokens")[NEUTRAL_PLACES][200] == 3_000
    assert found.models == ["big", "small"]


@pytest.mark.parametrize(
    ("hours", "days"), [(None, None), (0.0, None), (0.9, None), (1.0, 1 / 24), (36.0, 1.5)]
)
def test_days_run_from_the_first_query_to_the_last_and_need_an_hour(
    hours: float | None, days: float | None
) -> None:
    last = None if hours is None else NOON + timedelta(hours=hours)
    first = None if hours is None else NOON
    found = make_workload([row("1", time=first), row("2", time=last)], [0.0, 0.0])
    assert (found.first_time, found.last_time) == (first, last)
    assert found.days == (days if days is None else pytest.approx(days))


def test_failed_calls_are_counted_but_not_planned() -> None:
    good = [row("1"), row("2", time=NOON + timedelta(days=1))]
    bad = [row("3", status="error", cost_usd=9.0, time=NOON + timedelta(days=9), text="broken")]
    found = make_workload([*good, *bad], [0.0, 1.0, 2.0])
    assert (found.queries, found.failed) == (2, 1)
    assert found.cells["cost_nusd"].sum() == 0
    assert same(make_workload(good, [0.0, 1.0]), without_failures(found))
    only_bad = make_workload(bad, [2.0])
    assert (only_bad.queries, only_bad.failed, only_bad.days) == (0, 1, None)


def without_failures(found: Workload) -> Workload:
    return Workload(
        found.cells, found.lengths, found.examples, found.first_time, found.last_time, 0
    )


def test_at_most_twelve_examples_per_tier_are_kept_and_no_others_texts() -> None:
    rows = [row(str(i), text="x" * 700 if i < 20 else None) for i in range(40)]
    found = make_workload(rows, [-5.0, 5.0] * 20)
    tiers = [e.tier for e in found.examples]
    assert {tier: tiers.count(tier) for tier in TIERS} == {"simple": 10, "medium": 0, "complex": 10}
    assert {len(e.text) for e in found.examples} == {600}
    many = make_workload([row(str(i)) for i in range(100)], [-5.0] * 100)
    assert len(many.examples) == EXAMPLES_PER_TIER
    assert all(e.text == f"text of {e.request_id}" for e in many.examples)
    assert without_examples(many).examples == ()
    assert "text of" not in to_json(without_examples(many))


@pytest.mark.parametrize(("texts", "levels"), [(30, 30), (30, 1), (3, 3), (1, 30)])
def test_the_same_examples_stay_in_any_order_even_where_ids_repeat(texts: int, levels: int) -> None:
    rows = [row("same", text=f"text {i % texts}") for i in range(30)]
    difficulty = [-5.0 - i % levels / 100 for i in range(30)]
    at_once = make_workload(rows, difficulty)
    first, second = (
        make_workload(rows[:14], difficulty[:14]),
        make_workload(rows[14:], difficulty[14:]),
    )
    assert len(at_once.examples) == EXAMPLES_PER_TIER
    known = {(r["text"], d) for r, d in zip(rows, difficulty, strict=True)}
    assert {(e.text, e.difficulty) for e in at_once.examples} <= known
    assert same(merge([first, second]), at_once) and same(merge([second, first]), at_once)


def test_an_empty_workload_has_no_queries_and_no_days() -> None:
    nothing = merge([])
    assert (nothing.queries, nothing.models, nothing.days) == (0, [], None)
    assert nothing.by_bin().sum() == 0
    assert same(from_json(to_json(nothing)), nothing)
    something = make_workload([row("1")], [0.0])
    assert same(merge([something, nothing]), something)


def test_a_workload_from_before_cache_writes_were_read_has_none() -> None:
    now = make_workload([row("1"), row("2", model="small")], [0.0, 1.0])
    old = json.loads(to_json(now))
    for column in ("cache_write_tokens", "uncosted_cache_write_tokens"):
        del old["cells"][column]
    assert same(from_json(json.dumps(old)), now)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', "null"])
def test_text_that_is_no_workload_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="Sort the log again"):
        from_json(text)


@pytest.mark.parametrize(
    ("key", "value"), [("format", 2), ("bin_width", 0.05), ("cells", {"bin": [1]})]
)
def test_a_workload_of_another_version_is_refused(key: str, value: object) -> None:
    other = json.loads(to_json(make_workload([row("1")], [0.0]))) | {key: value}
    with pytest.raises(BadInput, match="Sort the log again"):
        from_json(json.dumps(other))


def test_times_keep_their_zone() -> None:
    found = from_json(to_json(make_workload([row("1")], [0.0])))
    assert isinstance(found.first_time, datetime) and found.first_time.utcoffset() == timedelta(0)
