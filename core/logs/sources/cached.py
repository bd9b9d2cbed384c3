"""Cached tokens told in several places, or beside the input although they belong inside."""

from __future__ import annotations

from dataclasses import replace

from core.logs.sources.call import Usage


def filled(usage: Usage, *others: Usage) -> Usage:
    """The usage with its gaps filled from the others in their order.

    Of the cached and reasoning tokens the greatest count holds: tools write a 0 in one place and
    the count in another.
    """
    found = (usage, *others)

    def first(part: str) -> int | None:
        return next((n for one in found if (n := getattr(one, part)) is not None), None)

    def most(part: str) -> int | None:
        return max((n for one in found if (n := getattr(one, part)) is not None), default=None)

    return Usage(
        input=first("input"),
        cache_read=most("cache_read"),
        cache_write=most("cache_write"),
        output=first("output"),
        reasoning=most("reasoning"),
        total=first("total"),
    )


def settled(usage: Usage) -> Usage:
    """The usage with its cached tokens inside the input, where the counts show that they are not.

    They stand beside it when the total is the sum of all three, or when more was read from the
    cache than went in. When only both kinds together exceed the input, those written stand
    beside it (LiteLLM added those read, and not yet those written).
    """
    read, write = usage.cache_read or 0, usage.cache_write or 0
    if usage.input is None or not read + write:
        return usage
    beside = usage.total is not None and usage.total == usage.input + read + write + (
        usage.output or 0
    )
    if beside or read > usage.input:
        return replace(usage, input=usage.input + read + write)
    if read + write > usage.input:
        return replace(usage, input=usage.input + write)
    return usage
