"""A plan's money over the coming months, as the Savings page sees it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import pyarrow.compute as pc
import pyarrow.parquet as pq
import streamlit as st

from app import planning, services, tuning
from app.elsewhere import WORKING, worked_out
from app.planning import SortedLog
from app.state import Draft
from core.economics.forecast import Bill
from core.economics.options import Option, Thrift, options, plan_bill
from core.economics.outlook import Outlook
from core.economics.projection import Projection
from core.economics.savings_futures import Hinge, SavingsFutures, hinges, savings_futures
from core.economics.season import season_of
from core.economics.tuning.case_json import case_from_json
from core.economics.tuning.verdict import FineTuneResult, assess
from core.errors import BadInput, Hindered
from core.frozen.freeze import projections
from core.logs.log import QUERIES
from core.routing.assumptions import Assumptions
from core.routing.controls import controls
from core.routing.findings import usual_check
from core.routing.plan import Plan
from core.routing.simulate import Outcome, Range, simulate
from core.routing.strategies import Comparison, compare


@dataclass(frozen=True)
class Forecast:
    """A plan over the coming months, beside the other options."""

    outcome: Outcome
    central: Projection
    low: Projection
    high: Projection
    futures: SavingsFutures
    hinges: tuple[Hinge, ...]
    options: list[Option]


def forecasts(
    found: SortedLog, plan: Plan, draft: Draft, assumptions: Assumptions, thrift: Thrift
) -> Forecast:
    """The plan in the months of its outlook."""
    outlook = draft.outlook
    outcome = simulate(found.traffic, plan, found.uncertainty, assumptions)
    central, low, high = projections(plan, outcome, outlook)
    own = plan_bill(plan, outcome)
    said = json.dumps([outcome.baseline_usd, repr(own), repr(outcome.planned), repr(outlook)])
    futures, swings = _futures(said, outcome.baseline_usd, own, outcome.planned, outlook)
    return Forecast(
        outcome, central, low, high, futures, swings,
        options(
            found.traffic,
            plan,
            outcome,
            controls(
                found.traffic, found.workload.lengths, plan, outcome, found.uncertainty, assumptions
            ),
            _strategies(found, plan, assumptions),
            outlook,
            thrift=thrift,
            tuned=_tuned(found, plan, draft, assumptions),
        ),
    )  # fmt: skip


@st.cache_data(max_entries=64, show_spinner=WORKING)
def _futures(
    said: str, _baseline_usd: float, _own: Bill, _planned: Range, _outlook: Outlook
) -> tuple[SavingsFutures, tuple[Hinge, ...]]:
    today = Bill(_baseline_usd)
    return (
        worked_out(savings_futures, today, _own, _planned, _outlook),
        worked_out(hinges, today, _own, _planned, _outlook),
    )


def _strategies(found: SortedLog, plan: Plan, assumptions: Assumptions) -> Comparison:
    choices = planning.best_choices(found, plan, assumptions)
    check = plan.check or usual_check(plan)
    return compare(found.traffic, plan, check, found.uncertainty, assumptions, choices)


def _tuned(
    found: SortedLog, plan: Plan, draft: Draft, assumptions: Assumptions
) -> FineTuneResult | None:
    """The case of the Fine-tuning page on what this plan leaves, in this outlook's months."""
    if not draft.fine_tuning:
        return None
    try:
        case, outlook = case_from_json(draft.fine_tuning), draft.outlook
        bill = tuning.bill_of(found, plan, assumptions)
        case = tuning.on_bill(case, bill, bill.segment(case.name))
        return assess(
            replace(
                case,
                monthly_growth=outlook.monthly_growth,
                yearly_price_decline=outlook.yearly_price_decline,
                reprice_month=outlook.reprice_month,
                reprice_factor=outlook.reprice_factor,
                horizon_months=outlook.months,
            )
        )
    except Hindered:
        raise
    except BadInput:
        return None  # the Fine-tuning page says what is wrong with it


def season(found: SortedLog) -> tuple[float, ...]:
    """The log's own season, where it is long enough to tell one."""
    return _season(found.log.digest)


@st.cache_data(max_entries=16, show_spinner=False)
def _season(digest: str) -> tuple[float, ...]:
    times = pq.read_table(services.folder_of(digest) / QUERIES, columns=["time"])["time"]
    counts = pc.value_counts(pc.strftime(times.drop_null(), "%Y-%m"))
    found = {
        (int(month[:4]), int(month[5:])): float(count)
        for month, count in zip(
            counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True
        )
    }
    whole = dict(sorted(found.items())[1:-1])  # the first and the last are mostly cut off
    return season_of(whole) or ()
