from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from core.catalog.model import Price
from core.catalog.prices import PRICES_READ, listed
from core.catalog.tariff import Changes, changes_of, rates_at

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def price_of(provider: str, model: str) -> Price:
    listing = listed(provider, model, PRICES_READ)
    assert listing is not None and listing.price is not None
    return listing.price


def rates(price: Price) -> tuple[float, float, float, float]:
    return (
        price.input_usd_per_mtok,
        price.cached_usd_per_mtok,
        price.written_usd_per_mtok,
        price.output_usd_per_mtok,
    )


def test_the_price_of_its_own_day_is_the_price_itself() -> None:
    luna = price_of("openai", "gpt-4o-mini")
    (only,) = rates_at(luna, datetime.combine(PRICES_READ, time(12), UTC))
    assert (only.above, only.price) == (0, luna)


# Read by hand in the price list: gpt-5.6-luna 1/6 until 2026-07-29, then 0.2/1.2; o3 10/40
# until 2025-06-09, then 2/8.
@pytest.mark.parametrize(
    ("model", "moment", "fresh", "output"),
    [
        ("gpt-5.6-luna", datetime(2026, 7, 29, 23, 59, tzinfo=UTC), 1.0, 6.0),
        ("gpt-5.6-luna", datetime(2026, 7, 30, tzinfo=UTC), 0.2, 1.2),
        ("o3", datetime(2025, 6, 9, 12, tzinfo=UTC), 10.0, 40.0),
        ("o3", datetime(2025, 6, 10, 12, tzinfo=UTC), 2.0, 8.0),
    ],
)
def test_a_call_pays_the_price_of_its_own_day(
    model: str, moment: datetime, fresh: float, output: float
) -> None:
    base = rates_at(price_of("openai", model), moment)[0].price
    assert (base.input_usd_per_mtok, base.output_usd_per_mtok) == (fresh, output)
    assert base.as_of == moment.date()


def test_a_call_pays_the_price_of_its_own_hour() -> None:
    pro = price_of("deepseek", "deepseek-v4-pro")
    peak, calm = (rates_at(pro, NOON.replace(hour=hour))[0].price for hour in (7, 12))
    assert (peak.input_usd_per_mtok, peak.output_usd_per_mtok) == (1.32, 3.96)
    assert (calm.input_usd_per_mtok, calm.output_usd_per_mtok) == (0.66, 1.98)


def test_a_long_request_has_a_rate_of_its_own() -> None:
    short, long = rates_at(price_of("anthropic", "claude-haiku-5-5"), NOON)
    assert (short.above, rates(short.price)) == (0, (0.1, 0.01, 0.125, 0.5))
    assert (long.above, rates(long.price)) == (100_000, (0.5, 0.05, 0.625, 2.5))


def test_batch_work_is_half_price_where_the_list_says_so() -> None:
    haiku = price_of("anthropic", "claude-haiku-4-5")
    (batch,) = rates_at(haiku, NOON, "batch")
    assert rates(batch.price) == (0.5, 0.05, 0.625, 2.5)
    old = price_of("anthropic", "claude-3-haiku")
    assert rates(rates_at(old, NOON, "batch")[0].price) == rates(old)  # none is listed


def test_batch_rates_hold_before_the_day_on_which_the_list_took_them_in() -> None:
    mini = price_of("openai", "gpt-4o-mini")
    early, late = (
        rates_at(mini, datetime(2025, 3, 1, tzinfo=UTC), service)[0].price.input_usd_per_mtok
        for service in ("batch", "standard")
    )
    assert (early, late) == (0.075, 0.15)
    # but not for a time at which the standard price was another one
    luna = price_of("openai", "gpt-5.6-luna")
    july, august = (datetime(2026, month, 1, tzinfo=UTC) for month in (7, 8))
    assert rates_at(luna, july, "batch")[0].price.input_usd_per_mtok == 1.0
    assert rates_at(luna, august, "batch")[0].price.input_usd_per_mtok == 0.1


def test_a_negotiated_discount_is_off_every_rate() -> None:
    haiku = price_of("anthropic", "claude-haiku-4-5").less(0.2)
    (batch,) = rates_at(haiku, NOON, "batch")
    assert rates(batch.price) == pytest.approx((0.4, 0.04, 0.5, 2.0))


def test_a_price_of_ones_own_is_the_same_at_all_times() -> None:
    own = Price(1.0, 0.5, 2.0, date(2026, 1, 1), "our contract")
    (only,) = rates_at(own, datetime(2020, 1, 1, tzinfo=UTC), "batch")
    assert only.price is own
    assert changes_of(own) == Changes()
    gone = replace(own, list_id="openai/gpt-that-left-the-list")
    assert rates_at(gone, NOON)[0].price is gone


def test_changes_are_the_days_and_hours_of_the_list() -> None:
    assert changes_of(price_of("openai", "gpt-5.6-luna")).days[0] == date(2026, 7, 30)
    hours = changes_of(price_of("deepseek", "deepseek-v4-pro")).hours
    assert hours == (time(1), time(4), time(6), time(10))
