from datetime import date
from pathlib import Path

import pytest

from core.catalog.abilities import (
    REFERENCE,
    judged_against,
    judged_by_kind,
    measured_abilities,
    measured_for,
)
from core.catalog.model import KINDS, Ability
from core.errors import BadInput

HEADER = "model,ability,sd,answers,datasets\n"
DAY = date(2026, 11, 23)


@pytest.fixture
def measured(tmp_path: Path) -> dict[str, Ability]:
    path = tmp_path / "abilities.csv"
    rows = (
        "gpt-4o-2024-05-13,1.8,0.05,7238,mmlu_pro;math-l5\n"
        "gpt-4o-2024-08-06,2.5,0.08,1754,math-l5\n"
        "llama-3.1-8b-instruct,-0.1,0.03,11904,mmlu_pro\n"
    )
    path.write_text(HEADER + rows)
    return measured_abilities(path)


def test_a_measured_ability_says_what_it_rests_on(measured: dict[str, Ability]) -> None:
    ability = measured["gpt-4o-2024-08-06"]
    assert (ability.mean, ability.sd, ability.origin) == (2.5, 0.08, "benchmark")
    assert ability.source.startswith("public outcomes 2023-2025")
    assert "1,754 answers" in ability.source


def test_the_same_version_is_taken_before_the_newest_one(measured: dict[str, Ability]) -> None:
    assert measured_for("openai/GPT-4o-2024-05-13", measured) == measured["gpt-4o-2024-05-13"]
    assert measured_for("gpt-4o", measured) == measured["gpt-4o-2024-08-06"]
    assert measured_for("gpt-4o-mini", measured) is None


def test_judgement_is_an_offset_from_a_measured_model(measured: dict[str, Ability]) -> None:
    ability = judged_against(REFERENCE, 0.8, 0.7, "by price", DAY, measured)
    assert ability is not None
    assert (ability.mean, ability.sd, ability.origin) == (pytest.approx(3.3), 0.7, "judgement")
    assert judged_against("nobody", 0.8, 0.7, "by price", DAY, measured) is None


def test_without_a_training_run_there_is_still_an_order_of_kinds(tmp_path: Path) -> None:
    nothing = measured_abilities(tmp_path / "none.csv")
    assert nothing == {}
    means = {kind: judged_by_kind(kind, nothing).mean for kind in KINDS}
    assert means["frontier"] > means["mid"] > means["open"]
    assert {judged_by_kind(kind, nothing).sd for kind in KINDS} == {1.0}


@pytest.mark.parametrize("row", ["gpt-4o,high,0.1,5,x", "gpt-4o,1.0", "gpt-4o,1.0,,5,x"])
def test_a_broken_row_is_named_with_its_line(tmp_path: Path, row: str) -> None:
    path = tmp_path / "abilities.csv"
    path.write_text(HEADER + "a,1,0.1,5,x\n" + row + "\n")
    with pytest.raises(BadInput, match=r"abilities\.csv line 3: cannot be read"):
        measured_abilities(path)
