import pytest

from core.catalog.names import (
    Spelling,
    family,
    is_bedrock,
    is_open_weights,
    normal,
    plain_name,
    sizes,
    split_provider,
    without_date,
)


def test_case_and_spaces_do_not_matter() -> None:
    assert normal("  Claude 3.5 Sonnet ") == "claude-3.5-sonnet"


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("gpt-4o", Spelling(None, "gpt-4o")),
        ("openaichat/gpt-4-0613", Spelling("openai", "gpt-4-0613")),
        ("gemini/gemini-1.5-pro", Spelling("google", "gemini-1.5-pro")),
        ("openrouter/openai/gpt-4o", Spelling("openrouter", "openai/gpt-4o")),
        ("prod/gpt-4o", Spelling("prod", "gpt-4o")),
    ],
)
def test_a_prefix_becomes_a_provider_id(name: str, spelling: Spelling) -> None:
    assert split_provider(name) == spelling


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("anthropic.claude-3-5-sonnet-20241022-v2:0", True),
        ("us.anthropic.claude-3-5-haiku-20241022-v1:0", True),
        ("amazon.nova-lite-v1:0", True),
        ("claude-3-haiku", False),
        ("gpt-4.1", False),
    ],
)
def test_bedrock_ids_are_told_by_their_first_words(name: str, expected: bool) -> None:
    assert is_bedrock(name) is expected


@pytest.mark.parametrize(
    "name", ["gpt-4o-2024-08-06", "gpt-4o-20240806", "gpt-4o@20240806", "gpt-4o"]
)
def test_a_date_at_the_end_comes_off(name: str) -> None:
    assert without_date(name) == "gpt-4o"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("claude-3-5-sonnet-20241022", "claude-3-5-sonnet"),
        ("claude-3.5-sonnet", "claude-3-5-sonnet"),
        ("mistral-large-2407", "mistral-large"),
        ("gemini-1.5-flash-002", "gemini-1-5-flash"),
        ("llama-3.1-8b-instruct", "llama-3-1-8b"),
        ("meta-llama/Llama-3.1-8B-Instruct:free", "llama-3-1-8b"),
        ("us.anthropic.claude-3-5-haiku-20241022-v1:0", "claude-3-5-haiku"),
        ("gpt-4-1106-preview", "gpt-4-1106-preview"),
        ("o1-preview-2024-09-12", "o1-preview"),
        ("accounts/fireworks/models/llama-v3p1-8b-instruct", "llama-3-1-8b"),
        ("meta.llama3-1-8b-instruct-v1:0", "llama-3-1-8b"),
        ("regional.anthropic.claude-3-5-haiku-20241022-v1:0", "claude-3-5-haiku"),
    ],
)
def test_versions_of_a_model_are_one_family(name: str, expected: str) -> None:
    assert family(name) == expected


def test_a_fine_tuned_name_keeps_its_colons() -> None:
    assert plain_name("ft:gpt-4o-mini:acme::x") == "ft:gpt-4o-mini:acme::x"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gemini-1.5-flash-8b", {"8b"}),
        ("open-mixtral-8x7b", {"8x7b"}),
        ("gpt-4o-mini-2024-07-18", {"mini"}),
        ("gemini-1.5-flash", set()),
        ("claude-opus-4", set()),
    ],
)
def test_the_size_of_a_model_is_read_from_its_name(name: str, words: set[str]) -> None:
    assert sizes(name) == words


def test_public_weights_are_known_by_their_family() -> None:
    assert all(map(is_open_weights, ["meta.llama3-70b", "Qwen/Qwen3-8B", "gpt-oss-120b", "phi-4"]))
    assert not any(map(is_open_weights, ["gpt-4o", "claude-3-haiku", "gemini-1.5-pro", "o3-mini"]))
