import numpy as np
import pyarrow as pa
import pytest

from core.complexity.features import NAMES
from core.complexity.training.train import train
from core.errors import BadInput

from ..conftest import ABILITIES, NUMBER_WEIGHT, World


def test_the_weight_of_numbers_comes_back_and_the_others_stay_small(trained):
    weights = dict(zip(NAMES, trained.classifier.reading.weights, strict=True))
    # The penalty takes a part of it.
    assert 0.5 * NUMBER_WEIGHT < weights.pop("numbers") < 1.1 * NUMBER_WEIGHT
    assert max(abs(weight) for weight in weights.values()) < 0.5 * NUMBER_WEIGHT


def test_the_level_is_that_of_the_real_user_prompts(trained, world: World):
    texts = [text for text in world.difficulty if text.startswith("arena_bench_v1")]
    truth = np.mean([world.difficulty[text] for text in texts])
    read = trained.classifier.difficulty(pa.array(texts))
    # Abilities and levels are known up to a common shift.
    shift = np.mean([item.ability for item in trained.abilities]) - ABILITIES.mean()
    assert read.mean() == pytest.approx(truth + shift, abs=0.25)


def test_the_spread_is_what_the_text_leaves_unknown(trained):
    assert trained.classifier.spread == pytest.approx(1.0, abs=0.2)


def test_text_orders_the_questions_of_units_left_out(trained):
    metrics = trained.classifier.metrics
    assert metrics["left_out_rank_correlation"] > 0.3
    assert {item.unit for item in trained.left_out} >= {"exam", "llmrouter_dc/math"}


def test_the_level_sd_is_the_spread_of_the_invented_levels(trained):
    # Texts say nothing of the invented levels 1, -1, -0.5 and 0.8.
    assert trained.classifier.level_sd == pytest.approx(np.std([1, -1, -0.5, 0.8], ddof=1), abs=0.3)


def test_measured_abilities_rise_as_invented(trained, world: World):
    found = {item.model: item.ability for item in trained.abilities}
    ordered = [found[name] for name in world.models]
    assert np.corrcoef(ordered, ABILITIES)[0, 1] > 0.98
    assert {item.answers for item in trained.abilities} == {750}
    assert trained.abilities[0].datasets == ("arena_bench_v1", "exam", "llmrouter_dc", "quiz")
    assert all(item.sd >= trained.classifier.wobble_sd - 1e-3 for item in trained.abilities)


def test_training_again_gives_the_same_classifier(trained, world: World):
    assert train(world.folder).classifier.digest == trained.classifier.digest


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(BadInput):
        train(tmp_path)
