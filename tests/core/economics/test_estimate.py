import pytest

from core.economics.estimate import Estimate
from core.errors import BadInput


def test_pert_and_triangular_means_match_the_worked_case(golden):
    given, expected = golden["G11_pert"]["in"], golden["G11_pert"]["expect"]
    data, run, runs = (Estimate(*given[key]) for key in ("data", "run", "runs"))
    assert data.mean + runs.mean * run.mean == pytest.approx(
        float(expected["pert_total"]), abs=0.005
    )
    triangular = data.triangular_mean + runs.triangular_mean * run.triangular_mean
    assert triangular == pytest.approx(float(expected["triangular_total"]), abs=0.005)


def test_numbers_out_of_order_are_refused_with_the_numbers():
    with pytest.raises(BadInput, match=r"low 5, likely 3, high 9 are not in order"):
        Estimate(5, 3, 9)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_refused(bad):
    with pytest.raises(BadInput, match="finite"):
        Estimate(0, 0, bad)
