import pytest

from core.economics.estimate import Estimate
from core.economics.tuning.bounds import BOUNDS
from core.errors import BadInput


@pytest.mark.parametrize(
    ("name", "value", "as_typed", "in_percent"),
    [
        ("slice_share", 1.4, "is 1.4. Use a share from 0 to 1", "is 140%. Use a share from 0% to"),
        ("failure_chance", 1.0, "is 1. Use a chance from 0", "is 100%. Use a chance from 0% to"),
        ("yearly_discount_rate", 1.0, "is 1. Use a yearly rate", "is 100%. Use a yearly rate from"),
        (
            "monthly_growth",
            Estimate(0, 0, 1),
            "is 1. Use a rate",
            "is 100%. Use a rate above -100%",
        ),
        ("accuracy_gain", Estimate(-2, 0, 0), "is -2. Use a gain", "is -200%. Use points from"),
    ],
)
def test_a_value_outside_is_answered_in_the_words_of_who_typed_it(
    name, value, as_typed, in_percent
):
    with pytest.raises(BadInput, match=as_typed):
        BOUNDS[name].check(name, value, "")
    with pytest.raises(BadInput, match=in_percent):
        BOUNDS[name].check(name, value, "", percent=True)


def test_a_value_inside_is_fine():
    BOUNDS["monthly_growth"].check("growth", Estimate(-0.99, 0, 0.99), "", percent=True)
