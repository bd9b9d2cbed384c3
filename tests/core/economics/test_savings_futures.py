import numpy as np
import pytest

from core.economics.estimate import Estimate
from core.economics.forecast import Bill, forecast
from core.economics.outlook import Outlook
from core.economics.savings_futures import draw_planned, hinges, savings_futures
from core.routing.simulate import Range

CERTAIN = Outlook(yearly_price_decline=Estimate.exactly(0.0))


def test_with_nothing_unknown_every_future_is_the_forecast() -> None:
    found = savings_futures(Bill(1_000), Bill(400), Range(400, 400, 400), CERTAIN, draws=50)
    total = forecast(Bill(1_000), Bill(400), CERTAIN).total_saving_usd
    assert (found.low_usd, found.middle_usd, found.high_usd) == pytest.approx((total,) * 3)
    assert found.saves == 1.0
    assert found.bands_usd[10] == pytest.approx((0.0, *np.cumsum([600.0] * 12)))


def test_the_plan_s_range_is_drawn_as_it_is_told() -> None:
    drawn = draw_planned(Range(400, 300, 650), 0.0, seed=1, draws=40_000)
    assert np.quantile(drawn, (0.05, 0.5, 0.95)) == pytest.approx((300, 400, 650), rel=0.02)


def test_no_bill_is_below_the_rent_in_it() -> None:
    drawn = draw_planned(Range(400, 100, 650), 380.0, seed=1, draws=2_000)
    assert drawn.min() == 380.0
    rented = Bill(400, fixed_usd=380.0)
    found = savings_futures(Bill(1_000), rented, Range(400, 100, 650), CERTAIN, draws=2_000)
    assert found.high_usd == pytest.approx(12 * 620)


def test_a_wide_range_shows_in_the_total() -> None:
    wide = Range(700, 400, 1_300)
    found = savings_futures(Bill(1_000), Bill(700), wide, CERTAIN)
    assert found.low_usd < 0 < found.middle_usd < found.high_usd
    # the bill reaches today's half way from 700 to the upper end: z of .82
    assert found.saves == pytest.approx(0.794, abs=0.01)


def test_the_same_seed_gives_the_same_futures_for_every_option() -> None:
    months = Outlook(monthly_growth=Estimate(-0.05, 0.0, 0.05))
    first, again = (
        savings_futures(Bill(1_000), Bill(400), Range(400, 400, 400), months) for _ in range(2)
    )
    half = savings_futures(Bill(1_000), Bill(700), Range(700, 700, 700), months)
    assert first == again
    # half the saving in each of the same futures
    assert half.low_usd == pytest.approx(first.low_usd / 2)
    assert half.high_usd == pytest.approx(first.high_usd / 2)


def test_what_it_hinges_on_is_in_order_and_ends_at_the_inputs_own_tenths() -> None:
    months = Outlook(
        monthly_growth=Estimate(-0.02, 0.0, 0.10), yearly_price_decline=Estimate(0.0, 0.3, 0.6)
    )
    planned = Range(400, 350, 450)
    found = hinges(Bill(1_000), Bill(400), planned, months)
    assert [h.name for h in found] == ["monthly_growth", "yearly_price_decline", "planned_usd"]
    assert [h.swing_usd for h in found] == sorted((h.swing_usd for h in found), reverse=True)
    plan = found[-1]
    assert plan.low == pytest.approx(400 - 50 * 1.2816 / 1.6449, abs=0.01)
    assert plan.saving_at_low_usd > plan.saving_at_high_usd
    decline = found[1]
    assert 0 < decline.low < 0.3 < decline.high < 0.6
    assert decline.saving_at_low_usd > decline.saving_at_high_usd
