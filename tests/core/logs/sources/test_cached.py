import pytest

from core.logs.sources.cached import filled, settled
from core.logs.sources.call import Usage


@pytest.mark.parametrize(
    ("usage", "whole"),
    [
        (Usage(input=100, cache_read=60, output=10, total=110), 100),
        (Usage(input=40, cache_read=60, output=10), 100),
        (Usage(input=80, cache_read=50, cache_write=10, output=10, total=150), 140),
        (Usage(input=70, cache_read=60, cache_write=30), 100),
        (Usage(input=100), 100),
        (Usage(cache_read=60), None),
    ],
    ids=["inside", "more read than came in", "the total says beside", "written beside", "no cache",
         "no input"],
)  # fmt: skip
def test_cached_tokens_end_up_inside_the_input(usage: Usage, whole: int | None) -> None:
    assert settled(usage).input == whole


def test_settling_twice_changes_nothing_more() -> None:
    once = settled(Usage(input=40, cache_read=60, cache_write=5, output=10, total=115))
    assert once.input == 105 and settled(once) == once


def test_gaps_are_filled_and_the_greatest_detail_holds() -> None:
    found = filled(
        Usage(input=9, cache_read=0),
        Usage(input=5, output=3, cache_read=4),
        Usage(output=2, reasoning=1, total=12),
    )
    assert found == Usage(input=9, cache_read=4, output=3, reasoning=1, total=12)
    assert filled(Usage()) == Usage()
