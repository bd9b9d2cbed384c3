import pytest

from core.logs.sources.bodies import answered, asked, usage_in

HELLO = {"role": "user", "content": "Hello there"}


@pytest.mark.parametrize(
    "body",
    [
        "Hello there",
        {"prompt": "Hello there", "model": "m"},
        {"prompts": ["Hello there"]},
        {"input": ["Hello there"], "model": "m"},
        {"input": {"question": "Hello there"}},
        {"text": "Hello there", "temperature": 0.2},
        {"body": {"query": "Hello there"}},
        {"letter": "Hello there", "style": "brief"},
    ],
)
def test_a_plain_question_is_its_text(body: object) -> None:
    assert asked(body) == "Hello there"


@pytest.mark.parametrize(
    "body",
    [
        [HELLO],
        {"messages": [HELLO], "model": "m"},
        {"request": {"body": {"messages": [HELLO]}}},
        '{"messages": [{"role": "user", "content": "Hello there"}]}',
        HELLO,
    ],
)
def test_a_chat_is_its_messages(body: object) -> None:
    assert asked(body) == {"messages": [HELLO]}


def test_instructions_and_tools_stay_with_the_messages() -> None:
    tools = [{"name": "search"}]
    body = {"input": "Hello there", "instructions": "Be kind.", "model": "m", "tools": tools}
    assert asked(body) == {"messages": [HELLO], "system": "Be kind.", "tools": tools}
    assert asked({"request": {"messages": [HELLO], "tools": tools}}) == {
        "messages": [HELLO],
        "tools": tools,
    }


@pytest.mark.parametrize(
    "body",
    [None, "", " ", {}, [], "{}", {"model": "m"}, {"input": [12, 7, 99]}, {"messages": []}, 7],
)
def test_nothing_asked_is_none(body: object) -> None:
    assert asked(body) is None


def test_endless_nesting_ends() -> None:
    deep: object = "Hello there"
    for _ in range(5_000):
        deep = {"input": deep}
    assert asked(deep) is None


@pytest.mark.parametrize(
    "body",
    [
        "Hi.",
        {"output": "Hi."},
        {"role": "assistant", "content": "Hi."},
        {"text": "Hi."},
        {"generations": [[{"text": "Hi.", "message": {"kwargs": {"content": "Hi."}}}]]},
        {"messages": [HELLO, {"role": "assistant", "content": "Hi."}]},
        {"response": '{"content": "Hi."}'},
    ],
)
def test_a_plain_answer_is_its_text(body: object) -> None:
    assert answered(body) == "Hi."


def test_answers_in_parts_and_choices_stay_objects() -> None:
    choices = [{"message": {"role": "assistant", "content": "Hi."}}]
    parts = [{"type": "text", "text": "Hi."}]
    assert answered({"choices": choices}) == {"choices": choices}
    assert answered(choices) == {"choices": choices}
    assert answered({"content": parts}) == {"content": parts}


@pytest.mark.parametrize(
    "body", [None, "", {}, "{}", [], {"error": {"code": 429}}, {"content": ""}]
)
def test_no_answer_is_none(body: object) -> None:
    assert answered(body) is None


def test_usage_is_found_under_all_its_names() -> None:
    counts = {"prompt_tokens": 5}
    for name in ("usage", "usage_metadata", "usageMetadata"):
        assert usage_in(None, {"id": "x"}, {name: counts}) == counts
    assert usage_in({}, "text", None) == {}
