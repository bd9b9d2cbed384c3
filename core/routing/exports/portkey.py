"""Portkey's gateway: a config that routes by a tier which the caller sends along."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from core.catalog.model import Model
from core.routing.exports.files import NO_CASCADE, Export, head, slug, tiers_of
from core.routing.exports.policy import Exported
from core.routing.exports.python_file import module_source
from core.routing.settings import TierSettings

VERSION: Final = "Portkey, gateway 1.15.2 and the config schema of 2026-08"


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
            _target(tier, model, settings)
            for (tier, model), settings in zip(
                tiers_of(found.plan), found.plan.settings, strict=True
            )
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
        "yours; the open-source gateway takes plain names (openai) with an api_key instead. A",
        "request without a tier goes to the complex model.",
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


def _target(tier: str, model: Model, settings: TierSettings) -> dict[str, Any]:
    """A tier as a target; with a fallback it is one of targets of its own."""
    effort = {"reasoning_effort": settings.effort} if settings.effort else {}
    if settings.fallback is None:
        return {"name": tier, **_provider(model, effort)}
    return {
        "name": tier,
        "strategy": {"mode": "fallback"},
        "targets": [_provider(model, effort), _provider(settings.fallback, {})],
    }


def _provider(model: Model, more: Mapping[str, str]) -> dict[str, Any]:
    return {
        "provider": f"@{model.provider}-prod",
        "override_params": {"model": slug(model), **more},
        "retry": {"attempts": 2},
    }
