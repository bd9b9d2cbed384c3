"""How logs spell models: prefixes, dates, sizes. Pure functions from text to text."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# What stands before a slash in LiteLLM, OpenRouter and gateway logs -> provider id of the
# price list. A provider's own id needs no line here.
PROVIDER_PREFIXES: Final = {
    "openaichat": "openai",
    "text-completion-openai": "openai",
    "azure_ai": "azure",
    "azure_text": "azure",
    "gemini": "google",
    "vertex_ai": "google",
    "vertex_ai_beta": "google",
    "google-vertex": "google",
    "google-gla": "google",
    "google_genai": "google",
    "palm": "google",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "amazon": "aws",
    "together_ai": "together",
    "togethercomputer": "together",
    "fireworks_ai": "fireworks",
    "mistralai": "mistral",
    "deepseek-ai": "deepseek",
    "xai": "x-ai",
    "cohere_chat": "cohere",
    "moonshot": "moonshotai",
    "z-ai": "zai",
    "cloudflare_ai": "cloudflare",
    "github_copilot": "github-copilot",
}

# They bill what the first party bills, so the name behind the prefix may be priced instead.
RESELLERS: Final = frozenset({"openrouter", "litellm", "portkey", "helicone", "models"})

# The user's own machines: a price list's figure for the same weights is not what they pay.
OWN_MACHINES: Final = frozenset(
    {
        "ollama",
        "ollama_chat",
        "lm_studio",
        "lmstudio",
        "vllm",
        "hosted_vllm",
        "llamafile",
        "xinference",
        "triton",
        "custom_openai",
        "openai_like",
    }
)

_BEDROCK = re.compile(
    r"(?:(?:us|eu|apac|ap|jp|au|ca|global|us-gov|regional)\.)?"
    r"(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek|openai|google|nvidia|moonshotai|zai)"
    r"\.[a-z]"
)
_DATE = re.compile(r"[-@](?:\d{8}|\d{4}-\d{2}-\d{2})$")
_VERSION = re.compile(r"-(?:\d{4}|\d{3}|latest|instruct|chat|it|hf)$")
_SIZE = re.compile(
    r"(?<![a-z0-9.])(mini|nano|lite|micro|small|tiny|(?:\d+x)?\d+(?:\.\d+)?b)(?![a-z0-9])"
)
_LLAMA = re.compile(r"^(?:meta-)?llama-?v?(?=\d)")  # Meta-Llama-3, llama3 and llama-v3 are one
_FIREWORKS_POINT = re.compile(r"(\d)p(\d)")  # it writes 3p1 for 3.1

_VERTEX = re.compile(r"(?:^|/)publishers/[^/]+/models/(.+)$")
_CLAUDE = re.compile(r"^claude-(?:([a-z]+)-(\d(?:[.-]\d)?)|(\d(?:[.-]\d)?)-([a-z]+))(?![\w.])(.*)$")
_VARIANT = re.compile(r":(?:free|batch|extended|thinking)$")

_OPEN_WEIGHTS = re.compile(
    r"llama|mistral-(?:7b|nemo|small)|mixtral|ministral|gemma|qwen|qwq|phi-|deepseek|gpt-oss|glm-?\d"
    r"|kimi-k|yi-|falcon|vicuna|olmo|nemotron|command-r|starcoder|wizardlm|granite|minimax"
)


# Vendors who sell their own models: a bare name means the vendor's own price.
FIRST_PARTIES: Final = (
    "openai", "anthropic", "google", "mistral", "x-ai", "deepseek", "cohere", "moonshotai", "zai",
    "meta",
)  # fmt: skip


class Spelling(NamedTuple):
    """A name split at its first slash; `provider` is None when nothing stands before it."""

    provider: str | None
    rest: str


def normal(name: str) -> str:
    """The name as price lists write it: lower case, no outer space, dashes for spaces."""
    return re.sub(r"[\s]+", "-", name.strip().lower())


def slashed(name: str) -> str:
    """The name with a slash behind its provider, where a log wrote `openai:gpt-4o` or a path."""
    if found := _VERTEX.search(name):
        return f"vertex_ai/{found[1]}"
    prefix, colon, rest = name.partition(":")
    known = prefix in FIRST_PARTIES or prefix in PROVIDER_PREFIXES
    return f"{prefix}/{rest}" if colon and known else name


def is_variant(name: str) -> bool:
    """Whether a normal name ends like OpenRouter's variants, which have prices of their own."""
    return bool(_VARIANT.search(name))


def claude_id(name: str) -> str | None:
    """A Claude name with version and size the other way round, and dashes for points."""
    found = _CLAUDE.match(name)
    if found is None:
        return None
    size, version = (found[1], found[2]) if found[1] else (found[4], found[3])
    parts = (version, size) if found[1] and version.startswith("3") else (size, version)
    return f"claude-{'-'.join(parts).replace('.', '-')}{found[5]}"


def split_provider(name: str) -> Spelling:
    """The prefix (mapped to a provider id where we know it) and the rest of a normal name."""
    prefix, slash, rest = name.partition("/")
    if not slash:
        return Spelling(None, name)
    return Spelling(PROVIDER_PREFIXES.get(prefix, prefix), rest)


def is_bedrock(name: str) -> bool:
    """Whether a normal name is a Bedrock id, such as `us.anthropic.claude-...-v1:0`."""
    return bool(_BEDROCK.match(name))


def is_open_weights(name: str) -> bool:
    """Whether a name belongs to a family whose weights are public."""
    return bool(_OPEN_WEIGHTS.search(normal(name)))


def without_date(name: str) -> str:
    """The name without a trailing -20240806, @20240806 or -2024-08-06."""
    return _DATE.sub("", name)


def plain_name(name: str) -> str:
    """The last part of a name, without host, account, region or `:free`-like suffix."""
    last = normal(name).rsplit("/", 1)[-1]
    if is_bedrock(last):
        last = re.sub(r"-v\d+(?::\d+)?$", "", last.rsplit(".", 1)[-1])
    return (
        last.replace("@", "-") if last.startswith("ft:") else last.replace("@", "-").split(":")[0]
    )


def family(name: str) -> str:
    """The name without date, version number and words such as -instruct or -latest."""
    short = _LLAMA.sub("llama-", without_date(plain_name(name)))
    short = _FIREWORKS_POINT.sub(r"\1.\2", short)
    while (shorter := _VERSION.sub("", short)) != short:
        short = shorter
    return short.replace(".", "-")


def sizes(name: str) -> frozenset[str]:
    """The words of a name that say how large the model is: mini, lite, 8b, 8x7b."""
    return frozenset(_SIZE.findall(normal(name)))
