"""List prices from genai-prices, at a fixed date, so that no result depends on the clock.

Prices are base rates per token. Long-context rates apply to a whole request above a limit,
so pricing a sum of requests in one call would be wrong; the base rate never is more than
the bill. Time-of-day prices are read at noon UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from core.catalog.model import Price

if TYPE_CHECKING:  # importing genai_prices takes 0.2 s, so it happens at the first price
    from genai_prices.types import ModelInfo, Provider

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
    found = _providers().get(provider)
    for info in found.models if found else []:
        if found and info.id == model:
            return _listing(found, info, on)
    return None


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
    fresh, output = _base(rates.input_mtok), _base(rates.output_mtok)
    cached = _base(rates.cache_read_mtok)
    if output is None and _NO_OUTPUT.search(info.id.lower()):
        output = 0.0
    if fresh is None or output is None:
        return None
    return Price(
        input_usd_per_mtok=fresh,
        cached_usd_per_mtok=fresh if cached is None else cached,
        output_usd_per_mtok=output,
        as_of=min(on, PRICES_READ),
        source=f"genai-prices {version('genai-prices')}: {provider.id} {info.id}",
    )


def _base(rate: object) -> float | None:
    """USD per million tokens up to the first context limit; None when not listed."""
    if rate is None:
        return None
    return float(getattr(rate, "base", rate))  # type: ignore[arg-type]
