"""What the Fine-tuning page reads, cached: by the log and its plan, or by the case's JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import streamlit as st

from app import services
from app.elsewhere import WORKING, worked_out
from app.planning import SortedLog
from core.economics.bounds import TRILLION
from core.economics.tuning.candidates import Segment, after_routing, segments_of
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.case_json import NAME_CHARS, case_from_json
from core.economics.tuning.payback_map import PaybackMap, payback_map
from core.economics.tuning.scenarios import Scenario, scenarios
from core.economics.tuning.sensitivity import BridgeStep, Swing, bridge, swings_of
from core.economics.tuning.uncertainty import Simulation, simulate
from core.routing.assumptions import Assumptions
from core.routing.controls import best_swap, controls
from core.routing.plan import Plan
from core.routing.simulate import simulate as simulate_plan
from core.workload.notes import monthly_calls
from core.workload.spend import monthly_factor
from core.workload.tiers import usual_cuts_by_lever


@dataclass(frozen=True)
class Bill:
    """A log's monthly bill, what its plan and the best single swap leave of it, its segments."""

    usd: float
    queries: float
    left_over: float  # 0..1, after routing
    swap_left_over: float | None  # None: no single model is good enough and cheaper
    swap_name: str
    segments: tuple[Segment, ...]

    def segment(self, name: str) -> Segment | None:
        """The segment of that name, where it is among those that spend most."""
        return next((segment for segment in self.segments if segment.name == name), None)


@dataclass(frozen=True)
class Outlook:
    """Everything about a case that takes longer than a glance."""

    futures: Simulation
    swings: tuple[Swing, ...]
    steps: tuple[BridgeStep, ...]
    scenarios: tuple[Scenario, ...]
    map: PaybackMap


def on_bill(case: FineTuneCase, bill: Bill, part: Segment | None) -> FineTuneCase:
    """The case with what the log knows of its part: its name, its queries, what routing leaves.

    Queries follow the case's own bill, which may be that of another volume.
    """
    usd = case.current_monthly_usd
    if usd is None:
        usd = (case.monthly_queries or 0.0) * (case.cost_per_query_usd or 0.0)
    queries = bill.queries * usd / bill.usd if bill.usd else 0.0
    return replace(
        case,
        current_monthly_usd=usd,
        cost_per_query_usd=None,
        name=part.name[:NAME_CHARS] if part else "",
        monthly_queries=queries if 0 < queries < TRILLION else None,
        routing_multiplier=part.left_over if part else bill.left_over,
    )


def segments_at(case: FineTuneCase, bill: Bill) -> tuple[Segment, ...]:
    """The segments of the log at the volume of the case's own bill."""
    times = (case.current_monthly_usd or 0.0) / bill.usd if bill.usd else 0.0
    return tuple(replace(s, queries=times * s.queries, usd=times * s.usd) for s in bill.segments)


def bill_of(found: SortedLog, plan: Plan, assumptions: Assumptions) -> Bill:
    """The bill that a fine-tuning case starts from, under that plan."""
    key = [found.log.digest, found.placed_by, services.said_key(found.notes)]
    said = [repr(plan), repr(assumptions), repr(found.uncertainty)]
    return _bill(json.dumps([*key, *said]), found, plan, assumptions)


@st.cache_resource(max_entries=16, show_spinner=WORKING)
def _bill(key: str, _found: SortedLog, _plan: Plan, _assumptions: Assumptions) -> Bill:
    workload, uncertainty = _found.workload, _found.uncertainty
    outcome = simulate_plan(_found.traffic, _plan, uncertainty, _assumptions)
    compared = controls(_found.traffic, workload.lengths, _plan, outcome, uncertainty, _assumptions)
    swap = best_swap(_found.traffic, compared)
    factor = monthly_factor(workload, monthly_calls(workload, _found.notes))
    cuts = usual_cuts_by_lever(services.classifier().on(workload.basis))
    segments = segments_of(workload, _found.names, factor, cuts)
    usd = outcome.baseline_usd
    return Bill(
        usd=usd,
        queries=_found.traffic.monthly_queries,
        left_over=min(outcome.planned.central / usd, 1.0) if usd else 1.0,
        swap_left_over=swap.monthly_usd / usd if swap and usd else None,
        swap_name=swap.name.removeprefix("always ") if swap else "",
        segments=worked_out(
            after_routing,
            segments,
            workload,
            _found.names,
            factor,
            _plan,
            uncertainty,
            _assumptions,
        ),
    )


@st.cache_resource(max_entries=64, show_spinner=WORKING)
def outlook_of(case: str, swap_left_over: float | None) -> Outlook:
    """The futures, the tornado, the bridge, the scenarios and the map of a case, by its JSON."""
    read = case_from_json(case)
    swap = None if swap_left_over is None else swap_left_over * read.slice_monthly_usd
    futures = worked_out(simulate, read)
    return Outlook(
        futures=futures,
        swings=worked_out(swings_of, read),
        steps=bridge(read),
        scenarios=scenarios(read, swap, base_loss=futures.probability_of_loss),
        map=payback_map(read),
    )
