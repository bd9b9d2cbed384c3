"""Builders of canonical rows, a classifier with known cuts, and priced models."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from core.catalog.model import Ability, Model, Price
from core.complexity.classifier import Classifier, ReferenceAbility
from core.complexity.features import NAMES
from core.complexity.reading import Reading
from core.complexity.rough import RoughReading
from core.complexity.scale import NEUTRAL
from core.logs.log import Log
from core.logs.mapping import Mapping
from core.logs.query import SCHEMA
from core.workload.bill import Bill, Month
from core.workload.placing import UNNAMED, Placed
from core.workload.reconcile import Reconciliation, reconcile
from core.workload.routing_rules import RoutingRule
from core.workload.scores import scores_file
from core.workload.summing import summarise
from core.workload.workload import Workload

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
PRICED_ON = date(2026, 11, 23)
NOVEMBER = date(2026, 11, 1)

Row = dict[str, object]


def row(request_id: str, **values: object) -> Row:
    """A successful query of model "big": 1,000 tokens in, 100 out, no logged cost."""
    usual: Row = {
        "request_id": request_id,
        "time": NOON,
        "model": "big",
        "segment": "chat",
        "tags": None,
        "text": f"text of {request_id}",
        "text_chars": 40,
        "turns": 1,
        "session": None,
        "tools": None,
        "user": None,
        "requests": 1,
        "input_tokens": 1_000,
        "cache_read_tokens": 0,
        "cache_write_tokens": 0,
        "output_tokens": 100,
        "input_estimated": False,
        "output_estimated": False,
        "cost_usd": None,
        "latency_ms": None,
        "feedback": None,
        "escalated": None,
        "edited": None,
        "status": "ok",
        "attempt": 1,
    }
    assert values.keys() <= usual.keys()
    return usual | values


def table(rows: Sequence[Row]) -> pa.Table:
    """The rows as a log keeps them."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMA)


def make_classifier(**values: object) -> Classifier:
    """A classifier that counts numbers in the text: difficulty = 2 ln(1 + numbers) - 4.

    Its reference models have abilities 0, 2 and 4 logits. Without text it adds 0.5 logits per
    standard deviation of input and 0.25 of output to a level of 1.
    """
    usual: dict[str, object] = {
        "version": "test",
        "data_digest": "0" * 64,
        "reading": Reading(
            weights=tuple(2.0 if name == "numbers" else 0.0 for name in NAMES),
            typical=(0.0,) * len(NAMES),
            highest=(10.0,) * len(NAMES),
            level=-4.0,
            residual_sd=1.0,
        ),
        "rough": RoughReading(
            weights=(0.5, 0.25),
            least_sd=(0.1, 0.2),
            farthest=3.0,
            level=1.0,
            level_sd=0.9,
            residual_sd=1.5,
        ),
        "level_sd": 0.5,
        "wobble_sd": 0.3,
        "reference": tuple(
            ReferenceAbility(tier, mean, 1.0, "a test", "2026-11")
            for tier, mean in (("simple", 0.0), ("medium", 2.0), ("complex", 4.0))
        ),
        "metrics": {},
    }
    return Classifier(**usual | values)  # type: ignore[arg-type]


def make_model(
    model_id: str,
    usd_in: float | None = 1.0,
    usd_out: float = 0.0,
    *,
    cached: float | None = None,
    written: float | None = None,
    ability: float = 2.0,
    sd: float = 0.0,
    fixed: float = 0.0,
    window: int | None = None,
) -> Model:
    """A model at that price in USD per million tokens; without a price when `usd_in` is None."""
    price = None
    if usd_in is not None:
        cached = usd_in if cached is None else cached
        price = Price(usd_in, cached, usd_out, PRICED_ON, "a test", written)
    return Model(
        id=model_id,
        name=model_id.title(),
        provider="test",
        kind="mid",
        price=price,
        ability=Ability(ability, sd, "judgement", "a test", PRICED_ON),
        context_window=window,
        fixed_monthly_usd=fixed,
    )


def make_workload(
    rows: Sequence[Row], difficulty: Sequence[float], rules: Sequence[RoutingRule] = ()
) -> Workload:
    """The workload of those rows with those difficulties in logits."""
    neutral = np.full(len(difficulty), NEUTRAL)
    queries = table(rows)
    segment = pc.fill_null(queries["segment"].combine_chunks(), UNNAMED)
    placed = Placed(
        np.asarray(difficulty, dtype=float),
        neutral,
        segment,
        np.zeros(len(difficulty), dtype=np.int8),
    )
    return summarise(queries, placed, make_classifier(), rules).workload


def write_log(
    folder: Path, rows: Sequence[Row], difficulty: Sequence[float], classifier: Classifier
) -> tuple[Path, Path]:
    """The files of queries and of scores in a folder, as importing and sorting leave them."""
    queries, scores = folder / "queries.parquet", scores_file(folder, classifier)
    pq.write_table(table(rows), queries, row_group_size=3)
    ids = [each["request_id"] for each in rows]
    scored = {
        "request_id": ids,
        "difficulty": np.asarray(difficulty, dtype=np.float32),
        "cluster": pa.nulls(len(ids), pa.int16()),
        "unlike": np.zeros(len(ids), dtype=np.int8),
    }
    pq.write_table(pa.table(scored), scores)
    return queries, scores


def made_log(**values: object) -> Log:
    """A log of which only these facts matter."""
    usual: dict[str, object] = dict.fromkeys(Log.__dataclass_fields__, 0)
    usual |= {"source": "generic", "warnings": (), "mapping": Mapping()}
    usual |= {"dropped": {}, "passed_over": {}}
    return Log(**usual | values)  # type: ignore[arg-type]


def made_month(first: int = 1, last: int = 30, of: date = NOVEMBER, **values: object) -> Month:
    """A month with calls from one day to another, 100 USD logged for 10 of them."""
    usual: dict[str, object] = {
        "first": datetime(of.year, of.month, first, 9, tzinfo=UTC),
        "last": datetime(of.year, of.month, last, 9, tzinfo=UTC),
        "calls": 10,
        "tokens": 1_000,
        "logged_usd": 100.0,
        "logged_rows": 10,
        "both_logged_usd": 100.0,
        "both_list_usd": 100.0,
    }
    return Month(**usual | values)  # type: ignore[arg-type]


def against(
    invoice: float, *months: Month, log: Log | None = None, calls_per_row: float = 1.0
) -> Reconciliation:
    """An invoice beside a log of those months."""
    starts = [m.first.date().replace(day=1) if m.first else None for m in months]
    bill = Bill(dict(zip(starts, months, strict=True)))
    return reconcile(bill, invoice, log or made_log(), calls_per_row)


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    return make_classifier()
