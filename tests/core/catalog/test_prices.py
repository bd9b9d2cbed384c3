from datetime import date

import pytest

from core.catalog.prices import PRICES_READ, find_listing, known_provider, listed

# Read by hand from the providers' pages and a second price list, 2026-11-23.
BY_HAND = [
    ("openai", "gpt-6-luna", 0.10, 0.01, 0.50),
    ("openai", "gpt-6.1-terra", 1.00, 0.05, 5.00),
    ("openai", "gpt-6.1-sol", 2.00, 0.10, 10.00),
    ("anthropic", "claude-haiku-5-5", 0.10, 0.01, 0.50),
    ("anthropic", "claude-opus-5-5", 4.00, 0.20, 20.00),
    ("google", "gemini-3.8-flash", 0.75, 0.075, 3.75),
    ("groq", "llama-3.1-8b-instant", 0.05, 0.05, 0.08),
    ("openai", "gpt-4o-mini", 0.15, 0.075, 0.60),
]


@pytest.mark.parametrize(("provider", "model", "fresh", "cached", "output"), BY_HAND)
def test_a_list_price_is_the_base_rate_of_the_day(
    provider: str, model: str, fresh: float, cached: float, output: float
) -> None:
    listing = listed(provider, model, PRICES_READ)
    assert listing is not None and listing.price is not None
    price = listing.price
    rates = (price.input_usd_per_mtok, price.cached_usd_per_mtok, price.output_usd_per_mtok)
    assert rates == (fresh, cached, output)
    assert model in price.source and price.as_of == PRICES_READ


@pytest.mark.parametrize(
    ("provider", "model", "written"),
    [
        ("anthropic", "claude-opus-5-5", 5.0),
        ("anthropic", "claude-haiku-5-5", 0.125),
        ("openai", "gpt-6-luna", 0.125),
        ("openai", "gpt-4o-mini", None),  # writing costs what plain input costs
    ],
)
def test_writing_to_the_cache_has_its_own_price_where_the_list_has_one(
    provider: str, model: str, written: float | None
) -> None:
    listing = listed(provider, model, PRICES_READ)
    assert listing is not None and listing.price is not None
    assert listing.price.cache_write_usd_per_mtok == written
    assert listing.price.list_id == f"{provider}/{model}"


def test_ten_million_tokens_are_not_priced_as_one_long_request() -> None:
    listing = listed("openai", "gpt-6.1-sol", PRICES_READ)
    assert listing is not None and listing.price is not None
    assert listing.price.cost_usd(10_000_000, 0, 0) == pytest.approx(20.0)


def test_time_of_day_prices_are_those_of_noon_utc() -> None:
    off_peak = listed("deepseek", "deepseek-v4-pro", PRICES_READ)
    assert off_peak is not None and off_peak.price is not None
    assert off_peak.price.input_usd_per_mtok == 0.66


def test_a_promotional_price_ends_on_its_day() -> None:
    before = listed("google", "gemini-3.8-flash", date(2026, 12, 31))
    after = listed("google", "gemini-3.8-flash", date(2027, 1, 1))
    assert before is not None and before.price is not None
    assert after is not None and after.price is not None
    assert before.price.input_usd_per_mtok == 0.75
    assert after.price.input_usd_per_mtok > 0.75
    assert after.price.as_of == PRICES_READ, "a future price was still read on the day of the list"


def test_no_output_price_means_unpriced_unless_nothing_is_put_out() -> None:
    embedding = listed("openai", "text-embedding-3-small", PRICES_READ)
    whisper = listed("openai", "whisper-1", PRICES_READ)
    assert embedding is not None and embedding.price is not None
    assert embedding.price.output_usd_per_mtok == 0.0
    assert whisper is not None and whisper.price is None


def test_an_unknown_name_has_no_listing() -> None:
    assert listed("openai", "gpt-99", PRICES_READ) is None
    assert listed("nobody", "gpt-4o", PRICES_READ) is None
    assert find_listing("no-such-model", None, PRICES_READ) is None
    assert not known_provider("nobody") and known_provider("openai")
