from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.economics.projection import waterfall
from core.errors import BadInput

USD = st.floats(0, 1e6)


@given(st.floats(0, 1e6), st.lists(st.floats(-1e5, 1e5), max_size=8))
def test_a_waterfall_leads_from_one_bill_to_the_other_to_the_cent(today, changes):
    planned = today + sum(changes)
    bars = waterfall(today, {f"step {i}": usd for i, usd in enumerate(changes)}, planned)
    cents = [round(100 * bar.amount_usd) for bar in bars]
    assert cents[0] + sum(cents[1:-1]) == cents[-1]
    assert round(100 * planned) - cents[-1] in (-1, 0, 1)  # half a cent may round either way
    for before, after in pairwise(bars[:-1]):
        assert after.start_usd == before.end_usd


def test_a_waterfall_names_its_steps_in_order():
    bars = waterfall(100.0, {"Simple queries move": -40.005, "Checks": 5.0}, 64.995)
    assert [bar.name for bar in bars] == ["Today", "Simple queries move", "Checks", "Planned"]
    assert [bar.kind for bar in bars] == ["total", "step", "step", "total"]


def test_steps_that_lead_elsewhere_are_refused():
    with pytest.raises(BadInput, match=r"to 60\.00 USD, but the planned bill is 50\.00"):
        waterfall(100, {"a": -40}, 50)
