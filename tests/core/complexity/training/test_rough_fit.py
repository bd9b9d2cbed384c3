import numpy as np
import pyarrow as pa
import pytest

from core.complexity.training.irt import Rasch
from core.complexity.training.outcomes import Outcomes
from core.complexity.training.rough_fit import WIDER, fit_rough, size_correlations, size_scores

# Log sizes -1, 1, -1, 1 around 4 in the first unit and 5 in the second: every deviation is 1.
LOG_TOKENS = np.array([3.0, 5.0, 3.0, 5.0, 4.0, 6.0, 4.0, 6.0])
UNIT = np.repeat([0, 1], 4)


def outcomes(log_outputs: np.ndarray | None = None) -> Outcomes:
    """Two models that answered eight questions each, those of `chat` and those of `exam`."""
    query, model = np.repeat(np.arange(8), 2), np.tile([0, 1], 8)
    lengths = np.full(16, np.nan) if log_outputs is None else np.expm1(log_outputs)
    return Outcomes(
        texts=pa.array([f"question {i}" for i in range(8)]),
        text_keys=tuple(f"k{i}" for i in range(8)),
        topics=("any",) * 8,
        tokens=np.expm1(LOG_TOKENS),
        unit=UNIT,
        units=("chat", "exam"),
        models=("a", "b"),
        query=query,
        model=model,
        score=np.ones(16),
        output_tokens=lengths,
    )


def rasch(deviation: np.ndarray, level: tuple[float, float] = (0.5, 2.5)) -> Rasch:
    """Difficulties that are known exactly, so that every question is trusted alike."""
    return Rasch(
        ability=np.zeros(2),
        ability_sd=np.zeros(2),
        level=np.array(level),
        level_sd=np.zeros(2),
        deviation=deviation,
        deviation_variance=np.zeros(8),
        deviation_sd=1.0,
        wobble_sd=0.0,
    )


SIGN = np.array([-1.0, 1.0] * 4)


def test_a_slope_on_input_is_found_and_halved():
    # One deviation of size goes with 0.8 logits; the penalty is as heavy as all questions.
    found = fit_rough(outcomes(), rasch(0.8 * SIGN), 0.5, "chat")
    assert found.weights == pytest.approx((0.4, 0.0))


def test_a_slope_against_size_is_not_believed():
    assert fit_rough(outcomes(), rasch(-0.8 * SIGN), 0.5, "chat").weights == (0.0, 0.0)


def test_output_is_compared_within_the_model_that_wrote_it():
    # Model b writes e^2 times as much as model a; both write more on questions 2, 3, 6 and 7.
    more = np.array([-0.5, -0.5, 0.5, 0.5] * 2)
    log_outputs = 5.0 + np.repeat(more, 2) + np.tile([0.0, 2.0], 8)
    found = fit_rough(outcomes(log_outputs), rasch(1.2 * more), 0.5, "chat")
    # One deviation of output is 0.5 in size and 0.6 in difficulty.
    assert found.weights == pytest.approx((0.0, 0.3))
    assert found.least_sd == pytest.approx((1.0, 0.5))


def test_what_is_unknown_is_all_that_varies_and_the_level_of_the_other_units():
    found = fit_rough(outcomes(), rasch(0.8 * SIGN, level=(0.5, 2.5)), 0.5, "chat")
    assert found.level == 0.5
    assert found.residual_sd == pytest.approx(0.8)  # not less what sizes tell
    assert found.level_sd == pytest.approx(2.0 * WIDER)


def test_scores_of_a_set_treat_it_as_one_log():
    found = fit_rough(outcomes(), rasch(0.8 * SIGN), 0.5, "chat")
    scores = size_scores(found, outcomes(), None)
    above = (LOG_TOKENS - 4.5) / np.std(LOG_TOKENS)
    assert scores.tolist() == pytest.approx((0.5 + 0.4 * above).tolist())


def test_correlations_need_the_lengths_of_answers_for_the_second():
    found = fit_rough(outcomes(), rasch(0.8 * SIGN), 0.5, "chat")
    of_input, of_both = size_correlations(found, outcomes(), LOG_TOKENS)
    assert of_input == pytest.approx(1.0) and of_both is None
    with_lengths = outcomes(np.repeat(-LOG_TOKENS, 2) + 8.0)
    assert size_correlations(found, with_lengths, LOG_TOKENS)[1] == pytest.approx(1.0)
