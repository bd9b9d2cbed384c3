from core.economics.estimate import Estimate
from core.economics.options import Thrift
from core.economics.outlook import INPUTS, Outlook
from core.economics.register import MONTHS, Entry, register
from core.economics.tuning.case import example_case
from core.routing.assumptions import Assumptions
from core.routing.check import Check
from core.routing.plan import Plan

from ..workload.conftest import make_model

SMALL, LARGE = make_model("small", 1.0, 5.0, ability=1.0, sd=0.5), make_model("large", 10.0)
PLAN = Plan(SMALL, SMALL, LARGE, check=Check(LARGE, 0.9, 0.2, judged=40, origin="measured"))


def entries(**more: object) -> dict[str, Entry]:
    outlook = more.pop("outlook", Outlook())
    found = register(PLAN, outlook, Assumptions(), **more)  # type: ignore[arg-type]
    assert len({(e.group, e.what) for e in found}) == len(found)
    return {entry.what: entry for entry in found}


def test_every_entry_says_what_kind_it_is_and_where_it_is_from() -> None:
    found = entries(case=example_case(), thrift=Thrift(0.2, 0.1))
    for entry in found.values():
        assert entry.source, entry
        assert entry.kind or entry.value in (None, ""), entry
    assert {what for what, _ in INPUTS.values()} <= found.keys()
    assert found["Queries that can wait for a batch"].kind == "yours"


def test_a_default_is_a_judgement_and_what_was_typed_is_yours() -> None:
    growth = Outlook(monthly_growth=Estimate(0.0, 0.02, 0.05), weekly_ramp=(0.5, 1.0))
    found = entries(outlook=growth)
    mine, theirs = found["Growth of traffic"], found["Fall of list prices"]
    assert (mine.kind, mine.value, mine.low, mine.high) == ("yours", 0.02, 0.0, 0.05)
    assert (theirs.kind, theirs.value, theirs.low, theirs.high) == ("judgement", 0.3, 0.0, 0.6)
    assert found["Rollout"].value == "0.5, 1"
    assert "Rollout" not in entries()
    assert {e.group for e in (mine, theirs, found["Rollout"])} == {MONTHS}


def test_prices_and_abilities_carry_their_date_and_each_model_stands_once() -> None:
    found = entries()
    price, ability = found["Small: input"], found["Small: ability"]
    assert price.value == 1.0 and price.as_of == "2026-11-23"
    assert ability.low is not None and ability.low < 1.0 < (ability.high or 0)
    assert found["Good answers that pass the check"].source == "40 answers judged"
