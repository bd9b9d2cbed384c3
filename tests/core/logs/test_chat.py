import json

import pytest

from core.logs.chat import read_chat, read_reply

MESSAGES = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Hello"},
    {"role": "assistant", "content": None},
    {
        "role": "user",
        "content": [
            {"type": "text", "text": "Where is"},
            {"type": "image_url"},
            {"type": "input_text", "text": "my parcel?"},
        ],
    },
]


@pytest.mark.parametrize(
    "cell",
    [
        json.dumps(MESSAGES),
        json.dumps({"model": "m", "messages": MESSAGES}),
        json.dumps({"request": {"messages": MESSAGES}}),
        json.dumps(json.dumps(MESSAGES)),
        json.dumps(MESSAGES).replace('"', '""'),
        repr(MESSAGES),
    ],
)
def test_the_question_is_the_last_user_message(cell: str) -> None:
    chat = read_chat(cell)
    assert chat is not None
    assert (chat.question, chat.turns) == ("Where is\nmy parcel?", 4)
    assert chat.whole == "Be brief.\nHello\nWhere is\nmy parcel?"


def test_a_final_answer_is_no_part_of_the_request() -> None:
    chat = read_chat('[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]')
    assert chat is not None
    assert (chat.question, chat.turns, chat.whole, chat.reply) == ("Hi", 1, "Hi", "Hello!")


def test_gemini_contents_and_a_separate_system_text_are_read() -> None:
    chat = read_chat('{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}')
    assert chat is not None and chat.question == "Hi"
    chat = read_chat('{"system":"S","messages":[{"role":"user","content":"Hi"}]}')
    assert chat is not None and (chat.turns, chat.whole) == (2, "S\nHi")


@pytest.mark.parametrize(
    "cell", ['{"id": 1}', "[1, 2]", "[", "[ ] buy milk", "{'a'", "[" * 5_000, '"x"']
)
def test_other_json_is_no_chat(cell: str) -> None:
    assert read_chat(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        '{"role":"assistant","content":"It ships today."}',
        '{"choices":[{"message":{"content":"It ships today."}}]}',
        '[{"role":"assistant","content":[{"type":"text","text":"It ships today."}]}]',
    ],
)
def test_the_reply_is_taken_out_of_an_api_response(cell: str) -> None:
    assert read_reply(cell) == "It ships today."


def test_an_answer_in_json_that_is_no_api_response_is_none() -> None:
    assert read_reply('{"answer": 42}') is None
