"""Rules on top of a plan: what they do, and a table to write them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

import pandas as pd
import streamlit as st

from app import jobs, services, state
from app.parts.messages import show_error
from app.parts.wording import TIER_NAMES, counted, plain, plain_untrusted
from app.services import SortedLog
from core.commands.findings_words import effect_words
from core.complexity.scale import TIERS
from core.errors import BadInput
from core.routing.rule_effects import RuleEffect
from core.workload.routing_rules import ACTIONS, MOST_RULES, TESTS, RoutingRule

TEST_NAMES: Final = {
    "contains": "Text contains (words, separated by commas)",
    "matches": "Text matches (regular expression)",
    "segment": "Segment is",
    "input_tokens": "Input tokens from",
    "language": "Another language (no value)",
}
ACTION_NAMES: Final = {"force": "always", "floor": "at least", "cap": "at most"}
COLUMNS: Final = ("If", "Value", "Then", "Tier")


def draw_rules(found: SortedLog, effects: Sequence[RuleEffect]) -> None:
    """The rules in force with what they move and cost, and the table that changes them."""
    rules = found.notes.routing_rules
    title = f"Rules on top: {counted(len(rules), 'rule')}" if rules else "Rules on top"
    with st.expander(title, expanded=bool(rules)):
        st.caption(
            "The first rule that fits a query bounds its tier; all others go by how hard they "
            "look. The queries are counted again when the rules change."
        )
        for effect in effects:
            st.markdown(f"- {plain(plain_untrusted(effect_words(effect)))}")
        with st.form(f"rules-{found.log.digest}", border=False):
            said = st.data_editor(
                _table(rules),
                num_rows="dynamic",
                hide_index=True,
                key=f"rules-{found.log.digest}-{found.notes.placing_digest}",
                column_config={
                    "If": st.column_config.SelectboxColumn(options=list(TEST_NAMES.values())),
                    "Then": st.column_config.SelectboxColumn(options=list(ACTION_NAMES.values())),
                    "Tier": st.column_config.SelectboxColumn(options=list(TIER_NAMES.values())),
                },
            )
            pressed = st.form_submit_button("Use these rules", key="use-rules")
        if pressed:
            _take(found, said)


def _take(found: SortedLog, said: pd.DataFrame) -> None:
    try:
        rules = rules_from(said)
    except BadInput as error:
        show_error(error)
        return
    if rules == found.notes.routing_rules:
        return
    services.save_notes(found.log.digest, replace(found.notes, routing_rules=rules))
    jobs.start_sorting(found.log.digest)
    state.say("The queries are being counted again.")
    st.rerun()


def rules_from(said: pd.DataFrame) -> tuple[RoutingRule, ...]:
    """The rules in a table as people fill it in; BadInput for one that cannot be."""
    found = []
    for number, row in enumerate(said[list(COLUMNS)].fillna("").to_dict("records"), start=1):
        if not any(str(value).strip() for value in row.values()):
            continue
        test = _named(TEST_NAMES, str(row["If"]))
        action, tier = _named(ACTION_NAMES, str(row["Then"])), _named(TIER_NAMES, str(row["Tier"]))
        if not (test and action and tier):
            raise BadInput(
                "a rule needs a condition, what follows, and a tier",
                where=f"rule {number}",
                remedy="Fill in its row, or delete it",
            )
        try:
            rule = RoutingRule(
                TESTS[TESTS.index(test)],  # type: ignore[arg-type]
                str(row["Value"]).strip(),
                ACTIONS[ACTIONS.index(action)],  # type: ignore[arg-type]
                TIERS[TIERS.index(tier)],  # type: ignore[arg-type]
            )
        except BadInput as error:
            raise BadInput(error.found, where=f"rule {number}", remedy=error.remedy) from error
        found.append(rule)
    if len(found) > MOST_RULES:
        raise BadInput(f"{len(found)} rules", remedy=f"Use at most {MOST_RULES}")
    return tuple(found)


def _table(rules: Sequence[RoutingRule]) -> pd.DataFrame:
    rows = [
        (TEST_NAMES[r.test], r.value, ACTION_NAMES[r.action], TIER_NAMES[r.tier]) for r in rules
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype("str")


def _named(names: object, said: str) -> str:
    """The key of a name; empty for none."""
    known = cast("dict[str, str]", names)
    return next((key for key, name in known.items() if name == said), "")
