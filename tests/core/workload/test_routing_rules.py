import numpy as np
import pyarrow as pa
import pytest

from core.complexity.scale import NEUTRAL
from core.complexity.unlike import LANGUAGE, LIKE
from core.errors import BadInput
from core.logs.privacy.identities import pseudonyms
from core.workload.grid import BOUNDS, UNBOUND_PLACES, tier_by_place
from core.workload.notes import Notes, read_notes, write_notes
from core.workload.placing import Placed
from core.workload.routing_rules import RoutingRule, bounds_of, first_fit
from core.workload.summing import summarise
from core.workload.tiers import segment_shares, tier_shares, usual_cuts_by_lever
from core.workload.workload import from_json, places, to_json

from .conftest import make_classifier, row, table

TEXTS = ["Where is my REFUND?", "an invoice, please", "fix this SQL", "bonjour", None, "hello"]


def queries() -> tuple[pa.Table, Placed]:
    rows = [
        row(str(n), text=text, segment=("chat", "search")[n % 2], input_tokens=1_000 * n or None)
        for n, text in enumerate(TEXTS)
    ]
    unlike = np.full(len(TEXTS), LIKE, dtype=np.int8)
    unlike[3] = LANGUAGE
    levers = np.full(len(TEXTS), NEUTRAL)
    segment = pa.array([str(r["segment"]) for r in rows])
    return table(rows), Placed(np.zeros(len(TEXTS)), levers, segment, unlike)


@pytest.mark.parametrize(
    ("test", "value", "fits"),
    [
        ("contains", "refund, invoice", [0, 1]),
        ("contains", "c++ (x)", []),
        ("contains", "?", [0]),
        ("matches", r"\bSQL\b|^h", [2, 5]),
        ("segment", "search", [1, 3, 5]),
        ("input_tokens", "3000", [3, 4, 5]),
        ("language", "", [3]),
    ],
)
def test_a_rule_fits_the_queries_that_it_names(test: str, value: str, fits: list[int]) -> None:
    rule = RoutingRule(test, value, "floor", "medium")
    assert np.flatnonzero(rule.fits(*queries())).tolist() == fits


@pytest.mark.parametrize(
    ("value", "fits"), [("", [0, 1, 3]), ("search", [0, 1]), ("sum, bash", [1, 3]), ("sear", [])]
)
def test_a_rule_by_tools_fits_requests_that_offer_one_of_them(value: str, fits: list[int]) -> None:
    offered = ["search", "search, sum", None, "bash"]
    rows = table([row(str(n), tools=tools) for n, tools in enumerate(offered)])
    rule = RoutingRule("tools", value, "floor", "medium")
    assert np.flatnonzero(rule.fits(rows, queries()[1])).tolist() == fits


def test_a_rule_by_customer_finds_the_hash_of_its_account() -> None:
    hashed = pseudonyms(pa.array(["acme", "other"]), b"key").to_pylist()
    rows = table([row("1", user=hashed[0]), row("2", user=hashed[1]), row("3")])
    rule = RoutingRule("customer", " acme ", "force", "complex")
    assert rule.fits(rows, queries()[1], b"key").tolist() == [True, False, False]
    assert not rule.fits(rows, queries()[1], b"another").any()


def test_a_person_s_address_is_no_customer() -> None:
    with pytest.raises(BadInput, match="names a person"):
        RoutingRule("customer", "ann@example.org", "force", "complex")


def test_the_first_rule_that_fits_decides() -> None:
    rules = [
        RoutingRule("contains", "refund", "force", "complex"),
        RoutingRule("segment", "chat", "cap", "simple"),
    ]
    codes = first_fit(rules, *queries())
    assert codes.tolist() == [1, 0, 2, 0, 2, 0]
    assert [BOUNDS[b] for b in bounds_of(rules, codes)] == [
        (2, 2), (0, 2), (0, 0), (0, 2), (0, 0), (0, 2),
    ]  # fmt: skip
    assert first_fit([], *queries()).tolist() == [0] * 6


@pytest.mark.parametrize(
    ("action", "tier", "bound"),
    [
        ("force", "simple", (0, 0)), ("force", "medium", (1, 1)), ("force", "complex", (2, 2)),
        ("floor", "simple", (0, 2)), ("floor", "medium", (1, 2)), ("floor", "complex", (2, 2)),
        ("cap", "simple", (0, 0)), ("cap", "medium", (0, 1)), ("cap", "complex", (0, 2)),
    ],
)  # fmt: skip
def test_an_action_leaves_the_tiers_that_it_says(
    action: str, tier: str, bound: tuple[int, int]
) -> None:
    assert BOUNDS[RoutingRule("language", "", action, tier).bound] == bound


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (("contains", " , ", "floor", "medium"), "without a value"),
        (("matches", "(", "floor", "medium"), "no regular expression"),
        (("input_tokens", "many", "floor", "medium"), "no number of tokens"),
        (("mood", "bad", "floor", "medium"), "is no rule"),
        (("segment", "chat", "push", "medium"), "is no rule"),
        (("segment", "chat", "floor", "huge"), "is no rule"),
    ],
)
def test_what_cannot_be_a_rule_is_refused(rule: tuple[str, str, str, str], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        RoutingRule(*rule)


def test_rules_bound_the_plan_and_say_nothing_of_how_hard_queries_look() -> None:
    asked, placed = queries()
    classifier = make_classifier()
    rules = [RoutingRule("segment", "chat", "force", "complex")]
    free, bound = (summarise(asked, placed, classifier, r).workload for r in ([], rules))
    cuts = usual_cuts_by_lever(classifier)
    usd = np.zeros(len(bound.cells))
    shares = [
        [(s.queries, s.low, s.high) for s in tier_shares(w, np.zeros(len(w.cells)), cuts)]
        for w in (free, bound)
    ]
    assert shares[0] == shares[1] and len(usd)
    assert segment_shares(free, cuts) == segment_shares(bound, cuts)
    chat = bound.cells[bound.cells["segment"] == "chat"]
    assert (tier_by_place(cuts)[places(chat)] == 2).all()
    assert (places(chat) % UNBOUND_PLACES == places(free.cells)[0]).all()
    again = from_json(to_json(bound))
    assert again.cells.equals(bound.cells) and set(chat["rule"]) == {1}


def test_rules_are_kept_in_the_notes_and_name_another_workload(tmp_path) -> None:
    notes = Notes(routing_rules=(RoutingRule("contains", "refund", "floor", "medium"),))
    write_notes(tmp_path, notes)
    assert read_notes(tmp_path) == notes
    assert notes.placing_digest != Notes().placing_digest == "none"
