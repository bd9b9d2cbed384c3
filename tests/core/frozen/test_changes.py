"""Every field of a saved plan has words where it differs, and none where it does not."""

import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.complexity.learned import Learned, ModelEvidence, Usual
from core.economics.estimate import Estimate
from core.economics.options import Thrift
from core.economics.outlook import Outlook
from core.economics.tuning.case import FineTuneCase, example_case
from core.economics.tuning.fields import GROUPS
from core.errors import BadInput
from core.frozen.changes import changes, effect
from core.frozen.document import PlanDocument, document_from_json, document_to_json
from core.routing.assumptions import Assumptions
from core.routing.check import Check
from core.routing.plan import Plan
from core.routing.settings import TierSettings
from core.workload.routing_rules import RoutingRule
from core.workload.workload import to_json, without_examples

from ..workload.conftest import make_model, make_workload, row
from .conftest import BIG, PLAN, SMALL, frozen

# Saving again is no difference of the plan, and a program reads one format only.
SILENT = {"created_at", "format"}
WORKLOAD = to_json(without_examples(make_workload([row("q"), row("r")], [0.0, 2.0])))

LEARNED = Learned(
    usual=Usual((0.0, 1.0), (4.0, 1.0)),
    about=2.0,
    segments=("chat",),
    shares=(1.0,),
    shift=(0.1, 0.0, 0.0, 0.0),
    lever=(0.0, 0.0, 0.0, 0.0),
    covariance=(),
    models=(ModelEvidence("big", 4.0, 0.1, 300),),
    answers=450,
    paired=210,
    spread=1.0,
    base_rate=0.8,
)
RULE = RoutingRule("contains", "refund", "floor", "medium")
OWN = make_model("own", 0.0, ability=0.5, fixed=2_000.0, written=0.1, window=8_000)
FULL_PLAN = Plan(
    replace(OWN, retires=date(2027, 3, 1), output_tokens_per_month=1e9, note="two replicas"),
    SMALL,
    BIG,
    check=Check(make_model("judge"), seconds=2.0),
    rules=(RULE,),
    settings=(
        TierSettings(SMALL, "low", 0.1, 0.2, 1.5, 4.0),
        TierSettings(),
        TierSettings(effort="high"),
    ),
)
FULL = frozen(
    plan=FULL_PLAN,
    growth=Outlook(
        volume_plan=(1.0, 2.0), season=(1.0,) * 12, weekly_ramp=(0.5, 1.0), reprice_month=3
    ),
    fine_tuning=replace(example_case(), reprice_month=3, cost_ratio=Estimate(2, 5, 10)),
    learned=LEARNED,
    segment_names={"chat": "support", "a": "b"},
    monthly_queries=1_000.0,
    thrift=Thrift(0.1, 0.2),
    note="why",
)


def said(before: PlanDocument, after: PlanDocument) -> tuple[str, ...]:
    """The sentences on what was put in, without those on what came of it."""
    found = changes(before, after)
    assert not found or found[-4:] == effect(before, after)
    return found[:-4]


def alternatives(value: object, hint: Any) -> Iterator[object]:
    """Other values that a field of that type might have, the most harmless first."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    choices = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    for choice in choices:
        if get_origin(choice) is Literal:
            yield from (each for each in get_args(choice) if each != value)
    match value:
        case Estimate():
            yield from (Estimate(value.low, value.likely, value.high + n) for n in (0.01, 1))
        case bool():
            yield not value
        case int():
            yield from (value + 1, value - 1)
        case float():
            yield from (value * 0.7 + 0.01, value + 1.0)
        case datetime():
            yield value + timedelta(days=1)
        case date():
            yield value + timedelta(days=1)
        case str():
            yield value + "x"
        case tuple() if value and not is_dataclass(value[0]):
            yield (*value[:-1], value[-1] * 0.9)
    if type(None) in choices and value is not None:
        yield None


def changed(value: object, hint: Any = None, path: str = "") -> Iterator[tuple[str, object]]:
    """The value with one thing in it changed, for each that can, by its path."""
    if path == "workload":
        yield path, WORKLOAD
    elif path == "learned":
        yield path, replace(LEARNED, answers=451).to_json()
        yield f"{path}.base_rate", replace(LEARNED, base_rate=0.7).to_json()
        yield f"{path}.none", ""
    elif is_dataclass(value) and not isinstance(value, Estimate):
        hints = get_type_hints(type(value), include_extras=True)
        for field in fields(value):
            here = f"{path}.{field.name}" if path else field.name
            if here in SILENT or here == "figures":
                continue
            found = False
            for inner, other in changed(getattr(value, field.name), hints[field.name], here):
                try:
                    yield inner, replace(value, **{field.name: other})  # type: ignore[type-var]
                    found = True
                except BadInput:
                    continue  # no such thing can be
            assert found or getattr(value, field.name) is None, f"nothing to change in {here}"
        if hint is not None and type(None) in get_args(hint):
            yield f"{path} removed", None
    elif isinstance(value, dict):
        for key, item in value.items():
            for inner, other in changed(item, None, f"{path}[{key}]"):
                yield inner, value | {key: other}
        yield f"{path} fewer", dict(list(value.items())[1:])
        yield f"{path} more", value | {"new": next(iter(value.values()))}
    elif isinstance(value, tuple) and value and is_dataclass(value[0]):
        for number, item in enumerate(value):
            for inner, other in changed(item, None, f"{path}[{number}]"):
                yield inner, (*value[:number], other, *value[number + 1 :])
    else:
        yield from ((path, other) for other in alternatives(value, hint))


CHANGED = list(changed(FULL))


def test_every_field_of_a_document_is_tried() -> None:
    tried = {path.partition(".")[0].partition("[")[0].partition(" ")[0] for path, _ in CHANGED}
    assert tried == {field.name for field in fields(PlanDocument)} - SILENT - {"figures"}
    assert len(CHANGED) > 250


def test_every_single_change_is_said_both_ways() -> None:
    for path, other in CHANGED:
        assert isinstance(other, PlanDocument)
        for words in (said(FULL, other), said(other, FULL)):
            assert words, f"no words for {path}"
            assert all("\n" not in line and 5 < len(line) < 400 for line in words), words


def test_what_is_told_is_told_once() -> None:
    for words in (said(frozen(), FULL), said(FULL, frozen())):
        assert len(words) >= 20
        assert len(set(words)) == len(words)


@settings(max_examples=10, deadline=None)
@given(
    st.floats(0, 1),
    st.floats(-0.5, 0.5),
    st.text(),
    st.one_of(st.none(), st.floats(1, 1e9)),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
)
def test_identical_documents_have_no_differences(
    tolerance: float, growth: float, note: str, monthly: float | None, segments: dict[str, str]
) -> None:
    document = frozen(
        plan=replace(FULL_PLAN, to_medium=tolerance),
        growth=Outlook(monthly_growth=Estimate.exactly(growth)),
        note=note,
        monthly_queries=monthly,
        segment_names=segments,
    )
    again = document_from_json(document_to_json(document))
    assert changes(document, again) == () == changes(FULL, FULL)


def test_saving_the_same_plan_again_is_no_difference() -> None:
    later = replace(FULL, created_at=FULL.created_at + timedelta(days=3))
    assert changes(FULL, later) == ()


def test_every_input_of_a_fine_tuning_case_has_words_on_its_form() -> None:
    named = {field.name for group in GROUPS.values() for field in group}
    assert {field.name for field in fields(FineTuneCase)} <= named


def with_figures(document: PlanDocument, **values: object) -> PlanDocument:
    figures = document.figures
    outcome = replace(figures.outcome, **values)  # type: ignore[arg-type]
    return replace(document, figures=replace(figures, outcome=outcome))


def test_the_effect_comes_last_before_and_after() -> None:
    outcome = FULL.figures.outcome
    before = with_figures(
        FULL,
        baseline_usd=1_000.0,
        planned=replace(outcome.planned, central=450.0),
        saving_share=replace(outcome.saving_share, central=0.55),
        quality_kept=replace(outcome.quality_kept, central=0.96),
    )
    after = with_figures(
        FULL,
        baseline_usd=1_000.0,
        planned=replace(outcome.planned, central=400.0),
        saving_share=replace(outcome.saving_share, central=0.6),
        quality_kept=replace(outcome.quality_kept, central=0.971),
    )
    assert changes(before, after) == (
        "Today's bill a month: stays $1,000",
        "Planned bill a month: $400 instead of $450",
        "Saving: 60.0% instead of 55.0%",
        "Quality kept: 97.1% instead of 96.0%",
    )


NANO = make_model("gpt-5-nano", 0.1, 0.8)
CHEAPER = replace(
    NANO,
    price=replace(
        NANO.price, input_usd_per_mtok=0.05, cached_usd_per_mtok=0.05, output_usd_per_mtok=0.4,
        as_of=date(2026, 11, 1), list_id="openai/gpt-5-nano",
    ),
)  # fmt: skip
USUAL = frozen()


def on(**values: object) -> PlanDocument:
    """The usual document with another plan."""
    return replace(USUAL, plan=replace(PLAN, **values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (USUAL, on(simple=NANO), ["Simple tier: Small becomes Gpt-5-Nano"]),
        (
            on(simple=NANO),
            on(simple=CHEAPER),
            [
                "Gpt-5-Nano: $0.05 in, $0.05 cached, $0.40 out instead of $0.10 in, $0.10 cached, "
                "$0.80 out, list of 1 Nov 2026"
            ],
        ),
        (
            replace(USUAL, prices_as_of=date(2026, 11, 1)),
            USUAL,
            ["Prices of 23 Nov 2026 instead of 1 Nov 2026"],
        ),
        (USUAL, on(to_medium=0.07), ["Tolerance to medium: 7 points instead of 5 points"]),
        (USUAL, on(to_complex=0.01), ["Tolerance to complex: 1 point instead of 5 points"]),
        (
            USUAL,
            on(to_medium=0.05000001),
            ["Tolerance to medium: 5.000001 points instead of 5 points"],
        ),
        (
            USUAL,
            on(check=Check(BIG, 0.9, 0.3)),
            [
                "Strategy: cascade instead of route",
                "Check: Big reads every cheaper answer and passes 90% of the good and 30% of the "
                "bad",
            ],
        ),
        (
            on(check=Check(BIG)),
            USUAL,
            ["Strategy: route instead of cascade, without the check by Big"],
        ),
        (
            on(check=Check(BIG)),
            on(check=Check(SMALL, accepts_bad=0.25)),
            ["Check: Big becomes Small", "Check: bad answers that pass, 25% instead of 30%"],
        ),
        (USUAL, on(rules=(RULE,)), ["Rule added: If the text contains refund: at least medium"]),
        (on(rules=(RULE,)), USUAL, ["Rule removed: If the text contains refund: at least medium"]),
        (
            on(rules=(RULE,)),
            on(rules=(replace(RULE, action="force", tier="complex"),)),
            [
                "Rule changed: If the text contains refund: always complex, instead of at least "
                "medium"
            ],
        ),
        (
            on(rules=(RULE, replace(RULE, value="invoice"))),
            on(rules=(replace(RULE, value="invoice"), RULE)),
            ["Rules: tried in another order"],
        ),
        (
            USUAL,
            on(settings=(TierSettings(effort="high", retry_share=0.1), *PLAN.settings[1:])),
            [
                "Simple tier: reasoning effort high instead of as logged",
                "Simple tier: calls repeated, 10% instead of as logged",
            ],
        ),
        (
            USUAL,
            replace(
                USUAL,
                log=replace(USUAL.log, name="november.csv", queries=12_000, digest="1" * 16),
            ),
            ["Other log: november.csv, 12,000 queries instead of support.csv, 7"],
        ),
        (
            USUAL,
            replace(USUAL, workload=WORKLOAD),
            ["The same log, its queries counted or sorted anew"],
        ),
        (
            USUAL,
            replace(USUAL, names=USUAL.names | {"unknown": SMALL}),
            ["What the log calls unknown is Small, and before is not known"],
        ),
        (
            USUAL,
            replace(USUAL, monthly_queries=1e6),
            ["Queries a month: 1,000,000 instead of as the log tells"],
        ),
        (
            USUAL,
            replace(USUAL, growth=Outlook(monthly_growth=Estimate(0, 0.02, 0.05))),
            ["Growth of traffic: 2% (0% to 5%) instead of 0% a month"],
        ),
        (
            USUAL,
            replace(USUAL, growth=Outlook(weekly_ramp=(0.1, 1.0))),
            ["Rollout, share routed in each week: 0.1, 1 instead of 1"],
        ),
        (
            USUAL,
            replace(USUAL, thrift=Thrift(waits=0.3)),
            ["Queries that can wait for a batch: 30% instead of 0%"],
        ),
        (
            USUAL,
            replace(USUAL, fine_tuning=example_case()),
            ["Fine-tuning: case Support answers, tuned open model added"],
        ),
        (
            replace(USUAL, fine_tuning=example_case()),
            replace(USUAL, fine_tuning=replace(example_case(), lead_months=4, slice_share=0.4)),
            [
                "Fine-tuning: share that the tuned model may take, 40% instead of 50% of the bill",
                "Fine-tuning: until it is live, 4 instead of 2 months",
            ],
        ),
        (
            USUAL,
            replace(USUAL, classifier_version="4"),
            ["Classifier: version 4 instead of test"],
        ),
        (
            USUAL,
            replace(USUAL, learned=LEARNED.to_json()),
            ["Own outcomes: 450 judged answers instead of none"],
        ),
        (
            USUAL,
            replace(USUAL, segment_names={"chat": "support"}),
            ["Segment chat: called support"],
        ),
        (
            USUAL,
            replace(USUAL, assumptions=Assumptions(cache_kept=0.5)),
            ["Cached input that stays cached after a switch: 50% instead of 0%"],
        ),
    ],
)
def test_a_difference_is_one_plain_sentence(
    before: PlanDocument, after: PlanDocument, words: list[str]
) -> None:
    assert list(said(before, after)) == words


def test_prices_read_again_without_a_change_are_one_sentence() -> None:
    later = date(2026, 12, 1)
    small, big = (replace(m, price=replace(m.price, as_of=later)) for m in (SMALL, BIG))
    after = replace(
        USUAL,
        plan=Plan(small, big, big),
        names={"big": big, "small": small, "unknown": None},
        prices_as_of=later,
    )
    assert said(USUAL, after) == (
        "Prices of 1 Dec 2026 instead of 23 Nov 2026",
        "Same price, read on 1 Dec 2026: Small, Big",
    )


def test_a_model_that_moves_to_another_tier_is_told_with_its_new_price() -> None:
    before, after = on(simple=NANO), on(medium=CHEAPER)
    words = said(before, after)
    assert words[:2] == (
        "Simple tier: Gpt-5-Nano becomes Small",
        "Medium tier: Big becomes Gpt-5-Nano",
    )
    assert words[2].startswith("Gpt-5-Nano: $0.05 in")


def test_rules_alone_do_not_say_that_the_log_was_sorted_anew() -> None:
    rows = [row("q", text="refund me"), row("r")]
    loads = [make_workload(rows, [0.0, 2.0], rules) for rules in ((), (RULE,))]
    before, after = (
        frozen(workload=load, plan=PLAN.with_rules(rules))
        for load, rules in zip(loads, ((), (RULE,)), strict=True)
    )
    assert before.workload != after.workload
    assert said(before, after) == ("Rule added: If the text contains refund: at least medium",)


def test_names_stay_as_typed_on_one_line_and_are_cut() -> None:
    name = "<b>[x](http://evil)</b>\n" + "y" * 200
    words = said(USUAL, replace(USUAL, log=replace(USUAL.log, name=name, digest="2" * 16)))
    assert words[0].startswith("Other log: <b>[x](http://evil)</b> yyy")
    assert "…, 7 queries instead of support.csv" in words[0] and len(words[0]) < 160


def test_many_names_are_counted() -> None:
    more = USUAL.names | {f"m{i}": SMALL for i in range(9)}
    words = said(USUAL, replace(USUAL, names=more))
    assert words == ("New model names in the log: m0, m1, m2, m3 and 5 more",)


def test_a_log_whose_content_is_not_known_is_compared_by_its_facts() -> None:
    then = replace(USUAL, log=replace(USUAL.log, digest=""))
    assert said(then, USUAL) == ()
    assert said(then, replace(USUAL, log=replace(USUAL.log, queries=8)))[0].startswith("Other log")
