"""Provider usage objects: cached inside or beside, reasoning inside or beside, and odd spellings.

Every case is one call of 200 input tokens in all unless it says otherwise.
"""

import json
from typing import Any

import pytest

from core.logs.sources.call import Usage
from core.logs.sources.usage import usage_from, usage_of

CASES: dict[str, tuple[dict[str, Any], Usage]] = {
    "OpenAI chat": (
        {
            "prompt_tokens": 200,
            "completion_tokens": 40,
            "total_tokens": 240,
            "prompt_tokens_details": {"cached_tokens": 80, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 10, "audio_tokens": 0},
        },
        Usage(200, 80, None, 40, 10, 240),
    ),
    "OpenAI chat with cache writes": (
        {
            "prompt_tokens": 200,
            "completion_tokens": 40,
            "prompt_tokens_details": {"cached_tokens": 80, "cache_write_tokens": 30},
        },
        Usage(200, 80, 30, 40),
    ),
    "OpenAI responses": (
        {
            "input_tokens": 200,
            "input_tokens_details": {"cached_tokens": 80},
            "output_tokens": 40,
            "output_tokens_details": {"reasoning_tokens": 10},
            "total_tokens": 240,
        },
        Usage(200, 80, None, 40, 10, 240),
    ),
    "OpenAI with empty details": (
        {"prompt_tokens": 200, "completion_tokens": 40, "prompt_tokens_details": None},
        Usage(200, output=40),
    ),
    "Anthropic": (
        {
            "input_tokens": 90,
            "cache_creation_input_tokens": 30,
            "cache_read_input_tokens": 80,
            "output_tokens": 40,
            "service_tier": "standard",
            "server_tool_use": {"web_search_requests": 0},
        },
        Usage(200, 80, 30, 40),
    ),
    "Anthropic with writes by age": (
        {
            "input_tokens": 90,
            "cache_creation_input_tokens": 30,
            "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20},
            "cache_read_input_tokens": 80,
            "output_tokens": 40,
        },
        Usage(200, 80, 30, 40),
    ),
    "Anthropic with writes by age alone": (
        {
            "input_tokens": 90,
            "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20},
            "cache_read_input_tokens": 80,
            "output_tokens": 40,
        },
        Usage(200, 80, 30, 40),
    ),
    "Anthropic before caching": ({"input_tokens": 200, "output_tokens": 40}, Usage(200, output=40)),
    "Anthropic with null caches": (
        {
            "input_tokens": 200,
            "cache_creation_input_tokens": None,
            "cache_read_input_tokens": None,
            "output_tokens": 40,
        },
        Usage(200, output=40),
    ),
    "Bedrock": (
        {
            "inputTokens": 90,
            "outputTokens": 40,
            "totalTokens": 240,
            "cacheReadInputTokens": 80,
            "cacheWriteInputTokens": 30,
        },
        Usage(200, 80, 30, 40, None, 240),
    ),
    "Gemini": (
        {
            "promptTokenCount": 200,
            "cachedContentTokenCount": 80,
            "candidatesTokenCount": 40,
            "thoughtsTokenCount": 10,
            "totalTokenCount": 250,
        },
        Usage(200, 80, None, 50, 10, 250),
    ),
    "Gemini in the Python SDK's spelling": (
        {
            "prompt_token_count": 200,
            "candidates_token_count": 40,
            "thoughts_token_count": None,
            "total_token_count": 240,
        },
        Usage(200, output=40, total=240),
    ),
    "Gemini that thought until the limit": (
        {"promptTokenCount": 200, "thoughtsTokenCount": 10, "totalTokenCount": 210},
        Usage(200, output=10, reasoning=10, total=210),
    ),
    "Gemini with tool results beside the prompt": (
        {
            "promptTokenCount": 27,
            "toolUsePromptTokenCount": 173,
            "candidatesTokenCount": 40,
            "totalTokenCount": 240,
        },
        Usage(200, output=40, total=240),
    ),
    "DeepSeek": (
        {
            "prompt_tokens": 200,
            "completion_tokens": 40,
            "total_tokens": 240,
            "prompt_cache_hit_tokens": 80,
            "prompt_cache_miss_tokens": 120,
            "completion_tokens_details": {"reasoning_tokens": 10},
        },
        Usage(200, 80, None, 40, 10, 240),
    ),
    "DeepSeek without the sum": (
        {
            "prompt_cache_hit_tokens": 80,
            "prompt_cache_miss_tokens": 120,
            "completion_tokens": 40,
        },
        Usage(200, 80, None, 40),
    ),
    "Mistral": (
        {
            "prompt_tokens": 200,
            "completion_tokens": 40,
            "total_tokens": 240,
            "num_cached_tokens": 80,
            "prompt_audio_seconds": None,
        },
        Usage(200, 80, None, 40, None, 240),
    ),
    "Mistral's singular": (
        {
            "prompt_tokens": 200,
            "completion_tokens": 40,
            "prompt_token_details": {"cached_tokens": 80},
        },
        Usage(200, 80, None, 40),
    ),
    "Cohere bills less than the model sees": (
        {
            "billed_units": {"input_tokens": 200.0, "output_tokens": 40.0},
            "tokens": {"input_tokens": 266.0, "output_tokens": 44.0},
        },
        Usage(200, output=40),
    ),
    "Cohere without billed units": (
        {"tokens": {"input_tokens": 200, "output_tokens": 40}},
        Usage(200, output=40),
    ),
    "Cohere's embeddings": ({"billed_units": {"input_tokens": 200}}, Usage(200)),
    "xAI, whose total shows reasoning beside": (
        {
            "prompt_tokens": 200,
            "completion_tokens": 40,
            "total_tokens": 334,
            "prompt_tokens_details": {"cached_tokens": 80},
            "completion_tokens_details": {"reasoning_tokens": 94},
        },
        Usage(200, 80, None, 134, 94, 334),
    ),
    "more reasoning than output": (
        {
            "prompt_tokens": 200,
            "completion_tokens": 40,
            "completion_tokens_details": {"reasoning_tokens": 94},
        },
        Usage(200, output=134, reasoning=94),
    ),
    "LangChain": (
        {
            "input_tokens": 200,
            "output_tokens": 40,
            "total_tokens": 240,
            "input_token_details": {"cache_read": 80, "cache_creation": 30},
            "output_token_details": {"reasoning": 10},
        },
        Usage(200, 80, 30, 40, 10, 240),
    ),
    "LangChain with writes by age": (
        {
            "input_tokens": 200,
            "output_tokens": 40,
            "input_token_details": {
                "cache_read": 80,
                "cache_creation": 0,
                "ephemeral_5m_input_tokens": 10,
                "ephemeral_1h_input_tokens": 20,
            },
        },
        Usage(200, 80, 30, 40),
    ),
    "LiteLLM over Anthropic": (
        {
            "prompt_tokens": 200,
            "completion_tokens": 40,
            "total_tokens": 240,
            "prompt_tokens_details": {"cached_tokens": 0},
            "cache_read_input_tokens": 80,
            "cache_creation_input_tokens": 30,
        },
        Usage(200, 80, 30, 40, None, 240),
    ),
    "a gateway whose total shows cached beside": (
        {
            "prompt_tokens": 120,
            "completion_tokens": 40,
            "total_tokens": 240,
            "prompt_tokens_details": {"cached_tokens": 80},
        },
        Usage(200, 80, None, 40, None, 240),
    ),
    "a gateway with more cached than input": (
        {
            "prompt_tokens": 20,
            "completion_tokens": 40,
            "prompt_tokens_details": {"cached_tokens": 180},
        },
        Usage(200, 180, None, 40),
    ),
    "Anthropic's names with a total that is whole": (
        {
            "input_tokens": 200,
            "output_tokens": 40,
            "total_tokens": 240,
            "cache_read_input_tokens": 80,
        },
        Usage(200, 80, None, 40, None, 240),
    ),
    "counts written as text": (
        {"prompt_tokens": "1,200", "completion_tokens": "40.0"},
        Usage(1_200, output=40),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_usage_object_means_the_same_whoever_wrote_it(case: str) -> None:
    given, wanted = CASES[case]
    assert usage_of(given) == wanted


@pytest.mark.parametrize("case", CASES)
def test_a_usage_object_may_be_json_text(case: str) -> None:
    given, wanted = CASES[case]
    assert usage_of(json.dumps(given)) == wanted


@pytest.mark.parametrize("case", CASES)
def test_cached_and_reasoning_tokens_are_never_more_than_what_holds_them(case: str) -> None:
    usage = usage_of(CASES[case][0])
    assert (usage.cache_read or 0) + (usage.cache_write or 0) <= (usage.input or 0)
    assert (usage.reasoning or 0) <= (usage.output or 0)


@pytest.mark.parametrize("nothing", [None, "", {}, [], 7, "not json", {"tokens": 5}])
def test_what_is_no_usage_object_tells_nothing(nothing: object) -> None:
    assert usage_of(nothing) == Usage()


def test_a_missing_count_stays_unknown() -> None:
    assert usage_of({"prompt_tokens": 200}) == Usage(200)
    assert usage_of({"completion_tokens": None, "total_tokens": 240}) == Usage(total=240)


def test_details_apart_from_the_counts_say_what_is_cached() -> None:
    assert usage_from({"cached_tokens": 80}, 200, 40) == Usage(200, 80, None, 40)
    nested = '{"prompt_tokens_details": {"cached_tokens": 80}}'
    assert usage_from(nested, 200, 40) == Usage(200, 80, None, 40)
    assert usage_from(None, 200, None) == Usage(200)


def test_details_in_anthropic_names_stand_beside_the_input() -> None:
    details = {"cache_read_input_tokens": 80, "cache_creation_input_tokens": 30}
    assert usage_from(details, 90, 40) == Usage(200, 80, 30, 40)


def test_thoughts_in_the_details_are_added_unless_the_answer_is_told_apart() -> None:
    cached = {"cachedContentTokenCount": 80, "thoughtsTokenCount": 10}
    assert usage_from(cached, 200, 40) == Usage(200, 80, None, 50, 10)
    both = {"candidatesTokenCount": 40, "thoughtsTokenCount": 10, "promptTokenCount": 200}
    assert usage_from(both, 200, 50) == Usage(200, output=50, reasoning=10)
