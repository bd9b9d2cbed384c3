from core.reports.facts import assumptions_of, fine_tuning_words
from core.routing.plan import Plan
from core.workload.routing_rules import rule_from

from ..frozen.conftest import BIG, SMALL, frozen


def test_every_assumption_says_how_it_is_known() -> None:
    facts = assumptions_of(frozen())
    assert all(fact.what and fact.value and fact.known_from for fact in facts)
    known = {fact.what: fact.value for fact in facts}
    assert known["Traffic"] == "7 queries of support.csv"
    assert known["Prices"] == "list prices of 23 Nov 2026"
    assert known["Fall of list prices"] == "30 % a year (0 to 60)"


def test_rules_are_told_with_the_names_that_people_gave_and_no_customers_id() -> None:
    rules = [rule_from("segment c1 => force complex"), rule_from("customer acme-77 => cap medium")]
    plan = Plan(SMALL, BIG, BIG).with_rules(rules)
    facts = assumptions_of(frozen(plan=plan, segment_names={"c1": "Contracts"}))
    told = [fact.value for fact in facts if fact.what.startswith("Rule")]
    assert told[0] == "If the segment is Contracts: always complex"
    assert "acme" not in told[1]


def test_without_a_case_there_is_no_word_of_fine_tuning() -> None:
    assert fine_tuning_words(frozen()) == ""
