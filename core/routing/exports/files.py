"""What an export consists of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.catalog.model import Model
from core.complexity.scale import Tier
from core.routing.plan import Plan

NO_CASCADE: Final = (
    "The cascade: answers are not checked and escalated; every query goes to the simple tier."
)
# Where a provider is called something else than in the catalogue.
_LITELLM: Final = {"google": "gemini", "x-ai": "xai", "together": "together_ai"}


@dataclass(frozen=True)
class Export:
    """Files by name, the version of the target that they are for, and what they cannot say."""

    files: dict[str, str]
    target_version: str
    cannot_express: tuple[str, ...]


def head(plan_id: str, prices_as_of: str, target: str) -> list[str]:
    """What every file says of itself, where its format has comments."""
    return [
        f"Made by Tierwise from plan {plan_id}, list prices of {prices_as_of}.",
        f"For {target}.",
    ]


def slug(model: Model) -> str:
    """The model's id at its provider."""
    return model.id.removeprefix(f"{model.provider}/")


def litellm_id(model: Model) -> str:
    """The model as LiteLLM calls it."""
    return f"{_LITELLM.get(model.provider, model.provider)}/{slug(model)}"


def key_name(model: Model) -> str:
    """The environment variable that holds the provider's key."""
    return f"{model.provider.upper().replace('-', '_')}_API_KEY"


def tiers_of(plan: Plan) -> list[tuple[Tier, Model]]:
    """Tiers with their models, from simple to complex."""
    return list(plan.models.items())


def decide_source() -> str:
    """The text of the module that decides, which every Python export carries."""
    return Path(__file__).with_name("decide.py").read_text(encoding="utf-8")
