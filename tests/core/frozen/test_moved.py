"""Why the money moved: every cause by itself, and all of them adding up."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.model import Model
from core.complexity.learned import Learned, ModelEvidence, Usual
from core.errors import BadInput
from core.frozen.document import PlanDocument
from core.frozen.moved import Standing, Step, moved, moved_words, standing_of
from core.routing.assumptions import Assumptions
from core.routing.check import Check
from core.routing.plan import Plan
from core.routing.settings import TierSettings
from core.workload.routing_rules import RoutingRule
from core.workload.workload import Workload

from ..workload.conftest import make_classifier, make_model, make_workload, row
from .conftest import BIG, NOON, PLAN, SMALL, frozen, made_log

HARD = [-6.0, -2.0, 0.0, 1.0, 2.0, 4.0]
EASY = [-6.0, -6.0, -5.0, -4.0, -3.0, 2.0]
REFUND = RoutingRule("contains", "refund", "force", "complex")
LONG = RoutingRule("input_tokens", "900", "force", "complex")
KNOWN = Learned(
    usual=Usual((0.0, 1.0), (4.0, 1.0)), about=2.0, segments=(), shares=(), shift=(0.1, 0.0, 0.0),
    lever=(0.0, 0.0, 0.0), covariance=(), models=(ModelEvidence("big", 4.0, 0.1, 300),),
    answers=450, paired=210, spread=1.0, base_rate=0.8,
)  # fmt: skip


def load(
    difficulty: list[float] = HARD, rules: tuple[RoutingRule, ...] = (), segment: str = "chat"
) -> Workload:
    """Two queries of six on a refund; no cost is logged."""
    rows = [
        row(f"q{i}", model=("big", "small")[i % 2], segment=segment, text="refund" if i < 2 else "")
        for i in range(len(difficulty))
    ]
    return make_workload(rows, difficulty, rules)


def names(*models: Model) -> dict[str, Model | None]:
    return {model.id: model for model in models}


def saved(**values: object) -> PlanDocument:
    """A document on the hard workload, with other values where given."""
    usual: dict[str, object] = {"workload": load(), "names": names(BIG, SMALL)}
    return frozen(**usual | values)


def dearer(model: Model, times: float) -> Model:
    assert model.price is not None
    return replace(
        model,
        price=replace(
            model.price.less(1 - times), discount=0.0, as_of=model.price.as_of + timedelta(days=30)
        ),
    )


def causes(steps: tuple[Step, ...]) -> list[str]:
    return [step.cause for step in steps]


def assert_adds_up(before: PlanDocument, after: PlanDocument, steps: tuple[Step, ...]) -> None:
    """From the frozen figures of one to those of the other without a gap."""
    start, end = standing_of(before.figures.outcome), standing_of(after.figures.outcome)
    if not steps:
        assert end.planned_usd == pytest.approx(start.planned_usd, rel=1e-9)
        return
    assert steps[0].before == start and steps[-1].after == end
    for step, following in pairwise(steps):
        assert step.after == following.before
    total = sum(step.planned_change_usd for step in steps)
    assert total == pytest.approx(end.planned_usd - start.planned_usd, abs=0.005)
    total = sum(step.today_change_usd for step in steps)
    assert total == pytest.approx(end.today_usd - start.today_usd, abs=0.005)
    total = sum(step.quality_change for step in steps)
    assert total == pytest.approx(end.quality_kept - start.quality_kept, abs=1e-9)


USUAL = saved()
BIG2, SMALL2 = dearer(BIG, 2.0), dearer(SMALL, 2.0)
LATER = made_log(name="november.csv", digest="1" * 16)

ALONE: dict[str, dict[str, Any]] = {
    "prices": {"plan": Plan(SMALL2, BIG2, BIG2), "names": names(BIG2, SMALL2)},
    "volume": {"monthly_queries": 60.0},
    "mix": {"workload": load(EASY), "log": LATER},
    "classifier": {"workload": load(EASY), "classifier": make_classifier(version="next")},
    "plan": {"plan": replace(PLAN, to_medium=0.3)},
    "assumptions": {
        "assumptions": Assumptions(cache_kept=0.9),
        "workload": make_workload([row("q", cache_read_tokens=900)], [-6.0]),
    },
}


@pytest.mark.parametrize("cause", ALONE)
def test_each_cause_alone_moves_only_its_own_step(cause: str) -> None:
    before = saved(workload=ALONE[cause]["workload"]) if cause == "assumptions" else USUAL
    after = saved(**ALONE[cause])
    steps = moved(before, after)
    assert causes(steps) == [cause]
    assert (steps[0].planned_change_usd, steps[0].today_change_usd) != (0, 0)
    assert_adds_up(before, after, steps)


def test_twice_the_price_or_the_volume_is_twice_the_bill() -> None:
    # Queries a month: six in the log, which counts as one month.
    for cause, times in (("prices", 2.0), ("volume", 10.0)):
        [step] = moved(USUAL, saved(**ALONE[cause]))
        assert step.after.today_usd == pytest.approx(times * step.before.today_usd)
        assert step.after.planned_usd == pytest.approx(times * step.before.planned_usd)
        assert step.after.quality_kept == pytest.approx(step.before.quality_kept)


def test_an_easier_log_costs_less_by_what_its_queries_cost_on_the_small_model() -> None:
    [step] = moved(USUAL, saved(**ALONE["mix"]))
    # Small: 1,000 tokens at $0.15 and 100 at $0.60 per million; big: at $2.50 and $10.
    small, big = 0.00021, 0.0035
    to_big = [sum(t.queries for t in d.figures.outcome.tiers[1:])
              for d in (USUAL, saved(**ALONE["mix"]))]  # fmt: skip
    assert to_big[0] > to_big[1]
    assert step.planned_change_usd == pytest.approx((to_big[1] - to_big[0]) * (big - small))


def test_twice_the_queries_in_the_same_days_are_volume_and_no_other_queries() -> None:
    def over_ten_days(times: int) -> Workload:
        rows = [row(f"q{i}", time=NOON + timedelta(days=10 * (i % 2))) for i in range(6)]
        return make_workload(rows * times, HARD * times)

    before = saved(workload=over_ten_days(1))
    after = saved(workload=over_ten_days(2), log=LATER)
    volume, mix = moved(before, after)
    assert (volume.cause, mix.cause) == ("volume", "mix")
    # Six queries in ten days are 6 x 30.4375 / 10 a month.
    assert volume.before.today_usd == pytest.approx(0.0035 * 18.2625)
    assert volume.today_change_usd == pytest.approx(0.0035 * 18.2625)
    assert mix.planned_change_usd == pytest.approx(0.0, abs=1e-12)
    assert mix.today_change_usd == pytest.approx(0.0, abs=1e-12)


def test_the_causes_come_in_one_order_and_add_up() -> None:
    after = saved(
        plan=Plan(SMALL2, SMALL2, BIG2, 0.1, 0.2),
        names=names(BIG2, SMALL2),
        monthly_queries=90.0,
        workload=load(EASY),
        log=LATER,
        assumptions=Assumptions(cache_kept=0.5),
    )
    steps = moved(USUAL, after)
    assert causes(steps) == ["prices", "volume", "mix", "plan", "assumptions"]
    assert_adds_up(USUAL, after, steps)
    back = moved(after, USUAL)
    assert causes(back) == ["prices", "volume", "mix", "plan", "assumptions"]
    assert_adds_up(after, USUAL, back)


def test_another_log_read_by_another_classifier_is_one_step() -> None:
    for otherwise in (
        {"classifier": make_classifier(version="next")},
        {"learned": KNOWN},
    ):
        after = saved(workload=load(EASY), log=LATER, **otherwise)
        steps = moved(USUAL, after)
        assert [step.causes for step in steps] == [("mix", "classifier")]
        assert_adds_up(USUAL, after, steps)
        assert (
            moved_words(steps)[0].startswith(
                "Other queries together with sorting and abilities (cannot be told apart): $0.0"
            )
            or "under $0.01 a month" in moved_words(steps)[0]
        )


def test_another_log_read_in_the_same_way_is_the_log() -> None:
    after = saved(workload=load(EASY), log=LATER)
    assert causes(moved(USUAL, after)) == ["mix"]


def test_own_outcomes_that_say_how_able_the_models_are_belong_to_the_classifier() -> None:
    able = replace(SMALL, ability=replace(SMALL.ability, mean=3.0, origin="measured"))
    after = saved(plan=Plan(able, BIG, BIG), names=names(BIG, able), learned=KNOWN)
    steps = moved(USUAL, after)
    assert causes(steps) == ["classifier"]
    assert steps[0].planned_change_usd < 0  # a better cheap model gets more of the queries
    assert_adds_up(USUAL, after, steps)


def test_a_name_that_stands_for_another_model_moves_todays_bill() -> None:
    after = saved(names={"big": SMALL, "small": SMALL})
    [step] = moved(USUAL, after)
    assert step.cause == "mix"
    assert step.today_change_usd == pytest.approx(3 * (0.00021 - 0.0035))
    assert step.planned_change_usd == pytest.approx(0.0)


def test_a_rule_on_the_same_log_is_part_of_the_plan() -> None:
    after = saved(plan=PLAN.with_rules([REFUND]), workload=load(rules=(REFUND,)))
    steps = moved(USUAL, after)
    assert causes(steps) == ["plan"]
    assert steps[0].planned_change_usd > 0
    assert causes(moved(after, USUAL)) == ["plan"]


def test_a_rule_added_on_another_log_is_told_apart_from_the_log() -> None:
    before = saved(plan=PLAN.with_rules([REFUND]), workload=load(rules=(REFUND,)))
    only_log = saved(plan=PLAN.with_rules([REFUND]), workload=load(EASY, (REFUND,)), log=LATER)
    rules = (REFUND, LONG)
    after = saved(plan=PLAN.with_rules(rules), workload=load(EASY, rules), log=LATER)
    steps = moved(before, after)
    assert causes(steps) == ["mix", "plan"]
    # As if the earlier rule alone were on the later log.
    assert steps[0].after == standing_of(only_log.figures.outcome)
    assert_adds_up(before, after, steps)


def test_another_rule_on_another_log_is_not_told_apart() -> None:
    before = saved(plan=PLAN.with_rules([REFUND]), workload=load(rules=(REFUND,)))
    after = saved(
        plan=replace(PLAN.with_rules([LONG]), to_medium=0.2),
        workload=load(EASY, (LONG,)),
        log=LATER,
    )
    steps = moved(before, after)
    assert [step.causes for step in steps] == [("mix", "rules"), ("plan",)]
    assert_adds_up(before, after, steps)


def test_a_rule_that_binds_otherwise_as_segments_have_other_names_is_the_plans() -> None:
    rule = RoutingRule("segment", "chat", "force", "complex")
    before = saved(plan=PLAN.with_rules([rule]), workload=load(rules=(rule,)))
    renamed = load(rules=(rule,), segment="talk")  # the rule fits no query any more
    after = saved(plan=PLAN.with_rules([rule]), workload=renamed)
    steps = moved(before, after)
    assert causes(steps) == ["plan"]
    assert_adds_up(before, after, steps)
    assert moved(USUAL, saved(workload=load(segment="talk"))) == ()


def test_what_moves_no_money_has_no_step() -> None:
    other = replace(
        USUAL,
        author="Grace",
        note="again",
        created_at=USUAL.created_at + timedelta(days=1),
        prices_as_of=date(2026, 12, 1),
        growth=replace(USUAL.growth, months=24),
    )
    assert moved(USUAL, other) == () == moved(USUAL, USUAL)


def recounted(document: PlanDocument, usd: float) -> PlanDocument:
    """As if the program that froze it had worked out a planned bill that is higher by `usd`."""
    outcome = document.figures.outcome
    planned = replace(outcome.planned, central=outcome.planned.central + usd)
    figures = replace(document.figures, outcome=replace(outcome, planned=planned))
    return replace(document, figures=figures)


def test_what_another_program_worked_out_is_a_step_of_its_own() -> None:
    after = saved(**ALONE["plan"])
    steps = moved(recounted(USUAL, 5.0), after)
    assert causes(steps) == ["program", "plan"]
    assert steps[0].planned_change_usd == pytest.approx(-5.0)
    assert_adds_up(recounted(USUAL, 5.0), after, steps)
    steps = moved(recounted(USUAL, 5.0), recounted(after, 2.0))
    assert causes(steps) == ["program", "plan", "program"]
    assert steps[-1].planned_change_usd == pytest.approx(2.0)
    assert_adds_up(recounted(USUAL, 5.0), recounted(after, 2.0), steps)
    assert causes(moved(USUAL, recounted(USUAL, 1.0))) == ["program"]
    assert moved_words(steps)[0] == "This program counts otherwise: $5.00 a month less"


def test_the_rounding_of_another_machine_is_no_step() -> None:
    nearly = recounted(USUAL, USUAL.figures.outcome.planned.central * 1e-14)
    assert nearly != USUAL
    assert moved(nearly, USUAL) == ()
    steps = moved(nearly, saved(**ALONE["plan"]))
    assert causes(steps) == ["plan"]
    assert_adds_up(nearly, saved(**ALONE["plan"]), steps)


def test_a_plans_model_that_is_unpriced_by_now_keeps_its_price_until_the_plan_drops_it() -> None:
    gone = replace(SMALL, price=None)
    after = saved(plan=Plan(BIG, BIG, BIG), names=names(BIG, gone))
    steps = moved(USUAL, after)
    assert causes(steps) == ["prices", "plan"]
    assert steps[0].planned_change_usd < 0  # the small model's queries are left out on both sides
    assert_adds_up(USUAL, after, steps)


def test_a_log_of_nothing_is_compared_like_any_other() -> None:
    empty = saved(workload=make_workload([], []), names={}, log=LATER)
    for before, after in ((USUAL, empty), (empty, USUAL)):
        assert_adds_up(before, after, moved(before, after))


def test_a_damaged_workload_is_refused() -> None:
    with pytest.raises(BadInput, match="workload is damaged"):
        moved(USUAL, replace(USUAL, workload="{}"))


def step(cause: str, planned: float, today: float = 0.0, quality: float = 0.0) -> Step:
    start = Standing(1_000.0, 500.0, 0.9)
    end = Standing(1_000.0 + today, 500.0 + planned, 0.9 + quality)
    return Step((cause,), start, end)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_step", "words"),
    [
        (step("prices", -120.0), "Prices: $120 a month less"),
        (step("volume", 80.5, 200.0), "Volume: $80.50 a month more, today's bill $200 more"),
        (
            step("mix", -1.0, -2.0, 0.0123),
            "Other queries: $1.00 a month less, today's bill $2.00 less, "
            "quality kept 1.2 points higher",
        ),
        (step("plan", 0.0, quality=-0.02), "The plan: the planned bill stays, "
         "quality kept 2 points lower"),
        (step("assumptions", 0.001), "Assumptions: the planned bill stays"),
    ],
)  # fmt: skip
def test_a_step_is_said_in_a_line(given_step: Step, words: str) -> None:
    assert moved_words([given_step]) == (words,)


models = st.sampled_from([SMALL, SMALL2, BIG, BIG2, make_model("mid", 1.0, 3.0, ability=3.0)])


@st.composite
def documents(draw: st.DrawFn) -> PlanDocument:
    """Versions that differ in anything that moves money."""
    small, big = draw(st.sampled_from([(SMALL, BIG), (SMALL2, BIG2), (SMALL, BIG2)]))
    rules = draw(st.sampled_from([(), (REFUND,), (LONG,), (REFUND, LONG)]))
    check = draw(st.sampled_from([None, Check(small), Check(big, 0.8)]))
    called = draw(
        st.sampled_from([TierSettings(), TierSettings(retry_share=0.2), TierSettings(fallback=big)])
    )
    plan = Plan(
        small, draw(models), big, draw(st.floats(0, 0.5)), draw(st.floats(0, 0.5)), check, rules,
        (called, TierSettings(), TierSettings()),
    )  # fmt: skip
    return saved(
        plan=plan,
        names={"big": big, "small": draw(st.sampled_from([small, None]))},
        workload=load(draw(st.sampled_from([HARD, EASY, EASY[:4]])), rules),
        log=draw(st.sampled_from([made_log(), LATER])),
        monthly_queries=draw(st.sampled_from([None, 6.0, 1e6 / 7])),
        classifier=make_classifier(version=draw(st.sampled_from(["test", "next"]))),
        learned=draw(st.sampled_from([None, KNOWN])),
        assumptions=Assumptions(cache_kept=draw(st.sampled_from([0.0, 0.5]))),
    )


@settings(max_examples=15, deadline=None)
@given(documents(), documents())
def test_the_steps_add_up_to_the_cent_whatever_differs(
    before: PlanDocument, after: PlanDocument
) -> None:
    steps = moved(before, after)
    assert_adds_up(before, after, steps)
    assert "program" not in causes(steps)
    order = ["prices", "volume", "mix", "classifier", "rules", "plan", "assumptions"]
    places = [order.index(cause) for found in steps for cause in found.causes]
    assert places == sorted(set(places))
    assert len(moved_words(steps)) == len(steps)
