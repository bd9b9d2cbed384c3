import pytest

from core.logs.sources.labels import conversation, feature, kind, person
from core.logs.sources.nesting import nested

ASKED = {"messages": [{"role": "user", "content": "Hello"}], "model": "m"}


@pytest.mark.parametrize(
    "record",
    [
        {"inputs": ASKED},
        {"inputs": '{"messages": [{"role": "user", "content": "Hello"}], "model": "m"}'},
        {"inputs": "{'messages': [{'role': 'user', 'content': 'Hello'}], 'model': 'm'}"},
        {"inputs.messages": '[{"role": "user", "content": "Hello"}]', "inputs.model": "m"},
        {
            "inputs.messages.0.role": "user",
            "inputs.messages.0.content": "Hello",
            "inputs.model": "m",
        },
    ],
    ids=["an object", "JSON text", "Python's repr", "dotted columns", "dotted to the end"],
)
def test_an_object_is_found_however_it_is_kept(record: dict[str, object]) -> None:
    assert nested(record, "inputs")["inputs"] == ASKED


def test_the_other_columns_stay_and_missing_roots_are_none() -> None:
    assert nested({"id": "[1]"}, "inputs") == {"id": "[1]", "inputs": None}
    assert nested({"inputs": ""}, "inputs")["inputs"] is None


def test_labels_are_told_by_their_usual_names() -> None:
    metadata = {"App-Name": "desk", "threadId": 12, "USER_ID": "u-1", "feature": ""}
    assert feature(metadata) == "desk"
    assert (conversation(metadata), person(metadata)) == ("12", "u-1")
    assert feature({"use_case": "letters"}, {"feature": "mail"}) == "mail"
    assert feature({"feature": {"a": 1}, "task": True}) is None
    assert person({}) is None and conversation({"session": " "}) is None


def test_only_short_plain_names_of_kinds_are_shown() -> None:
    assert (kind("acreate_file"), kind("chain")) == ("acreate_file", "chain")
    assert {kind(odd) for odd in ("", "\ud83d", "a b", "x" * 40, None, "<b>")} == {"other", "None"}
