"""A small world with known difficulties and abilities, written as outcome files."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.complexity.classifier import Classifier, load_classifier
from core.complexity.training.train import Trained, train

UNITS = {
    "arena_bench_v1": 0.2,
    "exam": 1.0,
    "quiz": -1.0,
    "llmrouter_dc/gsm8k": -0.5,
    "llmrouter_dc/math": 0.8,
}
ABILITIES = np.linspace(-1.5, 2.5, 12)
NUMBER_WEIGHT = 0.8  # logits of difficulty per log1p(numbers in the text)


@dataclass(frozen=True)
class World:
    folder: Path
    models: list[str]
    difficulty: dict[str, float]  # by text


def invent(units: dict[str, float], folder: Path, name: str, *, seed: int, each: int) -> World:
    random = np.random.default_rng(seed)
    models = [f"model-{i:02d}" for i in range(len(ABILITIES))]
    rows, truth = [], {}
    for unit, level in units.items():
        dataset, _, task = unit.partition("/")
        numbers = random.integers(0, 12, each)
        log_count = np.log1p(numbers)
        difficulty = (
            level + NUMBER_WEIGHT * (log_count - log_count.mean()) + random.normal(0.0, 1.0, each)
        )
        for i in range(each):
            # The filling makes length unrelated to numbers, and texts different.
            letters = "abcdefghij"[i % 10] * 9
            filling = f"{letters} " * int(30 + random.integers(0, 70))
            text = f"{unit} question {'7 ' * numbers[i]}{filling}{'z' * i}"
            truth[text] = float(difficulty[i])
            chance = 1.0 / (1.0 + np.exp(difficulty[i] - ABILITIES))
            good = random.random(len(models)) < chance
            for model, ok in zip(models, good, strict=True):
                rows.append(
                    {
                        "dataset": dataset,
                        "query_id": f"{task}{i}",
                        "query": text,
                        "model": model,
                        "score": (0.9 if ok else 0.3) if dataset == "arena_bench_v1" else float(ok),
                        "category": task or "any",
                        "text_key": f"{unit} {i}",
                    }
                )
    pd.DataFrame(rows).to_parquet(folder / name)
    return World(folder, models, truth)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("outcomes")
    made = invent(UNITS, folder, "training.parquet", seed=1, each=150)
    invent({"mmlu": 0.5}, folder, "routellm_half.parquet", seed=2, each=100)
    ladder = [
        {"dataset": name, "tier": tier, "model": model}
        for name in ("arena_bench_v1", "exam", "quiz", "llmrouter_dc", "mmlu")
        for tier, model in [
            ("cheap", made.models[3]),
            ("cheap", made.models[4]),
            ("mid", made.models[7]),
            ("frontier", made.models[11]),
        ]
    ]
    pd.DataFrame(ladder).to_csv(folder / "ladders.csv", index=False)
    prices = {"model": made.models, "blended_3to1": [0.1 * 1.5**n for n in range(12)]}
    pd.DataFrame(prices).to_csv(folder / "models.csv", index=False)
    return made


@pytest.fixture(scope="session")
def trained(world: World) -> Trained:
    return train(world.folder)


@pytest.fixture(scope="session")
def shipped_classifier() -> Classifier:
    return load_classifier()
