"""From a log's Parquet file to its scores and its workload, one chunk at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.complexity.classifier import Classifier
from core.complexity.rules import BASES, RULES, Basis
from core.complexity.scale import NEUTRAL, TIERS, Tier
from core.complexity.sorting import tier_chances, typical_difficulty, usual_tiers
from core.errors import Cancelled
from core.logs.gateway_cache import cache_hits
from core.logs.tokens import CHARS_PER_TOKEN
from core.workload.grid import bin_of, binned
from core.workload.notes import Notes
from core.workload.sizes import SIZE_COLUMNS, usual_sizes
from core.workload.workload import (
    EXAMPLES_PER_TIER,
    UNNAMED,
    Example,
    Workload,
    length_bin_of,
    merge,
)

CHUNK_ROWS: Final = 50_000
EXAMPLE_CHARS: Final = 600

SORTED_SCHEMA: Final = pa.schema(
    [
        ("request_id", pa.string()),
        ("segment", pa.string()),
        ("difficulty", pa.float64()),
        ("gain", pa.float64()),
        ("tier", pa.string()),
        ("p_simple_ok", pa.float64()),
        ("p_medium_ok", pa.float64()),
        ("p_complex_ok", pa.float64()),
    ]
)

Floats = npt.NDArray[np.float64]


def scores_file(folder: Path, classifier: Classifier) -> Path:
    """Where the difficulties of a log's queries lie, one file per classifier and rule."""
    return folder / f"scores-{classifier.digest[:12]}{_by_rule(classifier)}.parquet"


def workload_file(folder: Path, classifier: Classifier, notes: Notes) -> Path:
    """Where the workload of a log lies, one file per classifier, rule and set of corrections."""
    rule = _by_rule(classifier)
    return folder / f"workload-{classifier.digest[:12]}{rule}-{notes.corrections_digest}.json"


def _by_rule(classifier: Classifier) -> str:
    return f"-by-{classifier.basis}" if classifier.basis in RULES else ""


def score_log(
    queries: Path,
    scores: Path,
    classifier: Classifier,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Basis:
    """Write the difficulty of every query in `queries` to `scores`, in the same order.

    Both are Parquet; `scores` has `request_id` and `difficulty` (logits) and appears only when
    complete. `classifier.basis` may name a rule to sort by instead. A log without any text is
    read by the sizes of its requests: `scores` keeps what it was, and so does what comes back.
    `progress` gets (rows done, rows in all).
    Raises Cancelled when `cancelled` says so.
    """
    unfinished = scores.with_suffix(".part")
    try:
        with pq.ParquetFile(queries) as source:
            rule_or_text = classifier.basis if classifier.basis in RULES else "text"
            basis: Basis = rule_or_text if _has_text(source) else "size"
            read, columns = _reader(queries, classifier.on(basis), basis)
            schema = pa.schema(
                [("request_id", pa.string()), ("difficulty", pa.float32())], {"basis": basis}
            )
            total, done = source.metadata.num_rows, 0
            with pq.ParquetWriter(unfinished, schema) as sink:
                for batch in source.iter_batches(CHUNK_ROWS, columns=["request_id", *columns]):
                    if cancelled and cancelled():
                        raise Cancelled("Sorting was cancelled; nothing was kept.")
                    difficulty = pa.array(read(batch).astype(np.float32))
                    sink.write_batch(
                        pa.record_batch([batch.column("request_id"), difficulty], schema=schema)
                    )
                    done += len(batch)
                    if progress:
                        progress(done, total)
        unfinished.replace(scores)
    finally:
        unfinished.unlink(missing_ok=True)
    return basis


def basis_of(scores: Path) -> Basis:
    """What the difficulties in a file of scores were read from."""
    kept = pq.read_schema(scores).metadata or {}
    said = (kept.get(b"basis") or b"text").decode()
    return BASES[BASES.index(cast("Basis", said))] if said in BASES else "text"


def _reader(
    queries: Path, classifier: Classifier, basis: Basis
) -> tuple[Callable[[pa.RecordBatch], Floats], list[str]]:
    """What turns a batch into difficulties in logits, and the columns that it needs."""
    if basis != "size":
        return lambda batch: classifier.difficulty(batch.column("text")), ["text"]
    usual = usual_sizes(queries, CHUNK_ROWS)
    rough = classifier.rough
    return lambda batch: rough.difficulty(usual.above(pa.table(batch)), usual.sd), SIZE_COLUMNS


def _has_text(queries: pq.ParquetFile) -> bool:
    batches = queries.iter_batches(CHUNK_ROWS, columns=["text"])
    return any(len(batch) > batch.column("text").null_count for batch in batches)


def write_sorted(queries: Path, scores: Path, classifier: Classifier, out: Path) -> None:
    """One row per query in input order: its segment, difficulty, gain, tier, and chances.

    Failed and cancelled calls are left out.

    `difficulty` is 0..1, the chance that the reference simple model fails; `gain` is what the
    reference complex model is expected to add over the simple one. Never the query's text. The
    file's metadata keep the `basis`.
    """
    names = pa.array(TIERS)
    basis = basis_of(scores)
    classifier = classifier.on(basis)
    with (
        pq.ParquetFile(queries) as source,
        pq.ParquetFile(scores) as scored,
        pq.ParquetWriter(out, SORTED_SCHEMA.with_metadata({"basis": basis})) as sink,
    ):
        columns = ["request_id", "segment", "status"]
        for batch, score in zip(
            source.iter_batches(CHUNK_ROWS, columns=columns),
            scored.iter_batches(CHUNK_ROWS, columns=["difficulty"]),
            strict=True,
        ):
            went_well = pc.equal(batch.column("status"), "ok")
            batch, score = batch.filter(went_well), score.filter(went_well)
            difficulty = score.column("difficulty").to_numpy().astype(np.float64)
            chances = tier_chances(classifier, difficulty)
            tiers = names.take(pa.array(usual_tiers(classifier, binned(difficulty))))
            values = [1 - chances[0], chances[2] - chances[0], tiers, *chances]
            table = [batch.column(name) for name in columns[:2]] + [pa.array(v) for v in values]
            sink.write_batch(pa.record_batch(table, schema=sink.schema))


def build_workload(
    queries: Path,
    scores: Path,
    classifier: Classifier,
    corrections: Mapping[str, Tier] | None = None,
) -> Workload:
    """The workload of a scored log; `corrections` (request id to tier) replace its category."""
    parts: list[Workload] = []
    classifier = classifier.on(basis_of(scores))
    with pq.ParquetFile(queries) as source, pq.ParquetFile(scores) as scored:
        batches = zip(
            source.iter_batches(CHUNK_ROWS),
            scored.iter_batches(CHUNK_ROWS, columns=["difficulty"]),
            strict=True,
        )
        for batch, score in batches:
            difficulty = score.column("difficulty").to_numpy().astype(np.float64)
            difficulty = corrected(batch.column("request_id"), difficulty, classifier, corrections)
            parts.append(summarise(pa.table(batch), difficulty, classifier))
            if len(parts) == 20:
                parts = [merge(parts)]
    return merge(parts)


def corrected(
    request_ids: pa.Array,
    difficulty: Floats,
    classifier: Classifier,
    corrections: Mapping[str, Tier] | None,
) -> Floats:
    """The difficulties with those of corrected queries moved to the middle of their new tier."""
    if not corrections:
        return difficulty
    moved = difficulty.copy()
    places = pc.index_in(request_ids, pa.array(list(corrections), pa.string()))
    found = places.is_valid().to_numpy(zero_copy_only=False)
    wanted = np.array([typical_difficulty(classifier, t) for t in corrections.values()])
    moved[found] = wanted[places.drop_null().to_numpy().astype(int)]
    return moved


def summarise(queries: pa.Table, difficulty: Floats, classifier: Classifier) -> Workload:
    """The workload of some queries in the canonical schema, with their difficulties in logits.

    `classifier.basis` says what these were read from.
    """
    ok = pc.equal(queries["status"], "ok").to_numpy(zero_copy_only=False)
    failed = int((~ok).sum())
    if failed:
        queries, difficulty = queries.filter(pa.array(ok)), difficulty[ok]
    bins = bin_of(difficulty)
    hits = cache_hits(queries).to_numpy(zero_copy_only=False)  # they cost no plan anything
    input_tokens, cache_read, cache_write, output = (
        np.where(hits, 0, pc.fill_null(queries[name], 0).to_numpy())
        for name in ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens")
    )
    cost, latency, feedback = (
        queries[name].to_numpy(zero_copy_only=False).astype(np.float64)
        for name in ("cost_usd", "latency_ms", "feedback")
    )
    costed = ~np.isnan(cost)
    latency = np.where(hits, np.nan, latency)  # and say nothing of a model's speed
    estimated = pc.or_(queries["input_estimated"], queries["output_estimated"])
    rows = pd.DataFrame(
        {
            "segment": pc.fill_null(queries["segment"], UNNAMED).to_pandas(),
            "model": pc.fill_null(queries["model"], UNNAMED).to_pandas(),
            "lever": NEUTRAL,
            "bin": bins,
            "queries": 1,
            "input_tokens": input_tokens,
            "cache_read_tokens": cache_read,
            "cache_write_tokens": cache_write,
            "output_tokens": output,
            "estimated_queries": estimated.to_numpy().astype(np.int64),
            "costed_queries": costed.astype(np.int64),
            "cost_nusd": _whole(cost * 1e9),
            "uncosted_input_tokens": np.where(costed, 0, input_tokens),
            "uncosted_cache_read_tokens": np.where(costed, 0, cache_read),
            "uncosted_cache_write_tokens": np.where(costed, 0, cache_write),
            "uncosted_output_tokens": np.where(costed, 0, output),
            "latency_ms": _whole(latency),
            "latency_queries": (~np.isnan(latency)).astype(np.int64),
            "feedback_milli": _whole(feedback * 1e3),
            "feedback_queries": (~np.isnan(feedback)).astype(np.int64),
        }
    )
    lengths = rows[["lever", "bin", "queries", "input_tokens", "output_tokens"]].assign(
        length=length_bin_of(_lengths(queries, classifier.basis))
    )
    times = pc.min_max(queries["time"]).as_py() if len(queries) else {"min": None, "max": None}
    part = Workload(
        cells=rows,
        lengths=lengths,
        examples=tuple(_examples(queries, difficulty, classifier)),
        first_time=times["min"],
        last_time=times["max"],
        failed=failed,
        basis=classifier.basis,
    )
    return merge([part])


def _lengths(queries: pa.Table, basis: Basis) -> npt.NDArray[np.int64]:
    """Characters per query; without text, where no length was kept, those of its input tokens."""
    chars = np.asarray(queries["text_chars"].to_numpy(), dtype=np.int64)
    if basis != "size":
        return chars
    tokens = pc.fill_null(queries["input_tokens"], 0).to_numpy()
    return _whole(np.where(chars > 0, chars, tokens * CHARS_PER_TOKEN))


def _whole(values: Floats) -> npt.NDArray[np.int64]:
    """Rounded whole numbers, 0 where the value is missing."""
    return np.rint(np.nan_to_num(values, nan=0.0)).astype(np.int64)


def _examples(queries: pa.Table, difficulty: Floats, classifier: Classifier) -> list[Example]:
    """The lowest-ranked queries of each tier, ranked by a digest of all that is shown of them."""
    codes = usual_tiers(classifier, binned(difficulty))
    has_text = queries["text"].is_valid().to_numpy()
    found: list[Example] = []
    for code, tier in enumerate(TIERS):
        places = np.flatnonzero((codes == code) & has_text)
        shown = _shown(queries.take(pa.array(places)))
        # Ids repeat in some logs. Rows that tie here are alike, so it is no matter which one stays.
        ranked = sorted(
            (_rank(*row), float(difficulty[place]), index)
            for index, (row, place) in enumerate(zip(shown, places, strict=True))
        )
        for rank, level, index in ranked[:EXAMPLES_PER_TIER]:
            request_id, segment, model, text = shown[index]
            found.append(Example(request_id, segment, model, text, level, tier, rank))
    return found


def _shown(queries: pa.Table) -> list[tuple[str, str, str, str]]:
    """What an example shows of each query: its id, segment, model and the head of its text."""
    columns = [
        queries["request_id"],
        pc.fill_null(queries["segment"], UNNAMED),
        pc.fill_null(queries["model"], UNNAMED),
        pc.utf8_slice_codeunits(queries["text"], 0, EXAMPLE_CHARS),
    ]
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


def _rank(*words: str) -> str:
    return hashlib.blake2b(json.dumps(words).encode(), digest_size=8).hexdigest()
