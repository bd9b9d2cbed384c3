# ruff: noqa: T201 - a benchmark prints
"""What replayed queries are worth: a public set with both models' scores stands in for the models.

`python -m tests.bench.replays OUTCOMES_DIR` draws so many queries at random, as a replay does
(along segments and difficulty), or in rounds of 50 where they would change the decision most,
from one half of the log; learns from them and measures the order of gain (APGR) on the other
half. It also says how often the plan's quality on 300 replayed queries holds the truth.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from core.complexity.classifier import load_classifier
from core.complexity.comparison import Sides, figures
from core.complexity.metrics import apgr, curve
from core.complexity.own_report import PairedLog
from core.logs.ingest import ingest
from core.logs.log import QUERIES, log_folder
from core.logs.preview import preview
from core.quality.intervals import wilson
from core.quality.sample import Frame, draw_sample
from core.workload.labelling import next_labels
from core.workload.outcomes import OwnOutcomes
from core.workload.paired import paired_log
from core.workload.placing import Placing
from core.workload.scores import basis_of, cluster_names, score_log

Ints = npt.NDArray[np.int64]

LABELS: Final = (50, 100, 300, 500, 1_000)
ROUND: Final = 50
DRAWS: Final = 10
TOLERANCE: Final = 0.05
SETS: Final = {
    "mmlu": ("routellm_half", "mixtral-8x7b-instruct-v0.1", "gpt-4-1106-preview"),
    "mixed": ("llmrouter_dc", "mistral-7b-instruct-v0.3", "llama-3.3-nemotron-super-49b-v1"),
}


def main() -> None:
    """Each set as a log with tags, then the curves."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("outcomes", type=Path)
    words.add_argument("--draws", type=int, default=DRAWS)
    words.add_argument("--labels", type=int, nargs="*", default=LABELS)
    said = words.parse_args()
    folder = said.outcomes
    for name, (file, weak, strong) in SETS.items():
        log = paired(pd.read_parquet(folder / f"{file}.parquet"), name, weak, strong)
        report(name, log, said.draws, said.labels)


def report(name: str, log: PairedLog, draws: int, sizes: Sequence[int]) -> None:
    """The curve of one set."""
    sides = Sides(log.weak, log.strong, log.weak >= 0.5, 200, 0)
    read = figures(log.gain_as_read(), sides)
    low, high = read.apgr_interval or (float("nan"),) * 2
    print(f"{name}: {len(log):,} queries; without outcomes {read.apgr:.3f} [{low:.3f}, {high:.3f}]")
    halves = [np.random.default_rng(seed).permutation(len(log)) for seed in range(draws)]
    middle = len(log) // 2
    print("  order of gain and worth of the decisions, each with its deviation over draws")
    print(f"  {'labels':>8}" + "".join(f"{way.__name__:>32}" for way in WAYS))
    for labels in sizes:
        if labels > middle:
            continue
        cells = []
        for way in WAYS:
            areas = [
                reached(log, way(log, half[:middle], labels, seed), half[middle:])
                for seed, half in enumerate(halves)
            ]
            area, worth = np.nanmean(areas, axis=0)
            sd = np.nanstd(areas, axis=0)
            cells.append(f"{area:.3f} ({sd[0]:.3f}) {worth:.4f} ({sd[1]:.4f})")
        print(f"  {labels:>8}" + "".join(f"{cell:>32}" for cell in cells), flush=True)
    print(f"  the plan's quality on 300 replayed queries held the truth in {held(log):.0%} of 200")


def at_random(log: PairedLog, pool: Ints, labels: int, seed: int) -> Ints:
    """Rows drawn anywhere in the pool."""
    return np.asarray(np.random.default_rng(seed).permutation(pool)[:labels])


def as_replayed(log: PairedLog, pool: Ints, labels: int, seed: int) -> Ints:
    """The product's own sample: along segments and difficulty, every query as likely."""
    known = log.signs
    order = np.sort(pool)
    frame = Frame(
        order, known.segment[order], known.difficulty[order], np.ones(len(order)), len(order)
    )
    return draw_sample(frame, labels, seed).row


def half_where_it_tells(log: PairedLog, pool: Ints, labels: int, seed: int) -> Ints:
    """Half of them so, then in rounds those that would change the decision most."""
    return _in_rounds(log, pool, labels, seed, labels // 2)


def where_it_tells(log: PairedLog, pool: Ints, labels: int, seed: int) -> Ints:
    """Fifty so, then in rounds those that would change the decision most."""
    return _in_rounds(log, pool, labels, seed, ROUND)


def _in_rounds(log: PairedLog, pool: Ints, labels: int, seed: int, first: int) -> Ints:
    dice = np.random.default_rng(seed)
    rows = as_replayed(log, pool, first, seed)
    number = {name: n for n, name in enumerate(log.segments)}
    while len(rows) < labels:
        learned = log.taught(rows)
        weak, strong = ((m.ability, m.sd) for m in learned.models)
        gains = learned.gains(log.signs, weak, strong)
        sizes = [int((log.signs.segment == number[g.segment]).sum()) for g in gains]
        free = np.setdiff1d(pool, rows)
        new = np.zeros(0, dtype=np.int64)
        wanted = next_labels(
            gains, sizes, tolerance=TOLERANCE, extra_usd_per_query=None, batch=ROUND
        )
        for segment, count in wanted.per_segment.items():
            here = free[log.signs.segment[free] == number[segment]]
            new = np.concatenate([new, dice.permutation(here)[:count]])
        if len(new) < ROUND:  # segments that are used up: anywhere else
            rest = dice.permutation(np.setdiff1d(free, new))
            new = np.concatenate([new, rest[: ROUND - len(new)]])
        rows = np.concatenate([rows, new[: labels - len(rows)]])
    return rows


def reached(log: PairedLog, rows: Ints, rest: Ints) -> tuple[float, float]:
    """On other queries, by what these teach: the order of gain, and the worth of the decisions.

    Worth is the share of acceptable answers when a query goes to the strong model for a gain of
    more than TOLERANCE, less that price for every query that does.
    """
    weak, strong = log.chances(log.taught(rows), rest)
    sent = strong - weak > TOLERANCE
    worth = np.where(sent, log.strong[rest] - TOLERANCE, log.weak[rest]).mean()
    area = apgr(curve(strong - weak, log.weak[rest], log.strong[rest]))
    return float("nan") if area is None else area, float(worth)


def held(log: PairedLog) -> float:
    """How often Wilson's 90% interval of a plan on 300 replayed queries holds its true quality."""
    found = 0
    sent = log.gain_as_read() > np.median(log.gain_as_read())
    score = np.where(sent, log.strong, log.weak)
    for seed in range(200):
        rows = at_random(log, np.arange(len(log)), 300, seed)
        low, high = wilson(float(score[rows].sum()), 300, z=1.645)
        found += low <= score.mean() <= high
    return found / 200


def paired(rows: pd.DataFrame, name: str, weak: str, strong: str) -> PairedLog:
    """The set as a log of a team's own, with outcomes of both models for every query."""
    part = rows[rows["dataset"] == name] if name in set(rows["dataset"]) else rows
    part = part[part["model"].isin([weak, strong])]
    scores = part.pivot_table(index="query_id", columns="model", values="score").dropna()
    texts = part.drop_duplicates("query_id").set_index("query_id").loc[scores.index]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "log.csv"
        pd.DataFrame(
            {
                "request_id": scores.index,
                "prompt": texts["query"],
                "feature": texts["category"],
                "model": strong,
                "input_tokens": texts["query"].str.len() // 4,
                "output_tokens": 100,
            }
        ).to_csv(file, index=False)
        now = pd.Timestamp("2026-11-01", tz="UTC").to_pydatetime()
        mapping = preview(file, file.name).mapping
        log = ingest(file, mapping, Path(folder) / "logs", name=name, now=now)
        place = log_folder(Path(folder) / "logs", log.digest)
        scored = place / "scores.parquet"
        classifier = load_classifier()
        score_log(place / QUERIES, scored, classifier)
        placing = Placing(classifier.on(basis_of(scored)), clusters=cluster_names(scored))
        ids = pd.read_parquet(place / QUERIES, columns=["request_id"])["request_id"]
        here = scores.loc[ids.astype(scores.index.dtype)]
        own = OwnOutcomes(
            np.tile(np.arange(len(here)), 2),
            pa.array([weak] * len(here) + [strong] * len(here)),
            np.concatenate([here[weak], here[strong]]),
            {},
        )
        return paired_log(place / QUERIES, scored, placing, own, {}, (weak, strong))


WAYS: Final = (at_random, as_replayed, half_where_it_tells, where_it_tells)

if __name__ == "__main__":
    main()
