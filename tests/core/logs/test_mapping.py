import json

import pytest

from core.errors import BadInput
from core.logs.mapping import ROLES, Mapping, guess_mapping

PROSE = ["Where is my parcel today?", "Please compare these three plans", "Why did the job fail?"]


def rows(**columns: list[str | None]) -> list[dict[str, str | None]]:
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def guess(**columns: list[str | None]) -> Mapping:
    return guess_mapping(list(columns), rows(**columns))


def test_names_are_matched_without_case_blanks_and_underscores() -> None:
    columns = ["User Query", "Model.Name", "PromptTokens", "usage.completion_tokens", "Cost (USD)"]
    row: dict[str, str | None] = dict(
        zip(columns, ["Hi there", "gpt-4o", "10", "5", "0.1"], strict=True)
    )
    found = guess_mapping(columns, [row])
    assert (found.text, found.model, found.input_tokens) == (
        "User Query",
        "Model.Name",
        "PromptTokens",
    )
    assert (found.output_tokens, found.cost) == ("usage.completion_tokens", "Cost (USD)")


def test_a_number_called_input_is_a_token_count_and_words_called_input_are_the_text() -> None:
    assert guess(input=["12", "40", "7"], output=["1", "2", "3"]).input_tokens == "input"
    assert guess(input=["12", "40", "7"]).text is None
    assert guess(input=PROSE, output=PROSE).text == "input"
    assert guess(input=PROSE, output=PROSE[::-1]).response == "output"


def test_a_column_of_chats_is_the_text() -> None:
    chat = json.dumps([{"role": "user", "content": "Hi"}])
    assert guess(request=[chat] * 3, model=["a"] * 3).text == "request"
    assert guess(payload=[chat.replace("Hi", "Hello my dear friend")] * 3).text == "payload"


def test_long_prose_is_found_without_a_known_name() -> None:
    found = guess(ref=["a1", "b2", "c3"], anything=PROSE, n=["1", "2", "3"])
    assert found.text == "anything"


def test_the_segment_is_a_name_that_repeats() -> None:
    varied = {"category": ["same"] * 30, "cluster": ["a", "b", "c"] * 10}
    assert guess(**varied, prompt=[f"question number {i}" for i in range(30)]).segment == "cluster"
    assert (
        guess(category=["card"] * 30, prompt=[f"question {i}" for i in range(30)]).segment
        == "category"
    )
    assert guess(topic=PROSE * 1, model=["m"] * 3).segment is None


@pytest.mark.parametrize(
    ("name", "cells", "unit"),
    [
        ("latency", ["1.2", "0.8", "14"], "s"),
        ("latency", ["1200", "800", "14000"], "ms"),
        ("latency_ms", ["12", "8", "14"], "ms"),
        ("duration_s", ["1200", "800", "900"], "s"),
        ("latency", ["1.58s", "2s", "3s"], "s"),
    ],
)
def test_the_unit_of_latency_comes_from_the_name_else_the_size(
    name: str, cells: list[str | None], unit: str
) -> None:
    found = guess(**{name: cells})
    assert (found.latency, found.latency_unit) == (name, unit)


@pytest.mark.parametrize(
    ("cells", "scale"),
    [
        (["1", "0", ""], "0-1"),
        (["1", "-1", "1"], "-1-1"),
        (["5", "1", "3"], "1-5"),
        (["9", "2", "7"], "0-10"),
        (["up", "down", ""], "0-1"),
    ],
)
def test_the_scale_of_feedback_comes_from_its_values(cells: list[str | None], scale: str) -> None:
    assert guess(rating=cells).feedback_scale == scale


def test_cached_tokens_beside_the_input_are_noticed() -> None:
    beside = guess(input_tokens=["10", "20", "5"], cache_read_input_tokens=["500", "0", "700"])
    inside = guess(input_tokens=["510", "20", "705"], cached_tokens=["500", "0", "700"])
    assert beside.cached_beside_input and not inside.cached_beside_input


def test_a_day_above_twelve_says_which_comes_first() -> None:
    assert guess(date=["05/10/2026", "25/10/2026", "01/11/2026"]).day_first
    assert not guess(date=["10/05/2026", "10/25/2026", "11/01/2026"]).day_first


def test_of_several_models_the_first_one_counts() -> None:
    assert guess(main_model=["a", "b", "a"], weak_model=["c", "c", "c"]).model == "main_model"


def test_a_mapping_survives_json() -> None:
    mapping = Mapping(text="q", latency="t", latency_unit="s", day_first=True)
    assert Mapping.from_json(mapping.to_json()) == mapping
    assert mapping.columns() == {"q", "t"}


@pytest.mark.parametrize("text", ["", "[]", '{"nonsense": 1}', '{"latency_unit": "h"}'])
def test_other_json_is_no_mapping(text: str) -> None:
    with pytest.raises(BadInput):
        Mapping.from_json(text)


def test_every_role_is_a_field() -> None:
    assert all(Mapping().column(role) is None for role in ROLES)
