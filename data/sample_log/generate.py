"""Writes `support_bot.csv.gz`: a made-up month of a made-up software company's assistant.

Every text here was written for Tierwise; no customer, person or number in it is real. The
same seed gives the same bytes. Run it from anywhere: `python generate.py`.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from phrases import FEATURES, Feature, Template, fill, paste

SEED = 20261001
ROWS = 12_000
OUT = Path(__file__).with_name("support_bot.csv.gz")
FIRST_DAY = datetime(2026, 10, 1, tzinfo=UTC)
DAYS = 31

# USD per million tokens: input, cached input, output (list prices of October 2026)
PRICES = {
    "gpt-4o": (2.5, 1.25, 10.0),
    "gpt-4.1": (2.0, 0.5, 8.0),
    "gpt-4o-mini": (0.15, 0.075, 0.6),
}
MODEL_SHARES = {"gpt-4o": 0.80, "gpt-4.1": 0.14, "gpt-4o-mini": 0.06}
SKILL = {"gpt-4o": 0.90, "gpt-4.1": 0.92, "gpt-4o-mini": 0.74}  # for the thumbs only
TOKENS_PER_SECOND = {"gpt-4o": 78, "gpt-4.1": 92, "gpt-4o-mini": 120}
# requests by hour of the day (UTC) on a working day, and by weekday from Monday
HOURS = (2, 1, 1, 1, 1, 2, 5, 11, 18, 22, 23, 21, 18, 20, 23, 24, 22, 19, 14, 10, 8, 6, 4, 3)
WEEKDAYS = (1.05, 1.1, 1.08, 1.04, 0.93, 0.3, 0.27)
HEADER = (
    "request_id", "timestamp", "feature", "model", "prompt", "input_tokens", "cached_tokens",
    "output_tokens", "cost_usd", "latency_ms", "thumb",
)  # fmt: skip

Row = dict[str, object]


def write(path: Path = OUT, seed: int = SEED, rows: int = ROWS) -> None:
    """The log at `path`, the same bytes for the same seed and number of rows."""
    dice = random.Random(seed)
    text = io.StringIO(newline="")
    sheet = csv.DictWriter(text, HEADER, lineterminator="\n")
    sheet.writeheader()
    made = [_row(dice, time) for time in _times(dice, rows)]
    _soil(dice, made)
    sheet.writerows(made)
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.getvalue().encode())


def _times(dice: random.Random, rows: int) -> list[datetime]:
    """Moments of October 2026, busy in office hours and growing by a fifth over the month."""
    days = [FIRST_DAY + timedelta(days=day) for day in range(DAYS)]
    weights = [WEEKDAYS[day.weekday()] * (1 + 0.2 * i / DAYS) for i, day in enumerate(days)]
    picked = dice.choices(days, weights, k=rows)
    hours = dice.choices(range(24), HOURS, k=rows)
    pairs = zip(picked, hours, strict=True)
    return sorted(d + timedelta(hours=h, seconds=dice.randrange(3600)) for d, h in pairs)


def _row(dice: random.Random, time: datetime) -> Row:
    feature = dice.choices(FEATURES, [f.share for f in FEATURES])[0]
    template = dice.choices(feature.templates, [t.weight for t in feature.templates])[0]
    prompt = _prompt(dice, template)
    model = dice.choices(list(MODEL_SHARES), list(MODEL_SHARES.values()))[0]
    given, cached, made = _tokens(dice, feature, template, prompt)
    return {
        "request_id": f"req_{dice.getrandbits(32):08x}",
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "feature": feature.name,
        "model": model,
        "prompt": prompt,
        "input_tokens": given,
        "cached_tokens": cached,
        "output_tokens": made,
        "cost_usd": _cost(model, given, cached, made),
        "latency_ms": _latency_ms(dice, model, given, made),
        "thumb": _thumb(dice, model, template),
    }


def _prompt(dice: random.Random, template: Template) -> str:
    prompt = fill(dice, dice.choice(template.texts))
    if template.pasted:
        prompt += "\n\n" + paste(dice, template.pasted)
    habits: tuple[tuple[float, Callable[[str], str]], ...] = (
        (0.07, str.lower),
        (0.05, lambda text: f"Hi, {text[0].lower()}{text[1:]}"),
        (0.04, lambda text: f"{text} Thanks!"),
        (0.03, lambda text: f"{text} Please keep it short."),
    )
    for share, habit in habits:
        if dice.random() < share and len(prompt) < 400:
            prompt = habit(prompt)
    return prompt


def _tokens(
    dice: random.Random, feature: Feature, template: Template, prompt: str
) -> tuple[int, int, int]:
    """Input (system prompt, found documents, history, prompt), cached part, and output."""
    history = round(dice.expovariate(1 / 900)) if dice.random() < 0.45 else 0
    found = round(dice.lognormvariate(0, 0.45) * feature.context_tokens)
    given = feature.system_tokens + found + history + len(prompt) // 4 + 12
    # providers cache whole prefixes in steps of 128 tokens
    cached = feature.system_tokens // 128 * 128 if dice.random() < 0.62 else 0
    if cached and history > 1_000 and dice.random() < 0.6:
        cached += history // 128 * 128
    made = max(8, round(dice.lognormvariate(0, 0.5) * template.answer_tokens))
    return given, cached, made


def _cost(model: str, given: int, cached: int, made: int) -> str:
    fresh_usd, cached_usd, made_usd = PRICES[model]
    usd = ((given - cached) * fresh_usd + cached * cached_usd + made * made_usd) / 1e6
    return f"{usd:.8f}".rstrip("0")


def _latency_ms(dice: random.Random, model: str, given: int, made: int) -> int:
    first_token_s = 0.35 + given / 40_000
    return round(
        1_000 * dice.lognormvariate(0, 0.25) * (first_token_s + made / TOKENS_PER_SECOND[model])
    )


def _thumb(dice: random.Random, model: str, template: Template) -> str:
    """A verdict in one of six answers; hard questions please less often."""
    if dice.random() > 0.17:
        return ""
    return "1" if dice.random() < SKILL[model] - 0.35 * template.hardness else "0"


def _soil(dice: random.Random, rows: list[Row]) -> None:
    """What real logs have: a few rows without a prompt, or with impossible counts."""
    spoiled = dice.sample(range(len(rows)), max(3, len(rows) // 400))
    for place, index in enumerate(spoiled):
        row = rows[index]
        if place % 5 < 3:
            row["prompt"] = ""  # an upload without a question
        elif place % 5 == 3:
            row["output_tokens"] = -1  # the stream broke before usage was known
        else:
            row["cached_tokens"] = int(str(row["input_tokens"])) * 2


if __name__ == "__main__":
    write()
