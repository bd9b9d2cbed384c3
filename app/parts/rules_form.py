"""Rules on top of a plan: what each does, and a form to add one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from app import jobs, services, state
from app.parts.messages import show_error
from app.parts.wording import TIER_NAMES, counted, plain_untrusted
from app.planning import SortedLog
from core.commands.findings_words import effect_words
from core.complexity.scale import TIERS
from core.errors import BadInput
from core.routing.rule_effects import RuleEffect
from core.workload.routing_rules import ACTIONS, MOST_RULES, TESTS, RoutingRule

TEST_NAMES: Final = {
    "contains": "the text contains",
    "matches": "the text matches (RE2)",
    "segment": "the segment is",
    "input_tokens": "input tokens are at least",
    "language": "it is in another language",
    "tools": "it offers tools named",
    "customer": "the customer is",
}
ACTION_NAMES: Final = {"force": "always", "floor": "at least", "cap": "at most"}


def draw_rules(found: SortedLog, effects: Sequence[RuleEffect]) -> None:
    """The rules in force with what they move and cost, and a form for another one."""
    rules = found.notes.routing_rules
    title = f"Rules on top: {counted(len(rules), 'rule')}" if rules else "Rules on top"
    with st.expander(title, expanded=bool(rules)):
        st.caption(
            "The first rule that fits a query bounds its tier; all others go by how hard they "
            "look. The queries are counted again when the rules change."
        )
        for number, effect in enumerate(effects):
            words, up, gone = st.columns([8, 1, 1], vertical_alignment="center")
            words.markdown(plain_untrusted(effect_words(effect)))
            if number and up.button(
                "", icon=":material/arrow_upward:", key=f"rule-up-{number}", help="Try it earlier"
            ):
                swapped = list(rules)
                swapped[number - 1 : number + 1] = rules[number], rules[number - 1]
                _use(found, swapped)
            if gone.button(
                "", icon=":material/delete:", key=f"rule-gone-{number}", help="Remove this rule"
            ):
                _use(found, [*rules[:number], *rules[number + 1 :]])
        if len(rules) < MOST_RULES:
            _draw_form(found)


def _draw_form(found: SortedLog) -> None:
    digest = found.log.digest
    with st.form(f"rule-{digest}", border=False, clear_on_submit=True):
        first, second, third, fourth = st.columns([3, 4, 2, 2])
        test = first.selectbox(
            "If", TESTS, format_func=TEST_NAMES.__getitem__, key=f"rule-test-{digest}"
        )
        value = second.text_input(
            "Value",
            placeholder="refund, invoice",
            key=f"rule-value-{digest}",
            help="Words separated by commas, a pattern, a segment, a number of tokens, names of "
            "tools (or none, for any), or an account as the log writes it",
        )
        action = third.selectbox(
            "Then", ACTIONS, index=1, format_func=ACTION_NAMES.__getitem__, key=f"rule-do-{digest}"
        )
        tier = fourth.selectbox(
            "Tier", TIERS, index=1, format_func=TIER_NAMES.__getitem__, key=f"rule-tier-{digest}"
        )
        if not st.form_submit_button("Add the rule", key="add-rule"):
            return
    try:
        rule = RoutingRule(test, value.strip(), action, tier)
    except BadInput as error:
        show_error(error)
        return
    _use(found, [*found.notes.routing_rules, rule])


def _use(found: SortedLog, rules: Sequence[RoutingRule]) -> None:
    services.save_notes(found.log.digest, replace(found.notes, routing_rules=tuple(rules)))
    jobs.start_sorting(found.log.digest)
    state.say("The queries are being counted again.")
    st.rerun()
