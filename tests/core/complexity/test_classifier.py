import json
import subprocess
import sys
from dataclasses import replace

import pyarrow as pa
import pytest

from core.complexity.category import categorize
from core.complexity.classifier import load_classifier, save_classifier
from core.complexity.scale import TIERS
from core.complexity.sorting import usual_cuts
from core.errors import BadInput
from core.places import shipped

EASY = [
    "What are your opening hours?",
    "How do I reset my password?",
    "Thanks, that helped!",
    "Where is my parcel?",
    "Translate 'good morning' into Spanish.",
    "Can I change my delivery address?",
    "Who wrote Hamlet?",
    "Please cancel my subscription.",
    "What is the capital of Portugal?",
    "Is the store open on Sunday?",
]
HARD = [
    "Prove that if p is a prime with p = 1 mod 4, then p = a^2 + b^2 for some integers a and b,"
    " and determine how many such pairs there are when p = 10,009.",
    r"Let f(x) = \int_0^x \frac{\sin t}{t} dt. Determine \lim_{x \to \infty} f(x) and show that"
    r" |f(x) - \frac{\pi}{2}| <= \frac{2}{x} for all x >= 1.",
    "Given a tank of 3.5 m^3 filled at 0.25 m^3 per minute and drained at 0.04 h^2, where h is"
    " the height in metres, calculate the height after 12.5 minutes if the radius is 0.8 m.",
    "Implement in Python an algorithm that, given n = 10^6 intervals, finds the largest subset"
    " without overlap when each interval has a weight; derive its running time, and write the"
    " SQL query that would compute the same for a table of 3 columns.",
    "Suppose a portfolio of 12 bonds with coupons between 2.5% and 7.25% is hedged with 3 swaps."
    " Calculate the duration, estimate the convexity, and find the loss if rates rise by 1.5%"
    " unless the 2 longest bonds are called at 101.5.",
]


def test_the_shipped_classifier_loads_and_its_digest_is_right(shipped_classifier):
    written = json.loads(shipped("classifier/classifier.json").read_text(encoding="utf-8"))
    assert shipped_classifier.digest == written["digest"]
    assert [item.tier for item in shipped_classifier.reference] == list(TIERS)
    assert all("judgement" in item.source for item in shipped_classifier.reference)


def test_obviously_easy_questions_sort_below_obviously_hard_ones(shipped_classifier):
    easy = shipped_classifier.difficulty(pa.array(EASY))
    hard = shipped_classifier.difficulty(pa.array(HARD))
    assert easy.mean() + 1.0 < hard.mean()
    assert easy.max() < hard.min()


def test_easy_questions_come_out_simple_and_hard_ones_complex(shipped_classifier):
    cuts = usual_cuts(shipped_classifier)
    assert set(categorize(shipped_classifier.difficulty(pa.array(EASY)), cuts)) == {0}
    assert set(categorize(shipped_classifier.difficulty(pa.array(HARD)), cuts)) == {2}


def test_difficulty_is_not_the_length_in_disguise(shipped_classifier):
    short = "Prove that x^2 + y^2 = 7 has no solution if x and y are integers."
    long = "Hello there, " + "thank you so much for the lovely evening and the kind words, " * 6
    found = shipped_classifier.difficulty(pa.array([short, long]))
    assert found[0] > found[1]


def test_the_shipped_abilities_and_card_lie_beside_the_classifier(shipped_classifier):
    rows = shipped("classifier/abilities.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "model,ability,sd,answers,datasets"
    card = shipped("classifier/MODEL_CARD.md").read_text(encoding="utf-8")
    assert shipped_classifier.digest[:16] in card


def test_writing_and_reading_gives_the_same_classifier_and_bytes(shipped_classifier, tmp_path):
    path = tmp_path / "again.json"
    save_classifier(shipped_classifier, path)
    assert load_classifier(path) == shipped_classifier
    assert path.read_bytes() == shipped("classifier/classifier.json").read_bytes()


def test_another_level_is_another_digest(shipped_classifier):
    moved = replace(shipped_classifier, reading=replace(shipped_classifier.reading, level=0.5))
    assert moved.digest != shipped_classifier.digest


def test_on_sizes_the_same_classifier_is_less_sure(shipped_classifier):
    sized = shipped_classifier.on("size")
    assert sized.digest == shipped_classifier.digest and shipped_classifier.basis == "text"
    assert (sized.spread, sized.log_sd) == (sized.rough.residual_sd, sized.rough.level_sd)
    assert sized.spread > shipped_classifier.spread == shipped_classifier.reading.residual_sd
    assert sized.log_sd > shipped_classifier.log_sd == shipped_classifier.level_sd
    assert sized.on("text") == shipped_classifier


def test_the_shipped_reading_of_sizes_never_falls_and_says_little(shipped_classifier):
    rough = shipped_classifier.rough
    assert all(0 < weight < 0.3 for weight in rough.weights)  # logits per standard deviation
    assert rough.level == shipped_classifier.reading.level
    assert shipped_classifier.metrics["left_out_rank_correlation_of_size"] < 0.3


def test_another_weight_of_size_is_another_digest(shipped_classifier):
    heavier = replace(shipped_classifier.rough, weights=(0.9, 0.9))
    assert replace(shipped_classifier, rough=heavier).digest != shipped_classifier.digest


def test_a_file_changed_by_hand_does_not_load(shipped_classifier, tmp_path):
    path = tmp_path / "changed.json"
    save_classifier(shipped_classifier, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["reading"]["level"] += 0.1
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BadInput, match=r"changed.json: the content does not match its digest"):
        load_classifier(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "other"}', "nonsense"])
def test_what_is_no_classifier_is_refused(text, tmp_path):
    path = tmp_path / "odd.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="not a classifier"):
        load_classifier(path)


def test_a_classifier_of_other_features_is_refused(shipped_classifier, tmp_path):
    path = tmp_path / "old.json"
    save_classifier(shipped_classifier, path)
    path.write_text(path.read_text(encoding="utf-8").replace('"decimals"', '"vowels"'))
    with pytest.raises(BadInput, match="features that this version does not compute"):
        load_classifier(path)


def test_scoring_does_not_load_the_training_libraries():
    code = (
        "import sys, core.complexity.classifier, core.complexity.explain, core.complexity.sorting;"
        "print([m for m in ('sklearn', 'scipy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
