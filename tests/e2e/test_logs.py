"""Logs as the tools write them: calls of an observability tool, sums of a provider, no texts."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

Visit = Callable[..., Any]
ChatLog = Callable[..., str]

SUMS = (
    "start_time,end_time,project_id,num_model_requests,model,input_tokens,output_tokens,"
    "input_cached_tokens\n"
    "1791158400,1791244800,proj_a,1200,gpt-4o-2024-08-06,2000000,100000,0\n"
    "1791244800,1791331200,proj_a,800,gpt-4o-2024-08-06,1000000,100000,0\n"
)


def observations() -> str:
    """Thirty generations of Langfuse, each under a span, every tenth failed."""
    rows = []
    for n in range(30):
        span = {"id": f"s{n}", "traceId": f"t{n}", "type": "SPAN", "name": "support"}
        call = {
            "id": f"g{n}",
            "traceId": f"t{n}",
            "parentObservationId": f"s{n}",
            "type": "GENERATION",
            "name": "answer",
            "startTime": f"2026-10-{n % 28 + 1:02d}T08:00:00.000Z",
            "level": "ERROR" if n % 10 == 9 else "DEFAULT",
            "model": "gpt-4o-2024-08-06",
            "input": [
                {"role": "system", "content": "You are the help desk of a shop."},
                {"role": "user", "content": f"Where is parcel {n}? Write to ann@shop.example."},
            ],
            "usageDetails": {"input": 1000, "output": 100, "total": 1100},
            "costDetails": {"input": 0.0025, "output": 0.001, "total": 0.0035},
        }
        rows += [span, call]
    return "\n".join(map(json.dumps, rows))


def test_an_export_is_known_by_its_content_and_needs_no_mapping(visit: Visit) -> None:
    manager = visit("/")
    manager.drop("download (3).txt", observations())
    assert "Langfuse" in manager.heading()
    manager.press("read")
    expect(manager.page.get_by_role("heading").first).to_contain_text("27 queries")
    assert manager.figures()["Input tokens"] == "27,000"
    assert manager.figures()["Cost in the log"] == "$0.09"
    manager.sort()
    manager.page.get_by_text("<EMAIL>").first.wait_for()
    expect(manager.page.get_by_text("shop.example")).to_have_count(0)
    manager.go("Plan")
    assert "a month" in manager.heading()


def test_a_summary_gives_a_baseline_and_every_other_page_says_why_not_more(visit: Visit) -> None:
    leader = visit("/")
    leader.drop("usage.csv", SUMS)
    leader.press("read")
    expect(leader.page.get_by_role("heading").first).to_contain_text("2,000 calls")
    # 3 M tokens in at $2.50 and 0.2 M out at $10
    assert leader.figures()["Cost in the log"] == "$9.50"
    for title in ("Queries", "Plan", "Savings"):
        leader.go(title)
        leader.page.get_by_text("This log is a summary").first.wait_for()


def test_without_texts_the_queries_are_sorted_by_size_and_nothing_of_them_is_shown(
    visit: Visit, chat_log: ChatLog
) -> None:
    careful = visit("/")
    careful.drop("october.csv", chat_log(about=" secret"))
    careful.page.get_by_text("Keep no text at all").click()
    careful.settle()
    careful.press("read")
    expect(careful.page.get_by_role("heading").first).to_contain_text("120 queries")
    careful.sort()
    assert careful.heading().startswith("By size alone")
    expect(careful.page.get_by_text("secret")).to_have_count(0)
    careful.go("Plan")
    careful.page.get_by_text("rests on size only").first.wait_for()
