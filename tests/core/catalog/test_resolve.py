from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.catalog.catalogue import Catalogue, load_catalogue
from core.catalog.model import Ability
from core.catalog.resolve import resolve

DAY = date(2025, 3, 31)

# Names as logs spell them -> the model id, and USD per million tokens in and out.
SPELLINGS = [
    ("gpt-4o-2024-08-06", "gpt-4o", 2.5, 10),
    ("GPT-4o", "gpt-4o", 2.5, 10),
    ("openai/gpt-4o", "gpt-4o", 2.5, 10),
    ("gpt-4-0613", "gpt-4", 30, 60),
    ("openaichat/gpt-4-0613", "gpt-4", 30, 60),
    ("gpt-35-turbo", "gpt-3.5-turbo", 0.5, 1.5),
    ("gpt-6-luna-2026-09-22", "gpt-6-luna", 0.1, 0.5),
    ("claude-3-5-sonnet-20241022", "claude-3-5-sonnet", 3, 15),
    ("claude-3.5-sonnet", "claude-3-5-sonnet", 3, 15),
    ("Claude 3.5 Sonnet", "claude-3-5-sonnet", 3, 15),
    ("claude-3-5-sonnet@20240620", "claude-3-5-sonnet", 3, 15),
    ("claude-3-haiku-20240307", "claude-3-haiku", 0.25, 1.25),
    ("anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4-5", 3, 15),
    (
        "anthropic.claude-3-5-sonnet-20241022-v2:0",
        "aws/regional.anthropic.claude-3-5-sonnet-20241022-v2:0",
        3,
        15,
    ),
    (
        "bedrock/us.anthropic.claude-3-5-haiku-20241022-v1:0",
        "aws/regional.anthropic.claude-3-5-haiku-20241022-v1:0",
        0.8,
        4,
    ),
    ("gemini-1.5-flash", "gemini-1.5-flash", 0.075, 0.3),
    ("models/gemini-1.5-flash", "gemini-1.5-flash", 0.075, 0.3),
    ("gemini/gemini-1.5-flash-002", "gemini-1.5-flash", 0.075, 0.3),
    ("mistral-large-latest", "mistral-large-4", 0.7, 2.1),
    ("open-mixtral-8x7b", "mistral/mixtral-8x7b", 0.7, 0.7),
    ("Mistral-7B-Instruct-v0.2", "mistral/mistral-7b", 0.25, 0.25),
    ("llama-3-70b", "groq/llama3-70b-8192", 0.59, 0.79),
    ("groq/llama-3.1-8b-instant", "groq/llama-3.1-8b-instant", 0.05, 0.08),
    ("deepseek-chat", "deepseek/deepseek-chat", 0.27, 1.1),
    ("ft:gpt-4o-mini-2024-07-18:acme::abc123", "ft:gpt-4o-mini", 0.3, 1.2),
    ("text-embedding-3-small", "openai/text-embedding-3-small", 0.02, 0),
    ("openrouter/anthropic/claude-3.7-sonnet", "openrouter/anthropic/claude-3.7-sonnet", 3, 15),
    ("fireworks_ai/accounts/fireworks/models/gpt-oss-120b", "fireworks/gpt-oss-120b", 0.15, 0.6),
    ("fireworks_ai/deepseek-v3-0324", "fireworks/deepseek-v3-0324", 0.9, 0.9),
    ("our-gateway/gpt-4o", "gpt-4o", 2.5, 10),
    # as consoles show them
    ("Claude Haiku 4.5", "claude-haiku-4-5", 1, 5),
    ("Claude Sonnet 4", "anthropic/claude-sonnet-4-0", 3, 15),
    ("Claude Haiku 3.5", "anthropic/claude-3-5-haiku-latest", 0.8, 4),
    ("Claude Haiku 3", "claude-3-haiku", 0.25, 1.25),
    ("Claude Fable 5.2", "claude-fable-5-2", 8, 40),
    ("claude-4.5-sonnet", "anthropic/claude-sonnet-4-5", 3, 15),
    ("GPT-4", "gpt-4", 30, 60),
    ("Mistral Small 4", "mistral/mistral-small-2603", 0.15, 0.6),
    # with the provider before a colon, or inside of a path
    ("openai:gpt-4o-mini", "gpt-4o-mini", 0.15, 0.6),
    ("google-vertex:gemini-2.5-pro", "gemini-2.5-pro", 1.25, 10),
    ("publishers/google/models/gemini-2.5-pro", "gemini-2.5-pro", 1.25, 10),
    (
        "projects/p-1/locations/europe-west1/publishers/anthropic/models/claude-sonnet-4@20250514",
        "google/claude-4-sonnet",
        3,
        15,
    ),
    (
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/"
        "global.anthropic.claude-haiku-4-5-20251001-v1:0",
        "aws/global.anthropic.claude-haiku-4-5-20251001-v1:0",
        1,
        5,
    ),
    ("vertex_ai/gemini-2.5-flash", "google/gemini-2.5-flash", 0.3, 2.5),
    ("openai/gpt-4o-mini:batch", "openrouter/openai/gpt-4o-mini:batch", 0.075, 0.3),
]


@pytest.mark.parametrize(("name", "model_id", "fresh", "output"), SPELLINGS)
def test_a_spelling_finds_its_model_and_price(
    catalogue: Catalogue, name: str, model_id: str, fresh: float, output: float
) -> None:
    match = resolve(name, catalogue)
    assert match is not None and match.model.price is not None
    price = match.model.price
    assert match.model.id == model_id
    assert (price.input_usd_per_mtok, price.output_usd_per_mtok) == (fresh, output)
    assert match.how


@pytest.mark.parametrize(
    "name",
    [
        "", "None", "openai/REDACTED", "azure/our-deployment", "koala-13b",
        # nicknames that mean another model every year:
        "claude-haiku", "ChatGPT", "gemini-flash", "gemini-ultra", "phi-3",
        # several models at once, and a name that a console gives to several:
        "deepseek-chat & deepseek-reasoner", "gpt-4o, gpt-4o-mini", "text embedding 3",
        "openai/gpt-4o:free",  # nobody lists it
    ],
)  # fmt: skip
def test_an_unknown_or_ambiguous_name_is_left_to_the_user(catalogue: Catalogue, name: str) -> None:
    assert resolve(name, catalogue) is None


def test_a_free_variant_has_no_price_of_the_paid_one(catalogue: Catalogue) -> None:
    match = resolve("deepseek/deepseek-r1:free", catalogue)
    assert match is not None and match.model.price is None


def test_some_names_mean_something_in_the_logs_of_one_tool_only(catalogue: Catalogue) -> None:
    traced = resolve("ChatGPT", catalogue, "burstgpt")
    assert traced is not None and traced.model.id == "gpt-3.5-turbo"
    assert resolve("ChatGPT", catalogue, "generic") is None
    # OpenRouter writes the maker before the slash, and is the host itself
    routed = resolve("deepseek/deepseek-v4-pro", catalogue, "openrouter")
    direct = resolve("deepseek/deepseek-v4-pro", catalogue, "litellm_spendlogs")
    assert routed is not None and routed.model.id == "openrouter/deepseek/deepseek-v4-pro"
    assert direct is not None and direct.model.id == "deepseek-v4-pro"
    first_party = resolve("openai/gpt-4o-mini-2024-07-18", catalogue, "openrouter")
    assert first_party is not None and first_party.model.id == "gpt-4o-mini"


def test_a_model_of_another_size_is_not_taken_for_it(catalogue: Catalogue) -> None:
    # the price list matches flash-8b, which cost half as much, to flash
    assert resolve("gemini/gemini-1.5-flash-8b", catalogue) is None


@pytest.mark.parametrize(
    "name",
    ["fireworks_ai/accounts/fireworks/models/deepseek-r1", "ollama/llama3-8b-8192", "mistral:7b"],
)
def test_the_price_of_another_host_is_not_taken_for_open_weights(
    catalogue: Catalogue, name: str
) -> None:
    assert resolve(name, catalogue) is None


@pytest.mark.parametrize(("name", "model_id", "fresh", "output"), SPELLINGS)
def test_a_model_found_is_found_again_by_its_own_id(
    catalogue: Catalogue, name: str, model_id: str, fresh: float, output: float
) -> None:
    again = resolve(model_id, catalogue)
    first = resolve(name, catalogue)
    assert again is not None and first is not None
    assert again.model.id == model_id
    assert again.model == first.model


def test_every_catalogue_id_means_itself(catalogue: Catalogue) -> None:
    for model in catalogue.models.values():
        match = resolve(model.id.upper(), catalogue)
        assert match is not None and match.model == model


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("gpt-4-turbo", "frontier"),  # 30 USD out
        ("o3-mini", "mid"),  # 4.40 USD out
        ("command-r-plus", "open"),  # public weights, whatever the price
        ("ft:gpt-3.5-turbo-0125:acme::x", "specialised"),
    ],
)
def test_the_kind_of_a_model_nobody_described_is_guessed(
    catalogue: Catalogue, name: str, kind: str
) -> None:
    match = resolve(name, catalogue)
    assert match is not None and match.model.kind == kind


def test_an_ability_is_measured_where_it_was_and_wide_where_not(catalogue: Catalogue) -> None:
    measured = {
        "gpt-4-turbo-2024-04-09": Ability(1.5, 0.1, "benchmark", "outcomes", DAY),
        "gpt-3.5-turbo": Ability(-0.5, 0.1, "benchmark", "outcomes", DAY),
    }
    known = replace(catalogue, abilities=measured)
    turbo, tuned, other = (
        resolve(name, known) for name in ("gpt-4-turbo", "ft:gpt-3.5-turbo-0125:acme::x", "o3-mini")
    )
    assert turbo is not None and turbo.model.ability == measured["gpt-4-turbo-2024-04-09"]
    assert tuned is not None and other is not None
    assert (tuned.model.ability.mean, tuned.model.ability.sd) == (-0.5, 0.9)
    assert (tuned.model.ability.origin, other.model.ability.origin) == ("judgement", "judgement")
    assert other.model.ability.sd == 1.0


def test_own_aliases_and_discounts_hold_for_names_in_a_log(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        """
discounts: [{provider: openai, share: 0.5, source: contract, as_of: 2026-10-01}]
aliases: {ChatGPT: openai/gpt-4-turbo}
"""
    )
    match = resolve("chatgpt", load_catalogue(overlay=path))
    assert match is not None and match.model.price is not None
    assert match.how == "alias of openai/gpt-4-turbo"
    assert match.model.price.output_usd_per_mtok == pytest.approx(15.0)
