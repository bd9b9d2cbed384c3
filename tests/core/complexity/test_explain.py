import pyarrow as pa

from core.complexity.explain import REASONS, reasons
from core.complexity.features import FEATURES


def test_a_reason_names_the_count_and_where_it_points(shipped_classifier):
    text = "Calculate 1 + 2 + 3 + 4 + 5 + 6 + 7 for each of the 9 tables shown above, please."
    (said,) = reasons(shipped_classifier, pa.array([text]))
    assert "has 8 numbers (more than most): looks harder" in said
    assert len(said) <= REASONS


def test_a_short_question_is_easy_for_its_length(shipped_classifier):
    (said,) = reasons(shipped_classifier, pa.array(["Where is my card?"]))
    assert said[0] == "has 17 characters (fewer than most): looks easier"
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
