"""A plan in words, and as JSON."""

from __future__ import annotations

from core.commands.result import Json, finite
from core.complexity.rules import Basis
from core.frozen.document import PlanDocument
from core.reports.words import usd
from core.routing.controls import Control
from core.routing.simulate import Range
from core.routing.traffic import Traffic


def plan_json(document: PlanDocument, plan_id: str | None) -> dict[str, Json]:
    """A plan's figures, for scripts."""
    outcome = document.figures.outcome
    return {
        "baseline_monthly_usd": outcome.baseline_usd,
        "planned_monthly_usd": outcome.planned.central,
        "planned_monthly_usd_range": _ends(outcome.planned),
        "saving_share": outcome.saving_share.central,
        "saving_share_range": _ends(outcome.saving_share),
        "quality": outcome.quality.central,
        "quality_range": _ends(outcome.quality),
        "quality_kept": outcome.quality_kept.central,
        "quality_kept_range": _ends(outcome.quality_kept),
        "baseline_quality": outcome.baseline_quality,
        "tiers": {
            t.tier: {
                "model": t.model.id,
                "fallback": settings.fallback.id if settings.fallback else None,
                "reasoning_effort": settings.effort,
                "utilisation": t.utilisation,
                "share_of_queries": t.share_of_queries,
                "share_of_cost": t.usd / outcome.planned.central if outcome.planned.central else 0,
            }
            for t, settings in zip(outcome.tiers, document.plan.settings, strict=True)
        },
        "thresholds": {
            "to_medium": document.plan.to_medium,
            "to_complex": document.plan.to_complex,
            "difficulty_cuts": [finite(cut) for cut in outcome.cuts],
        },
        "controls": {
            c.name: {"monthly_usd": c.monthly_usd, "quality": c.quality}
            for c in document.figures.controls
        },
        "left_out_share": outcome.left_out_share,
        "prices_as_of": document.prices_as_of.isoformat(),
        "plan_id": plan_id,
    }


def plan_lines(document: PlanDocument, traffic: Traffic, basis: Basis) -> list[str]:
    """A plan's figures with the controls beside them."""
    lines = figure_lines(document, f"Unverified: from {basis} alone.")
    left_out = document.figures.outcome.left_out_share
    if left_out:
        names = ", ".join(traffic.left_out_models[:5])
        lines.append(f"Left out: {left_out:.0%} of queries, unknown models ({names}).")
    return lines


def figure_lines(document: PlanDocument, rests_on: str) -> list[str]:
    """What it costs, its tiers and the controls; `rests_on` says what its quality is known by."""
    outcome = document.figures.outcome
    saving, kept = outcome.saving_share, outcome.quality_kept
    return [
        f"Costs {usd(outcome.planned.central)} a month instead of {usd(outcome.baseline_usd)}: "
        f"{saving.central:.0%} less ({saving.low:.0%} to {saving.high:.0%}), at {kept.central:.1%} "
        f"({kept.low:.1%} to {kept.high:.1%}) of today's quality. {rests_on}",
        *(
            f"  {t.tier:8} {t.model.name:24} {t.share_of_queries:>4.0%} of queries, {usd(t.usd)}"
            for t in outcome.tiers
        ),
        "Controls (quality as the same classifier expects it):",
        *(_control_line(c) for c in document.figures.controls),
    ]


def _control_line(control: Control) -> str:
    return (
        f"  {control.name:32} {usd(control.monthly_usd):>10} a month, "
        f"{control.quality_kept:.1%} of today's quality"
    )


def _ends(values: Range) -> list[Json]:
    return [values.low, values.high]
