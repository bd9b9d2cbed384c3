"""List prices from genai-prices, at a fixed date, so that no result depends on the clock.

A model's price is its base rates per token. Long-context rates apply to a whole request above
a limit, so pricing a sum of requests in one call would be wrong; the base rate never is more
than the bill. Time-of-day prices are read at noon UTC. What one logged call cost, at its own
time and length, is in `core.catalog.tariff`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from core.catalog.model import Price
from core.catalog.names import FIRST_PARTIES, normal

if TYPE_CHECKING:  # importing genai_prices takes 0.2 s, so it happens at the first price
    from genai_prices.types import ModelInfo, ModelPrice, Provider

# The day on which the prices of genai-prices 0.2.3 were read and compared with a second
# list. Entries of the list are dated, so a later release gives the same prices for this day.
PRICES_READ: Final = date(2026, 11, 23)

# Embeddings and rerankers produce no output tokens, so no output price is missing there.
_NO_OUTPUT = re.compile(r"embed|rerank|(^|[/-])(bge|gte|voyage)-")


@dataclass(frozen=True)
class Listing:
    """One model as the price list has it; `price` is None when it has no price per token."""

    provider: str
    model: str
    name: str
    context_window: int | None
    retired: bool
    price: Price | None


def listed(provider: str, model: str, on: date) -> Listing | None:
    """The listing with exactly these ids, priced on that day; None when there is none."""
    info = entry_of(f"{provider}/{model}")
    return _listing(_providers()[provider], info, on) if info else None


@cache
def entry_of(list_id: str) -> ModelInfo | None:
    """What the price list says of the model with that "provider/id"; None when it has none."""
    provider, _, model = list_id.partition("/")
    found = _providers().get(provider)
    return next((info for info in found.models if info.id == model), None) if found else None


def find_listing(name: str, provider: str | None, on: date) -> Listing | None:
    """The listing that genai-prices matches to a model name, priced on that day.

    Without a provider only names that one provider alone would use are matched.
    """
    from genai_prices.data_snapshot import get_snapshot

    try:
        owner, info = get_snapshot().find_provider_model(name, None, provider, None)
    except LookupError:
        return None
    return _listing(owner, info, on)


def listed_by_name(name: str, on: date) -> Listing | None:
    """The one model that its vendor shows by that name ("Claude Haiku 3.5"), priced that day.

    The name is in normal form; None when no vendor, or more than one model, has it.
    """
    ids = _shown_names().get(name, [])
    return listed(*ids[0], on) if len(ids) == 1 else None


@cache
def _shown_names() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for provider in FIRST_PARTIES:
        entry = _providers().get(provider)
        for info in entry.models if entry else []:
            if info.name:
                found.setdefault(normal(info.name), []).append((provider, info.id))
    return found


def known_provider(name: str) -> bool:
    """Whether the price list has a provider with that id."""
    return name in _providers()


@cache
def _providers() -> dict[str, Provider]:
    from genai_prices.data_snapshot import get_snapshot

    return {provider.id: provider for provider in get_snapshot().providers}


def _listing(provider: Provider, info: ModelInfo, on: date) -> Listing:
    return Listing(
        provider=provider.id,
        model=info.id,
        name=info.name or info.id,
        context_window=info.context_window,
        retired=bool(info.deprecated),
        price=_price(provider, info, on),
    )


def _price(provider: Provider, info: ModelInfo, on: date) -> Price | None:
    rates = info.get_prices(datetime.combine(on, time(12), UTC))
    return price_from(f"{provider.id}/{info.id}", rates, on)


def price_from(list_id: str, rates: ModelPrice, on: date, above: int = 0) -> Price | None:
    """The rates for requests of more than `above` input tokens; None without a price per token."""
    fresh, output = _rate(rates.input_mtok, above), _rate(rates.output_mtok, above)
    cached = _rate(rates.cache_read_mtok, above)
    provider, _, model = list_id.partition("/")
    if output is None and _NO_OUTPUT.search(model.lower()):
        output = 0.0
    if fresh is None or output is None:
        return None
    return Price(
        input_usd_per_mtok=fresh,
        cached_usd_per_mtok=fresh if cached is None else cached,
        output_usd_per_mtok=output,
        as_of=min(on, PRICES_READ),
        source=f"genai-prices {_release()}: {provider} {model}",
        cache_write_usd_per_mtok=_rate(rates.cache_write_mtok, above),
        list_id=list_id,
    )


@cache
def _release() -> str:
    return version("genai-prices")


def _rate(rate: object, above: int) -> float | None:
    """USD per million tokens of requests longer than `above`; None when not listed."""
    if rate is None:
        return None
    found = getattr(rate, "base", rate)
    for tier in getattr(rate, "tiers", ()):  # ascending
        if 0 < tier.start <= above:
            found = tier.price
    return float(found)  # type: ignore[arg-type]
