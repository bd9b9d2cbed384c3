"""From an estimate to a verified plan, against a server of the tests' own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ..core.quality.conftest import KEY, Script, serving

Visit = Callable[..., Any]


@pytest.fixture
def models() -> Iterator[tuple[str, Script]]:
    """A server that takes its time, and what it saw."""
    script = Script(delay=0.15, judge_accuracy=0.9)
    script.truth = lambda text, model: model != "gpt-6-luna" or len(text) % 5 != 0
    with serving(script) as running:
        yield running.base_url, script


def enter(page: Page, label: str, value: str) -> None:
    """Type into the first field of that name, and leave it."""
    field = page.get_by_role("textbox", name=label).first
    field.fill(value)
    field.press("Tab")


def test_from_an_estimate_to_a_verified_plan(visit: Visit, models: tuple[str, Script]) -> None:
    address, script = models
    engineer = visit("/")
    engineer.press("sample")
    engineer.press("read")
    engineer.sort()
    engineer.go("Evidence")
    page: Page = engineer.page
    expect(page.get_by_text("never more than").first).to_be_visible()
    assert "Nothing is measured yet" in engineer.heading()

    # Sent, stopped on the way, and gone on with: nothing is asked twice.
    page.get_by_text("End early when it is clear").click()  # this one goes to its end
    enter(page, "Server", address)
    enter(page, "Key", KEY)
    page.locator(".st-key-replay-send button").click()
    expect(page.get_by_text("Judged:").first).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    for _ in range(400):  # 20 s at most
        if len(script.answered) >= 20:
            break
        page.wait_for_timeout(50)
    assert len(script.answered) >= 20
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".st-key-replay-go-on")).to_be_visible(timeout=30_000)
    script.delay = 0.02  # it was slow so that there was something to stop
    enter(page, "Server", address)
    page.locator(".st-key-replay-go-on button").click()
    measured = page.get_by_text("measured on 200 of your queries")
    expect(measured).to_be_visible(timeout=120_000)
    expect(page.locator(".st-key-replay-go-on")).to_have_count(0)
    assert script.after_answer == []
    assert KEY not in page.content()

    # Ten answers judged by keyboard.
    page.get_by_text("Judge some answers yourself").click()
    expect(page.locator(".st-key-blind-1")).to_be_visible()
    for number in range(1, 11):
        page.keyboard.press(str(1 + number % 2))
        noun = "pair" if number == 1 else "pairs"
        expect(page.get_by_text(f"People judged {number} {noun}")).to_be_visible()
        engineer.settle()  # the next key is meant for the next pair

    # The outcomes teach the plan, which says what it rests on.
    page.locator(".st-key-replay-use button").click()
    expect(page.get_by_text("On your own labelled queries")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Measured on 200 labelled queries")).to_be_visible()
