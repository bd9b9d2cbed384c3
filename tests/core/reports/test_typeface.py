import pytest

from core.reports.typeface import MISSING, runs, width, written

from .conftest import HOSTILE, SCRIPTS


@pytest.mark.parametrize("weight", ["regular", "bold"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_letter_of_the_scripts_has_a_glyph(script: str, weight: str) -> None:
    drawn = "".join(run.text for run in runs(written(SCRIPTS[script]), weight))  # type: ignore[arg-type]
    assert MISSING not in drawn
    assert width(written(SCRIPTS[script]), weight, 10) > 0  # type: ignore[arg-type]


def test_what_no_face_has_becomes_an_empty_box() -> None:
    (run,) = runs(written("a\U0001f680b"), "regular")
    assert run.text == f"a{MISSING}b"


def test_arabic_letters_are_joined_and_run_from_right_to_left_with_brackets_turned() -> None:
    drawn = "".join(run.text for run in runs(written("خطة (v2)"), "regular"))
    assert drawn == "(v2) \ufe94\ufec4\ufea7"  # final teh marbuta, medial tah, initial khah


def test_chinese_characters_look_as_in_the_language_around_them() -> None:
    assert runs(written("客服"), "regular")[0].face == "KurintoSansSC-Rg"
    assert {run.face for run in runs(written("客の服"), "regular")} == {"KurintoSansJP-Rg"}
    assert {run.face for run in runs(written("客봇服"), "regular")} == {"KurintoSansKR-Rg"}


@pytest.mark.parametrize("text", [*HOSTILE, "", "\ud800", "\u202eabc", "\ufeff", "e\u0301", "\x7f"])
def test_any_text_becomes_one_line_that_can_be_drawn(text: str) -> None:
    line = written(text)
    assert line == " ".join(line.split())
    assert "\u202e" not in line and "\ud800" not in line
    runs(line, "regular")


def test_accents_are_composed() -> None:
    assert written("e\u0301") == "é"
