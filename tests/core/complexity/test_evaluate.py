import numpy as np
import pytest

from core.complexity.evaluate import Report, evaluate

from .conftest import World


@pytest.fixture(scope="module")
def report(world: World) -> Report:
    return evaluate(world.folder, draws=40, seed=0)


def test_every_set_task_and_benchmark_is_reported(report):
    assert set(report.datasets) == {
        "arena_bench_v1",
        "exam",
        "quiz",
        "llmrouter_dc",
        "llmrouter_dc/gsm8k",
        "llmrouter_dc/math",
        "mmlu",
    }
    assert [name for name, item in report.datasets.items() if item.benchmark] == ["mmlu"]
    assert report.datasets["llmrouter_dc"].n == 300


def test_the_controls_stand_where_they_must(report):
    for item in report.datasets.values():
        random, oracle = item.controls["random"], item.controls["oracle"]
        assert random.apgr == pytest.approx(0.5, abs=0.06)
        low, high = random.apgr_interval
        assert low < random.apgr < high
        assert oracle.apgr > item.apgr


def test_a_readable_difficulty_tells_what_the_cheap_models_answer(report):
    aucs = [item.auc for item in report.datasets.values()]
    assert min(aucs) > 0.5
    assert np.mean(aucs) > 0.6


def test_intervals_hold_their_figures(report):
    for item in report.datasets.values():
        for name in ("apgr", "auc", "cpt50"):
            low, high = item.intervals[name]
            assert low - 0.02 <= getattr(item, name) <= high + 0.02


def test_qualities_are_the_mean_scores_of_the_sides(report):
    exam = report.datasets["exam"]
    assert 0 < exam.cheap_quality < exam.strong_quality < 1
    assert exam.ece is not None
    assert 0 <= exam.ece < 0.4


def test_another_run_gives_the_same_report(report, world: World):
    assert evaluate(world.folder, draws=40, seed=0) == report
