"""Whatever is dropped: one clear line or a readable log, and the app goes on."""

import gzip
import random
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

GOOD = "query,input_tokens,cost\nWhere is my order?,10,0.1\n"
XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
NOISE = random.Random(1).randbytes(5_000)

# name of the file, its content, and a word of the refusal, or how many queries are read
CASES: dict[str, tuple[str, str | bytes, str | int]] = {
    "empty": ("a.csv", "", "empty"),
    "wrong extension": ("a.pdf", b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    "an old Excel file": ("a.xls", XLS, ".xls"),
    "no text column": ("b.csv", "colour,size\nred,1\nblue,2\n", "No column holds"),
    "one row": ("c.csv", GOOD, 1),
    "tokens that are NaN": ("d.csv", GOOD + "hello,NaN,1\nhi there,many,1\n", 3),
    "negative cost": ("e.csv", GOOD + "hello,5,-0.1\nhi,5,0.1\n", 2),
    "mixed types": ("f.jsonl", '{"query":"a b","cost":5}\n{"query":7,"cost":"x"}', 2),
    "a broken JSON line": ("g.jsonl", '{"query": "a b"}\n{oops\n{"query": "c d"}\n', 2),
    "a cell of 10 MB": ("h.csv", GOOD + '"' + "long words " * 950_000 + '",5,0.1\n', 2),
    "binary": ("i.csv", NOISE, "binary"),
    "a cut gzip": ("j.csv.gz", gzip.compress(GOOD.encode() * 999)[:-20], "ends early"),
    "an image called .csv": ("k.csv", PNG, "PNG"),
    "a single JSON value": ("l.json", "42", "single JSON value"),
    "ragged rows": ("m.csv", GOOD + "a,b\nhello,5,1,1,1\nhi,6,0.1\n", 2),
    "only a header": ("n.csv", "query,model\n", "header but no rows"),
    "UTF-16": ("o.csv", (GOOD + "größer?,5,1\n").encode("utf-16"), 2),
    "repeated headers": ("p.csv", "query,query,input_tokens\nfirst one,second one,5\n", 1),
    "dates to come": ("q.csv", "query,date\na b,2999-01-01\na b,2026-10-05\n", 2),
    "a lone quotation mark": ("r.csv", 'query,n\n"oops,1\n' + "row,2\n" * 4_000, "unclosed"),
}  # fmt: skip


assert len(CASES) == 20


def test_twenty_kinds_of_bad_input_in_one_sitting(
    visit: Callable[..., Any], chat_log: Callable[..., str]
) -> None:
    visitor = visit("/")
    page = visitor.page
    visitor.drop("kept.csv", chat_log(about=" kept"))
    visitor.press("read")
    visitor.press("close")
    for case, (name, content, outcome) in CASES.items():
        visitor.drop(name, content)
        if isinstance(outcome, int):
            visitor.press("read")
            heading = page.get_by_role("heading", name=f"{outcome} quer")
            expect(heading, case).to_be_visible(timeout=30_000)
            visitor.press("close")
        else:
            refusal = refused(page, outcome, case)
            assert "\n" not in refusal and 10 < len(refusal) < 400, (case, refusal)
            visitor.press("another")
        page.locator(".st-key-sample").wait_for()
        expect(page.get_by_test_id("stException")).to_have_count(0)
    page.get_by_text("older").last.click()
    expect(page.get_by_text("kept.csv: 120 queries")).to_be_visible()


def refused(page: Page, word: str, case: str) -> str:
    """The line that refuses a file: at once, or when it is read as its columns were guessed."""
    line = page.get_by_test_id("stAlert")
    read = page.locator(".st-key-read button")
    if read.count():
        read.click()
    found = line.filter(has_text=word).first
    expect(found, case).to_be_visible(timeout=30_000)
    return found.get_by_test_id("stMarkdownContainer").inner_text().strip()
