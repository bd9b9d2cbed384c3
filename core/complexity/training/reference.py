"""How able the models of the three tiers are today: a judgement, with wide ranges.

The outcomes that the scale was measured on end early in 2025. On it gpt-4o-2024-08-06 and
claude-3-5-sonnet-20241022 lie near 2.0 logits and o1-preview near 3.7 (`abilities.csv`).
What was published since puts the small models of late 2026 above the former and mid-tier
models about level with the latter. Each sd is about that of a measured model on a log of a
new kind. Own evidence replaces all three.
"""

from __future__ import annotations

from typing import Final

from core.complexity.classifier import ReferenceAbility

AS_OF: Final = "2026-11"

REFERENCE: Final = (
    ReferenceAbility(
        tier="simple",
        mean=2.5,
        sd=1.0,
        source="judgement: today's small models, somewhat above the measured gpt-4o and"
        " claude-3.5-sonnet of late 2024 (about 2.0)",
        as_of=AS_OF,
    ),
    ReferenceAbility(
        tier="medium",
        mean=3.3,
        sd=1.1,
        source="judgement: today's mid-tier models, a little below the measured o1-preview"
        " of 2024 (3.7, on maths and code only)",
        as_of=AS_OF,
    ),
    ReferenceAbility(
        tier="complex",
        mean=4.1,
        sd=1.3,
        source="judgement: today's frontier models, above every measured model",
        as_of=AS_OF,
    ),
)
