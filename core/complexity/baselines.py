"""Scores that any classifier must be compared with: random, length, a keyword heuristic.

The keyword heuristic is what LiteLLM 1.106 ships as its complexity router ("v1"),
re-implemented from its rules. Its word lists, weights and thresholds are LiteLLM's
defaults: Copyright (c) 2023 Berri AI, MIT License,

    Permission is hereby granted, free of charge, to any person obtaining a copy of this
    software and associated documentation files (the "Software"), to deal in the Software
    without restriction, including without limitation the rights to use, copy, modify,
    merge, publish, distribute, sublicense, and/or sell copies of the Software, and to
    permit persons to whom the Software is furnished to do so, subject to the following
    conditions: The above copyright notice and this permission notice shall be included in
    all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS",
    WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
    WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN
    NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR
    OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
    OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
KeywordTier = Literal["SIMPLE", "MEDIUM", "COMPLEX", "REASONING"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


CODE: Final = _words(
    "algorithm, angular, api, async, await, branch, catch, class, commit, const, database, debug,"
    "def, docker, endpoint, error, exception, export, function, git, golang, implement, import,"
    "java, javascript, kubernetes, let, merge, node, optimize, pull request, python, query, react,"
    "refactor, request, response, return, rust, schema, sql, try, typescript, var, vue"
)
REASONING: Final = _words(
    "analyze this, break down, chain of thought, compare and contrast, conclude, consider all,"
    "deduce, evaluate, explain your reasoning, infer, let's think, logical, pros and cons,"
    "reason through, show your work, step by step, think carefully, think through,"
    "weigh the options"
)
TECHNICAL: Final = _words(
    "architecture, authentication, authorization, benchmark, concurrency, container, cpu,"
    "deep learning, distributed, encryption, gpu, grpc, http, latency, machine learning, memory,"
    "microservice, neural network, optimization, orchestration, parallel, performance, protocol,"
    "scalable, tcp, threading, throughput, websocket"
)
SIMPLE: Final = _words(
    "brief, bye, define, definition of, goodbye, hello, hey, hi, how many, how much, okay, quick,"
    "short, simple, thanks, thank you, true or false, what is, what's, when did, when was,"
    "where is, where was, who is, who was, yes or no"
)

_REMINDER: Final = re.compile(r"<system-reminder>.*?</system-reminder>", re.DOTALL)
_STEPS: Final = re.compile(r"first.*?then|step\s*\d|\d+\.\s|[a-z]\)\s")


def random_scores(n: int, seed: int) -> Floats:
    """Scores that know nothing, n of them."""
    return np.random.default_rng(seed).random(n)


def length_scores(texts: pa.Array) -> Floats:
    """The number of characters, 0 for a null text."""
    lengths = pc.utf8_length(texts).fill_null(0)
    return np.asarray(lengths.to_numpy(zero_copy_only=False), dtype=np.float64)


def keyword_scores(texts: pa.Array) -> Floats:
    """LiteLLM v1's score per text, about -0.15 to 1."""
    return np.array([keyword_score(text or "") for text in texts.to_pylist()], dtype=np.float64)


def keyword_score(prompt: str) -> float:
    """LiteLLM v1's score of one user message."""
    text = _lowered(prompt)
    tokens = len(text) // 4
    size = -1.0 if tokens < 15 else 1.0 if tokens > 400 else 0.0
    code, reasoning = _hits(text, CODE), _hits(text, REASONING)
    technical = _hits(text, TECHNICAL)
    return (
        0.10 * size
        + 0.30 * (1.0 if code >= 2 else 0.5 * code)
        + 0.25 * (1.0 if reasoning >= 2 else 0.7 * reasoning)
        + 0.25 * (1.0 if technical >= 4 else 0.5 if technical >= 2 else 0.0)
        - 0.05 * (_hits(text, SIMPLE) >= 1)
        + 0.03 * (0.5 if _STEPS.search(text) else 0.0)
        + 0.02 * (0.5 if text.count("?") > 3 else 0.0)
    )


def keyword_tier(prompt: str) -> KeywordTier:
    """LiteLLM v1's tier of one user message."""
    score = keyword_score(prompt)
    if score >= 0.15 and _hits(_lowered(prompt), REASONING) >= 2:
        return "REASONING"
    if score < 0.15:
        return "SIMPLE"
    return "MEDIUM" if score < 0.35 else "COMPLEX" if score < 0.60 else "REASONING"


def _lowered(prompt: str) -> str:
    return _REMINDER.sub("", prompt).strip().lower()


def _pattern(keywords: tuple[str, ...]) -> re.Pattern[str]:
    single = [re.escape(word) for word in keywords if " " not in word]
    return re.compile(rf"\b(?:{'|'.join(single)})\b")


_SINGLE: Final = {words: _pattern(words) for words in (CODE, REASONING, TECHNICAL, SIMPLE)}


def _hits(text: str, keywords: tuple[str, ...]) -> int:
    """How many of the keywords occur: words at word boundaries, phrases anywhere."""
    found = set(_SINGLE[keywords].findall(text))
    return len(found) + sum(word in text for word in keywords if " " in word)
