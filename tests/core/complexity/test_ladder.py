import pytest

from core.complexity.ladder import Ladder, read_ladders
from core.errors import BadInput


def test_frontier_is_the_strong_side_and_mid_where_there_is_none(tmp_path):
    (tmp_path / "ladders.csv").write_text(
        "dataset,tier,model\na,cheap,small\na,mid,middle\na,frontier,big\n"
        "b,cheap,small\nb,mid,middle\nc,mid,middle\n"
    )
    ladders = read_ladders(tmp_path)
    assert ladders["a"] == Ladder(("small",), ("big",))
    assert ladders["b"] == Ladder(("small",), ("middle",))
    assert "c" not in ladders


def test_a_missing_ladder_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"ladders.csv: cannot be read"):
        read_ladders(tmp_path)
