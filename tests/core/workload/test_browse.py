from pathlib import Path

import pytest

from core.complexity.classifier import Classifier
from core.workload import scores as scores_module
from core.workload.browse import Hits, find_queries
from core.workload.notes import Notes
from core.workload.scores import score_log

from .conftest import row, write_log

ROWS = [
    row("a", text="Reset my PASSWORD", segment="account"),
    row("b", text="Translate this", segment=None),
    row("c", text=None),
    row("d", text="password of the failed call", status="error"),
    row("e", text="100% of (passwords) [leak]"),
    row("f", text="Prove the theorem"),
]
DIFFICULTY = [-6.0, -6.0, -6.0, -6.0, -6.0, 6.0]


@pytest.fixture
def log(tmp_path: Path, classifier: Classifier) -> Path:
    write_log(tmp_path, ROWS, DIFFICULTY, classifier)
    return tmp_path


def ids(hits: Hits) -> list[str]:
    return [found.request_id for found in hits.rows]


def test_queries_are_found_by_tier(log: Path, classifier: Classifier) -> None:
    simple = find_queries(log, classifier, Notes(), "simple", "", limit=10)
    assert (ids(simple), simple.total) == (["a", "b", "e"], 3)  # without text or failed: not shown
    assert (simple.rows[0].segment, simple.rows[0].text) == ("account", "Reset my PASSWORD")
    assert simple.rows[1].segment is None and not simple.rows[0].corrected
    assert ids(find_queries(log, classifier, Notes(), "complex", "", limit=10)) == ["f"]
    assert find_queries(log, classifier, Notes(), "medium", "", limit=10) == Hits((), 0)


def test_queries_of_a_log_without_text_are_shown_by_their_sizes(
    tmp_path: Path, classifier: Classifier
) -> None:
    rows = [
        row("a", text=None, text_chars=0, input_tokens=1_234, output_tokens=56),
        row("b", text=None, text_chars=0, output_tokens=None),
        row("c", text=None, text_chars=0, status="error"),
    ]
    queries, scores = write_log(tmp_path, rows, [0.0] * 3, classifier)
    score_log(queries, scores, classifier)
    hard = find_queries(tmp_path, classifier, Notes(), "complex", "", limit=10)
    assert [found.text for found in hard.rows] == [
        "(no text) tokens in: 1,234, out: 56",
        "(no text) tokens in: 1,000, out: unknown",
    ]
    assert find_queries(tmp_path, classifier, Notes(), "complex", "56", limit=10) == Hits((), 0)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("password", ["a", "e"]),
        ("  PassWord ", ["a", "e"]),
        ("   ", ["a", "b", "e"]),
        ("(passwords) [", ["e"]),  # as it stands, not a pattern
        ("100%", ["e"]),
        (".*", []),
    ],
)
def test_queries_are_found_by_words_in_any_case(
    log: Path, classifier: Classifier, words: str, expected: list[str]
) -> None:
    hits = find_queries(log, classifier, Notes(), "simple", words, limit=10)
    assert (ids(hits), hits.total) == (expected, len(expected))


def test_corrected_queries_come_first_in_their_new_tier(log: Path, classifier: Classifier) -> None:
    notes = Notes(corrections={"e": "complex", "f": "complex", "b": "simple"})
    hard = find_queries(log, classifier, notes, "complex", "", limit=10)
    assert [(f.request_id, f.corrected, f.tier) for f in hard.rows] == [
        ("e", True, "complex"), ("f", True, "complex"),
    ]  # fmt: skip
    simple = find_queries(log, classifier, notes, "simple", "", limit=10)
    assert [(f.request_id, f.corrected) for f in simple.rows] == [("b", True), ("a", False)]


def test_chunks_make_no_difference(
    log: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = Notes(corrections={"e": "complex"})
    at_once = find_queries(log, classifier, notes, "simple", "", limit=10)
    monkeypatch.setattr(scores_module, "CHUNK_ROWS", 2)
    assert find_queries(log, classifier, notes, "simple", "", limit=10) == at_once


@pytest.mark.parametrize("count", [1, 9, 10, 11, 1_009])
def test_as_many_as_wished_are_shown_from_all_over_the_log(
    tmp_path: Path, classifier: Classifier, count: int
) -> None:
    rows = [row(f"{i:05}") for i in range(count)]
    write_log(tmp_path, rows, [-6.0] * count, classifier)
    hits = find_queries(tmp_path, classifier, Notes(), "simple", "", limit=10)
    assert hits.total == count
    assert len(set(ids(hits))) == min(count, 10)
    assert ids(hits) == sorted(ids(hits))
    if count > 10:
        assert int(ids(hits)[-1]) >= count * 0.9 - 1
