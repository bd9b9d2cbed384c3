from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest

from core.complexity.classifier import load_classifier
from core.errors import BadInput
from core.logs.log import Grain, Log
from core.logs.mapping import Mapping
from core.workload.grains import basis_cautions, grain_words, need_requests, page_use, page_uses

GRAINS: tuple[Grain, ...] = get_args(Grain)
PAGES = ["Log", "Queries", "Models", "Plan", "Savings", "Fine-tuning", "Evidence"]

SUMMARY = Log(
    digest="0" * 16,
    name="usage.csv",
    source="some_usage",
    grain="aggregate",
    rows=3,
    rows_kept=3,
    dropped={},
    failed={},
    failed_usd=0.0,
    passed_over={},
    requests=4_500,
    repeats=None,
    sessions=None,
    models={"gpt-4o": 4_500},
    segments={},
    input_tokens=1,
    cache_read_tokens=0,
    cache_write_tokens=0,
    reasoning_tokens=0,
    output_tokens=1,
    input_tokens_estimated=0,
    output_tokens_estimated=0,
    logged_cost_usd=None,
    rows_with_cost=0,
    first_time=None,
    last_time=None,
    rows_with_time=0,
    days=None,
    redactions={},
    warnings=(),
    mapping=Mapping(),
    imported_at=datetime(2026, 11, 1, tzinfo=UTC),
)


@pytest.mark.parametrize("grain", GRAINS)
def test_every_page_says_what_it_can_do_with_every_grain(grain: Grain) -> None:
    uses = page_uses(grain)
    assert [use.page for use in uses] == PAGES
    assert all(use.words.endswith(".") for use in uses) and grain_words(grain).endswith(".")
    assert all(page_use(grain, use.page) == use for use in uses)


def test_a_log_with_text_can_do_everything_and_a_summary_has_the_baseline_only() -> None:
    extents = {g: {u.page: u.extent for u in page_uses(g)} for g in GRAINS}
    assert set(extents["request_text"].values()) == {"full"}
    assert extents["request_notext"]["Queries"] == extents["request_notext"]["Plan"] == "rough"
    assert extents["request_notext"]["Log"] == extents["aggregate"]["Log"] == "full"
    assert {extents["aggregate"][page] for page in ("Queries", "Plan", "Savings")} == {"none"}


def test_a_summary_is_refused_in_one_line_with_what_it_is_good_for() -> None:
    with pytest.raises(BadInput) as refused:
        need_requests(SUMMARY)
    words = str(refused.value)
    assert words.startswith("usage.csv: this log is a summary: its 3 rows add up 4,500 calls")
    assert "tierwise inspect" in words and "export single calls" in words and "\n" not in words


@pytest.mark.parametrize("grain", ["request_text", "request_notext"])
def test_single_calls_are_never_refused(grain: Grain) -> None:
    need_requests(replace(SUMMARY, grain=grain))


def test_cautions_are_for_sizes_only_and_state_the_measured_figures() -> None:
    classifier = load_classifier()
    assert basis_cautions(classifier, "text") == []
    words = " ".join(basis_cautions(classifier, "size"))
    figure = classifier.metrics["left_out_rank_correlation_of_size"]
    assert words.startswith("Sorted by size only: ") and f"correlation of {figure:.2f}" in words
    assert f"{classifier.rough.level_sd:.1f} logits" in words
    bare = " ".join(basis_cautions(replace(classifier, metrics={}), "size"))
    assert bare.startswith("Sorted by size only: ") and "correlation" not in bare
