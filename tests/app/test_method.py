"""Method: the formulas with the classifier's own numbers in them."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from core.complexity.classifier import load_classifier
from core.complexity.sorting import usual_cuts


def test_the_page_names_the_cuts_and_spreads_in_use(
    open_app: Callable[..., AppTest], words: Callable[[AppTest], str]
) -> None:
    said, classifier = words(open_app("method")), load_classifier()
    first, second = usual_cuts(classifier)
    for number in (f"{first:.2f}", f"{second:.2f}", f"{classifier.spread:.2f}"):
        assert number in said
    assert f"{classifier.level_sd:.1f} logits" in said
