import numpy as np
import pyarrow as pa
import pytest

from core.complexity.baselines import keyword_score
from core.complexity.classifier import load_classifier
from core.complexity.rules import Rule, rule_difficulty
from core.complexity.sorting import usual_tiers

CUTS = (-0.5, 1.5)


def test_length_sorts_at_its_two_borders() -> None:
    texts = pa.array(["x" * 199, "x" * 200, "x" * 1_999, "x" * 2_000, None, ""])
    found = rule_difficulty(texts, "length", CUTS)
    assert (found > CUTS[0]).tolist() == [False, True, True, True, False, False]
    assert (found > CUTS[1]).tolist() == [False, False, False, True, False, False]


def test_keywords_sort_as_the_gateways_scorer_does() -> None:
    easy = "hello, what is your name"
    hard = "implement a distributed algorithm in python and explain your reasoning step by step"
    assert keyword_score(easy) < 0.15 and keyword_score(hard) >= 0.35
    low, high = rule_difficulty(pa.array([easy, hard]), "keywords", CUTS)
    assert low < CUTS[0] and high > CUTS[1]


@pytest.mark.parametrize("rule", ["length", "keywords"])
def test_a_classifier_can_sort_by_a_rule_instead(rule: Rule) -> None:
    texts = pa.array(["hi", "explain the function " * 100])
    classifier = load_classifier()
    by_rule = classifier.on(rule)
    assert by_rule.digest == classifier.digest
    assert (by_rule.difficulty(texts) != classifier.difficulty(texts)).all()
    tiers = usual_tiers(by_rule, by_rule.difficulty(texts))
    assert np.diff(tiers.astype(int))[0] > 0
