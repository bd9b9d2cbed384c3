"""Every known export, as written and in the variants that people bring: one query, one reading.

Nearly every sample tells of the same call: 200 input tokens, 80 of them cached, 40 output
tokens, 0.9 seconds, at 16:20 UTC on 5 October 2026, for $0.00012.
"""

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from core.logs.ingest import ingest
from core.logs.log import QUERIES, Log, log_folder
from core.logs.preview import preview

SAMPLES = Path(__file__).parent / "samples"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
CALL: dict[str, Any] = {
    "time": datetime(2026, 10, 5, 16, 20, tzinfo=UTC),
    "model": "gpt-4.1-mini-2025-04-14",
    "text": "Where is my parcel?",
    "input_tokens": 200,
    "cache_read_tokens": 80,
    "cache_write_tokens": 0,
    "output_tokens": 40,
    "cost_usd": 0.00012,
    "latency_ms": 900.0,
    "requests": 1,
}


@dataclass(frozen=True)
class Expected:
    """What a sample must give: its source, grain and counts, and its call where it differs."""

    source: str
    grain: str = "request_text"
    kept: int = 1
    failed: int = 0
    passed_over: int = 0
    cost_usd: float | None = 0.00012
    call: dict[str, Any] = field(default_factory=dict)


def requests(source: str, **more: Any) -> Expected:
    """A log of single calls; keywords that are no counts are values of its call."""
    counts = {k: more.pop(k) for k in ("grain", "kept", "failed", "passed_over") if k in more}
    return Expected(source, cost_usd=more.get("cost_usd", 0.00012), call=more, **counts)


def without_text(source: str, **more: Any) -> Expected:
    """A log of single calls without prompts."""
    return requests(source, **{"grain": "request_notext", "text": None, **more})


def sums(source: str, **more: Any) -> Expected:
    """A log of buckets."""
    return without_text(source, grain="aggregate", latency_ms=None, **more)


def unlogged(**more: Any) -> dict[str, Any]:
    """Neither time nor cost nor latency."""
    return {"time": None, "cost_usd": None, "latency_ms": None, **more}


DAY = datetime(2026, 10, 5, tzinfo=UTC)
EXPECTED = {
    "langfuse_observations.csv": requests("langfuse_observations", passed_over=1),
    "langfuse_observations.json": requests("langfuse_observations", passed_over=1),
    "langfuse_observations.jsonl": requests("langfuse_observations", passed_over=1),
    "langfuse_events.jsonl": requests("langfuse_events"),
    "langfuse_blob.jsonl": requests("langfuse_blob"),
    "langfuse_trace.json": requests("langfuse_trace", passed_over=1, feedback=0.75),
    "langfuse_traces.csv": requests(
        "langfuse_traces", **{**unlogged(), "time": CALL["time"]}, model=None,
        input_tokens=None, cache_read_tokens=0, output_tokens=None,
    ),
    "helicone_api.jsonl": requests("helicone_api", failed=1, feedback=1.0, segment="faq"),
    "helicone_cli.csv": requests(
        "helicone_cli", cache_read_tokens=0, cost_usd=0.000144
    ),
    "helicone_ui.csv": requests("helicone_ui"),
    "litellm_spendlogs.json": requests("litellm_spendlogs", failed=1),
    "litellm_spendlogs_notext.csv": without_text("litellm_spendlogs"),
    "litellm_standard.jsonl": requests("litellm_standard"),
    "litellm_daily.csv": sums(
        "litellm_daily", time=DAY, requests=100, input_tokens=20_000, cache_read_tokens=8_000,
        output_tokens=4_000, cost_usd=0.012,
    ),
    "langsmith.jsonl": requests("langsmith", passed_over=1),
    "phoenix_dataframe.csv": requests("phoenix_dataframe", passed_over=1, cost_usd=None),
    "phoenix_span.jsonl": requests("phoenix_span", cost_usd=None),
    "otlp.json": requests("otlp", passed_over=1, cost_usd=None),
    "otlp_lines.jsonl": requests("otlp", passed_over=1, cost_usd=None),
    "otel_span.jsonl": requests("otel_span", cost_usd=None),
    "openai_stored.json": without_text("openai_stored", cost_usd=None, latency_ms=None),
    "openai_batch_input.jsonl": requests(
        "openai_batch_input", **unlogged(), model="gpt-4.1-mini", input_tokens=None,
        cache_read_tokens=0, output_tokens=None,
    ),
    "openai_batch_output.jsonl": without_text(
        "openai_batch_output", failed=1, cost_usd=None, latency_ms=None
    ),
    "openai_finetune.jsonl": requests(
        "openai_finetune", **unlogged(), model=None, input_tokens=None, cache_read_tokens=0,
        output_tokens=None,
    ),
    "openai_usage.csv": sums(
        "openai_usage", passed_over=1, time=DAY, requests=100, input_tokens=20_000,
        cache_read_tokens=8_000, output_tokens=4_000, cost_usd=None,
    ),
    "openai_cost.csv": Expected("openai_cost", "aggregate", kept=3, cost_usd=0.012),
    "anthropic_usage.csv": sums(
        "anthropic_usage", time=DAY, model="claude-sonnet-5-5", requests=0, input_tokens=3_000,
        cache_read_tokens=600, cache_write_tokens=400, output_tokens=150, cost_usd=None,
    ),
    "anthropic_cost.csv": Expected("anthropic_cost", "aggregate", kept=3, cost_usd=0.00556),
    "anthropic_batch.jsonl": without_text(
        "anthropic_batch", failed=1, model="claude-haiku-4-5-20251001", cache_write_tokens=30,
        **unlogged(),
    ),
    "openrouter.csv": without_text(
        "openrouter", failed=1, model="openai/gpt-4.1-mini-2025-04-14", reasoning_tokens=10
    ),
    "portkey.jsonl": requests("portkey"),
    "braintrust.jsonl": requests("braintrust", passed_over=1, cost_usd=None, feedback=0.5),
    "weave.jsonl": requests("weave"),
    "llm_json.json": requests("llm_json", cost_usd=None, model="gpt-4.1-mini"),
    "burstgpt.csv": without_text(
        "burstgpt", failed=1, time=None, model="ChatGPT", cache_read_tokens=0, cost_usd=None
    ),
    "azure_llm.csv": without_text(
        "azure_llm", model=None, cache_read_tokens=0, cost_usd=None, latency_ms=None
    ),
    "deepseek_usage.csv": Expected("deepseek_usage", "aggregate", kept=4, cost_usd=None),
    "plain.csv": requests("generic", model="gpt-4.1-mini", cache_read_tokens=0),
}  # fmt: skip


def read(path: Path, folder: Path) -> tuple[Log, list[dict[str, Any]]]:
    """The log of a file and its rows that went well."""
    look = preview(path, path.name)
    log = ingest(path, look.mapping, folder, name=path.name, now=NOW)
    rows = pq.read_table(log_folder(folder, log.digest) / QUERIES).to_pylist()
    return log, [row for row in rows if row["status"] == "ok"]


def check(name: str, path: Path, folder: Path, times: int = 1) -> None:
    """The file gives what is expected of the sample, `times` times over."""
    wanted = EXPECTED[name]
    log, rows = read(path, folder)
    assert (log.source, log.grain) == (wanted.source, wanted.grain)
    assert log.rows_kept == times * wanted.kept and not log.dropped
    assert sum(log.failed.values()) == times * wanted.failed
    assert sum(log.passed_over.values()) == times * wanted.passed_over
    if wanted.cost_usd is not None:
        assert log.logged_cost_usd == pytest.approx(times * wanted.cost_usd)
    elif wanted.source != "deepseek_usage":
        assert log.logged_cost_usd is None
    if wanted.kept > 1:
        return
    for row in (rows[0], rows[-1]):
        for side in ("input", "output"):
            if row[f"{side}_estimated"]:
                row[f"{side}_tokens"] = None
        for column, value in {**CALL, **wanted.call}.items():
            assert row[column] == (pytest.approx(value) if isinstance(value, float) else value), (
                column
            )


def test_every_sample_is_expected_and_every_expectation_has_its_sample() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_is_read_as_its_format_means_it(name: str, tmp_path: Path) -> None:
    check(name, SAMPLES / name, tmp_path / "logs")


def records(name: str) -> list[dict[str, Any]]:
    """The rows of a JSON sample."""
    text = (SAMPLES / name).read_text("utf-8")
    if name.endswith(".jsonl"):
        return [json.loads(line) for line in text.split("\n") if line]
    value = json.loads(text)
    return value if isinstance(value, list) else [value]


def table(name: str) -> list[list[str]]:
    """The cells of a CSV sample, header first."""
    text = (SAMPLES / name).read_text("utf-8").removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(name)))


def delimiter(name: str) -> str:
    """What parts the cells of a CSV sample."""
    return ";" if name == "plain.csv" else ","


def written(name: str, cells: list[list[str]], **options: Any) -> bytes:
    """Cells as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter(name), **options).writerows(cells)
    return out.getvalue().encode()


def shuffled(name: str) -> bytes:
    """The columns (or keys) in another order."""
    rng = random.Random(3)
    if name.endswith(".csv"):
        cells = table(name)
        order = rng.sample(range(len(cells[0])), len(cells[0]))
        return written(name, [[row[place] for place in order] for row in cells])
    rows = [dict(rng.sample(list(row.items()), len(row))) for row in records(name)]
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def widened(name: str) -> bytes:
    """A column more than the format has."""
    if name.endswith(".csv"):
        head, *rest = table(name)
        return written(name, [[*head, "team note"], *([*row, "-"] for row in rest)])
    return b"".join(json.dumps({**row, "team note": "-"}).encode() + b"\n" for row in records(name))


def with_crlf(name: str) -> bytes:
    """Line ends as Windows writes them."""
    return (SAMPLES / name).read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def with_bom(name: str) -> bytes:
    """The mark that Excel puts first."""
    return b"\xef\xbb\xbf" + (SAMPLES / name).read_bytes().removeprefix(b"\xef\xbb\xbf")


def zipped(name: str) -> bytes:
    """In a zip archive beside what macOS adds."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"export/{name}", (SAMPLES / name).read_bytes())
        archive.writestr(f"__MACOSX/export/._{name}", b"\0\5\x16\7")
    return out.getvalue()


VARIANTS: dict[str, Callable[[str], bytes]] = {
    "shuffled": shuffled,
    "wider": widened,
    "CRLF": with_crlf,
    "BOM": with_bom,
    "gzip": lambda name: gzip.compress((SAMPLES / name).read_bytes()),
    "zip": zipped,
    "UTF-16": lambda name: with_bom(name).decode("utf-8-sig").encode("utf-16"),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", EXPECTED)
def test_a_variant_of_a_sample_reads_the_same(name: str, variant: str, tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(VARIANTS[variant](name))
    check(name, path, tmp_path / "logs")


@pytest.mark.parametrize("shape", ["pretty", "array", "lines", "envelope"])
@pytest.mark.parametrize("name", [n for n in EXPECTED if not n.endswith(".csv")])
def test_json_reads_the_same_however_it_is_laid_out(name: str, shape: str, tmp_path: Path) -> None:
    rows = records(name)
    path = tmp_path / "export"
    match shape:
        case "pretty":
            path.write_text(json.dumps(rows, indent=2))
        case "array":
            path.write_text(json.dumps(rows))
        case "lines":
            path.write_text("\n".join(json.dumps(row) for row in rows))
        case _:
            path.write_text(json.dumps({"data": rows, "meta": {"page": 1}}, indent=2))
    check(name, path, tmp_path / "logs")


@pytest.mark.parametrize("name", EXPECTED)
def test_many_rows_read_like_one(name: str, tmp_path: Path) -> None:
    times = 2_000
    path = tmp_path / "export"
    if name.endswith(".csv"):
        head, *rest = table(name)
        path.write_bytes(written(name, [head, *(rest * times)]))
    else:
        lines = "\n".join(json.dumps(row) for row in records(name))
        path.write_text("\n".join([lines] * times))
    check(name, path, tmp_path / "logs", times)
