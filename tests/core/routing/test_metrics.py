import numpy as np
import pytest

from core.routing.metrics import Confusion, aiq, confusion_of, delta_ibc, router_arena_score


def test_aiq_is_that_of_the_paper() -> None:
    assert aiq((0.1, 0.5, 1.0), (0.60, 0.75, 0.80)) == pytest.approx(0.7306, abs=5e-5)
    # what is dearer and worse changes nothing below it, and the hull is extended flat
    assert aiq((0.1, 0.5, 1.0), (0.60, 0.75, 0.70)) == pytest.approx(
        (0.4 * 0.675 + 0.5 * 0.75) / 0.9
    )
    assert aiq((1.0, 1.0), (0.5, 0.7)) is None


def test_the_benefit_per_cost_is_that_of_automix() -> None:
    assert delta_ibc((1, 0.60), (50, 0.80), (20, 0.75)) == pytest.approx(0.934, abs=5e-4)
    chord = delta_ibc((1, 0.60), (50, 0.80), (25.5, 0.70))
    assert chord == pytest.approx(0.0, abs=1e-12)
    assert delta_ibc((1, 0.60), (50, 0.80), (1, 0.75)) is None


@pytest.mark.parametrize(
    ("accuracy", "usd", "score"),
    [(0.7282, 0.22, 0.7186), (0.7976, 0.70, 0.7621), (0.7059, 0.10, 0.7062)],
)
def test_the_arena_score_is_the_published_one(accuracy: float, usd: float, score: float) -> None:
    assert router_arena_score(accuracy, usd) == pytest.approx(score, abs=5e-5)


def test_sent_too_low_and_too_high_are_counted_apart() -> None:
    pi = np.array([0.6, 0.3, 0.1])
    sent = np.array([[0.90, 0.08, 0.02], [0.20, 0.70, 0.10], [0.10, 0.30, 0.60]])
    success = np.array([[0.95, 0.97, 0.98], [0.60, 0.92, 0.95], [0.20, 0.50, 0.90]])
    found = Confusion(pi[:, None] * sent)
    assert found.quality(success) == pytest.approx(0.90002)
    assert (found.sent_too_low, found.sent_too_high) == (pytest.approx(0.10), pytest.approx(0.09))
    assert found.shares.sum(axis=0) == pytest.approx([0.610, 0.288, 0.102])
    perfect = Confusion(np.diag(pi))
    assert perfect.quality(success) == pytest.approx(0.936)
    assert (perfect.sent_too_low, perfect.sent_too_high) == (0.0, 0.0)


def test_a_table_counts_queries() -> None:
    found = confusion_of(np.array([0, 0, 1, 2]), np.array([0, 1, 0, 2]))
    assert (found.sent_too_low, found.sent_too_high) == (0.25, 0.25)
