import numpy as np
import pytest

from core.complexity.training import own_traffic as module
from core.complexity.training.outcomes import read_benchmark, read_training
from core.complexity.training.own_traffic import ALL, OwnTraffic, own_traffic
from core.complexity.training.train import learn

from ..conftest import World


def curves(world: World) -> list[OwnTraffic]:
    """What `evaluate` asks for, with the sets' own lessons."""
    training, benchmark = read_training(world.folder), read_benchmark(world.folder)
    full = learn(training)
    names = ("llmrouter_dc", "exam")
    lessons = {name: learn(training.without(name), full.rasch) for name in names}
    return own_traffic(training, benchmark, lessons | {ALL: full}, level_sd=1.5, draws=2)


@pytest.fixture
def pair(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    chosen = world.models[3], world.models[11]
    monkeypatch.setattr(module, "PAIRS", {"llmrouter_dc": chosen, "mmlu": chosen, "none": chosen})
    return chosen


def test_sets_are_taken_for_logs_of_clusters_and_of_their_own_subjects(world, pair):
    found = curves(world)
    kinds = {(item.name, item.segments) for item in found}
    assert kinds == {
        ("llmrouter_dc", "clusters"), ("llmrouter_dc", "tags"), ("mmlu", "clusters"),
    }  # fmt: skip
    mixed = next(item for item in found if item.segments == "tags")
    assert mixed.queries == 300 and not mixed.benchmark
    assert [point.labels for point in mixed.curve] == [50, 200]
    assert all(np.isfinite(point.apgr) and point.apgr_sd >= 0 for point in mixed.curve)
    assert mixed.read_interval[0] < mixed.read < mixed.read_interval[1]
    assert next(item for item in found if item.name == "mmlu").benchmark


def test_the_same_folder_gives_the_same_figures(world, pair):
    assert curves(world) == curves(world)


def test_a_pair_that_was_not_measured_is_passed_over(world, monkeypatch):
    monkeypatch.setattr(module, "PAIRS", {"exam": ("nobody", world.models[3])})
    assert curves(world) == []
