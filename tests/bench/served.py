# ruff: noqa: T201 - a benchmark prints
"""A replay end to end: a public set's scores, served over HTTP as the answers of two models.

`python -m tests.bench.served OUTCOMES_DIR` replays 300 queries of each set as the product does
(calls, blind judge in both orders, journal), with a judge that is always right and one that is
right in 85 of 100 answers, either held against 40 pairs that people judged. It says how often the
range of the plan's quality holds the truth, and how far the outcomes lift the order of gain on
the queries that were not replayed.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.complexity.metrics import apgr, curve
from core.complexity.own_report import PairedLog
from core.quality.journal import Item, Told
from core.quality.people import Said, as_people_say
from core.quality.prompts import Prompt
from core.quality.replay import Candidate, Replay
from core.quality.results import Shown, shown
from core.quality.run import run_replay
from core.routing.assumptions import Uncertainty
from core.routing.plan import Plan
from core.routing.simulate import plan_cuts
from core.workload.grid import bin_of, places_of, tier_by_place
from core.workload.labelled import TOKENS, Labelled
from tests.bench.replays import SETS, paired
from tests.core.quality.conftest import JUDGE, Script, serving
from tests.core.workload.conftest import make_model

Ints = npt.NDArray[np.int64]

LABELS: Final = 300
HUMAN: Final = 40
DRAWS: Final = 10


def main() -> None:
    """Each set with each judge."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("outcomes", type=Path)
    folder = words.parse_args().outcomes
    for name, (file, weak, strong) in SETS.items():
        log = paired(pd.read_parquet(folder / f"{file}.parquet"), name, weak, strong)
        before = area(log.gain_as_read(), log, np.arange(len(log)))
        print(f"{name}: {len(log):,} queries; order of gain without outcomes {before:.3f}")
        for accuracy in (1.0, 0.85):
            report(log, accuracy, HUMAN)


def report(log: PairedLog, accuracy: float, human: int) -> None:
    """Ten replays of a set, in one line."""
    held, widths, areas, asked, again = 0, [], [], 0, 0
    for seed in range(DRAWS):
        rows = np.sort(np.random.default_rng(seed).permutation(len(log))[:LABELS])
        script = Script(truth=truth_of(log, rows), judge_accuracy=accuracy)
        found, items = replayed(log, rows, script, human)
        true = plan_quality(log)
        held += found.plan.low <= true <= found.plan.high
        widths.append(found.plan.high - found.plan.low)
        areas.append(taught(log, rows, items))
        asked, again = asked + len(script.bodies), again + len(script.after_answer)
    print(
        f"  judge right in {accuracy:.0%}, {human} pairs judged by people: range held the truth "
        f"in {held} of {DRAWS} (mean width {np.mean(widths):.2f}); order of gain taught by "
        f"{LABELS} replayed queries {np.mean(areas):.3f} (deviation {np.std(areas):.3f}); "
        f"{asked:,} calls, {again} of them asked twice",
        flush=True,
    )


def replayed(
    log: PairedLog, rows: Ints, script: Script, human: int
) -> tuple[Shown, dict[int, Item]]:
    """What a replay of these rows shows of the plan, and its items as people mended them."""
    texts = log.texts.to_pylist()
    plan = plan_of(log)
    models = tuple(Candidate(m, m.id) for m in (plan.simple, plan.complex))
    replay = Replay(
        "served", "d" * 16, "a plan", models, Candidate(JUDGE, "judge"), tuple(rows.tolist()),
        (1.0,) * len(rows), 1e6,
    )  # fmt: skip
    prompts = {n: Prompt(str(n), f"{n}\n{texts[n]}", None, 0, 0) for n in rows.tolist()}
    with TemporaryDirectory() as folder, serving(script) as server:
        run_replay(Path(folder), replay, prompts, server.endpoint())
        items = dict(Told(Path(folder)).items)
    said = [
        Said(row, "weak", bool(log.weak[row] >= 0.5), bool(log.strong[row] >= 0.5))
        for row in rows[:human].tolist()
    ]
    settled = as_people_say(items, said)
    scores = np.array([[settled[n].scores["strong"], settled[n].scores["weak"]] for n in rows])
    seen = labelled(log, rows, scores)
    return shown(replay, items, seen, plan, uncertainty(log), said), settled


def truth_of(log: PairedLog, rows: Ints):  # type: ignore[no-untyped-def]
    """Whether a model's answer to a prompt is right: its score in the set is at least a half."""
    known = {n: {"weak": log.weak[n] >= 0.5, "strong": log.strong[n] >= 0.5} for n in rows.tolist()}
    return lambda text, model: bool(known[int(text.split("\n", 1)[0])][model])


def plan_of(log: PairedLog) -> Plan:
    """The two models as a plan, with what is known of them before."""
    weak, strong = (
        make_model(name, usd, ability=ability)
        for name, usd, ability in zip(("weak", "strong"), (1.0, 10.0), log.ability, strict=True)
    )
    return Plan(weak, weak, strong)


def uncertainty(log: PairedLog) -> Uncertainty:
    """The classifier's own."""
    return Uncertainty(log.spread, log.level_sd)


def labelled(log: PairedLog, rows: Ints, scores: npt.NDArray[np.float64]) -> Labelled:
    """Those rows where the classifier places them, with scores of the strong and the weak model."""
    none = np.zeros(len(rows), dtype=np.int64)
    gain = log.gain_as_read()[rows]
    # Half of the log on each side of the plan's cut, whatever its level: it is a benchmark.
    sent = gain > np.median(log.gain_as_read())
    difficulty = np.where(sent, 50.0, -50.0)
    return Labelled(
        places_of(none, none + 4, bin_of(difficulty)), none, ("strong", "weak"), scores,
        {name: np.zeros(len(rows)) for name in TOKENS},
    )  # fmt: skip


def plan_quality(log: PairedLog) -> float:
    """The share of acceptable answers of the plan over the whole set."""
    rows = np.arange(len(log))
    scores = np.column_stack([log.strong >= 0.5, log.weak >= 0.5]).astype(float)
    all_ = labelled(log, rows, scores)
    plan = plan_of(log)
    tiers = tier_by_place(plan_cuts(plan, log.spread))[all_.places(plan.windows)]
    return float(np.choose(tiers, [scores[:, 1], scores[:, 1], scores[:, 0]]).mean())


def taught(log: PairedLog, rows: Ints, items: dict[int, Item]) -> float:
    """The order of gain on the rest, taught by what the replay said."""
    weak, strong = log.weak.copy(), log.strong.copy()
    weak[rows] = [items[n].scores["weak"] for n in rows.tolist()]
    strong[rows] = [items[n].scores["strong"] for n in rows.tolist()]
    learned = replace(log, weak=weak, strong=strong).taught(rows)
    rest = np.setdiff1d(np.arange(len(log)), rows)
    low, high = log.chances(learned, rest)
    return area(high - low, log, rest)


def area(gain: npt.NDArray[np.float64], log: PairedLog, rows: Ints) -> float:
    """APGR of an order of gain on these rows."""
    found = apgr(curve(gain if len(gain) == len(rows) else gain[rows], log.weak[rows],
                       log.strong[rows]))  # fmt: skip
    return float("nan") if found is None else found


if __name__ == "__main__":
    main()
