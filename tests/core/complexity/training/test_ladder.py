import pytest

from core.complexity.training.ladder import Ladder, read_ladders
from core.errors import BadInput


def test_frontier_is_the_strong_side_and_mid_where_there_is_none(tmp_path):
    (tmp_path / "ladders.csv").write_text(
        "dataset,tier,model\na,cheap,small\na,mid,middle\na,frontier,big\n"
        "b,cheap,small\nb,mid,middle\nc,mid,middle\n"
    )
    ladders = read_ladders(tmp_path)
    assert ladders["a"] == Ladder(("small",), ("big",), ("middle",))
    assert ladders["b"] == Ladder(("small",), ("middle",))
    assert "c" not in ladders


def test_a_missing_ladder_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"ladders.csv: cannot be read"):
        read_ladders(tmp_path)


def test_three_tiers_have_prices_where_all_are_known(tmp_path):
    (tmp_path / "ladders.csv").write_text(
        "dataset,tier,model\na,cheap,small\na,mid,middle\na,frontier,big\na,frontier,huge\n"
        "b,cheap,small\nb,mid,odd\nb,frontier,big\n"
    )
    (tmp_path / "models.csv").write_text(
        "model,blended_3to1\nsmall,0.2\nmiddle,1\nbig,4\nhuge,6\nodd,\n"
    )
    ladders = read_ladders(tmp_path)
    assert ladders["a"].mid == ("middle",) and ladders["a"].usd == (0.2, 1.0, 5.0)
    assert ladders["b"].usd is None
