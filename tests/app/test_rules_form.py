"""The table of rules, as people fill it in."""

import pandas as pd
import pytest

from app.parts.rules_form import ACTION_NAMES, COLUMNS, TEST_NAMES, rules_from
from core.errors import BadInput
from core.workload.routing_rules import MOST_RULES, RoutingRule

CONTAINS, LANGUAGE = TEST_NAMES["contains"], TEST_NAMES["language"]


def table(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(COLUMNS))


def test_filled_rows_are_rules_and_empty_ones_nothing() -> None:
    said = table(
        (CONTAINS, " refund ", "at least", "Medium"),
        (None, None, None, None),
        (LANGUAGE, None, "always", "Complex"),
    )
    assert rules_from(said) == (
        RoutingRule("contains", "refund", "floor", "medium"),
        RoutingRule("language", "", "force", "complex"),
    )
    assert rules_from(table()) == ()
    assert set(ACTION_NAMES) == {"force", "floor", "cap"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((CONTAINS, "x", None, "Medium"), "rule 1: a rule needs"),
        ((CONTAINS, "", "always", "Medium"), "rule 1: a rule 'contains' without a value"),
        ((TEST_NAMES["matches"], "(", "always", "Medium"), "rule 1: '\\('"),
    ],
)
def test_a_row_that_is_no_rule_is_named(row: tuple[object, ...], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        rules_from(table(row))


def test_too_many_rules_are_refused() -> None:
    with pytest.raises(BadInput, match="21 rules"):
        rules_from(table(*[(LANGUAGE, "", "always", "Simple")] * (MOST_RULES + 1)))
