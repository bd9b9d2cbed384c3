"""The files of a trained classifier, written side by side."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.complexity.classifier import save_classifier
from core.complexity.figures import write_measured
from core.complexity.training.card import model_card
from core.complexity.training.evaluate import Report, evaluate
from core.complexity.training.outcomes import CountTokens, about_tokens
from core.complexity.training.summary import measured_of
from core.complexity.training.train import ModelAbility, Trained, train
from core.disk import whole, write_whole, writing

ABILITIES: Final = "abilities.csv"
CARD: Final = "MODEL_CARD.md"
FIGURES: Final = "figures.json"


@dataclass(frozen=True)
class Release:
    """What was trained, and how it measured."""

    trained: Trained
    report: Report


def write_release(
    folder: Path,
    out: Path,
    *,
    count_tokens: CountTokens = about_tokens,
    draws: int = 200,
    seed: int = 0,
) -> Release:
    """Trains and measures on an outcome folder; writes `out`, abilities, figures and card.

    The last three lie beside `out`. Raises BadInput before anything is written.
    """
    trained = train(folder, count_tokens)
    report = evaluate(
        folder,
        level_sd=trained.classifier.level_sd,
        count_tokens=count_tokens,
        draws=draws,
        seed=seed,
    )
    with writing(out.parent):
        out.parent.mkdir(parents=True, exist_ok=True)
    save_classifier(trained.classifier, out)
    write_abilities(trained.abilities, out.with_name(ABILITIES))
    write_measured(measured_of(report, trained.classifier.digest), out.with_name(FIGURES))
    card = model_card(trained, report)
    write_whole(out.with_name(CARD), card)
    return Release(trained, report)


def write_abilities(abilities: Sequence[ModelAbility], path: Path) -> None:
    """Writes one row per model: model, ability and sd in logits, answers, datasets."""
    with whole(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["model", "ability", "sd", "answers", "datasets"])
        for item in abilities:
            table.writerow(
                [
                    item.model,
                    f"{item.ability:.3f}",
                    f"{item.sd:.3f}",
                    item.answers,
                    ";".join(item.datasets),
                ]
            )
