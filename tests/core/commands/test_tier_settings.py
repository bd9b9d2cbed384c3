import pytest

from core.catalog.catalogue import load_catalogue
from core.commands.tier_settings import settings_from
from core.errors import BadInput
from core.routing.settings import AS_LOGGED

CATALOGUE = load_catalogue()


def test_what_is_not_said_is_as_logged() -> None:
    assert settings_from([], CATALOGUE) == (AS_LOGGED, AS_LOGGED, AS_LOGGED)


def test_all_settings_can_be_said() -> None:
    words = "medium: fallback=gpt-6-luna, effort=high, retry=0.05, cached=0.3, output=2, seconds=.8"
    simple, medium, complex_ = settings_from([words], CATALOGUE)
    assert (simple, complex_) == (AS_LOGGED, AS_LOGGED)
    assert medium.fallback is not None and medium.fallback.id == "gpt-6-luna"
    assert (medium.effort, medium.retry_share, medium.cached_share) == ("high", 0.05, 0.3)
    assert (medium.output_share, medium.seconds) == (2.0, 0.8)


@pytest.mark.parametrize(
    "words",
    ["cheap: effort=low", "simple effort=low", "simple: colour=red", "simple: retry=often",
     "simple: effort=enormous", "simple: retry=7", "simple: fallback=no-such-model", "simple: "],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_remedy(words: str) -> None:
    with pytest.raises(BadInput) as refused:
        settings_from([words], CATALOGUE)
    assert refused.value.remedy
