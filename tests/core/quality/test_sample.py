from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.quality.sample import Frame, draw_sample, draw_where, frame_of
from core.workload.placing import Placing

from ..workload.conftest import make_classifier, row, write_log


def frame(tokens: list[float], segments: int = 3) -> Frame:
    n = len(tokens)
    dice = np.random.default_rng(1)
    return Frame(
        np.arange(n) * 2, np.arange(n) % segments, dice.normal(0, 2, n), np.array(tokens), 2 * n
    )


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(1, 1e5), min_size=1, max_size=300), st.integers(1, 400), st.integers(0, 9)
)
def test_weights_speak_for_the_whole_frame(tokens: list[float], size: int, seed: int) -> None:
    sample = draw_sample(frame(tokens), size, seed)
    assert len(sample.row) == pytest.approx(min(size, len(tokens)), abs=1)
    assert (sample.weight >= 1 - 1e-9).all()
    assert (np.diff(sample.row) > 0).all()
    assert draw_sample(frame(tokens), size, seed).row.tolist() == sample.row.tolist()


def test_estimates_from_many_samples_are_unbiased() -> None:
    here = frame(np.random.default_rng(2).lognormal(6, 1, 500).tolist())
    count, total = [], []
    for seed in range(300):
        sample = draw_sample(here, 60, seed)
        count.append(sample.weight.sum())
        total.append(float(sample.weight @ here.tokens[sample.row // 2]))
    assert np.mean(count) == pytest.approx(500, rel=0.02)
    assert np.mean(total) == pytest.approx(here.tokens.sum(), rel=0.02)
    assert np.std(total) < 0.25 * here.tokens.sum()


def test_every_segment_gets_its_share() -> None:
    here = frame([100.0] * 300)
    sample = draw_sample(here, 30, 0)
    counts = np.bincount(here.segment[sample.row // 2])
    assert counts.min() >= 9 and counts.max() <= 11


def test_what_was_drawn_before_is_not_drawn_again() -> None:
    here = frame([100.0] * 50)
    first = draw_sample(here, 20, 0)
    then = draw_sample(here, 20, 0, without=first.row)
    assert not set(first.row) & set(then.row)
    with pytest.raises(BadInput, match="no query"):
        draw_sample(here, 5, 0, without=here.row)


def test_only_queries_that_stand_alone_are_replayed(tmp_path: Path) -> None:
    rows = [
        row("1"),
        row("2", text=None),
        row("3", turns=7),
        row("4", status="error"),
        row("5", turns=2),
    ]
    classifier = make_classifier()
    queries, scores = write_log(tmp_path, rows, [0.0] * 5, classifier)
    found = frame_of(queries, scores, Placing(classifier))
    assert found.row.tolist() == [0, 4]
    assert found.covered == 0.5  # of the four that went well


def test_queries_can_be_drawn_where_they_tell_most() -> None:
    here = Frame(**{**vars(frame([100.0] * 300)), "names": ("a", "b", "c")})
    sample = draw_where(here, {"a": 20, "c": 5, "gone": 9}, seed=0)
    segment = here.segment[sample.row // 2]
    assert np.bincount(segment, minlength=3).tolist() == [20, 0, 5]
    # each segment is spoken for by its own
    assert sample.weight[segment == 0].sum() == pytest.approx(100)
    assert sample.weight[segment == 2].sum() == pytest.approx(100)
    more = draw_where(here, {"a": 20}, seed=0, without=sample.row)
    assert not set(more.row) & set(sample.row)
    with pytest.raises(BadInput, match="no query is left"):
        draw_where(here, {"gone": 5}, seed=0)
