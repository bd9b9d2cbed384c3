from datetime import date

import pytest

from core.catalog.guide import Discount, Rent
from core.catalog.model import Price

DAY = date(2026, 11, 9)


def test_rent_is_due_around_the_clock_for_every_gpu() -> None:
    rent = Rent(2, 1, 3.99, 0.15, "a price page", DAY)
    # one H100 is 2,912.70 a month (730 h x 3.99); twice that and 15% on top
    assert rent.monthly_usd == pytest.approx(2 * 2912.70 * 1.15)
    assert "$6,699.21 a month" in rent.words and "without people" in rent.words


def test_a_discount_takes_its_share_off_every_rate_and_says_so() -> None:
    price = Price(2.0, 0.5, 10.0, date(2026, 11, 23), "list", 2.5, "openai/some-model")
    less = Discount("openai", 0.2, "contract", DAY).apply(price)
    assert (less.input_usd_per_mtok, less.cached_usd_per_mtok) == pytest.approx((1.6, 0.4))
    assert less.output_usd_per_mtok == pytest.approx(8.0)
    assert less.written_usd_per_mtok == pytest.approx(2.0)
    assert (less.discount, less.list_id) == (pytest.approx(0.2), "openai/some-model")
    assert less.source == "list, less 20.0% (contract, 2026-11-09)"
