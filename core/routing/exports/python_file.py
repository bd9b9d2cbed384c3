"""A Python module with `route(text)`, for any router that can call a function."""

from __future__ import annotations

import json

from core.routing.exports.files import Export, decide_source, head, tiers_of
from core.routing.exports.policy import Exported, policy

_ROUTE = '''

POLICY = json.loads(r"""
{policy}
""")
MODELS = {models}


def route(
    text: str | None,
    segment: str | None = None,
    input_tokens: int | None = None,
    tools: list[str] | None = None,
    customer: str | None = None,
    **facts: object,
) -> str:
    """The tier of one query: "simple", "medium" or "complex".

    `text` is the last message of the user, `segment` the tag or feature as the log has it (it
    counts where the plan rests on outcomes of its own log, or a rule asks for it), and
    `input_tokens` those of the whole request, so that it goes to a model that can hold it.
    `tools` (the names offered) and `customer` count where a rule asks for them. Other facts
    change nothing.
    """
    return tier_of(POLICY, text, segment, input_tokens, tools, customer)
'''


def python_export(found: Exported) -> Export:
    """One file without any dependency."""
    words = head(found.plan_id, found.prices_as_of, "Python 3.11 and newer, standard library only")
    cannot = []
    if found.plan.check:
        cannot.append(
            "Checking and escalating: route() names the tier to start at; POLICY['escalation'] "
            "says where to go when an answer fails the check."
        )
    return Export({"tierwise_route.py": module_source(found, words)}, "Python 3.11", tuple(cannot))


def module_source(found: Exported, words: list[str]) -> str:
    """The source of the module; ASCII, so that no editor or shell can spoil its patterns."""
    source = decide_source()
    doc, rest = source.split('"""', 2)[1:]
    intro = doc.strip() + "\n\n" + "\n".join(words)
    models = {tier: model.id for tier, model in tiers_of(found.plan)}
    text = json.dumps(policy(found), indent=1, sort_keys=True, ensure_ascii=True)
    rest = rest.replace("import math\n", "import json\nimport math\n", 1)
    return f'"""{intro}\n"""{rest.rstrip()}\n' + _ROUTE.replace("{policy}", text).replace(
        "{models}", json.dumps(models)
    )
