"""Portkey's gateway: a config that routes by a tier which the caller sends along."""

from __future__ import annotations

import json
from typing import Final

from core.routing.exports.files import NO_CASCADE, Export, head, slug, tiers_of
from core.routing.exports.policy import Exported
from core.routing.exports.python_file import module_source

VERSION: Final = "Portkey's config schema of 2026-08"


def portkey_export(found: Exported) -> Export:
    """`config.json`, the function that tells the tier, and a note, as JSON takes no comments."""
    config = {
        "strategy": {
            "mode": "conditional",
            "conditions": [
                {"query": {"metadata.tier": {"$eq": tier}}, "then": tier}
                for tier in ("simple", "medium")
            ],
            "default": "complex",  # a request without a tier goes to the safe one
        },
        "targets": [
            {
                "name": tier,
                "provider": f"@{model.provider}-prod",
                "override_params": {"model": slug(model)},
                "retry": {"attempts": 2},
            }
            for tier, model in tiers_of(found.plan)
        ],
    }
    words = head(found.plan_id, found.prices_as_of, VERSION)
    note = [
        *words,
        "",
        "Send the tier with every request:",
        "",
        "    from tierwise_route import route",
        '    client.with_options(metadata={"tier": route(last_user_message)})',
        "",
        "The providers (@openai-prod and so on) are names in a Portkey workspace; change them to",
        "yours. A request without a tier goes to the complex model.",
    ]
    cannot = ["Classification: the caller sends metadata.tier, which tierwise_route.py tells."]
    if found.plan.check:
        cannot.insert(0, NO_CASCADE)
    return Export(
        {
            "config.json": json.dumps(config, indent=2) + "\n",
            "tierwise_route.py": module_source(found, words),
            "README.txt": "\n".join(note) + "\n",
        },
        VERSION,
        tuple(cannot),
    )
