"""Drafts of every version open."""

import pytest

from app.state import Draft, draft_from, draft_values
from core.economics.estimate import Estimate
from core.economics.outlook import Outlook

BARE = {"simple": "a", "medium": "b", "complex": "c", "to_medium": 0.05, "to_complex": 0.05}


def test_a_draft_reads_back_as_it_was_written() -> None:
    draft = Draft(**BARE, outlook=Outlook(months=24, weekly_ramp=(0.5, 1.0)), waits=0.2)  # type: ignore[arg-type]
    assert draft_from(draft_values(draft)) == draft


@pytest.mark.parametrize("growth", [0.02, 1.0])
def test_a_draft_of_an_earlier_version_keeps_its_two_numbers(growth: float) -> None:
    old = {**BARE, "monthly_growth": growth, "yearly_price_decline": 0.1, "calls": {}}
    found = draft_from(old).outlook
    assert found.monthly_growth == Estimate.exactly(growth)
    assert found.yearly_price_decline == Estimate.exactly(0.1)


def test_an_outlook_that_cannot_be_starts_afresh_and_the_rest_is_kept() -> None:
    found = draft_from({**BARE, "outlook": {"months": -3}, "name": "Mine"})
    assert found.outlook == Outlook() and found.name == "Mine"
