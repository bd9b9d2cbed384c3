"""Rules on top of a plan: which queries always, at least or at most get a tier.

Rules are tried in order and the first that fits decides. They bound the tier that the plan's
tolerances give, so a query that no rule fits, and every figure of how hard queries look, stay
as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.complexity.scale import TIERS, Tier
from core.complexity.unlike import LANGUAGE
from core.errors import BadInput
from core.logs.privacy.identities import identity_key, pseudonyms
from core.workload.grid import BOUNDS
from core.workload.placing import Placed

Test = Literal["contains", "matches", "segment", "input_tokens", "language", "tools", "customer"]
Action = Literal["force", "floor", "cap"]
TESTS: Final[tuple[Test, ...]] = get_args(Test)
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
MOST_RULES: Final = 20
_NAMED: Final = ("contains", "matches", "segment", "customer")  # they need a value

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RoutingRule:
    """One rule.

    `value` holds, by test: words separated by commas, any of which is in the text in any case
    (`contains`); a regular expression (RE2) found in it (`matches`); the name of a segment; the
    least number of input tokens; nothing for `language`, which fits texts in another language
    than English; names of tools, any of which is offered, or nothing for any tool (`tools`); the
    id of an account as the log writes it (`customer`). `force` gives the tier, `floor` that or a
    higher one, `cap` that or a lower one. Raises BadInput for a value that cannot be.
    """

    test: Test
    value: str
    action: Action
    tier: Tier

    def __post_init__(self) -> None:
        known = self.test in TESTS and self.action in ACTIONS and self.tier in TIERS
        if not known:
            raise BadInput(
                f"'{self.test} {self.action} {self.tier}' is no rule",
                remedy=f"Tests are {', '.join(TESTS)}; actions {', '.join(ACTIONS)}; tiers "
                f"{', '.join(TIERS)}",
            )
        if self.test in _NAMED and not self.value.strip(" ,"):
            raise BadInput(f"a rule '{self.test}' without a value", remedy="Say what to look for")
        if self.test == "customer" and "@" in self.value:
            raise BadInput(
                "an e-mail address names a person, and rules are shown wherever the plan is",
                remedy="Name an account, or use a segment",
            )
        if self.test == "input_tokens" and not re.fullmatch(r"\s*[0-9]{1,9}\s*", self.value):
            raise BadInput(
                f"'{self.value}' is no number of tokens", remedy="Give a whole number, such as 8000"
            )
        if self.pattern:
            try:
                pc.match_substring_regex(pa.array([""]), self.pattern)
            except pa.ArrowInvalid as error:
                raise BadInput(
                    f"'{self.value}' is no regular expression", remedy="Mend it, or use contains"
                ) from error

    @property
    def pattern(self) -> str:
        """The regular expression that is looked for in texts; empty for other tests."""
        if self.test == "matches":
            return self.value
        if self.test == "contains":
            return "(?i)(?:" + "|".join(_literal(word) for word in self.names) + ")"
        return ""

    @property
    def bound(self) -> int:
        """The lowest and highest tier that it leaves, as a number of `grid.BOUNDS`."""
        tier = TIERS.index(self.tier)
        wanted = {"force": (tier, tier), "floor": (tier, 2), "cap": (0, tier)}[self.action]
        return BOUNDS.index(wanted)

    @property
    def words(self) -> str:
        """The rule in words."""
        condition = {
            "contains": f"the text contains {self.value}",
            "matches": f"the text matches {self.value}",
            "segment": f"the segment is {self.value}",
            "input_tokens": f"there are {self.value.strip()} input tokens or more",
            "language": "the text is in another language",
            "tools": f"the request offers the tool {self.value}"
            if self.value.strip()
            else "the request offers tools",
            "customer": f"the customer is {self.value}",
        }[self.test]
        tier = {"force": "always", "floor": "at least", "cap": "at most"}[self.action]
        return f"If {condition}: {tier} {self.tier}"

    @property
    def names(self) -> list[str]:
        """The words in its value, which commas separate."""
        return [word.strip() for word in self.value.split(",") if word.strip()]

    def fits(self, queries: pa.Table, placed: Placed, key: bytes = b"") -> npt.NDArray[np.bool_]:
        """Which queries it fits; `key` is that of the hashes of customers in the log."""
        if self.test == "language":
            return np.asarray(placed.unlike == LANGUAGE)
        if self.test == "segment":
            found = pc.equal(placed.segment, self.value.strip())
        elif self.test == "input_tokens":
            found = pc.greater_equal(queries["input_tokens"], int(self.value))
        elif self.test == "tools":
            any_of = "|".join(_literal(name) for name in self.names) or "."
            found = pc.match_substring_regex(
                queries["tools"], f"^(?:.*, )?(?:{any_of})(?:, .*)?$" if self.names else any_of
            )
        elif self.test == "customer":
            hashed = pseudonyms(pa.array([self.value.strip()]), key)[0]
            found = pc.equal(queries["user"], hashed)
        else:
            texts = pc.fill_null(queries["text"].cast(pa.string()), "")
            found = pc.match_substring_regex(texts, self.pattern)
        return np.asarray(pc.fill_null(found, False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def rule_from(words: str) -> RoutingRule:
    """The rule in words such as "contains refund, invoice => floor medium"; BadInput otherwise."""
    condition, arrow, then = words.partition("=>")
    test, _, value = condition.strip().partition(" ")
    action, _, tier = then.strip().partition(" ")
    if not (arrow and test and action and tier):
        raise BadInput(
            f"'{words}'",
            where="--rule",
            remedy="Write for example: --rule 'contains refund => floor medium'",
        )
    # What is none of the known words is refused by the rule itself.
    return RoutingRule(
        cast(Test, test), value.strip(), cast(Action, action), cast(Tier, tier.strip())
    )


def first_fit(
    rules: Sequence[RoutingRule], queries: pa.Table, placed: Placed, key: bytes = b""
) -> Codes:
    """Per query the number of the first rule that fits, from 1; 0 where none does."""
    found = np.zeros(len(queries), dtype=np.int64)
    for number, rule in enumerate(rules, start=1):
        found[(found == 0) & rule.fits(queries, placed, key)] = number
    return found


def customer_key(rules: Sequence[RoutingRule], queries: Path) -> bytes:
    """The key of the hashes in a file of canonical rows, where a rule asks for a customer."""
    if not any(rule.test == "customer" for rule in rules):
        return b""
    return identity_key(queries.parent.parent)


def bounds_of(rules: Sequence[RoutingRule], codes: Codes) -> Codes:
    """The bound (a number of `grid.BOUNDS`) per number of a rule."""
    return np.array([0, *(rule.bound for rule in rules)], dtype=np.int64)[codes]


def _literal(word: str) -> str:
    return re.sub(r"([\\.^$|?*+()\[\]{}])", r"\\\1", word)
