import numpy as np
import pytest

from core.complexity.training.evaluate import Report, evaluate

from ..conftest import World


@pytest.fixture(scope="module")
def report(world: World) -> Report:
    return evaluate(world.folder, level_sd=1.5, draws=40, seed=0)


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
        assert oracle.apgr > item.text.apgr


def test_a_readable_difficulty_tells_what_the_cheap_models_answer(report):
    aucs = [item.text.auc for item in report.datasets.values()]
    assert min(aucs) > 0.5
    assert np.mean(aucs) > 0.6


def test_intervals_hold_their_figures(report):
    for item in report.datasets.values():
        for name in ("apgr", "auc", "cpt50"):
            low, high = item.text.intervals[name]
            assert low - 0.02 <= getattr(item.text, name) <= high + 0.02


def test_qualities_are_the_mean_scores_of_the_sides(report):
    exam = report.datasets["exam"]
    assert 0 < exam.cheap_quality < exam.strong_quality < 1
    assert exam.stated is not None
    assert 0 <= exam.stated.ece < 0.4


def test_another_run_gives_the_same_report(report, world: World):
    assert evaluate(world.folder, level_sd=1.5, draws=40, seed=0) == report


def test_three_tiers_are_measured_where_all_are_priced(report):
    tiers = report.datasets["exam"].three_tiers
    assert tiers is not None and tiers.n == 100  # fifty answers told the abilities
    assert tiers.alone[0] < tiers.alone[1] < tiers.alone[2] < tiers.oracle
    assert tiers.lift.keys() == {"text", "random", "length", "litellm_v1"}
    assert abs(tiers.lift["random"]) < 0.03, "noise gains nothing over the mixing line"


def test_the_mean_gain_of_topics_is_a_control_of_mixed_sets_only(report):
    assert "by_topic" in report.datasets["llmrouter_dc"].controls
    assert "by_topic" not in report.datasets["exam"].controls


def test_fifty_answers_of_an_unseen_model_tell_its_share(report):
    unseen = report.datasets["exam"].unseen
    assert unseen.models == 12
    assert unseen.error < 0.1 and unseen.covered > 0.7
    assert unseen.brier < 0.25


def test_stated_chances_stand_beside_a_constant_and_their_table(report):
    stated = report.datasets["exam"].stated
    assert stated.answers == 300  # two cheap models
    assert 0 < stated.brier < 0.4 and 0 < stated.brier_constant <= 0.25
    assert sum(row.answers for row in stated.table) == 300
