import gzip
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from core.logs.ingest import ingest
from core.logs.log import QUERIES
from core.logs.preview import preview
from core.places import shipped

SAMPLE = shipped("sample_log/support_bot.csv.gz")
PRICES = {"gpt-4o": (2.5, 1.25, 10), "gpt-4.1": (2, 0.5, 8), "gpt-4o-mini": (0.15, 0.075, 0.6)}


def test_the_generator_gives_the_shipped_text(tmp_path: Path) -> None:
    code = (
        "import sys; sys.dont_write_bytecode = True; from pathlib import Path; import generate;"
        f"generate.write(Path({str(tmp_path / 'again.gz')!r}))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=SAMPLE.parent)
    again = (tmp_path / "again.gz").read_bytes()
    # the packed bytes may differ between zlib versions, the text may not
    assert gzip.decompress(again) == gzip.decompress(SAMPLE.read_bytes())


def test_the_sample_is_a_month_of_priced_queries_with_a_few_bad_rows(
    folder: Path, noon: datetime
) -> None:
    log = ingest(SAMPLE, preview(SAMPLE, "s").mapping, folder, name="s", now=noon)
    assert set(log.dropped) == {
        "no query text",
        "negative tokens",
        "cached tokens exceed input tokens",
    }
    assert set(log.models) == set(PRICES) and len(log.segments) == 9
    assert log.days is not None and 30.5 < log.days < 31
    assert {"EMAIL", "PHONE", "IBAN", "SECRET"} <= set(log.redactions)
    assert log.warnings == ()
    rows = pq.read_table(folder / log.digest / QUERIES).to_pylist()
    for row in rows:
        fresh, cached, made = PRICES[row["model"]]
        read = row["cache_read_tokens"]
        usd = (row["input_tokens"] - read) * fresh + read * cached + row["output_tokens"] * made
        assert abs(row["cost_usd"] - usd / 1e6) < 1e-8
    assert SAMPLE.stat().st_size < 1_200_000
