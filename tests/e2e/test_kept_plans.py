"""Plans that a team keeps: shared, decided, changed by two at once, closed; hostile words inert."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import openpyxl
from playwright.sync_api import Download, Page, expect

Visit = Callable[..., Any]
PHONE = {"viewport": {"width": 390, "height": 844}}
TRAP = (
    "<img src=//evil.invalid/q onerror=alert(1)> ![x](http://evil.invalid/p) $5 [c](javascript:a)"
)


def path_of(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


def new_plan(visit: Visit, sample: tuple[str, str], name: str) -> Any:
    """The Plans page of somebody who has just saved a plan of that name on the sample log."""
    owner = visit(f"/plan?log={sample[0]}")
    owner.figures()
    again = owner.page.get_by_role("button", name="Save as a new plan")
    owner.page.get_by_label("Name of the plan").fill(name)
    owner.page.get_by_label("Your name").fill("Ada")
    again.or_(owner.page.get_by_role("button", name="Save the plan", exact=True)).first.click()
    owner.page.get_by_text("/shared?plan=").first.wait_for()
    owner.go("Plans")
    return owner


def choose(owner: Any, name: str, tab: str) -> None:
    """Choose one plan by its name, and a tab of it."""
    box = owner.page.locator(".st-key-chosen-plans")
    box.wait_for()
    owner.settle()
    if "plan=" in owner.page.url:  # one is chosen already
        clear = box.locator('button[aria-label="Clear all"]')
        clear.click()
        expect(owner.page).not_to_have_url(re.compile("plan="))
        expect(clear).to_have_count(0)
        owner.settle()
    box.get_by_role("combobox").fill(name)
    owner.page.get_by_role("option", name=name, exact=True).first.click()
    owner.page.keyboard.press("Escape")
    owner.page.get_by_role("tab", name=tab, exact=True).click()
    owner.settle()


def make_link(owner: Any, kind: str) -> str:
    """A new link of that kind to the plan whose links are shown."""
    before = owner.page.get_by_text("/shared?plan=").all_inner_texts()
    owner.settle()  # a rerun on its way would take the choice back
    box = owner.page.get_by_role("combobox", name="Whoever has it may")
    box.click()
    owner.page.get_by_role("option", name=kind, exact=True).click()
    expect(box).to_have_value(kind)
    owner.page.get_by_role("button", name="Make a link").click()
    shown = owner.page.get_by_test_id("stCode").filter(has_text="/shared?plan=").first
    if before:
        expect(shown).not_to_have_text(before[0])
    shown.wait_for()
    owner.settle()
    return str(shown.inner_text().strip())


def download(page: Page, words: str) -> Download:
    with page.expect_download() as got:
        page.get_by_role("button", name=words).click()
    return got.value


def test_a_leader_reads_a_plan_on_a_phone_takes_it_along_and_approves(
    visit: Visit, sample: tuple[str, str]
) -> None:
    owner = new_plan(visit, sample, "For the board")
    choose(owner, "For the board", "Links")
    link = make_link(owner, "View, comment and approve")

    leader = visit(path_of(link), **PHONE)
    figures = leader.figures()
    assert figures["Cost per month"] in leader.heading()
    page = leader.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "nothing sticks out"
    for answer in ("How sure.", "Main risk.", "What it needs.", "By when."):
        expect(page.get_by_text(answer).first).to_be_visible()

    pdf = download(page, "One page (PDF)").path().read_bytes()
    assert pdf.startswith(b"%PDF-") and len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    book = openpyxl.load_workbook(io.BytesIO(download(page, "Workbook").path().read_bytes()))
    assert {"Summary", "Months"} <= set(book.sheetnames)
    rows = list(csv.DictReader(io.StringIO(download(page, "Table").path().read_text())))
    (bill,) = [row for row in rows if row["measure"] == "planned bill" and row["part"] == "plan"]
    assert f"${float(bill['central']):,.0f}" == figures["Cost per month"]

    page.get_by_label("Your name").fill("Grace")
    page.get_by_label("Note", exact=True).fill("Go ahead after the check.")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text("Approved by Grace").first).to_be_visible()
    expect(page.get_by_text("Go ahead after the check.").first).to_be_visible()

    owner.go("Workspace")
    expect(owner.page.get_by_role("heading").first).to_contain_text("approved plan")
    owner.go("Plans")
    choose(owner, "For the board", "As it reads")
    expect(owner.page.get_by_text("Approved by Grace").first).to_be_visible()


def test_two_editors_meet_and_both_changes_are_kept(visit: Visit, sample: tuple[str, str]) -> None:
    owner = new_plan(visit, sample, "Edited by two")
    choose(owner, "Edited by two", "Links")
    link = make_link(owner, "Edit")
    editors = [visit(path_of(link)), visit(path_of(link))]
    for editor, slider, name in zip(editors, (0, 1), ("Grace", "Alan"), strict=True):
        page = editor.page
        handle = page.get_by_test_id("stMain").get_by_role("slider").nth(slider)
        handle.wait_for()
        editor.settle()
        handle.press("End")
        expect(page.get_by_text("This would cost")).to_be_visible()
        editor.settle()
        page.get_by_label("Your name").last.fill(name)
        page.get_by_label("Why").fill(f"By {name}")
        page.get_by_role("button", name="Save as the next version").click()
        if name == "Grace":
            expect(page.get_by_text("version 2", exact=False).first).to_be_visible()
            editor.settle()
    page = editors[1].page
    expect(page.get_by_text("Grace saved version 2 while you worked on version 1")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Grace saved version 2 while you worked on version 1")).to_be_visible()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("By Grace\nBy Alan")
    editors[1].settle()
    page.get_by_role("button", name="Save as version 3").click()
    expect(page.get_by_text("version 3", exact=False).first).to_be_visible()
    ends = page.get_by_test_id("stMain").get_by_role("slider")
    expect(ends.nth(0)).to_have_value("50")
    expect(ends.nth(1)).to_have_value("50")

    owner.page.reload()
    owner.settle()
    choose(owner, "Edited by two", "Versions")
    for words in ("Version 3", "Version 2", "Version 1"):
        expect(owner.page.get_by_text(words).filter(visible=True).first).to_be_visible()


def test_a_closed_link_refuses_the_next_action_of_whoever_has_it_open(
    visit: Visit, sample: tuple[str, str]
) -> None:
    owner = new_plan(visit, sample, "Soon closed")
    choose(owner, "Soon closed", "Links")
    link = make_link(owner, "View, comment and approve")
    reader = visit(path_of(link))
    reader.figures()
    reader.page.get_by_label("Your name").fill("Grace")
    reader.page.get_by_label("Note", exact=True).fill("Too late")
    reader.settle()  # a rerun on its way would be refused before the click is
    owner.page.get_by_role("button", name=re.compile("^Close all")).click()
    expect(owner.page.get_by_text("0 open links")).to_be_visible()
    reader.page.get_by_role("button", name="Comment", exact=True).click()
    expect(reader.page.get_by_role("heading", name="This link opens nothing")).to_be_visible()
    expect(reader.page.get_by_test_id("stMetric")).to_have_count(0)


def test_hostile_words_in_every_field_stay_words(visit: Visit, sample: tuple[str, str]) -> None:
    name = f"{TRAP[:110]} {len(TRAP)}"
    owner = new_plan(visit, sample, name)
    page = owner.page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    owner.go("Workspace")
    page.get_by_text("People", exact=True).click()
    field = page.get_by_label("Name of this workspace")
    usual = field.input_value()
    field.fill(TRAP[:119])
    field.press("Enter")
    owner.settle()
    page.get_by_role("button", name="Rename").click()
    owner.settle()
    expect(page.get_by_text("onerror=alert").first).to_be_visible()
    owner.go("Plans")
    choose(owner, name, "Details")
    page.get_by_role("textbox", name="Tags").fill("<b>tag</b>, ![t](http://evil.invalid/t)")
    page.get_by_role("textbox", name="What it needs").fill(f"{TRAP}\n<script>alert(2)</script>")
    page.get_by_role("button", name="Save", exact=True).click()
    owner.settle()
    page.get_by_role("tab", name="Links", exact=True).click()
    link = make_link(owner, "Edit")

    reader = visit(path_of(link))
    reader.figures()
    theirs = reader.page
    theirs.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    theirs.get_by_label("Your name").first.fill(TRAP[:119])
    theirs.get_by_label("Note", exact=True).first.fill(f"{TRAP}\n<script>alert(3)</script>")
    theirs.get_by_role("button", name="Ask for changes").click()
    expect(theirs.get_by_text("Changes asked for by").first).to_be_visible()
    reader.settle()
    slider = theirs.get_by_test_id("stMain").get_by_role("slider").first
    slider.press("End")
    expect(theirs.get_by_text("This would cost")).to_be_visible()
    reader.settle()
    theirs.get_by_label("Your name").last.fill(TRAP[:119])
    theirs.get_by_label("Why").fill(TRAP)
    theirs.get_by_role("button", name="Save as the next version").click()
    expect(theirs.get_by_text("version 2", exact=False).first).to_be_visible()
    reader.settle()
    for visitor in (reader, visit(path_of(link) + "&embed=true")):
        shown = visitor.page
        expect(shown.get_by_test_id("stMetric").first).to_be_visible()
        assert shown.locator("[src*='evil'], [href*='evil'], [href^='javascript']").count() == 0

    owner.page.reload()
    owner.settle()
    for tab in ("Versions", "Links", "Details", "As it reads"):
        choose(owner, name, tab)
        found = page.locator("[src*='evil'], [href*='evil'], [href^='javascript']")
        assert not [each.evaluate("e => e.outerHTML") for each in found.all()], tab
    owner.go("Workspace")
    page.get_by_text("Record of changes", exact=True).click()
    owner.settle()
    page.get_by_text("People", exact=True).click()
    field = page.get_by_label("Name of this workspace")
    field.fill(usual)
    field.press("Enter")
    owner.settle()
    page.get_by_role("button", name="Rename").click()
    owner.settle()
    assert not asked, "a script ran"
    # `visit` fails the test if anything was requested from another host.
