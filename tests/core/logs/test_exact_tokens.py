import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pyarrow as pa
import pytest

from core.logs import exact_tokens, tokens


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    exact_tokens._encoder.cache_clear()
    yield
    exact_tokens._encoder.cache_clear()


def test_without_the_extra_tokens_are_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bpe_openai", None)
    texts = pa.array(["Explain how REST APIs work"])
    assert exact_tokens.counted_with() is None and exact_tokens.count(texts) is None
    assert tokens.count(texts).to_pylist() == [7]
    assert "off by about 10%" in tokens.error_in_words(exact_tokens.counted_with())


def test_with_the_extra_every_text_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    encoding = SimpleNamespace(encode_ordinary=lambda text: list(range(len(text.split()))))
    package = SimpleNamespace(get_encoding=lambda name: {"o200k_base": encoding}[name])
    monkeypatch.setitem(sys.modules, "bpe_openai", package)
    texts = pa.array(["one two three", None, "", "word " * 30_000])
    assert tokens.count(texts).to_pylist() == [3, 1, 1, 30_000]
    assert "o200k_base" in tokens.error_in_words(exact_tokens.counted_with())


def test_the_real_vocabulary_counts_as_published() -> None:
    pytest.importorskip("bpe_openai")
    # "tiktoken is great!" has 6 tokens in OpenAI's cookbook, "How to count tokens with tiktoken"
    assert exact_tokens.count(pa.array(["tiktoken is great!"])).to_pylist() == [6]
