"""A model name from somebody's log -> the model it means, or None.

Names are tried from the surest reading to the loosest: alias, catalogue id, provider prefix,
Bedrock or Vertex id, fine-tuned id, bare name, name without its date, name as a console shows
it. A reading that would give a model of another size (flash for flash-8b) is refused: unpriced
is honest, a wrong price is not. So is another host's price for the same open weights, and a
name for several models at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.catalog.abilities import judged_by_kind, measured_for
from core.catalog.catalogue import Catalogue
from core.catalog.model import Ability, Model, ModelKind
from core.catalog.names import (
    OWN_MACHINES,
    RESELLERS,
    claude_id,
    is_bedrock,
    is_open_weights,
    is_variant,
    normal,
    sizes,
    slashed,
    split_provider,
    without_date,
)
from core.catalog.prices import (
    Listing,
    find_listing,
    known_provider,
    listed,
    listed_by_name,
)

# Kind of a listed model that nobody described: public weights are `open`, `ft:` is
# `specialised`, and of the rest those at 8 USD or more per million output tokens are
# `frontier`. A rough line: gpt-4o, gemini-2.5-pro and gpt-6.1-sol cost 10, and nearly all
# text models named mini, flash or haiku less than 8; but grok-4.7 (6) and gemini-1.5-pro (5)
# were sold as their vendor's best and fall below it.
FRONTIER_OUTPUT_USD_PER_MTOK = 8.0

_FINE_TUNED_SD = 0.9  # a tuned model is judged like its base until somebody evaluates it


@dataclass(frozen=True)
class Match:
    """The model that a name means, and by which reading we know."""

    model: Model
    how: str


def resolve(name: str, catalogue: Catalogue, source: str = "") -> Match | None:
    """The model that a logged name means, priced on the catalogue's day; None when unknown.

    `source` is the log's: some names mean something in the logs of one tool only. An alias for
    them has the source and a slash before the name.
    """
    wanted = slashed(normal(name))
    if not wanted or "&" in wanted or "," in wanted:
        return None
    if source and f"{source}/{wanted}" in catalogue.aliases:
        return _known(f"{source}/{wanted}", catalogue)
    if is_variant(wanted) or (source == "openrouter" and is_open_weights(wanted)):
        listing = listed("openrouter", wanted.removeprefix("openrouter/"), catalogue.as_of)
        if listing or is_variant(wanted):
            return _match(listing, catalogue) if listing else None
    return (
        _known(wanted, catalogue)
        or _listed(wanted, wanted, catalogue)
        or _dateless(wanted, catalogue)
        or _shown(wanted, catalogue)
    )


def _known(wanted: str, catalogue: Catalogue) -> Match | None:
    """By catalogue id, exact list id or alias; an alias may name either of the first two."""
    target = catalogue.aliases.get(wanted)
    if target is not None:
        match = _by_id(target, catalogue)
        return replace(match, how=f"alias of {target}") if match else None
    return _by_id(wanted, catalogue)


def _by_id(model_id: str, catalogue: Catalogue) -> Match | None:
    own = catalogue.ids_by_normal_name.get(model_id.lower())
    if own:
        return Match(catalogue.models[own], "catalogue id")
    provider, slash, rest = model_id.partition("/")
    listing = listed(provider, rest, catalogue.as_of) if slash else None
    return _match(listing, catalogue) if listing else None


def _dateless(wanted: str, catalogue: Catalogue) -> Match | None:
    shorter = without_date(wanted)
    if shorter == wanted:
        return None
    match = _known(shorter, catalogue) or _listed(shorter, shorter, catalogue)
    return replace(match, how=f"{match.how}, without the date") if match else None


def _shown(wanted: str, catalogue: Catalogue) -> Match | None:
    """By the name on a console, and by the other order of a Claude name."""
    turned = claude_id(wanted)
    match = _known(turned, catalogue) or _listed(turned, turned, catalogue) if turned else None
    if match is None and (listing := listed_by_name(wanted, catalogue.as_of)):
        match = _match(listing, catalogue)
    return replace(match, how=f"{match.how}, by its display name") if match else None


def _listed(wanted: str, name: str, catalogue: Catalogue) -> Match | None:
    for provider, ref in _readings(name):
        # The part behind a first-party prefix may itself be an alias or a catalogue id.
        known = _known(ref, catalogue) if ref != wanted else None
        if known and provider in (None, known.model.provider):
            return known
        listing = find_listing(ref, provider, catalogue.as_of)
        if listing and _same_model(ref, listing, catalogue):
            return _match(listing, catalogue)
    return None


def _same_model(ref: str, listing: Listing, catalogue: Catalogue) -> bool:
    """Whether a listing has the size that the name says, and the price of the host it names."""
    if not sizes(ref) <= sizes(f"{listing.model} {listing.name}"):
        return False
    # The price list falls back to other hosts; for open weights each host has its own price.
    return not is_open_weights(listing.model) or bool(
        listed(listing.provider, listing.model, catalogue.as_of)
    )


def _readings(name: str) -> Iterator[tuple[str | None, str]]:
    """Pairs of provider id (None: any first party) and name to look up, surest first."""
    provider, rest = split_provider(name)
    if provider in OWN_MACHINES:
        return
    if provider in RESELLERS:
        if known_provider(provider):
            yield provider, rest
        yield from _readings(rest)
    elif provider and known_provider(provider):
        yield provider, rest
        if provider == "fireworks":  # listed by the full path that its API takes
            yield provider, f"accounts/fireworks/models/{rest}"
    elif is_bedrock(name):
        yield "aws", name
    elif name.startswith("ft:"):
        yield "openai", name
    elif provider:
        # Not a provider we know: an organisation (as on OpenRouter), or a team's own prefix.
        yield "openrouter", name
        yield from _readings(rest)
    else:
        yield None, name
        yield "openai", name
        yield None, name.replace("@", "-")


def _match(listing: Listing, catalogue: Catalogue) -> Match:
    list_id = f"{listing.provider}/{listing.model}"
    how = f"price list: {list_id}"
    own = catalogue.list_ids.get(list_id)
    if own is not None and own in catalogue.models:
        return Match(catalogue.models[own], how)
    kind = guess_kind(listing)
    model = Model(
        id=list_id,
        name=listing.name,
        provider=listing.provider,
        kind=kind,
        price=catalogue.discounted(listing.provider, listing.price),
        ability=_ability(listing, kind, catalogue),
        context_window=listing.context_window,
        note="Retired by its provider." if listing.retired else "",
    )
    return Match(model, how)


def guess_kind(listing: Listing) -> ModelKind:
    """The kind of a listed model by its name and its output price."""
    if listing.model.startswith("ft:"):
        return "specialised"
    if is_open_weights(listing.model):
        return "open"
    dear = listing.price and listing.price.output_usd_per_mtok >= FRONTIER_OUTPUT_USD_PER_MTOK
    return "frontier" if dear else "mid"


def _ability(listing: Listing, kind: ModelKind, catalogue: Catalogue) -> Ability:
    """By the list's id and not by the spelling: one model id has one ability."""
    if listing.model.startswith("ft:"):
        base = measured_for(listing.model.split(":")[1].rstrip("-"), catalogue.abilities)
        if base:
            source = f"as its base until evaluated ({base.source})"
            return replace(base, sd=_FINE_TUNED_SD, origin="judgement", source=source)
    measured = measured_for(listing.model, catalogue.abilities)
    return measured or judged_by_kind(kind, catalogue.abilities)
