"""LiteLLM's proxy: a config, and a classifier plug-in that makes the plan's own decisions."""

from __future__ import annotations

from typing import Any, Final

import yaml

from core.catalog.model import Model
from core.complexity.scale import Tier
from core.routing.exports.files import NO_CASCADE, Export, head, key_name, litellm_id, tiers_of
from core.routing.exports.policy import Exported
from core.routing.exports.python_file import module_source
from core.routing.settings import Effort

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
        segment, customer = (_metadata(context, name) for name in ("segment", "customer"))
        return TIERS[route(content, segment, customer=customer)]


def _metadata(context: Any, key: str) -> str | None:
    """What the caller sends as metadata: {"segment": "support", "customer": "acme"}."""
    for name in ("metadata", "litellm_metadata"):
        found = getattr(context, name, None)
        if isinstance(found, dict) and found.get(key):
            return str(found[key])
    return None


plugin = Tierwise()
'''


def litellm_export(found: Exported) -> Export:
    """`config.yaml` and `tierwise_classifier.py`, which must lie beside it."""
    names = {tier: f"tierwise-{tier}" for tier, _ in tiers_of(found.plan)}
    called = list(zip(tiers_of(found.plan), found.plan.settings, strict=True))
    spare = {tier: f"{names[tier]}-fallback" for (tier, _), how in called if how.fallback}
    higher: dict[Tier, list[str]] = {
        "simple": [names["medium"]],
        "medium": [names["complex"]],
        "complex": [],
    }
    tiers = {_NAMES[tier]: name for tier, name in names.items()}
    config: dict[str, Any] = {
        "model_list": [
            *(
                {"model_name": names[tier], "litellm_params": _params(model, settings.effort)}
                for (tier, model), settings in called
            ),
            *(
                {"model_name": spare[tier], "litellm_params": _params(settings.fallback)}
                for (tier, _), settings in called
                if settings.fallback
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
                {names[tier]: [*([spare[tier]] if tier in spare else []), *next_up]}
                for tier, next_up in higher.items()
                if tier in spare or next_up
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
    if any(rule.test == "tools" for rule in found.plan.rules):
        cannot.append("Rules by tools: the plug-in is not told which ones a request offers.")
    if any(rule.test == "customer" for rule in found.plan.rules):
        cannot.append(
            "Customers, unless the caller sends them as metadata, such as {'customer': 'acme'}."
        )
    if any(window is not None for window in found.plan.windows):
        cannot.append(
            "Context windows ahead of the call: LiteLLM steps up when a model refuses a request."
        )
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


def _params(model: Model, effort: Effort | None = None) -> dict[str, Any]:
    asked = {"reasoning_effort": effort} if effort else {}
    if model.provider == "self-hosted":
        return {
            "model": f"openai/{model.id.removeprefix('self-hosted/')}",
            "api_base": "os.environ/SELF_HOSTED_API_BASE",
            "api_key": f"os.environ/{key_name(model)}",
            **asked,
        }
    return {
        "model": litellm_id(model),
        "api_key": f"os.environ/{key_name(model)}",
        **asked,
    }
