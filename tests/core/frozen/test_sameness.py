from dataclasses import replace

import pytest

from core.frozen.document import PlanDocument
from core.frozen.sameness import is_counted_alike, is_same_log, unruled
from core.workload.routing_rules import RoutingRule
from core.workload.workload import Workload, to_json, without_examples

from ..workload.conftest import make_workload, row
from .conftest import NOON, frozen

RULES = (
    RoutingRule("contains", "refund", "floor", "medium"),
    RoutingRule("contains", "refund, invoice", "force", "complex"),
)
TEXTS = ["refund", "invoice", "hello", "refund the invoice"]
DIFFICULTY = [0.0, 0.0, -1.0, 0.0]


def load(rules: tuple[RoutingRule, ...] = (), segment: str = "chat") -> Workload:
    rows = [row(f"q{i}", text=text, segment=segment) for i, text in enumerate(TEXTS)]
    return make_workload(rows, DIFFICULTY, rules)


def on(workload: Workload) -> PlanDocument:
    return replace(USUAL, workload=to_json(without_examples(workload)))


USUAL = frozen()


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_leaving_out_the_later_rules_is_as_if_they_had_never_been(kept: int) -> None:
    found, wanted = unruled(load(RULES), kept), load(RULES[:kept])
    assert to_json(without_examples(found)) == to_json(without_examples(wanted))


def test_rules_and_names_of_segments_make_no_other_queries() -> None:
    assert is_counted_alike(on(load()), on(load(RULES, "talk")))
    assert not is_counted_alike(on(load()), on(load(RULES)), ruled=True)
    assert is_counted_alike(on(load(RULES)), on(load(RULES, "talk")), ruled=True)


def test_harder_longer_or_rougher_queries_are_other_ones() -> None:
    harder = make_workload([row("q", text=text) for text in TEXTS], [0.0, 0.0, -1.0, 3.0])
    longer = make_workload([row("q", input_tokens=9_000) for _ in TEXTS], DIFFICULTY)
    for other in (harder, longer, replace(load(), basis="size"), replace(load(), failed=3)):
        assert not is_counted_alike(on(load()), on(other))


def test_a_log_is_known_by_its_content_whatever_it_is_called() -> None:
    log = replace(USUAL.log, digest="a" * 16)
    assert is_same_log(log, replace(log, name="renamed.csv"))
    assert not is_same_log(log, replace(log, digest="b" * 16))


@pytest.mark.parametrize(
    "other", [{"name": "other.csv"}, {"queries": 8}, {"first_time": NOON}, {"last_time": NOON}]
)
def test_a_log_without_a_digest_is_known_by_its_facts(other: dict[str, object]) -> None:
    log = replace(USUAL.log, digest="")
    assert is_same_log(log, USUAL.log)
    assert not is_same_log(log, replace(USUAL.log, **other))  # type: ignore[arg-type]
