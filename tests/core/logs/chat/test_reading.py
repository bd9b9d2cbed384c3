import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.logs.chat.reading import Chat, read_chat, read_reply

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


def chat(value: object) -> Chat:
    """The chat in a value that must be one, written as JSON."""
    found = read_chat(json.dumps(value))
    assert found is not None
    return found


def facts(value: object) -> tuple[str, str, int, int]:
    found = chat(value)
    return found.question, found.system, found.turns, found.asked


@pytest.mark.parametrize(
    "cell",
    [
        json.dumps(MESSAGES),
        json.dumps({"model": "m", "messages": MESSAGES}),
        json.dumps({"request": {"messages": MESSAGES}}),
        json.dumps({"messages": json.dumps(MESSAGES)}),
        json.dumps({"input": {"args": [], "kwargs": {"messages": MESSAGES}}}),
        json.dumps({"custom_id": "q", "params": {"messages": MESSAGES}}),
        json.dumps([MESSAGES]),
        json.dumps(json.dumps(MESSAGES)),
        json.dumps(MESSAGES).replace('"', '""'),
        repr(MESSAGES),
    ],
)
def test_the_question_is_the_last_user_message(cell: str) -> None:
    found = read_chat(cell)
    assert found is not None
    assert (found.question, found.turns, found.asked) == ("Where is\nmy parcel?", 4, 2)
    assert (found.system, found.reply, found.tools) == ("Be brief.", None, ())
    assert found.whole == "Be brief.\nHello\nWhere is\nmy parcel?"


def test_a_final_answer_is_no_part_of_the_request() -> None:
    found = chat([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello!"}])
    assert (found.question, found.turns, found.whole, found.reply) == ("Hi", 1, "Hi", "Hello!")


WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {}}}
CALL = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"at": "X"}'}}


def test_openai_chat_with_tools_asks_what_the_user_asked_before_the_tool_answered() -> None:
    found = chat(
        {
            "model": "m",
            "tools": [WEATHER, {"type": "function", "function": {"name": "clock"}}],
            "messages": [
                {"role": "developer", "content": "Use tools."},
                {"role": "user", "content": "Rain today?"},
                {"role": "assistant", "content": None, "tool_calls": [CALL]},
                {"role": "tool", "tool_call_id": "c1", "content": "12 mm"},
            ],
        }
    )
    assert (found.question, found.system) == ("Rain today?", "Use tools.")
    assert (found.turns, found.asked, found.tools) == (4, 1, ("clock", "weather"))
    assert found.whole == 'Use tools.\nRain today?\n{"at": "X"}\n12 mm'


def test_the_old_function_call_names_its_function() -> None:
    call = {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": ""}}
    answer = {"role": "function", "name": "f", "content": "1"}
    assert chat([{"role": "user", "content": "Go"}, call, answer]).tools == ("f",)


def test_the_responses_api_takes_a_text_or_items() -> None:
    body = {"model": "m", "instructions": "Be kind.", "input": "Where is it?"}
    assert facts(body) == ("Where is it?", "Be kind.", 2, 1)
    assert facts({"model": "m", "input": "Where is it?"}) == ("Where is it?", "", 1, 1)
    items = [
        {"role": "user", "content": [{"type": "input_text", "text": "Sum this"}]},
        {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "Hmm"}]},
        {"type": "function_call", "call_id": "c", "name": "sum", "arguments": "[1, 2]"},
        {"type": "function_call_output", "call_id": "c", "output": "3"},
    ]
    found = chat({"model": "m", "input": items, "tools": [{"type": "web_search"}]})
    assert (found.question, found.turns, found.asked) == ("Sum this", 4, 1)
    assert (found.tools, found.whole) == (("sum", "web_search"), "Sum this\n[1, 2]\n3")


def test_a_responses_message_item_is_a_message() -> None:
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
    assert facts({"input": [item], "model": "m"}) == ("Hi", "", 1, 1)


def test_anthropic_tool_results_are_not_what_the_user_asked() -> None:
    found = chat(
        {
            "model": "m",
            "system": [
                {"type": "text", "text": "You are terse."},
                {"type": "text", "text": "Yes."},
            ],
            "tools": [{"name": "search", "input_schema": {}}],
            "messages": [
                {"role": "user", "content": "Find the invoice"},
                {
                    "role": "assistant",
                    "content": [
                        {"type": "thinking", "thinking": "I should search"},
                        {"type": "text", "text": "Looking."},
                        {"type": "tool_use", "id": "t", "name": "find", "input": {"q": 7}},
                    ],
                },
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "tool_result",
                            "tool_use_id": "t",
                            "content": [{"type": "text", "text": "No. 12"}],
                        }
                    ],
                },
            ],
        }
    )
    assert (found.question, found.system) == ("Find the invoice", "You are terse.\nYes.")
    assert (found.turns, found.asked, found.tools) == (4, 1, ("find", "search"))
    assert found.whole.split("\n")[2:] == ["Find the invoice", "Looking.", '{"q": 7}', "No. 12"]


def test_text_beside_a_tool_result_is_the_users() -> None:
    result = {"type": "tool_result", "tool_use_id": "t", "content": "No. 12"}
    both = {"role": "user", "content": [result, {"type": "text", "text": "Pay it"}]}
    found = chat([{"role": "user", "content": "Find it"}, both])
    assert (found.question, found.asked) == ("Pay it", 2)
    assert found.whole == "Find it\nPay it\nNo. 12"


def test_gemini_tells_parts_by_their_keys() -> None:
    found = chat(
        {
            "systemInstruction": {"parts": [{"text": "Answer in French."}]},
            "tools": [{"functionDeclarations": [{"name": "rates"}, {"name": "dates"}]}],
            "contents": [
                {
                    "role": "user",
                    "parts": [{"text": "Rate of EUR?"}, {"inlineData": {"data": "x"}}],
                },
                {"role": "model", "parts": [{"functionCall": {"name": "rates", "args": {"a": 1}}}]},
                {
                    "role": "user",
                    "parts": [{"functionResponse": {"name": "rates", "response": {"r": 1.1}}}],
                },
            ],
        }
    )
    assert (found.question, found.system) == ("Rate of EUR?", "Answer in French.")
    assert (found.turns, found.asked, found.tools) == (4, 1, ("dates", "rates"))
    assert found.whole.endswith('{"a": 1}\n{"r": 1.1}')


@pytest.mark.parametrize(
    "body",
    [
        {"contents": [{"parts": [{"text": "Hi"}]}]},
        {"contents": {"role": "user", "parts": [{"text": "Hi"}]}},
        {"model": "gemini", "contents": "Hi"},
        [{"role": "user", "parts": ["Hi"]}],
    ],
)
def test_gemini_may_leave_the_role_or_the_list_out(body: object) -> None:
    assert facts(body) == ("Hi", "", 1, 1)


def test_a_thought_of_gemini_is_no_answer() -> None:
    parts = [{"text": "Hmm", "thought": True}, {"text": "Yes"}]
    assert read_reply(json.dumps({"candidates": [{"content": {"parts": parts}}]})) == "Yes"


def lang(kind: str, **kwargs: Any) -> dict[str, Any]:
    path = ["langchain", "schema", "messages", kind]
    return {"lc": 1, "type": "constructor", "id": path, "kwargs": kwargs}


def test_langchain_tells_the_role_by_the_class() -> None:
    call = {"name": "look", "args": {"at": 1}, "id": "c", "type": "tool_call"}
    batch = [
        [
            lang("SystemMessage", content="Be exact."),
            lang("HumanMessage", content=[{"type": "text", "text": "What is in stock?"}]),
            lang("AIMessage", content="", tool_calls=[call]),
            lang("ToolMessage", content="5 left", name="look"),
        ]
    ]
    for value in (batch, {"messages": batch}, {"kwargs": {"messages": batch[0]}, "lc": 1}):
        found = chat(value)
        assert (found.question, found.system) == ("What is in stock?", "Be exact.")
        assert (found.turns, found.asked, found.tools) == (4, 1, ("look",))


@pytest.mark.parametrize(
    "messages",
    [
        [{"type": "system", "content": "S"}, {"type": "human", "content": "Hi"}],
        [
            {"type": "system", "data": {"content": "S"}},
            {"type": "human", "data": {"content": "Hi"}},
        ],
        [["system", "S"], ["human", "Hi"]],
        [lang("SystemMessageChunk", content="S"), lang("ChatMessage", role="user", content="Hi")],
        [{"role": "SYSTEM", "content": "S"}, {"role": "MessageRole.USER", "content": "Hi"}],
    ],
)
def test_roles_have_many_names(messages: object) -> None:
    assert facts(messages) == ("Hi", "S", 2, 1)


def test_prompts_of_completion_models_are_read() -> None:
    assert facts({"prompts": ["Once upon a time"]}) == ("Once upon a time", "", 1, 1)
    assert facts({"prompt": "Once upon a time"}) == ("Once upon a time", "", 1, 1)


@pytest.mark.parametrize(
    "last",
    [
        {"message.role": "user", "message.content": "Refund?"},
        {
            "message.role": "user",
            "message.contents": [
                {"message_content.type": "text", "message_content.text": "Refund?"},
                {"message_content.type": "image", "message_content.image": {"image.url": "x"}},
            ],
        },
        {
            "message.role": "user",
            "message.contents.0.message_content.type": "text",
            "message.contents.0.message_content.text": "Refund?",
        },
        {"message": {"role": "user", "content": "Refund?"}},
        {
            "message": {
                "role": "user",
                "contents": [{"message_content": {"type": "text", "text": "Refund?"}}],
            }
        },
    ],
)
def test_openinference_messages_may_be_dotted_or_nested(last: dict[str, Any]) -> None:
    first = {"message.role": "system", "message.content": "Be polite."}
    call = {
        "message.role": "assistant",
        "message.tool_calls": [
            {"tool_call.function.name": "shop", "tool_call.function.arguments": "{}"}
        ],
    }
    for messages in ([first, call, last], repr([first, call, last])):
        found = chat(messages)
        assert (found.question, found.system) == ("Refund?", "Be polite.")
        assert (found.turns, found.asked, found.tools) == (3, 1, ("shop",))


def test_opentelemetry_parts_are_text_calls_and_results() -> None:
    found = chat(
        [
            {"role": "system", "parts": [{"type": "text", "content": "Plan trips."}]},
            {"role": "user", "parts": [{"type": "text", "content": "To Oslo"}, {"type": "blob"}]},
            {
                "role": "assistant",
                "parts": [
                    {"type": "reasoning", "content": "They want flights"},
                    {"type": "tool_call", "id": "c", "name": "flights", "arguments": {"to": "OSL"}},
                ],
            },
            {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c", "response": "2"}]},
        ]
    )
    assert (found.question, found.system) == ("To Oslo", "Plan trips.")
    assert (found.turns, found.asked, found.tools) == (4, 1, ("flights",))
    assert found.whole == 'Plan trips.\nTo Oslo\n{"to": "OSL"}\n2'


@pytest.mark.parametrize(
    "messages",
    [
        [
            {"role": "user", "content": [{"type": "text", "text": "Time?"}]},
            {
                "role": "assistant",
                "content": [{"type": "tool-call", "toolName": "now", "args": {}}],
            },
            {"role": "tool", "content": [{"type": "tool-result", "toolName": "now", "result": 1}]},
        ],
        [
            {
                "id": "1",
                "role": "user",
                "content": "",
                "parts": [{"type": "text", "text": "Time?"}],
            },
            {"id": "2", "role": "assistant", "parts": [{"type": "tool-now", "state": "done"}]},
            {"id": "3", "role": "tool", "parts": []},
        ],
        [
            {"role": "user", "parts": [{"type": "text", "text": "Time?"}]},
            {
                "role": "assistant",
                "parts": [{"type": "tool-invocation", "toolInvocation": {"toolName": "now"}}],
            },
            {"role": "tool", "content": "1"},
        ],
    ],
)
def test_the_vercel_sdk_is_read_in_both_its_shapes(messages: list[Any]) -> None:
    found = chat({"system": "Be punctual.", "messages": messages})
    assert (found.question, found.system) == ("Time?", "Be punctual.")
    assert (found.turns, found.asked, found.tools) == (4, 1, ("now",))


def test_bedrock_wraps_its_parts() -> None:
    body = {
        "system": [{"text": "S"}],
        "messages": [
            {"role": "user", "content": [{"text": "Hi"}, {"image": {"format": "png"}}]},
            {"role": "assistant", "content": [{"toolUse": {"name": "a", "input": {"b": 1}}}]},
            {"role": "user", "content": [{"toolResult": {"content": [{"json": {"c": 2}}]}}]},
        ],
        "toolConfig": {"tools": [{"toolSpec": {"name": "d"}}]},
    }
    assert facts(body) == ("Hi", "S", 4, 1)
    assert chat(body).tools == ("a", "d")


def test_a_message_of_images_only_has_no_text() -> None:
    only = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:x"}}]}
    assert facts([only]) == ("", "", 1, 1)


def test_null_content_says_nothing() -> None:
    assert facts([{"role": "user", "content": None}]) == ("", "", 1, 1)


def test_without_a_user_the_instructions_are_the_question() -> None:
    messages = [{"role": "system", "content": "A"}, {"role": "system", "content": "Write a poem"}]
    assert facts(messages) == ("Write a poem", "A", 2, 0)


def test_the_parts_of_one_message_are_one_message() -> None:
    parts = [{"type": "text", "text": "Where is"}, {"type": "input_text", "text": "it?"}]
    assert facts(parts) == ("Where is\nit?", "", 1, 1)


def test_parts_written_as_text_into_a_message_are_opened() -> None:
    inner = json.dumps([{"type": "text", "text": "Hi"}, {"type": "image_url"}])
    assert facts([{"role": "user", "content": inner}])[0] == "Hi"
    own = '[{"type": "invoice", "text": "Hi"}]'
    assert facts([{"role": "user", "content": own}])[0] == own


@pytest.mark.parametrize(
    "value",
    [
        {"id": 1},
        [1, 2],
        [],
        {},
        "x",
        [{"role": "admin", "name": "Ann"}],
        {"role": "user", "name": "Ann"},
        [{"type": "article", "content": "Long"}],
        {"input": "text", "expected": "text"},
        {"messages": "3 unread"},
        {"prompt": "a cat", "width": 512},
        [["a", "b"], ["c", "d"]],
        [{"role": "user", "content": "Hi"}, {"price": 3}],
    ],
)
def test_other_json_is_no_chat(value: object) -> None:
    assert read_chat(json.dumps(value)) is None


@pytest.mark.parametrize(
    "cell", ["[", "[ ] buy milk", "{'a'", "[" * 5_000, "", "[]'", "{'a': {1}}"]
)
def test_broken_notation_is_no_chat(cell: str) -> None:
    assert read_chat(cell) is None


def test_content_nested_beyond_reason_is_left_out() -> None:
    deep = '[{"role": "user", "content": ' + "[" * 400 + '"x"' + "]" * 400 + "}]"
    found = read_chat(deep)
    assert found is not None and found.question == ""
    deeper = deep.replace("[" * 400, "[" * 100_000).replace("]" * 400, "]" * 100_000)
    assert read_chat(deeper) is None


def test_at_most_twenty_tools_are_named_and_long_names_are_cut() -> None:
    tools = [{"name": f"{place:03}" + "x" * 100} for place in range(50)]
    found = chat({"messages": [{"role": "user", "content": "Hi"}], "tools": tools}).tools
    assert (len(found), found[0]) == (20, "000" + "x" * 57)


@pytest.mark.parametrize(
    "value",
    [
        {"role": "assistant", "content": "It ships today."},
        {"choices": [{"message": {"content": "It ships today."}}, {"message": {"content": "B"}}]},
        {"choices": [{"text": "It ships today.", "index": 0}]},
        [{"role": "assistant", "content": [{"type": "text", "text": "It ships today."}]}],
        {"type": "message", "content": [{"type": "text", "text": "It ships today."}]},
        {"candidates": [{"content": {"role": "model", "parts": [{"text": "It ships today."}]}}]},
        {"generations": [[{"text": "It ships today.", "message": lang("AIMessage", content="")}]]},
        lang("AIMessage", content="It ships today."),
        {
            "output": [
                {"type": "reasoning", "summary": []},
                {
                    "type": "message",
                    "content": [{"type": "output_text", "text": "It ships today."}],
                },
            ]
        },
        {"output": {"message": {"role": "assistant", "content": [{"text": "It ships today."}]}}},
        [{"role": "assistant", "parts": [{"type": "text", "content": "It ships today."}]}],
        [{"message.role": "assistant", "message.content": "It ships today."}],
        [{"message": {"role": "assistant", "content": "It ships today."}}],
    ],
)
def test_the_reply_is_taken_out_of_an_api_response(value: object) -> None:
    assert read_reply(json.dumps(value)) == "It ships today."


@pytest.mark.parametrize("value", [{"answer": 42}, [1, 2], "x", [], {}, [{"a": 1}, {"b": 2}]])
def test_an_answer_in_json_that_is_no_api_response_is_none(value: object) -> None:
    assert read_reply(json.dumps(value)) is None


# fmt: off
KEYS = [
    "role", "content", "type", "text", "parts", "messages", "contents", "input", "prompt",
    "system", "tools", "name", "function", "id", "kwargs", "message", "message.role",
    "message.content", "tool_calls", "data", "output", "call_id", "choices", "user", "assistant",
    "human", "tool", "tool_use", "tool_result", "function_call", "HumanMessage", "0", "1",
]
# fmt: on
WORDS = st.sampled_from(KEYS)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=500, deadline=None)
@given(VALUES)
def test_no_value_of_odd_types_raises(value: object) -> None:
    for cell in (json.dumps(value), repr(value)):
        found, reply = read_chat(cell), read_reply(cell)
        assert found is None or (isinstance(found.question, str) and found.turns >= 1)
        assert reply is None or isinstance(reply, str)
