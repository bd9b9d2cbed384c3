from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import BadInput
from core.workload.outcomes import Outcomes, bring_to_log, read_outcomes

LOG = pa.table(
    {
        "request_id": ["r1", "r2", "r3", "r4"],
        "text": ["where is it", "write to <EMAIL>", "where is it", None],
    }
)


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    pq.write_table(LOG, tmp_path / "queries.parquet")
    return tmp_path / "queries.parquet"


def read(tmp_path: Path, text: str, name: str = "outcomes.csv") -> Outcomes:
    (tmp_path / name).write_text(text)
    return read_outcomes(tmp_path / name, name)


def test_outcomes_are_brought_to_the_log_by_request_id(tmp_path: Path, queries: Path) -> None:
    found = read(
        tmp_path, "Request ID,model,score\nr3,big,1\nr3,small,0\nr1,small,0.5\nr9,small,1\n"
    )
    own = bring_to_log(found, queries)
    assert own.row.tolist() == [2, 2, 0]
    assert own.model.to_pylist() == ["big", "small", "small"]
    assert own.score.tolist() == [1.0, 0.0, 0.5]
    assert (own.queries, own.paired, own.skipped) == (2, 1, {"not in this log": 1})


def test_outcomes_are_brought_to_the_log_by_redacted_text(tmp_path: Path, queries: Path) -> None:
    found = read(
        tmp_path, "prompt,model,ok\nwrite to ann@shop.example,small,yes\nwhere is it,small,false\n"
    )
    own = bring_to_log(found, queries)
    assert own.row.tolist() == [1, 0], "a text that occurs twice stands for its first place"
    assert own.score.tolist() == [1.0, 0.0]


def test_the_same_model_twice_is_not_a_pair(tmp_path: Path, queries: Path) -> None:
    own = bring_to_log(read(tmp_path, "id,model,score\nr1,m,1\nr1,m,0\n"), queries)
    assert (own.queries, own.paired) == (1, 0)


def test_rows_that_cannot_be_used_are_counted(tmp_path: Path) -> None:
    found = read(tmp_path, "id,model,score\nr1,m,1\n,m,1\nr2,,1\nr3,m,7\nr4,m,\nr5,m,NaN\n")
    assert found.skipped == {"no query": 1, "no model": 1, "score is not 0..1": 3}
    assert found.query.to_pylist() == ["r1"]


def test_json_lines_may_leave_out_what_they_do_not_know(tmp_path: Path) -> None:
    text = '{"id": "r1", "model": "m", "score": 1}\n{"id": "r2", "model": "m"}\n'
    found = read(tmp_path, text, "outcomes.jsonl")
    assert (found.query.to_pylist(), found.skipped) == (["r1"], {"score is not 0..1": 1})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model,score\nm,1\n", "request_id or query"),
        ("id,score\nr1,1\n", "a column model"),
        ("id,model\nr1,m\n", "a column score"),
        ("id,model,score\nr1,m,many\n", "1 score is not 0..1"),
        ("id,model,score\n", "no"),
    ],
)
def test_what_is_missing_is_said_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read(tmp_path, text)
    assert said in str(refusal.value) and "\n" not in str(refusal.value)


def test_outcomes_of_another_log_are_refused(tmp_path: Path, queries: Path) -> None:
    found = read(tmp_path, "id,model,score\nx1,m,1\n")
    with pytest.raises(BadInput, match="none of the 1 outcomes belongs"):
        bring_to_log(found, queries)
