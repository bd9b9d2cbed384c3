import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from core.catalog.model import Price

# A million tokens cost 2 fresh, 0.2 read from the cache, 2.5 written to it, 10 put out.
PRICE = Price(2.0, 0.2, 10.0, date(2026, 11, 23), "a test", cache_write_usd_per_mtok=2.5)
NO_WRITES = Price(2.0, 0.2, 10.0, date(2026, 11, 23), "a test")

counts = st.integers(0, 10**7)


def test_every_part_of_the_input_is_paid_at_its_own_rate() -> None:
    # (1,000 - 600 - 300) x 2 + 600 x 0.2 + 300 x 2.5 + 50 x 10 = 200 + 120 + 750 + 500
    assert PRICE.cost_usd(1_000, 600, 50, 300) == pytest.approx(0.00157)


def test_cached_tokens_are_part_of_the_input_and_reasoning_of_the_output() -> None:
    golden = json.loads((Path(__file__).parents[2] / "golden" / "economics.json").read_text())
    case, expect = golden["G1_query_cost"]["in"], golden["G1_query_cost"]["expect"]
    price = Price(case["p_in"], case["p_cached"], case["p_out"], date(2026, 11, 23), "a test")
    usd = price.cost_usd(case["input_total"], case["cached_read"], case["output_total"])
    assert usd == pytest.approx(float(expect["per_query"]), abs=1e-9)
    assert 100_000 * usd == pytest.approx(float(expect["per_100k"]), abs=0.005)


def test_without_a_price_for_writing_it_is_plain_input() -> None:
    assert NO_WRITES.written_usd_per_mtok == 2.0
    assert NO_WRITES.cost_usd(1_000, 600, 50, 300) == NO_WRITES.cost_usd(1_000, 600, 50)


def test_many_calls_cost_what_each_of_them_costs() -> None:
    found = PRICE.cost_usd(
        np.array([1_000.0, 8.0]), np.array([600.0, 0.0]), np.array([50.0, 12.0]), np.array([300, 0])
    )
    assert found.tolist() == pytest.approx([0.00157, 0.000136])


@given(fresh=counts, read=counts, written=counts, output=counts)
def test_no_token_is_counted_twice(fresh: int, read: int, written: int, output: int) -> None:
    whole = PRICE.cost_usd(fresh + read + written, read, output, written)
    parts = (fresh * 2.0 + read * 0.2 + written * 2.5 + output * 10.0) / 1e6
    assert whole == pytest.approx(parts, rel=1e-9, abs=1e-12)


@given(tokens=counts, share=st.floats(0, 1), output=counts)
def test_a_read_from_the_cache_never_costs_more_and_a_write_never_less(
    tokens: int, share: float, output: int
) -> None:
    plain, part = PRICE.cost_usd(tokens, 0, output), tokens * share
    assert PRICE.cost_usd(tokens, part, output) <= plain + 1e-12
    assert PRICE.cost_usd(tokens, 0, output, part) >= plain - 1e-12


def test_a_share_less_is_less_of_every_rate() -> None:
    half = PRICE.less(0.2).less(0.5)
    assert half.cost_usd(1_000, 600, 50, 300) == pytest.approx(0.4 * 0.00157)
    assert half.discount == pytest.approx(0.6)
    assert NO_WRITES.less(0.5).cache_write_usd_per_mtok is None


def test_a_price_saved_before_cache_writes_had_one_still_opens() -> None:
    old = {
        "input_usd_per_mtok": 2.0,
        "cached_usd_per_mtok": 0.2,
        "output_usd_per_mtok": 10.0,
        "as_of": "2026-11-23",
        "source": "a test",
    }
    assert TypeAdapter(Price).validate_python(old) == NO_WRITES
    adapter = TypeAdapter(Price)
    assert adapter.validate_json(adapter.dump_json(PRICE)) == PRICE
