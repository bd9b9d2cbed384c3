"""Logs that benches make."""

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.bench.million import write_log, write_parquet


def test_a_parquet_log_is_the_same_again_and_no_prompt_in_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERWISE_PROCESSES", "1")
    once, again, csv = (tmp_path / name for name in ("once.parquet", "again.parquet", "log.csv"))
    for file in (once, again):
        write_parquet(file, 2_500, row_group_rows=1_000)
    write_log(csv, 2)
    assert once.read_bytes() == again.read_bytes()
    file = pq.ParquetFile(once)
    groups = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    assert groups == [1_000, 1_000, 500]
    table = file.read()
    assert table.column_names == csv.read_text().splitlines()[0].split(",")
    for unique in ("request_id", "prompt", "timestamp"):
        assert len(pc.unique(table[unique])) == 2_500, unique
    assert 440 < pc.mean(pc.utf8_length(table["prompt"])).as_py() < 480
    assert 100 < pc.sum(pc.match_substring(table["prompt"], "-mail.example")).as_py() < 250
