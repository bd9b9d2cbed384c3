"""Every screen in both themes, held against WCAG 2.1, levels A and AA, by axe-core."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

PAGES = {  # by their names in the navigation, with what is drawn last
    "Log": "stDataFrame",
    "Queries": "stPageLink",
    "Models": "stDataFrame",
    "Plan": "stPageLink",
    "Savings": "stPageLink",
    "Fine-tuning": "stPlotlyChart",
    "Evidence": "stExpander",
    "Plans": "stTextInput",
    "Workspace": "stExpander",
    "Method": "stExpander",
}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}


def complaints(page: Page) -> Iterator[str]:
    """What axe calls serious or critical on the page as it stands, a line for each element."""
    for rule in Axe().run(page, options=RULES).response["violations"]:
        if rule["impact"] in ("serious", "critical"):
            for node in rule["nodes"]:
                why = node["failureSummary"].splitlines()[-1].strip()
                yield f"{rule['id']}: {why} {node['html'][:200]}"


def with_everything_open(page: Page) -> Iterator[str]:
    """The complaints about the page with its expanders open, behind each of its tabs."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.mouse.move(0, 0)  # nothing is hovered over
    page.wait_for_timeout(300)  # for the fade of what opened
    yield from complaints(page)
    for tab in page.get_by_role("tab", selected=False).all():
        tab.click()
        page.wait_for_timeout(300)
        yield from complaints(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_screen_is_hard_to_read_or_to_reach(
    visit: Callable[..., Any], sample: tuple[str, str], scheme: str
) -> None:
    digest, link = sample
    visitor = visit(f"/?log={digest}", color_scheme=scheme)
    page = visitor.page
    found: list[str] = []
    for name, landmark in PAGES.items():
        visitor.go(name)
        expect(page.get_by_test_id(landmark).last).to_be_attached()
        visitor.settle()
        found += [f"{name}: {line}" for line in with_everything_open(page)]
    visitor.go("Plans")
    page.locator(".st-key-chosen-plans").get_by_role("combobox").fill("Support bot")
    page.get_by_role("option").first.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("tab").first).to_be_visible()
    visitor.settle()
    found += [f"A plan: {line}" for line in with_everything_open(page)]
    page.goto(f"/shared?{urlsplit(link).query}")
    expect(page.locator(".st-key-projection")).to_be_visible()
    visitor.settle()
    found += [f"Shared plan: {line}" for line in with_everything_open(page)]
    assert not found, "\n".join(dict.fromkeys(found))
