"""OpenRouter's sums per model or per day: the export of its charts and its activity API."""

from __future__ import annotations

import re
from typing import Any, Final

from core.logs.containers.records import Record
from core.logs.sources.call import Call, Usage
from core.logs.sources.fields import count, number, words
from core.logs.sources.source import Look, Skip, Source, by_record

# Names without case, blanks and signs, in order of preference.
_DATES: Final = ("date", "day")
_MODELS: Final = ("modelpermaslug", "model", "modelname", "modelslug")
_COSTS: Final = ("usage", "cost", "costtotal", "totalcost", "totalspend", "spend", "costusd")
_REQUESTS: Final = ("requests", "requestcount", "totalrequests", "numrequests", "generations")
_INPUTS: Final = ("prompttokens", "tokensprompt", "inputtokens", "totalprompttokens")
_CACHED: Final = ("cachedtokens", "tokenscached")
_OUTPUTS: Final = ("completiontokens", "tokenscompletion", "outputtokens", "totalcompletiontokens")
_REASONING: Final = ("reasoningtokens", "tokensreasoning", "totalreasoningtokens")
_TOTALS: Final = ("totaltokens", "tokens", "tokenstotal")
_OTHERS: Final = (
    "byokusageinference", "byokusage", "byokspend", "byokrequests", "endpointid", "providername",
    "provider", "variant", "appname", "app", "apikeyname", "creator", "currency",
)  # fmt: skip
_SIGNS: Final = (("modelname", "totalspend"), ("modelpermaslug", "usage", "requests"))
_KNOWN: Final = frozenset(
    (*_DATES, *_MODELS, *_COSTS, *_REQUESTS, *_INPUTS, *_CACHED, *_OUTPUTS, *_REASONING, *_TOTALS,
     *_OTHERS)
)  # fmt: skip


def _recognises(look: Look) -> bool:
    """Whether these are sums per model, and not single calls with a date, a model and a cost.

    Short of a sign of OpenRouter's own, all columns must be known ones, models must be written
    "vendor/model", and dates must have no time of day.
    """
    columns = {_plain(name) for name in look.columns}
    if any(columns >= {*sign} for sign in _SIGNS):
        return True
    if not (columns & {*_MODELS} and columns & {*_COSTS} and columns <= _KNOWN):
        return False
    models = [words(_value(_row(record), _MODELS)) or "" for record in look.records]
    dates = [words(_value(_row(record), _DATES)) or "" for record in look.records]
    slugs = sum("/" in model for model in models)
    days = all(re.fullmatch(r"\d{4}-\d\d-\d\d([T ]00:00(:00(\.0+)?)?Z?)?", day) for day in dates)
    return bool(models) and days and slugs * 2 > len(models)


def _read(record: Record) -> Call:
    row = _row(record)
    model = words(_value(row, _MODELS))
    if model and re.fullmatch(r"(?i)(grand )?total(s)?", model.strip()):
        raise Skip("a sum over the other rows")
    credits, own_key = number(_value(row, _COSTS)), number(row.get("byokusageinference"))
    return Call(
        time=words(_value(row, _DATES)),
        model=model,
        usage=Usage(
            input=count(_value(row, _INPUTS)),
            cache_read=count(_value(row, _CACHED)),
            output=count(_value(row, _OUTPUTS)),
            reasoning=count(_value(row, _REASONING)),
            total=count(_value(row, _TOTALS)),
        ),
        # with a key of one's own the credits hold only OpenRouter's fee
        cost_usd=credits if own_key is None else (credits or 0.0) + own_key,
        segment=words(_value(row, ("appname", "app"))),
        requests=count(_value(row, _REQUESTS)) or 0,
    )


def _row(record: Record) -> dict[str, Any]:
    return {_plain(name): value for name, value in record.items()}


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower()).removesuffix("usd") or name


def _value(row: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)


OPENROUTER_USAGE: Final = Source(
    "openrouter_usage",
    "OpenRouter usage summary",
    _recognises,
    by_record("openrouter_usage", _read),
    kind="aggregate",
    notes=(
        "OpenRouter's summaries do not always say how many requests their rows are for; the "
        "activity export with one row per generation does.",
    ),
)
