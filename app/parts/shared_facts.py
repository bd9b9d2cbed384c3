"""The facts of a frozen plan as tables and words for the shared page."""

from __future__ import annotations

import pandas as pd

from app.parts.register_table import register_table
from app.parts.wording import price, settings_words, share, usd
from core.economics.register import MONTHS, register
from core.economics.tuning.verdict import assess
from core.economics.tuning.words import answer
from core.routing.plan import Plan
from core.store.document import PlanDocument


def controls_table(document: PlanDocument) -> pd.DataFrame:
    """The plan and its controls: cost per month and quality kept."""
    outcome = document.figures.outcome
    rows = [("this plan", outcome.planned.central, outcome.quality_kept.central)]
    rows += [(c.name, c.monthly_usd, c.quality_kept) for c in document.figures.controls]
    return pd.DataFrame(
        [(name, usd(cost), f"{kept:.1%}") for name, cost, kept in rows],
        columns=["", "Per month", "Quality kept"],
    )


def assumption_table(document: PlanDocument) -> pd.DataFrame:
    """Everything that the figures take for granted, with where it comes from."""
    log, plan = document.log, document.plan
    rows = [
        ("Traffic", f"{log.queries:,} queries of {log.name}", "measured"),
        *_outlook_rows(document),
        ("Prices", f"list prices of {document.prices_as_of:%d %b %Y}", "quoted"),
        ("Cost in the log", f"stated for {share(log.cost_logged_share)} of queries", "measured"),
        ("Token counts", f"estimated for {share(log.tokens_estimated_share)}", "measured"),
        (
            "Cached input after a switch",
            f"{share(document.assumptions.cache_kept)} stays cached",
            "judgement",
        ),
        (
            "Tokens on another model",
            f"as today, ± {share(document.assumptions.token_spread)}",
            "judgement",
        ),
        (
            "Difficulty",
            f"classifier {document.classifier_version} ({document.classifier_digest[:8]}), a "
            f"log's level ± {document.uncertainty.level_sd:.1f} logits",
            "benchmark",
        ),
        _strategy_row(plan),
    ]
    for (tier, model), settings in zip(plan.models.items(), plan.settings, strict=True):
        ability = model.ability
        rows.append((f"{tier.capitalize()}: {model.name}", price(model), "quoted"))
        if called := settings_words(settings):
            rows.append((f"How {model.name} is called", called, "judgement"))
        rows.append(
            (
                f"Ability of {model.name}",
                f"{ability.mean:.1f} ± {ability.sd:.1f} logits: {ability.source}",
                ability.origin,
            )
        )
    if document.figures.outcome.left_out_share:
        left_out = share(document.figures.outcome.left_out_share)
        rows.append(("Left out", f"{left_out} of queries, models without a price", "measured"))
    return pd.DataFrame(rows, columns=["What", "Value", "Known from"])


def _outlook_rows(document: PlanDocument) -> list[tuple[str, str, str]]:
    """What the coming months are taken to be like."""
    entries = register(document.plan, document.growth, document.assumptions)
    found = []
    for row in register_table([e for e in entries if e.group == MONTHS]).to_dict(orient="records"):
        within = f" ({row['Range']})" if row["Range"] else ""
        found.append((row["What"], f"{row['Value']} {row['Unit']}{within}", row["Known from"]))
    return found


def _strategy_row(plan: Plan) -> tuple[str, str, str]:
    """How queries find their tier."""
    if plan.check is None:
        words = (
            f"simple to medium {100 * plan.to_medium:.1f} points, medium to complex "
            f"{100 * plan.to_complex:.1f}"
        )
        return "Tolerances", words, "chosen"
    check = plan.check
    words = (
        f"{check.model.name} passes {share(check.accepts_good)} of acceptable answers and "
        f"{share(check.accepts_bad)} of the others"
    )
    return "Check of the cascade", words, check.origin


def fine_tuning_words(document: PlanDocument) -> str:
    """The verdict on the plan's fine-tuning case; empty without one."""
    case = document.fine_tuning
    return answer(case, assess(case)) if case else ""
