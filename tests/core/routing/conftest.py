"""Builders of traffic with known costs and difficulties, on top of the workload's builders."""

import math
from collections.abc import Sequence

from hypothesis import strategies as st

from core.catalog.model import Model
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.plan import Plan
from core.routing.settings import AS_LOGGED, TierSettings
from core.routing.tier_costs import Floats, tier_cost
from core.routing.traffic import Traffic, traffic_of

from ..workload.conftest import Row, make_model, make_workload, row

# Nothing unknown: the chance of an acceptable answer is the bare logistic of ability - difficulty.
CERTAIN = Uncertainty(spread=0.0, level_sd=0.0)
UNSURE = Uncertainty(spread=1.0, level_sd=0.8)

# The middles of three bins: easy for everybody, in between, and hard.
EASY, MIDDLING, HARD = -5.98, 0.02, 3.02

# Per million tokens; 1,000 in and 300 out cost 0.0055 and 0.00033 USD (economics, case G3).
FOUR_O = make_model("four-o", 2.5, 10.0, cached=1.25, ability=4.0)
MINI = make_model("mini", 0.15, 0.6, cached=0.075, ability=1.0)


def logistic(margin: float) -> float:
    """The chance of an acceptable answer of a model that much abler than the query is hard."""
    return 1 / (1 + math.exp(-margin))


def traffic(
    difficulty: Sequence[float],
    model: Model = FOUR_O,
    *,
    monthly_queries: float | None = None,
    **values: object,
) -> Traffic:
    """Queries of 1,000 tokens in and 300 out that `model` answers today, without logged costs."""
    rows = [
        row(str(i), **{"model": model.id, "output_tokens": 300, **values})
        for i in range(len(difficulty))
    ]
    return traffic_of(make_workload(rows, difficulty), {model.id: model}, monthly_queries)


def usd_on(found: Traffic, model: Model, cache_kept: float = 0.0) -> Floats:
    """The cost per place if the model answered everything."""
    return tier_cost(found, model, assumptions=Assumptions(cache_kept=cache_kept)).usd


Log = tuple[list[Row], list[float]]
LOG_NAMES = {"four-o": FOUR_O, "mini": MINI}


@st.composite
def any_log(draw: st.DrawFn, at_least: int = 1) -> Log:
    """A few queries of two models, with and without logged costs, easy and hard.

    No two logs have a conversation in common.
    """
    whose = draw(st.uuids())
    rows: list[Row] = []
    difficulty: list[float] = []
    for i in range(draw(st.integers(at_least, 6))):
        given = draw(st.integers(1, 50_000))
        rows.append(
            row(
                str(i),
                model=draw(st.sampled_from(["four-o", "mini"])),
                input_tokens=given,
                session=draw(st.sampled_from([None, f"one {whose}", f"two {whose}"])),
                cache_read_tokens=draw(st.integers(0, given // 2)),
                cache_write_tokens=draw(st.integers(0, given // 2)),
                output_tokens=draw(st.integers(0, 5_000)),
                cost_usd=draw(st.one_of(st.none(), st.floats(0, 2))),
                text_chars=draw(st.integers(1, 100_000)),
            )
        )
        difficulty.append(draw(st.floats(-7.5, 7.5)))
    return rows, difficulty


@st.composite
def any_traffic(draw: st.DrawFn, at_least: int = 1) -> Traffic:
    """The traffic of any such log."""
    return traffic_of(make_workload(*draw(any_log(at_least))), LOG_NAMES)


@st.composite
def any_model(draw: st.DrawFn, name: str) -> Model:
    """A model of any price and ability, without rent."""
    usd_in = draw(st.floats(0, 20))
    return make_model(
        name,
        usd_in,
        draw(st.floats(0, 60)),
        cached=usd_in * draw(st.floats(0, 1)),
        written=draw(st.one_of(st.none(), st.floats(0, 40))),
        ability=draw(st.floats(-2, 6)),
        sd=draw(st.floats(0, 1.5)),
    )


@st.composite
def any_settings(draw: st.DrawFn) -> TierSettings:
    """Any way to call a model."""
    return TierSettings(
        retry_share=draw(st.one_of(st.none(), st.floats(0, 1))),
        cached_share=draw(st.one_of(st.none(), st.floats(0, 1))),
        output_share=draw(st.one_of(st.just(1.0), st.floats(0.1, 5))),
    )


@st.composite
def any_plan(draw: st.DrawFn) -> Plan:
    """Any three models, today's among them, and any two tolerances."""
    models = [draw(st.one_of(any_model(name), st.sampled_from([FOUR_O, MINI]))) for name in "xyz"]
    settings = draw(st.one_of(st.just((AS_LOGGED,) * 3), st.tuples(*[any_settings()] * 3)))
    return Plan(*models, draw(st.floats(0, 1)), draw(st.floats(0, 1)), settings=settings)
