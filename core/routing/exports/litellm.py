"""LiteLLM's proxy: a config, and a classifier plug-in that makes the plan's own decisions."""

from __future__ import annotations

from typing import Any, Final

import yaml

from core.catalog.model import Model
from core.routing.exports.files import NO_CASCADE, Export, head, key_name, litellm_id, tiers_of
from core.routing.exports.policy import Exported
from core.routing.exports.python_file import module_source

VERSION: Final = "LiteLLM 1.106.2"
# Only these built-in names work; every one of them must be there, or its requests go astray.
_NAMES: Final = {"simple": "SIMPLE", "medium": "MEDIUM", "complex": "COMPLEX"}

_PLUGIN: Final = '''

TIERS = {"simple": "SIMPLE", "medium": "MEDIUM", "complex": "COMPLEX"}


class Tierwise:
    """What LiteLLM asks before it routes a request."""

    async def classify(self, context: Any) -> str:
        """LiteLLM's name of the tier, from the last message of the user."""
        users = [m for m in context.structured_messages if m.get("role") == "user"]
        content = (users[-1].get("content") or "") if users else ""
        if not isinstance(content, str):
            content = "\\n".join(p.get("text", "") for p in content if isinstance(p, dict))
        return TIERS[route(content, _segment(context))]


def _segment(context: Any) -> str | None:
    """The tag that the caller sends as metadata: {"segment": "support"}."""
    for name in ("metadata", "litellm_metadata"):
        found = getattr(context, name, None)
        if isinstance(found, dict) and found.get("segment"):
            return str(found["segment"])
    return None


plugin = Tierwise()
'''


def litellm_export(found: Exported) -> Export:
    """`config.yaml` and `tierwise_classifier.py`, which must lie beside it."""
    names = {tier: f"tierwise-{tier}" for tier, _ in tiers_of(found.plan)}
    tiers = {_NAMES[tier]: name for tier, name in names.items()}
    config: dict[str, Any] = {
        "model_list": [
            *(
                {"model_name": names[tier], "litellm_params": _params(model)}
                for tier, model in tiers_of(found.plan)
            ),
            {
                "model_name": "tierwise",
                "litellm_params": {
                    "model": "auto_router/complexity_router",
                    "complexity_router_default_model": names["complex"],
                    "complexity_router_config": {
                        "tiers": tiers | {"REASONING": names["complex"]},
                        "classifier_type": "custom",
                        "classifier_plugin": "tierwise_classifier.plugin",
                        "classifier_plugin_timeout_ms": 200,
                        "classifier_fallback": "heuristic",
                    },
                },
            },
        ],
        "router_settings": {
            "num_retries": 2,
            "fallbacks": [
                {names["simple"]: [names["medium"]]},
                {names["medium"]: [names["complex"]]},
            ],
            "context_window_fallbacks": [
                {names["simple"]: [names["medium"], names["complex"]]},
                {names["medium"]: [names["complex"]]},
            ],
        },
        "litellm_settings": {"drop_params": True},
    }
    words = head(found.plan_id, found.prices_as_of, VERSION)
    comment = "".join(f"# {line}\n" for line in words)
    plugin = module_source(found, words) + _PLUGIN
    cannot = [
        "A quality cascade: `fallbacks` fire on errors, not on weak answers.",
        "When the plug-in fails, LiteLLM's own keyword heuristic decides, unseen by the caller.",
    ]
    if any(rule.test == "input_tokens" for rule in found.plan.rules):
        cannot.append("Rules by input tokens: the plug-in is not told how many there are.")
    if found.learned or any(rule.test == "segment" for rule in found.plan.rules):
        cannot.append(
            "Segments, unless the caller sends them as metadata, such as {'segment': 'support'}; "
            "without one a query counts as one of no segment."
        )
    if found.plan.check:
        cannot.insert(0, NO_CASCADE)
    return Export(
        {
            "config.yaml": comment + yaml.safe_dump(config, sort_keys=False, allow_unicode=True),
            "tierwise_classifier.py": plugin,
        },
        VERSION,
        tuple(cannot),
    )


def _params(model: Model) -> dict[str, Any]:
    if model.provider == "self-hosted":
        return {
            "model": f"openai/{model.id.removeprefix('self-hosted/')}",
            "api_base": "os.environ/SELF_HOSTED_API_BASE",
            "api_key": f"os.environ/{key_name(model)}",
        }
    return {"model": litellm_id(model), "api_key": f"os.environ/{key_name(model)}"}
