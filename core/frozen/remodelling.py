"""The same plan, or the same logged names, with something else known of their models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from core.catalog.model import Model
from core.routing.plan import Plan

Change = Callable[[Model], Model]
Names = Mapping[str, Model | None]


def plan_with(plan: Plan, change: Change) -> Plan:
    """The plan with every model in it changed: tiers, fallbacks, and the one that checks."""
    simple, medium, complex_ = (change(model) for model in plan.models.values())
    first, second, third = (
        replace(settings, fallback=change(settings.fallback)) if settings.fallback else settings
        for settings in plan.settings
    )
    check = replace(plan.check, model=change(plan.check.model)) if plan.check else None
    return replace(
        plan,
        simple=simple,
        medium=medium,
        complex=complex_,
        settings=(first, second, third),
        check=check,
    )


def names_with(names: Names, change: Change) -> dict[str, Model | None]:
    """What each logged name stands for, changed; unknown ones stay unknown."""
    return {name: change(model) if model else None for name, model in names.items()}


def models_in(plan: Plan) -> dict[str, Model]:
    """The models of a plan by id, those of its tiers before any other."""
    others = [settings.fallback for settings in plan.settings]
    others.append(plan.check.model if plan.check else None)
    found = {model.id: model for model in others if model is not None}
    return found | {model.id: model for model in plan.models.values()}


def models_behind(names: Names) -> dict[str, Model]:
    """The models behind logged names by id."""
    return {model.id: model for model in names.values() if model is not None}
