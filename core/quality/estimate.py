"""What a replay will cost, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from core.catalog.model import Model
from core.logs.tokens import TOKEN_ERROR_SHARE, VENDOR_ERROR_SHARE, estimate
from core.quality.prompts import Prompt
from core.quality.replay import Replay
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


def estimate_replay(prompts: Iterable[Prompt], replay: Replay) -> Estimate:
    """The cost if every query goes to its candidates, and every pair to the judge twice.

    Answers are taken to be as long as the log's own, within the limit.
    """
    asked = list(prompts)
    most_output, judge = replay.most_output, replay.judge
    given = _tokens([" ".join(m["content"] for m in _answer(p)) for p in asked])
    written = [float(min(p.output_tokens or most_output / 4, most_output)) for p in asked]
    read = _tokens([" ".join(m["content"] for m in judge_messages(p.text, "", "")) for p in asked])
    known = unknown = 0.0
    answers = verdicts = 0
    for prompt, tokens, output, request in zip(asked, given, written, read, strict=True):
        candidates = replay.asked(prompt)
        pairs = len(candidates) - (replay.logged_model(prompt) is None)
        answers, verdicts = answers + len(candidates), verdicts + 2 * pairs
        for candidate in candidates:
            known += _usd(candidate.model, tokens, 0.0)
            unknown += _usd(candidate.model, 0.0, output)
        known += 2 * pairs * _usd(judge.model, request, VERDICT_TOKENS)
        unknown += 2 * pairs * _usd(judge.model, 2 * output, 0.0)
    counting = (TOKEN_ERROR_SHARE**2 + VENDOR_ERROR_SHARE**2) ** 0.5
    sd = ((counting * known) ** 2 + ((counting + OUTPUT_SPREAD) * unknown) ** 2) ** 0.5
    total = known + unknown
    return Estimate(
        usd=total,
        low=max(total - _Z90 * sd, 0.0),
        high=total + _Z90 * sd,
        answers=answers,
        verdicts=verdicts,
    )


def _answer(prompt: Prompt) -> list[dict[str, str]]:
    return answer_messages(prompt.system, prompt.text)


def _tokens(texts: list[str]) -> list[float]:
    return [float(n) for n in estimate(pa.array(texts, pa.string())).to_pylist()]


def _usd(model: Model, given: float, written: float) -> float:
    return model.price.cost_usd(given, 0.0, written) if model.price else 0.0
