"""Every screen in both themes, on a phone and on a desk: nothing sticks out, nothing breaks."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_screen_scrolls_sideways(
    visit: Callable[..., Any], sample: tuple[str, str], scheme: str
) -> None:
    digest, link = sample
    visitor = visit(f"/?log={digest}", viewport=PHONE, color_scheme=scheme)
    page = visitor.page
    for screen, landmark in SCREENS.items():
        query = urlsplit(link).query if screen == "shared" else f"log={digest}"
        page.goto(f"/{screen}?{query}")
        place = page.get_by_role("heading") if landmark == "heading" else page.locator(landmark)
        expect(place.first).to_be_visible()
        visitor.settle()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert sticking_out(page) == (0, 0), f"{screen or 'log'} on a phone"
        page.set_viewport_size(DESK)
        page.wait_for_timeout(200)  # for charts, which draw themselves anew
        assert sticking_out(page) == (0, 0), f"{screen or 'log'} on a desk"
        page.set_viewport_size(PHONE)
        background = page.get_by_test_id("stApp").evaluate(
            "e => getComputedStyle(e).backgroundColor"
        )
        assert (background == "rgb(255, 255, 255)") == (scheme == "light")


def sticking_out(page: Page) -> tuple[int, int]:
    """By how many pixels the page, and the part of it that scrolls, are wider than their room."""
    beyond = "e => Math.max(0, e.scrollWidth - e.clientWidth)"
    whole = page.locator("html").evaluate(beyond)
    return whole, page.get_by_test_id("stMain").evaluate(beyond)


def test_a_screen_without_a_log_says_what_it_waits_for(visit: Callable[..., Any]) -> None:
    page = visit("/").page
    for screen in SCREENS:
        if screen in ("models", "method"):
            continue
        page.goto(f"/{screen}")
        offered = page.get_by_test_id("stMain").locator('a, button, input[type="file"]')
        words = page.get_by_text("opens nothing") if screen == "shared" else offered
        expect(words.first, screen).to_be_attached()
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
    visitor.settle()
    thumb.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(first).not_to_contain_text("5.0 points")
    visitor.settle()
    expect(second).to_contain_text("5.0 points")
