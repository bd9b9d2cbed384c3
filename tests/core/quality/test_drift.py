import numpy as np
import pytest

from core.quality.drift import drift
from core.quality.stability import stability
from core.quality.topic_drift import NewTopic, TopicDrift

from ..workload.conftest import make_workload, row


def workload(difficulty: list[float], segments: list[str] | None = None):  # type: ignore[no-untyped-def]
    names = segments or ["chat"] * len(difficulty)
    rows = [row(str(n), segment=name) for n, name in enumerate(names)]
    return make_workload(rows, difficulty)


def test_the_index_is_the_textbook_one() -> None:
    # two parts, 50/50 against 80/20: .3 ln 1.6 + (-.3) ln .4
    found = stability(np.array([5e6, 5e6]), np.array([8e6, 2e6]))
    assert found == pytest.approx(0.3 * np.log(1.6) - 0.3 * np.log(0.4), abs=1e-4)
    assert stability(np.array([3.0, 4.0]), np.array([300.0, 400.0])) < 0.01


def test_the_same_traffic_has_not_moved() -> None:
    dice = np.random.default_rng(1)
    found = drift(*(workload(dice.normal(0, 2, 3_000).tolist()) for _ in range(2)))
    assert found.extent == "none" and found.new_segments == ()


def test_harder_traffic_and_new_segments_are_seen() -> None:
    dice = np.random.default_rng(2)
    before = workload(dice.normal(0, 2, 2_000).tolist())
    harder = workload(dice.normal(1.5, 2, 2_000).tolist())
    assert drift(before, harder).extent == "large"
    half = ["chat", "legal"] * 1_000
    found = drift(before, workload(dice.normal(0, 2, 2_000).tolist(), half))
    assert found.new_segments == ("legal",) and found.new_share == pytest.approx(0.5)
    assert found.difficulty < 0.1 < found.segments


def test_where_segments_are_clusters_the_topics_speak_for_them() -> None:
    dice = np.random.default_rng(3)
    before, now = (
        workload(dice.normal(0, 2, 2_000).tolist(), [name] * 2_000) for name in ("a, b", "c, d")
    )
    moved = TopicDrift(0.4, (NewTopic("invoice, tax", 0.3),))
    found = drift(before, now, topics=moved, named=False)
    assert found.segments is None and found.new_segments == () and found.extent == "large"
    assert drift(before, now, named=False).extent == "none"
