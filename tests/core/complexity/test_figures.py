from pathlib import Path

import pytest

from core.complexity.classifier import load_classifier
from core.complexity.figures import load_measured, write_measured
from core.complexity.training.evaluate import evaluate
from core.complexity.training.summary import measured_of
from core.errors import BadInput

from .conftest import World


def test_figures_come_back_as_they_were_written(world: World, tmp_path: Path) -> None:
    report = evaluate(world.folder, level_sd=1.5, draws=20)
    measured = measured_of(report, "abc")
    assert {found.name for found in measured.sets} <= {
        "arena_bench_v1", "exam", "quiz", "llmrouter_dc", "mmlu",
    }  # fmt: skip
    for found in measured.sets:
        assert found.areas.keys() == {"text", "length", "keywords"}
        assert found.areas["text"].apgr == pytest.approx(
            report.datasets[found.name].text.apgr, abs=1e-4
        )
    write_measured(measured, tmp_path / "figures.json")
    assert load_measured(tmp_path / "figures.json") == measured


def test_the_shipped_figures_are_of_the_shipped_classifier() -> None:
    measured = load_measured()
    assert measured.classifier == load_classifier().digest
    assert {"llmrouter_dc", "mmlu", "gsm8k"} <= {found.name for found in measured.sets}
    assert 0.4 < measured.mean("text") < 0.8
    mixed = next(x for x in measured.own if x.name == "llmrouter_dc" and x.segments == "clusters")
    assert mixed.learned[200] > mixed.as_read


def test_damaged_figures_are_refused(tmp_path: Path) -> None:
    (tmp_path / "figures.json").write_text('{"sets": 3}')
    with pytest.raises(BadInput, match=r"figures\.json: not the figures of a classifier"):
        load_measured(tmp_path / "figures.json")
