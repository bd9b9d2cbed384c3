"""Whole journeys through the app, as the three people of its story take them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import expect

Visit = Callable[..., Any]
ChatLog = Callable[..., str]


def path_of(link: str) -> str:
    """A link without its host, for another browser that visits the same app."""
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


def amount(text: str) -> float:
    """The number in "$1,234.50" or "97.1%"."""
    return float(text.strip("$%").replace(",", ""))


def test_from_a_dropped_log_to_a_link_that_shows_the_same_numbers(
    visit: Visit, chat_log: ChatLog
) -> None:
    owner = visit("/")
    owner.drop("october.csv", chat_log(about=" shared"))
    for role, column in (("text", "prompt"), ("cost", "cost_usd"), ("model", "model")):
        box = owner.page.locator(f".st-key-map-{role}-october-csv").get_by_role("combobox")
        expect(box).to_have_value(column)
    owner.press("read")
    expect(owner.page.get_by_text("120 queries").first).to_be_visible(timeout=30_000)
    owner.sort()
    shares = owner.figures()
    assert len(shares) == 3
    assert 98 <= sum(amount(v) for v in shares.values()) <= 102

    owner.go("Plan")
    planned = owner.figures()
    link = owner.save("October plan")

    reader = visit(path_of(link))
    seen = reader.figures()
    cost = planned["Cost per month"]
    assert seen["Cost per month"] == cost
    assert cost in reader.heading() and cost in owner.heading()
    assert seen["Saved per month"] == planned["Saved per month"]
    kept = next(v for k, v in planned.items() if k.startswith("Quality"))
    also_kept = next(v for k, v in seen.items() if k.startswith("Quality"))
    assert abs(amount(kept) - amount(also_kept)) <= 0.51, "the same, without its tenths"
    expect(reader.page.get_by_text("October plan").first).to_be_visible()

    main = reader.page.get_by_test_id("stMain")
    for inputs in ("input", "textarea", "select", '[role="slider"]', '[role="combobox"]'):
        assert main.locator(inputs).count() == 0, inputs
    assert reader.page.get_by_role("link", name="Plan", exact=True).count() == 0

    # What the owner changes later does not change what was shared.
    slider = owner.page.get_by_role("slider").nth(1)
    slider.press("End")
    expect(owner.page.get_by_test_id("stMetricValue").first).not_to_have_text(cost)
    reader.page.reload()
    assert reader.figures() == seen


def test_from_the_sample_log_to_the_payback_of_fine_tuning(visit: Visit) -> None:
    manager = visit("/")
    manager.press("sample")
    manager.press("read")
    manager.sort()
    manager.go("Models")
    assert manager.heading().count("$") == 3
    manager.go("Plan")
    before = manager.figures()
    manager.page.get_by_role("link", name="Go on to Savings").click()
    manager.page.locator(".st-key-waterfall").wait_for()
    manager.settle()
    assert "$" in manager.heading()
    manager.page.get_by_role("link", name="Would fine-tuning pay?").click()
    manager.page.locator(".st-key-payback").wait_for()
    manager.settle()
    assert "ays back" in manager.heading() or "not pay back" in manager.heading()
    bill = manager.page.get_by_role("spinbutton", name="Today's bill")
    bill.fill("400000")
    bill.press("Enter")
    expect(manager.page.get_by_role("heading").first).to_contain_text("Pays back in")
    manager.go("Plan")
    assert manager.figures() == before, "trying another bill there leaves the plan alone"


def test_a_broken_file_an_empty_file_and_then_a_good_one(visit: Visit, chat_log: ChatLog) -> None:
    visitor = visit("/")
    for content, word in ((b"\x00\x01\xfe\xff" * 900, "binary"), (b"", "empty")):
        visitor.drop("export.csv", content)
        alert = visitor.page.get_by_role("alert")
        expect(alert).to_contain_text(word)
        expect(alert).to_contain_text("export.csv")
        visitor.press("another")
    visitor.bring("export.csv", chat_log(about=" third time lucky"))
    assert len(visitor.figures()) == 3


def test_models_in_no_price_list_get_their_prices_from_the_user(
    visit: Visit, chat_log: ChatLog
) -> None:
    visitor = visit("/")
    visitor.drop("arena.csv", chat_log(("vicuna-13b", "koala-13b", "chatglm-6b"), bare=True))
    visitor.press("read")
    expect(visitor.page.get_by_role("heading").first).to_contain_text("unknown", timeout=30_000)
    visitor.sort()
    visitor.go("Plan")
    expect(visitor.page.get_by_test_id("stMetric")).to_have_count(0)
    visitor.page.get_by_role("link", name="Go to Log").click()
    box = visitor.page.get_by_role("combobox", name="All unknown names stand for")
    box.click()
    box.fill("gpt-4o")
    visitor.page.get_by_role("option").first.click()
    visitor.press("use-for-all")
    expect(visitor.page.get_by_role("heading").first).to_contain_text("$")
    visitor.go("Plan")
    figures = visitor.figures()
    assert amount(figures["Cost per month"]) > 0


def test_a_reload_and_another_tab_show_the_same_log_and_plan(
    visit: Visit, chat_log: ChatLog
) -> None:
    visitor = visit("/")
    visitor.bring("november.csv", chat_log(about=" reload"))
    visitor.go("Plan")
    usual = visitor.figures()
    slider = visitor.page.get_by_role("slider").nth(1)
    slider.press("End")
    cost = visitor.page.get_by_test_id("stMetricValue").first
    expect(cost).not_to_have_text(usual["Cost per month"])
    visitor.settle()
    changed, value = visitor.figures(), slider.input_value()

    visitor.page.reload()
    assert visitor.figures() == changed
    assert visitor.page.get_by_role("slider").nth(1).input_value() == value != "5"
    other = visit(path_of(visitor.page.url))
    assert other.figures() == changed
    other.go("Log")
    assert "120 queries" in other.heading()


def test_a_query_with_an_image_link_fetches_nothing(visit: Visit, chat_log: ChatLog) -> None:
    trap = " ![x](http://evil.invalid/p.png) <img src='http://evil.invalid/q.png'> $5 and $10"
    visitor = visit("/")
    visitor.bring("trap.csv", chat_log(about=trap))
    shown = visitor.page.get_by_text("![x](http://evil.invalid/p.png)")
    for tab in visitor.page.get_by_role("tab").all():
        tab.click()
        nothing = visitor.page.get_by_text("No such query")
        expect(shown.or_(nothing).first).to_be_visible()
        if shown.count():
            break
    expect(shown.first).to_contain_text("$5 and $10")
    assert visitor.page.locator("img[src*='evil'], a[href*='evil']").count() == 0
    # `visit` fails the test if anything was requested from another host.


def test_outcomes_of_ones_own_teach_and_segments_are_merged(
    visit: Visit, chat_log: ChatLog
) -> None:
    visitor = visit("/")
    visitor.bring("december.csv", chat_log(about=" outcomes"))
    page = visitor.page
    before = visitor.figures()

    # Both models fail everything in f0 and answer everything else.
    lines = [f"q{n},{m},{int(n % 3 > 0)}" for n in range(120) for m in ("gpt-4o-mini", "gpt-4o")]
    page.get_by_text("Teach it with outcomes of your own").click()
    content = ("request_id,model,score\n" + "\n".join(lines) + "\n").encode()
    file = {"name": "own.csv", "mimeType": "text/csv", "buffer": content}
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_text("Learned from 240 outcomes")).to_be_visible(timeout=60_000)
    visitor.settle()
    assert visitor.figures() != before
    expect(page.get_by_text("120 queries had outcomes of several models")).to_be_visible()
    expect(page.get_by_text("What to label next.")).to_be_visible()
    expect(page.get_by_text("going by your outcomes").first).to_be_visible()

    # Two segments get one name.
    table = page.get_by_test_id("stDataFrame").filter(has_text="Called").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    for row in (1, 2):
        cell = table.get_by_test_id(f"glide-cell-1-{row - 1}")
        page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 35 * row + 18)
        expect(cell).to_have_attribute("aria-selected", "true")  # a key before that is lost
        page.keyboard.type("chat", delay=50)
        page.keyboard.press("Enter")
        expect(cell).to_have_text("chat")
        page.wait_for_timeout(600)  # the table hands an edit on a moment later
    visitor.press("use-names")
    expect(page.get_by_text("By segment (2)")).to_be_visible(timeout=60_000)


def test_a_point_of_the_frontier_a_cascade_its_files_and_its_link(
    visit: Visit, chat_log: ChatLog
) -> None:
    engineer = visit("/")
    engineer.bring("january.csv", chat_log(about=" cascade"))
    engineer.go("Plan")
    page = engineer.page
    usual = engineer.figures()["Cost per month"]
    points = page.locator(".st-key-frontier .scatterlayer .trace").first.locator("path.point")
    points.first.wait_for()
    page.locator(".st-key-frontier").scroll_into_view_if_needed()
    box = points.nth(points.count() // 3).bounding_box()  # the ends lie under other marks
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    cost = page.get_by_test_id("stMetricValue").first
    expect(cost).not_to_have_text(usual)
    engineer.settle()

    page.get_by_text("Cascade: try").click()
    expect(page.get_by_text("Checking the answers costs")).to_be_visible()
    engineer.settle()
    page.get_by_text("LiteLLM proxy").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="config.yaml").click()
    assert "tierwise-simple" in download.value.path().read_text()
    expect(page.get_by_text("The cascade: answers are not checked")).to_be_visible()

    planned = engineer.figures()["Cost per month"]
    link = engineer.save("Cascade")
    reader = visit(path_of(link))
    assert reader.figures()["Cost per month"] == planned
    assert reader.heading().startswith("Trying")
    expect(reader.page.get_by_text("Checks of answers")).to_be_visible()


def test_a_rule_on_top_moves_its_queries_and_says_so(visit: Visit, chat_log: ChatLog) -> None:
    engineer = visit("/")
    engineer.bring("february.csv", chat_log(about=" rules"))
    engineer.go("Plan")
    page = engineer.page
    usual = engineer.figures()["Cost per month"]
    page.get_by_text("Rules on top").click()
    engineer.settle()
    page.get_by_role("textbox", name="Value").fill("parcel, spanish")
    engineer.press("add-rule")
    said = page.get_by_text("If the text contains parcel, spanish: at least medium")
    expect(said).to_be_visible(timeout=60_000)
    engineer.settle()
    assert engineer.figures()["Cost per month"] != usual
    page.locator(".st-key-rule-gone-0 button").first.click()
    expect(said).to_have_count(0, timeout=60_000)
    engineer.settle()
    assert engineer.figures()["Cost per month"] == usual
