"""Every screen in dark mode, on a phone and on a desk: nothing sticks out, nothing breaks."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

SCREENS = {
    "": "heading",
    "queries": ".st-key-difficulty",
    "models": "heading",
    "plan": ".st-key-frontier",
    "savings": ".st-key-fan",
    "fine-tuning": ".st-key-payback",
    "plans": ".st-key-search-plans",
    "method": "heading",
    "shared": ".st-key-projection",
}
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(PHONE, "dark"), (PHONE, "light"), (DESK, "dark")],
    ids=["phone, dark", "phone, light", "desk, dark"],
)
def test_no_screen_scrolls_sideways(
    visit: Callable[..., Any], sample: tuple[str, str], viewport: dict[str, int], scheme: str
) -> None:
    digest, link = sample
    visitor = visit(f"/?log={digest}", viewport=viewport, color_scheme=scheme)
    page = visitor.page
    for screen, landmark in SCREENS.items():
        query = urlsplit(link).query if screen == "shared" else f"log={digest}"
        page.goto(f"/{screen}?{query}")
        place = page.get_by_role("heading") if landmark == "heading" else page.locator(landmark)
        expect(place.first).to_be_visible()
        visitor.settle()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        wide, room = page.evaluate(
            "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= room, f"{screen or 'log'} is {wide} wide on {room}"
        inner = page.get_by_test_id("stMain").evaluate("e => e.scrollWidth - e.clientWidth")
        assert inner <= 0, f"{screen or 'log'} scrolls sideways by {inner}"
        background = page.get_by_test_id("stApp").evaluate(
            "e => getComputedStyle(e).backgroundColor"
        )
        assert (background == "rgb(255, 255, 255)") == (scheme == "light")


@pytest.mark.parametrize("screen", [s for s in SCREENS if s not in ("models", "method")])
def test_a_screen_without_a_log_says_what_it_waits_for(
    visit: Callable[..., Any], screen: str
) -> None:
    page = visit(f"/{screen}").page
    offered = page.get_by_test_id("stMain").locator('a, button, input[type="file"]')
    words = page.get_by_text("opens nothing") if screen == "shared" else offered
    expect(words.first).to_be_attached()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_one_tolerance_moved_quickly_leaves_the_other_alone(
    visit: Callable[..., Any], sample: tuple[str, str]
) -> None:
    digest, _ = sample
    visitor = visit(f"/plan?log={digest}")
    page = visitor.page
    first, second = (page.locator(f".st-key-{n}-{digest}") for n in ("to-medium", "to-complex"))
    thumb = first.get_by_role("slider")
    expect(thumb).to_be_visible()
    expect(first).to_contain_text("5.0 points")
    thumb.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(first).not_to_contain_text("5.0 points")
    visitor.settle()
    expect(second).to_contain_text("5.0 points")
