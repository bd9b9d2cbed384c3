"""vLLM's Semantic Router: tiers by similarity to example queries."""

from __future__ import annotations

from typing import Any, Final

import yaml

from core.catalog.model import Model
from core.complexity.scale import Tier
from core.routing.exports.files import NO_CASCADE, Export, head, slug, tiers_of
from core.routing.exports.policy import Exported
from core.routing.settings import Effort

VERSION: Final = "vLLM Semantic Router 0.4.0"
THRESHOLD: Final = 0.1  # higher ones hardly ever fire
EASY: Final = (
    "hello, are you there",
    "thanks, that is all",
    "how do I change my password",
    "where is my order",
    "what is the capital of France",
    "rewrite this sentence in a friendly tone",
)
HARD: Final = (
    "prove step by step that the sequence converges and give the rate",
    "design a distributed lock manager with leader election and explain its failure modes",
    "derive the posterior for this hierarchical model and simplify the integral",
    "find the race condition in this scheduler and write a fix with tests",
    "compare three contract drafts clause by clause and list every conflict",
    "given these constraints, determine the optimal schedule and show that it is optimal",
)
_LEVELS: Final[dict[Tier, tuple[str, int]]] = {
    "complex": ("hard", 300),
    "medium": ("medium", 200),
    "simple": ("easy", 100),
}


def vllm_sr_export(found: Exported) -> Export:
    """`config.yaml`; its examples are general ones, for a plan keeps none of the log's texts."""
    models = dict(tiers_of(found.plan))
    efforts = dict(zip(models, (how.effort for how in found.plan.settings), strict=True))
    config: dict[str, Any] = {
        "version": "v0.3",
        "listeners": [
            {"name": "http-8899", "address": "127.0.0.1", "port": 8899, "timeout": "300s"}
        ],
        "providers": {
            "defaults": {"model": "complex"},
            "models": [_model(tier, model) for tier, model in models.items()],
        },
        "routing": {
            "strategy": "priority",
            "modelCards": [
                {"name": tier, "description": f"{tier} tier", "tags": [tier]} for tier in models
            ],
            "signals": {
                "complexity": [
                    {
                        "name": "plan",
                        "threshold": THRESHOLD,
                        "description": f"Tierwise plan {found.plan_id}",
                        "hard": {"candidates": list(HARD)},
                        "easy": {"candidates": list(EASY)},
                    }
                ]
            },
            "decisions": [
                {
                    "name": tier,
                    "description": f"{tier} tier",
                    "priority": priority,
                    "rules": {
                        "operator": "AND",
                        "conditions": [{"type": "complexity", "name": f"plan:{level}"}],
                    },
                    "modelRefs": [_reference(tier, efforts[tier])],
                }
                for tier, (level, priority) in _LEVELS.items()
            ],
        },
    }
    comment = "".join(
        f"# {line}\n"
        for line in head(found.plan_id, found.prices_as_of, f"{VERSION} (config v0.3)")
    )
    cannot = [
        "The plan's classifier: tiers follow similarity to the examples; replace these by queries "
        "of your own.",
        "The plan's thresholds: shares of tiers will differ.",
    ]
    if found.plan.rules:
        cannot.append("The plan's rules.")
    if any(how.fallback for how in found.plan.settings):
        cannot.append("The fallback models.")
    if found.plan.check:
        cannot.insert(0, NO_CASCADE)
    text = comment + yaml.safe_dump(config, sort_keys=False, allow_unicode=True)
    return Export({"config.yaml": text}, VERSION, tuple(cannot))


def _reference(tier: str, effort: Effort | None) -> dict[str, Any]:
    if effort is None:
        return {"model": tier, "use_reasoning": False}
    return {"model": tier, "use_reasoning": True, "reasoning_effort": effort}


def _model(tier: str, model: Model) -> dict[str, Any]:
    price = model.price
    pricing = (
        {
            "currency": "USD",
            "prompt_per_1m": price.input_usd_per_mtok,
            "cached_input_per_1m": price.cached_usd_per_mtok,
            "completion_per_1m": price.output_usd_per_mtok,
        }
        if price
        else None
    )
    return {
        "name": tier,
        "provider_model_id": f"{model.provider}/{slug(model)}",
        "api_format": "openai",
        **({"pricing": pricing} if pricing else {}),
        "backend_refs": [
            {
                "name": "openrouter",
                "base_url": "https://openrouter.ai/api/v1",
                "provider": "openai",
                "api_key_env": "OPENROUTER_API_KEY",
                "weight": 100,
            }
        ],
    }
