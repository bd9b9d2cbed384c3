"""`train` and `evaluate`, on a small made-up world of outcomes."""

from pathlib import Path

import pandas as pd
import pytest

from core.complexity.classifier import load_classifier

from ..complexity.conftest import invent
from .conftest import Run

UNITS = {"arena_bench_v1": 0.2, "exam": 1.0, "quiz": -1.0}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outcomes")
    made = invent(UNITS, folder, "training.parquet", seed=1, each=30)
    steps = {"cheap": made.models[3], "mid": made.models[7], "frontier": made.models[11]}
    ladder = [
        {"dataset": name, "tier": tier, "model": model}
        for name in UNITS
        for tier, model in steps.items()
    ]
    pd.DataFrame(ladder).to_csv(folder / "ladders.csv", index=False)
    return folder


def test_training_twice_writes_identical_bytes(run: Run, outcomes: Path, tmp_path: Path) -> None:
    outs = [tmp_path / name / "classifier.json" for name in ("one", "two")]
    found = run("train", outcomes, "--out", outs[0], "--json").json
    words = run("train", outcomes, "--out", outs[1])
    classifier = load_classifier(outs[0])
    assert (found["version"], found["digest"]) == (classifier.version, classifier.digest)
    assert (found["questions"], found["answers"]) == (90, 90 * 12)
    assert words.code == 0 and "Trained on 90 questions and 1,080 answers." in words.out
    for name in ("classifier.json", "abilities.csv", "MODEL_CARD.md"):
        assert outs[0].with_name(name).read_bytes() == outs[1].with_name(name).read_bytes()


def test_a_classifier_that_cannot_be_written_is_a_bad_input(
    run: Run, outcomes: Path, tmp_path: Path
) -> None:
    ran = run("train", outcomes, "--out", tmp_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "cannot be written" in ran.err


def test_evaluating_measures_every_data_set_beside_its_controls(run: Run, outcomes: Path) -> None:
    found = run("evaluate", outcomes, "--draws", 10, "--json").json["datasets"]
    assert found.keys() == UNITS.keys()
    for item in found.values():
        assert item.keys() >= {
            "apgr", "cpt50", "cpt80", "auc", "ece", "n", "intervals", "controls",
        }  # fmt: skip
        assert item["n"] == 30
        assert item["controls"].keys() >= {"length", "random", "oracle", "litellm_v1"}
    said = run("evaluate", outcomes, "--draws", 10)
    assert said.code == 0 and all(name in said.out for name in UNITS)
