"""What a replay will cost, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from core.catalog.model import Model
from core.logs.tokens import TOKEN_ERROR_SHARE, VENDOR_ERROR_SHARE, estimate
from core.quality.prompts import Prompt
from core.quality.replay import Candidate
from core.quality.requests import answer_messages, judge_messages

VERDICT_TOKENS: Final = 25  # of a verdict as it is asked for
# One standard deviation of what models write in all against what the log has: judgement.
OUTPUT_SPREAD: Final = 0.25
_Z90: Final = 1.645


@dataclass(frozen=True)
class Estimate:
    """USD with a 90% range, and the calls to models and to the judge."""

    usd: float
    low: float
    high: float
    answers: int
    verdicts: int


def estimate_replay(
    prompts: Iterable[Prompt], candidates: Iterable[Candidate], judge: Candidate, most_output: int
) -> Estimate:
    """The cost if every query goes to every candidate, and every pair to the judge twice.

    Answers are taken to be as long as the log's own, within the limit.
    """
    asked = list(prompts)
    models = list({c.model.id: c.model for c in candidates}.values())
    given = _tokens([" ".join(m["content"] for m in _answer(p)) for p in asked])
    written = [float(min(p.output_tokens or most_output / 4, most_output)) for p in asked]
    read = _tokens([" ".join(m["content"] for m in judge_messages(p.text, "", "")) for p in asked])
    pairs = len(models) - 1
    known = unknown = 0.0
    for tokens, output, request in zip(given, written, read, strict=True):
        for model in models:
            known += _usd(model, tokens, 0.0)
            unknown += _usd(model, 0.0, output)
        known += 2 * pairs * _usd(judge.model, request, VERDICT_TOKENS)
        unknown += 2 * pairs * _usd(judge.model, 2 * output, 0.0)
    counting = (TOKEN_ERROR_SHARE**2 + VENDOR_ERROR_SHARE**2) ** 0.5
    sd = ((counting * known) ** 2 + ((counting + OUTPUT_SPREAD) * unknown) ** 2) ** 0.5
    total = known + unknown
    return Estimate(
        usd=total,
        low=max(total - _Z90 * sd, 0.0),
        high=total + _Z90 * sd,
        answers=len(asked) * len(models),
        verdicts=2 * pairs * len(asked),
    )


def _answer(prompt: Prompt) -> list[dict[str, str]]:
    return answer_messages(prompt.system, prompt.text)


def _tokens(texts: list[str]) -> list[float]:
    return [float(n) for n in estimate(pa.array(texts, pa.string())).to_pylist()]


def _usd(model: Model, given: float, written: float) -> float:
    return model.price.cost_usd(given, 0.0, written) if model.price else 0.0
