# ruff: noqa: T201 - a benchmark prints
"""Do 90% ranges hold the truth in nine of ten worlds? Simulated logs whose truth is known.

Run `python -m tests.bench.coverage` (a minute). In each world the abilities of the models, the
log's level of difficulty, the token counts on other models and how well the check works are
drawn from what the plan says it does not know; the plan sees a sample of the world's queries as
they look. Worlds in which today's models fail most queries are drawn again, as plans assume.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from core.catalog.model import Ability, Model, Price
from core.complexity.scale import NEUTRAL
from core.routing.assumptions import TOKEN_SPREAD, Uncertainty
from core.routing.check import Check
from core.routing.plan import Plan
from core.routing.simulate import Outcome, plan_cuts, simulate
from core.routing.traffic import Traffic, traffic_of
from core.workload.grid import BINS, bin_of, tier_by_place
from core.workload.workload import Workload, empty_workload

WORLDS: Final = 200
QUERIES: Final = 2_000
POPULATION: Final = 60_000  # what the log is a sample of
DAY: Final = date(2026, 11, 23)
Dice = np.random.Generator


def model(name: str, usd_in: float, usd_out: float, ability: float, sd: float) -> Model:
    """A model of some price and ability."""
    price = Price(usd_in, usd_in, usd_out, DAY, "made up")
    return Model(
        name, name, "made up", "mid", price, Ability(ability, sd, "judgement", "made up", DAY)
    )


MODELS: Final = (
    model("small", 0.1, 0.5, 2.5, 0.7),
    model("middle", 1.0, 5.0, 3.3, 0.7),
    model("large", 2.0, 10.0, 4.1, 0.7),
)
TODAY: Final = model("today", 2.5, 10.0, 3.6, 0.4)
UNSURE: Final = Uncertainty(spread=1.6, level_sd=0.8)


def sample(dice: Dice, looks: np.ndarray, tokens: np.ndarray) -> Traffic:
    """The traffic of a log of QUERIES drawn from the population."""
    rows = dice.integers(0, len(looks), QUERIES)
    cells = pd.DataFrame(
        {
            "segment": "all", "model": "today", "lever": NEUTRAL,
            "bin": bin_of(looks[rows]), "queries": 1,
            "input_tokens": tokens[rows, 0], "output_tokens": tokens[rows, 1],
            "uncosted_input_tokens": tokens[rows, 0], "uncosted_output_tokens": tokens[rows, 1],
        }
    )  # fmt: skip
    empty = empty_workload().cells
    for column in empty.columns.difference(cells.columns):
        cells[column] = 0
    cells = cells.groupby(["segment", "model", "lever", "bin"], as_index=False).sum()
    workload: Workload = replace(empty_workload(), cells=cells[list(empty.columns)])
    return traffic_of(workload, {"today": TODAY}, float(POPULATION))


def world(dice: Dice, check: Check | None) -> dict[str, bool]:
    """Whether each range of a plan on a log held what is true of its world."""
    plan = Plan(*MODELS, check=check)
    while True:
        looks = dice.normal(0.5, 1.2, POPULATION)
        real = looks + dice.normal(0, UNSURE.level_sd) + dice.normal(0, UNSURE.spread, POPULATION)
        able = {m.id: dice.normal(m.ability.mean, m.ability.sd) for m in (*MODELS, TODAY)}
        ok = {
            name: dice.random(POPULATION) < 1 / (1 + np.exp(real - theta))
            for name, theta in able.items()
        }
        if ok["today"].mean() >= 0.5:
            break
    tokens = np.column_stack(
        [dice.integers(200, 3_000, POPULATION), dice.integers(50, 800, POPULATION)]
    )
    outcome = simulate(sample(dice, looks, tokens), plan, UNSURE)
    scale = {m.id: 1 + dice.normal(0, TOKEN_SPREAD) for m in (*MODELS, TODAY)}

    def usd(one: Model) -> np.ndarray:
        assert one.price is not None
        zero = np.zeros(POPULATION)
        cost = one.price.cost_usd(tokens[:, 0].astype(float), zero, tokens[:, 1].astype(float))
        return cost * (1.0 if one is TODAY else scale[one.id])

    spent, good = np.zeros(POPULATION), np.zeros(POPULATION, dtype=bool)
    if check is None:
        sent = tier_by_place(plan_cuts(plan, UNSURE.spread))[BINS * NEUTRAL + bin_of(looks)]
        for code, one in enumerate(MODELS):
            spent += np.where(sent == code, usd(one), 0.0)
            good |= (sent == code) & ok[one.id]
    else:
        passes = [float(share[0]) for share in check.draw(dice, 1)]
        waiting = np.ones(POPULATION, dtype=bool)
        for code, one in enumerate(MODELS):
            spent += np.where(waiting, usd(one), 0.0)
            if code < 2:
                judge = check.model.price
                assert judge is not None
                read = tokens.sum(axis=1).astype(float)
                checked = judge.cost_usd(read, np.zeros(POPULATION), np.full(POPULATION, 20.0))
                spent += np.where(waiting, checked * scale[check.model.id], 0.0)
                chance = np.where(ok[one.id], passes[0], passes[1])
                kept = waiting & (dice.random(POPULATION) < chance)
            else:
                kept = waiting
            good |= kept & ok[one.id]
            waiting &= ~kept
    return held(outcome, 1 - spent.sum() / usd(TODAY).sum(), good.mean(), ok["today"].mean())


def held(outcome: Outcome, saving: float, quality: float, today: float) -> dict[str, bool]:
    """Whether the three ranges hold the true figures."""
    truth = {
        "saving": (outcome.saving_share, saving),
        "quality": (outcome.quality, quality),
        "quality kept": (outcome.quality_kept, quality / today),
    }
    return {name: found.low <= value <= found.high for name, (found, value) in truth.items()}


def main() -> None:
    """How often the ranges of both strategies held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    worlds = parser.parse_args().worlds
    print(f"{worlds} worlds; a 90% range should hold in 85 to 95 of 100")
    for name, check in (("route", None), ("cascade", Check(MODELS[1]))):
        dice = np.random.default_rng(20261126)
        found = pd.DataFrame([world(dice, check) for _ in range(worlds)]).mean()
        words = ", ".join(f"{what} {share:.1%}" for what, share in found.items())
        print(f"{name:8} {words}")


if __name__ == "__main__":
    main()
