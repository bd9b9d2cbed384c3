from dataclasses import replace

import pyarrow as pa

from core.complexity.explain import NOTHING, REASONS, reasons, what_would_change
from core.complexity.features import FEATURES, NAMES
from core.complexity.reading import Reading
from core.complexity.sorting import usual_cuts


def test_a_reason_names_the_count_and_where_it_points(shipped_classifier):
    text = "Calculate 1 + 2 + 3 + 4 + 5 + 6 + 7 for each of the 9 tables shown above, please."
    (said,) = reasons(shipped_classifier, pa.array([text]))
    assert "has 8 numbers (more than most): looks harder" in said
    assert len(said) <= REASONS


def test_a_short_question_is_easy_for_its_length(shipped_classifier):
    (said,) = reasons(shipped_classifier, pa.array(["Where is my card?"]))
    assert said[0] == "has 4 words (fewer than most): looks easier"
    assert all("easier" in reason for reason in said)


def test_one_of_a_thing_is_named_in_the_singular(shipped_classifier):
    (said,) = reasons(shipped_classifier, pa.array(["Determine the place " + "of it all " * 25]))
    assert any("has 1 word that asks to compute" in reason for reason in said)


def test_the_strongest_reason_comes_first(shipped_classifier):
    texts = pa.array(["Solve x = 3.5 if y < 2 and prove it in python"])
    strongest = FEATURES[abs(shipped_classifier.reading.contributions(texts)[0]).argmax()]
    (said,) = reasons(shipped_classifier, texts)
    assert len(said) == REASONS
    assert strongest.several in said[0]


def test_a_missing_text_says_so(shipped_classifier):
    assert (
        reasons(shipped_classifier, pa.array([None, ""], pa.string()))
        == [["has no text, so it is taken for a typical prompt"]] * 2
    )


def test_what_would_change_it_names_the_sign_and_the_tier(shipped_classifier):
    hard = "Prove that 3.5 x + 2.25 y = 7.125 if x > 1.5, y < 2.75 and 4.5 y = 9.75 " * 12
    (said,) = what_would_change(shipped_classifier, pa.array([hard]))
    assert said.startswith("Without the ")
    assert " logits easier: " in said


def test_a_short_question_would_look_harder_with_more_words(shipped_classifier):
    (said,) = what_would_change(shipped_classifier, pa.array(["Where is my card?"]))
    assert said.startswith("With the length of a typical prompt it would look ")
    assert "logits harder: " in said


def test_nothing_would_change_what_has_no_text(shipped_classifier):
    assert what_would_change(shipped_classifier, pa.array([None], pa.string())) == [NOTHING]


def test_a_sign_that_changes_the_tier_comes_before_a_stronger_one(shipped_classifier):
    # Five numbers add 2 log1p(5) = 3.6 logits, two conditions take off log1p(2) / 2 = 0.5: without
    # the numbers the query stays simple, without the conditions it no longer is.
    weight = {"numbers": 2.0, "conditions": -0.5}
    reading = Reading(
        weights=tuple(weight.get(name, 0.0) for name in NAMES),
        typical=(0.0,) * len(NAMES),
        highest=(9.0,) * len(NAMES),
        level=0.0,
        residual_sd=shipped_classifier.spread,
    )
    classifier = replace(shipped_classifier, reading=reading)
    first, _ = usual_cuts(classifier)
    texts = pa.array(["if 1 and 2 and 3 and 4, unless 5"])
    below = replace(reading, level=float(first - classifier.difficulty(texts)[0] - 0.1))
    (said,) = what_would_change(replace(classifier, reading=below), texts)
    assert said.startswith(
        "Without the conditions such as 'if' or 'given' it would look 0.5 logits"
    )
    assert said.endswith(" logits harder: medium instead of simple.")
