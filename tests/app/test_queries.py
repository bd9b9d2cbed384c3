"""Queries: the shares of the tiers, examples as plain text, and corrections."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from streamlit.testing.v1 import AppTest

from app.parts.wording import share
from core.complexity.classifier import load_classifier
from core.complexity.sorting import usual_cuts
from core.workload.grid import binned

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Rows = list[dict[str, object]]


def counts(rows: Rows) -> list[int]:
    """Queries per tier, counted one by one from their texts and the two cuts."""
    classifier = load_classifier()
    first, second = usual_cuts(classifier)
    found = classifier.difficulty(pa.array([str(r["prompt"]) for r in rows]))
    found = binned(found)  # a plan cuts between bins, and so does every count
    simple, complex_ = int((found < first).sum()), int((found >= second).sum())
    return [simple, len(rows) - simple - complex_, complex_]


def test_the_page_waits_for_a_log_and_then_for_sorting(open_app: Open) -> None:
    assert len(open_app("queries").get("page_link")) == 1
    app = open_app("queries", "unsorted")
    assert [b.key for b in app.button] == ["sort"]
    assert not app.metric


def test_sorting_from_the_page_gives_the_shares(open_app: Open, at_once: None) -> None:
    app = open_app("queries", "unsorted")
    app.button(key="sort").click().run()
    assert not app.exception
    assert len(app.metric) == 3


def test_the_shares_are_those_of_the_single_queries(
    open_app: Open, words: Words, rows: Rows
) -> None:
    app = open_app("queries", "sorted")
    for metric, count in zip(app.metric, counts(rows), strict=True):
        assert metric.value == share(count / 300)
        assert f"{count:,} queries" in metric.delta
    assert sum(counts(rows)) == 300 and min(counts(rows)[:2]) > 0


def test_spend_by_tier_adds_up_to_the_log(open_app: Open, words: Words, rows: Rows) -> None:
    app = open_app("queries", "sorted")
    said = [float(c.value.split("%")[0]) for c in app.caption if "of spend" in c.value]
    assert len(said) == 3 and abs(sum(said) - 100) <= 1.5
    assert "of spend" not in words(open_app("queries", "unpriced"))


def test_a_hostile_query_is_only_ever_plain_text(open_app: Open, trap: str) -> None:
    app = open_app("queries", "sorted")
    (search,) = [t for t in app.text_input if t.label.startswith("Search")]
    search.set_value("evil.invalid").run()
    shown = [t.value for t in app.text]
    if trap not in shown:  # it lies in another tier than the open one
        shown += texts_of_every_tier(app)
    assert trap in shown
    rendered = [*app.markdown, *app.caption, *app.header, *app.subheader, *app.info]
    assert not any("evil" in element.value for element in rendered)


def texts_of_every_tier(app: AppTest) -> list[str]:
    found = []
    for label in ("Simple", "Medium", "Complex"):
        app.session_state["example-tier"] = label
        found += [t.value for t in app.run().text]
    return found


def test_correcting_a_query_moves_it_to_the_other_tier(
    open_app: Open, at_once: None, rows: Rows, home: Path
) -> None:
    app = open_app("queries", "sorted")
    simple, medium, complex_ = counts(rows)
    box = next(s for s in app.selectbox if s.label == "Tier" and s.value == "simple")
    request_id = str(box.key).rsplit("-", 2)[1]
    box.select("complex").run()
    assert not app.exception
    now = [int(m.delta.split(", ")[1].split()[0]) for m in app.metric]
    assert now == [simple - 1, medium, complex_ + 1]
    (notes,) = home.glob("logs/*/notes.json")
    assert json.loads(notes.read_text())["corrections"] == {request_id: "complex"}


def test_a_simple_rule_sorts_instead_and_back_again(open_app: Open, at_once: None) -> None:
    app = open_app("queries", "sorted")
    before = [metric.value for metric in app.metric]
    (choice,) = [r for r in app.radio if r.label == "Sort by"]
    choice.set_value("length").run()
    assert not app.exception
    assert app.header[0].value.startswith("By length alone")
    assert any("200 characters" in caption.value for caption in app.caption)
    (choice,) = [r for r in app.radio if r.label == "Sort by"]
    choice.set_value("text").run()
    assert [metric.value for metric in app.metric] == before


def test_outcomes_that_belong_to_no_query_are_refused_in_one_line(
    open_app: Open, at_once: None
) -> None:
    app = open_app("queries", "sorted")
    (upload,) = app.get("file_uploader")
    upload.set_value(("own.csv", b"request_id,model,score\nnobody,m,1\n", "text/csv")).run()
    assert not app.exception
    assert "none of the 1 outcomes belongs" in app.error[0].value


def test_outcomes_teach_and_can_be_forgotten(
    open_app: Open, at_once: None, words: Words, rows: Rows
) -> None:
    app = open_app("queries", "sorted")
    before = [metric.value for metric in app.metric]
    answered = [(r["request_id"], m) for r in rows[:220] for m in ("gpt-4o-mini", "gpt-4o")]
    lines = [f"{query},{model},0" for query, model in answered]
    (upload,) = app.get("file_uploader")
    content = ("request_id,model,score\n" + "\n".join(lines)).encode()
    upload.set_value(("own.csv", content, "text/csv")).run()
    assert not app.exception
    assert "220 queries had outcomes of several models" in words(app)
    assert [metric.value for metric in app.metric] != before
    app.button(key="forget-outcomes").click().run()
    assert [metric.value for metric in app.metric] == before
