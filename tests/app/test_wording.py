"""Wording: facts in words that several pages share."""

from dataclasses import replace

from app.parts.wording import batch_words, plain_untrusted, settings_words
from core.catalog.catalogue import load_catalogue
from core.routing.settings import AS_LOGGED, TierSettings


def test_what_is_as_logged_needs_no_words() -> None:
    assert settings_words(AS_LOGGED) == ""


def test_everything_that_was_set_is_said() -> None:
    luna = load_catalogue().get("gpt-6-luna")
    words = settings_words(TierSettings(luna, "low", 0.05, 0.3, 2.0, 0.8))
    assert words == (
        "fallback GPT-6 Luna, low reasoning effort, 5.0% of calls repeated, 30.0% of the input "
        "cached, 200% of the logged output, half of its answers within 0.8 s"
    )


def test_batch_rates_are_those_of_the_list() -> None:
    luna = load_catalogue().get("gpt-6-luna")
    assert luna.price is not None
    assert batch_words(luna) == "0.05 / 0.25"
    assert batch_words(replace(luna, price=replace(luna.price, list_id=""))) == ""


def test_an_address_in_a_name_is_no_link() -> None:
    """Markdown links addresses by themselves, escaped or not; checked in a browser."""
    shown = plain_untrusted("http://a.io www.a.io WWW.a.io ann@a.io")
    bare = shown.replace("\\", "")
    assert "://" not in bare and "www." not in bare.lower() and "n@a" not in bare
    assert bare.replace("\u2060", "") == "http://a.io www.a.io WWW.a.io ann@a.io"
