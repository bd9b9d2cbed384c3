import pytest

from core.errors import BadInput
from core.routing.plan import Plan
from core.routing.settings import AS_LOGGED, TierSettings, retry_share_of

from ..workload.conftest import make_model
from .conftest import FOUR_O, MINI


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"retry_share": 1.2}, "retry rate of 1.2"),
        ({"cached_share": -0.1}, "cached share of -0.1"),
        ({"output_share": 0.0}, "output of 0 times"),
        ({"effort": "enormous"}, "effort of 'enormous'"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(values: dict[str, float], words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        TierSettings(**values)  # type: ignore[arg-type]
    assert refused.value.remedy


def test_retries_are_capped_at_two() -> None:
    # economics 1.2, K = 2: 1 + r + r squared
    assert TierSettings(retry_share=0.3).calls_per_answer == pytest.approx(1.39)
    assert TierSettings(retry_share=1.0).calls_per_answer == 3.0
    assert AS_LOGGED.calls_per_answer is None


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_the_retry_rate_follows_from_the_calls_per_answer(share: float) -> None:
    calls = TierSettings(retry_share=share).calls_per_answer
    assert calls is not None and retry_share_of(calls) == pytest.approx(share)
    assert retry_share_of(7.0) == 1.0 and retry_share_of(0.5) == 0.0


def test_a_model_cannot_stand_in_for_itself() -> None:
    mid = make_model("mid")
    with pytest.raises(BadInput, match="stand in for itself"):
        Plan(MINI, mid, FOUR_O, settings=(AS_LOGGED, TierSettings(fallback=mid), AS_LOGGED))
    Plan(MINI, mid, FOUR_O, settings=(TierSettings(fallback=mid), AS_LOGGED, AS_LOGGED))
