import random
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from core.complexity.scale import NEUTRAL
from core.economics.estimate import Estimate
from core.economics.options import Thrift
from core.economics.outlook import Outlook
from core.economics.tuning.case import example_case
from core.frozen.document import PlanDocument
from core.frozen.freeze import refigured
from core.frozen.merging import TITLES, Side, differences, merged
from core.routing.assumptions import Assumptions
from core.routing.check import Check
from core.routing.settings import TierSettings
from core.workload.routing_rules import RoutingRule
from core.workload.workload import from_json

from ..workload.conftest import make_classifier, make_model, make_workload, row
from .conftest import BIG, NOON, PLAN, SMALL, frozen, made_log

LATER = NOON + timedelta(hours=1)
MINI = make_model("mini", 0.05, 0.2, ability=0.5, sd=0.9)
NANO = make_model("nano", 0.02, 0.1, ability=0.0, sd=0.9)
MID = make_model("mid", 1.0, 4.0, ability=2.5, sd=0.8)

Values = dict[str, object]  # of a plan, and under "with" of what is frozen with it


def other_log(name: str, feature: str, queries: int) -> Values:
    """Another log with a rule of its own, that its workload was counted with."""
    rule = RoutingRule("segment", feature, "force", "complex")
    rows = [
        row(f"{name}{i}", model="big", segment=("chat", feature)[i % 2]) for i in range(queries)
    ]
    workload = make_workload(rows, [i / 2 - 3 for i in range(queries)], [rule])
    return {
        "rules": (rule,),
        "with": {
            "log": made_log(name=f"{name}.csv", digest=name * 16),
            "workload": workload,
            "names": {"big": BIG},
            "monthly_queries": 1_000.0 * queries,
            "segment_names": {feature: name},
            "classifier": make_classifier(version=name, level_sd=0.4 + queries / 100),
            "prices_as_of": date(2026, 12, queries),
        },
    }


def outlook(growth: float) -> Values:
    return {"with": {"growth": Outlook(monthly_growth=Estimate.exactly(growth))}}


# For each part: what one of the two might make of it, and what the other might.
PARTS: dict[str, tuple[Values, Values]] = {
    "simple": (
        {"simple": MINI},
        {"simple": NANO, "settings.0": TierSettings(fallback=SMALL, output_share=2.0)},
    ),
    "medium": ({"medium": MID}, {"medium": SMALL, "settings.1": TierSettings(retry_share=0.2)}),
    "complex": ({"settings.2": TierSettings(output_share=1.5)}, {"complex": MID}),
    "to_medium": ({"to_medium": 0.2}, {"to_medium": 0.01}),
    "to_complex": ({"to_complex": 0.1}, {"to_complex": 0.3}),
    "check": ({"check": Check(SMALL, 0.8, 0.1, judged=20)}, {"check": Check(MID, 0.95, 0.2)}),
    "log": (other_log("a", "search", 8), other_log("b", "code", 12)),
    "growth": (outlook(0.1), outlook(-0.05)),
    "thrift": ({"with": {"thrift": Thrift(0.2)}}, {"with": {"thrift": Thrift(0.0, 0.5)}}),
    "fine_tuning": (
        {"with": {"fine_tuning": example_case()}},
        {"with": {"fine_tuning": replace(example_case(), name="other")}},
    ),
    "assumptions": (
        {"with": {"assumptions": Assumptions(seed=5)}},
        {"with": {"assumptions": Assumptions(cache_kept=0.4)}},
    ),
    "note": ({"with": {"note": "theirs"}}, {"with": {"note": "mine"}}),
}


def made(changes: Mapping[str, Values], author: str = "Ada") -> PlanDocument:
    """A plan that has these changes from the start."""
    plan: Values = {}
    settings = list(PLAN.settings)
    others: Values = {}
    for change in changes.values():
        for key, value in change.items():
            if key == "with":
                assert isinstance(value, dict)
                others |= value
            elif key.startswith("settings."):
                assert isinstance(value, TierSettings)
                settings[int(key[-1])] = value
            else:
                plan[key] = value
    changed = replace(PLAN, **plan, settings=tuple(settings))  # type: ignore[arg-type]
    return frozen(plan=changed, author=author, now=LATER, **others)


def all_of(side: int) -> dict[str, Values]:
    return {name: both[side] for name, both in PARTS.items()}


BASE = made({})
THEIRS, MINE = made(all_of(0)), made(all_of(1))


def merge(theirs: PlanDocument, mine: PlanDocument, choices: Mapping[str, Side]) -> PlanDocument:
    return merged(theirs, mine, choices, author="Ada", now=LATER)


def test_every_part_of_a_plan_is_tried_here() -> None:
    assert list(PARTS) == list(TITLES)
    kept = {field.name for field in fields(PlanDocument)}
    about = {"author", "created_at", "program_version", "format", "figures"}
    taken = {name for name in kept - about if getattr(THEIRS, name) != getattr(BASE, name)}
    # "learned" goes with its log; nothing taught either of these
    assert taken == kept - about - {"learned"}, "no field is left behind when a part is taken"


@pytest.mark.parametrize("part", PARTS)
def test_one_part_of_mine_gives_the_plan_that_has_it_from_the_start(part: str) -> None:
    expected = made(all_of(0) | {part: PARTS[part][1]})
    assert merge(THEIRS, MINE, {part: "mine"}) == expected
    assert merge(THEIRS, MINE, {part: "mine"}).figures == refigured(expected)


@pytest.mark.parametrize("part", PARTS)
def test_all_but_one_part_of_mine_leaves_that_one_as_they_had_it(part: str) -> None:
    choices: dict[str, Side] = {
        name: "theirs" if name == part else "mine" for name in reversed(PARTS)
    }
    assert merge(THEIRS, MINE, choices) == made(all_of(1) | {part: PARTS[part][0]})


@pytest.mark.parametrize("seed", range(6))
def test_any_choice_gives_the_plan_that_was_made_so_from_the_start(seed: int) -> None:
    chosen = random.Random(seed)
    sides: dict[str, Side] = {name: chosen.choice(("theirs", "mine")) for name in PARTS}
    expected = made({n: PARTS[n][0 if side == "theirs" else 1] for n, side in sides.items()})
    assert merge(THEIRS, MINE, sides) == expected


def test_nothing_chosen_is_their_version_and_everything_mine() -> None:
    assert merge(THEIRS, MINE, {}) == THEIRS
    assert merge(THEIRS, MINE, dict.fromkeys(PARTS, "mine")) == MINE


def test_the_merged_version_says_who_made_it_and_when() -> None:
    both = merged(THEIRS, MINE, {}, author="Cy", now=NOON + timedelta(days=3))
    assert (both.author, both.created_at) == ("Cy", NOON + timedelta(days=3))


def test_what_only_one_changed_is_suggested_and_what_both_did_is_asked() -> None:
    theirs = made({name: PARTS[name][0] for name in ("simple", "growth", "note", "check")})
    mine = made(
        {
            "simple": PARTS["simple"][1],  # both, differently
            "growth": PARTS["growth"][0],  # both, alike
            "to_complex": PARTS["to_complex"][1],  # mine only
            "note": {},  # theirs only
            "check": PARTS["check"][1],
        }
    )
    found = {part.name: part for part in differences(BASE, theirs, mine)}
    assert {name: (part.both, part.suggested) for name, part in found.items()} == {
        "simple": (True, "mine"),
        "to_complex": (False, "mine"),
        "check": (True, "mine"),
        "note": (False, "theirs"),
    }
    assert all(part.title == TITLES[name] for name, part in found.items())
    assert list(found) == [name for name in TITLES if name in found]


def test_each_side_is_told_in_words_and_silent_where_it_changed_nothing() -> None:
    theirs, mine = made({"note": PARTS["note"][0]}), made({"simple": PARTS["simple"][1]})
    simple, note = differences(BASE, theirs, mine)
    assert simple.theirs == () and any("Nano" in line for line in simple.mine)
    assert note.mine == () and any("theirs" in line for line in note.theirs)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_one_side_changed_alone_is_one_difference(part: str) -> None:
    (theirs,) = differences(BASE, made({part: PARTS[part][0]}), BASE)
    assert (theirs.name, theirs.both, theirs.suggested, theirs.mine) == (part, False, "theirs", ())
    assert theirs.theirs
    (mine,) = differences(BASE, BASE, made({part: PARTS[part][1]}))
    assert (mine.name, mine.both, mine.suggested, mine.theirs) == (part, False, "mine", ())
    assert mine.mine


def test_two_who_changed_nothing_or_the_same_have_nothing_to_choose() -> None:
    assert differences(BASE, BASE, BASE) == ()
    assert differences(BASE, THEIRS, replace(THEIRS, author="Bo", created_at=NOON)) == ()


@pytest.mark.parametrize("side", ["theirs", "mine"])
def test_rules_stay_with_the_log_that_was_counted_with_them(side: Side) -> None:
    source = {"theirs": THEIRS, "mine": MINE}[side]
    other: Side = "mine" if side == "theirs" else "theirs"
    both = merge(THEIRS, MINE, {name: side if name == "log" else other for name in PARTS})
    assert both.plan.rules == source.plan.rules and both.workload == source.workload
    assert (both.log, both.names, both.prices_as_of) == (
        source.log, source.names, source.prices_as_of,
    )  # fmt: skip
    # Half of the log's queries are bound to complex by its rule, whatever the models are.
    bound = from_json(both.workload).cells
    assert bound[bound["rule"] > 0]["queries"].sum() == source.log.queries // 2
    assert bound["lever"].iloc[0] == NEUTRAL


def test_a_model_takes_along_what_stands_in_for_it() -> None:
    """They made the fallback the model itself; mine only has another note."""
    base = made({"simple": {"simple": SMALL, "settings.0": TierSettings(fallback=BIG)}})
    theirs = made({"simple": {"simple": BIG, "settings.0": TierSettings(fallback=SMALL)}})
    mine = replace(base, note="mine")
    simple, note = differences(base, theirs, mine)
    assert (simple.name, simple.suggested, note.suggested) == ("simple", "theirs", "mine")
    both = merge(theirs, mine, {"simple": "theirs", "note": "mine"})
    assert both.plan == theirs.plan and both.note == "mine"
    assert merge(theirs, mine, {"simple": "mine"}).plan == base.plan
