from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from genai_prices import Usage, calc_price
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.catalogue import load_catalogue
from core.catalog.model import Model
from core.logs.sources.registry import SOURCES
from core.workload.notes import Notes, resolve_names
from core.workload.pricing import PRICED_COLUMNS, SERVICE_SOURCES, list_prices
from core.workload.workload import UNNAMED

from .conftest import NOON, Row, make_model, row, table

LISTED = {  # name in the log -> provider and model of the price list
    "gpt-4o-mini": ("openai", "gpt-4o-mini"),  # one price for ever
    "gpt-5.6-luna": ("openai", "gpt-5.6-luna"),  # dearer for long requests, cheaper since July
    "claude-haiku-5-5": ("anthropic", "claude-haiku-5-5"),  # dearer above 100,000 tokens
    "claude-sonnet-4-6": ("anthropic", "claude-sonnet-4-6"),  # no limit since March 2026
    "deepseek-v4-pro": ("deepseek", "deepseek-v4-pro"),  # by the hour
}


@pytest.fixture(scope="module")
def names() -> dict[str, Model | None]:
    return resolve_names([*LISTED, "gpt-4"], load_catalogue(), Notes())


@st.composite
def one_call(draw: st.DrawFn) -> Row:
    fresh, read, written = (draw(st.sampled_from([0, 7, 90_000, 300_000])) for _ in range(3))
    tags = draw(st.sampled_from([None, "batch", "team, batch", "batches"]))
    # the list took batch rates in on 2026-10-14 and has none before that day
    first = datetime(2026, 10, 14, tzinfo=UTC) if tags else datetime(2026, 1, 1, tzinfo=UTC)
    return row(
        "1",
        model=draw(st.sampled_from(list(LISTED))),
        time=first + timedelta(minutes=draw(st.integers(0, 60_000 if tags else 480_000))),
        tags=tags,
        input_tokens=fresh + read + written,
        cache_read_tokens=read,
        cache_write_tokens=written,
        output_tokens=draw(st.integers(0, 5_000)),
    )


def reference(call: Row) -> Decimal:
    """The same call priced by the price list's own program."""
    provider, model = LISTED[str(call["model"])]
    batch = "batch" in str(call["tags"]).split(", ")
    usage = {
        kind: call[kind]
        for kind in ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens")
    }
    return calc_price(
        Usage(**usage),  # type: ignore[arg-type]
        model_ref=model,
        provider_id=provider,
        genai_request_timestamp=call["time"],  # type: ignore[arg-type]
        price_context={"processing": "batch"} if batch else None,
    ).total_price


@settings(max_examples=40, deadline=None)
@given(calls=st.lists(one_call(), min_size=1, max_size=8))
def test_every_call_costs_what_the_price_list_says_of_it_alone(
    names: dict[str, Model | None], calls: list[Row]
) -> None:
    found = list_prices(table(calls).select(PRICED_COLUMNS), names, "openai_batch_output")
    assert found == pytest.approx([float(reference(call)) for call in calls], rel=1e-9, abs=1e-12)


def test_a_tag_that_a_person_wrote_is_no_discount(names: dict[str, Model | None]) -> None:
    rows = table([row("1", model="gpt-4o-mini", tags="batch")])
    # (1,000 x 0.15 + 100 x 0.60) / 1e6, and half of it
    assert list_prices(rows, names, "langfuse_observations") == pytest.approx([0.00021])
    assert list_prices(rows, names) == pytest.approx([0.00021])
    assert list_prices(rows, names, "anthropic_batch") == pytest.approx([0.000105])


def test_a_row_that_sums_up_many_calls_is_not_priced_as_one_long_call(
    names: dict[str, Model | None],
) -> None:
    many = row("1", model="claude-haiku-5-5", requests=50, input_tokens=2_000_000, output_tokens=0)
    one, uncounted = many | {"requests": 1}, many | {"requests": 0}
    assert list_prices(table([many, one, uncounted]), names) == pytest.approx([0.2, 1.0, 0.2])
    assert list_prices(table([one]), names, "openai_usage") == pytest.approx([0.2])


@pytest.mark.parametrize(
    ("tags", "usd"),
    [("≤ 200k", 6.0), ("> 200k", 12.0), ("batch, 200k-1M", 6.0), ("team > 200k", 6.0), (None, 6.0)],
)
def test_an_export_that_keeps_long_calls_apart_is_priced_by_its_rows(
    tags: str | None, usd: float
) -> None:
    names = resolve_names(["claude-sonnet-4-5"], load_catalogue(), Notes())
    # 3 USD a million, 6 above 200,000 tokens, half of it as batch work
    rows = [row("1", model="claude-sonnet-4-5", tags=tags, input_tokens=2_000_000, output_tokens=0)]
    assert list_prices(table(rows), names, "anthropic_usage") == pytest.approx([usd])


def test_a_day_of_calls_is_priced_at_its_noon(names: dict[str, Model | None]) -> None:
    morning = datetime(2026, 10, 5, 7, tzinfo=UTC)  # peak: twice the price of noon
    call = row("1", model="deepseek-v4-pro", time=morning, input_tokens=10**6, output_tokens=0)
    assert list_prices(table([call]), names) == pytest.approx([1.32])
    assert list_prices(table([call]), names, "deepseek_usage") == pytest.approx([0.66])


def test_a_call_without_a_time_pays_the_price_of_the_catalogues_day(
    names: dict[str, Model | None],
) -> None:
    rows = table([row("1", model="gpt-5.6-luna", time=None, input_tokens=10**5, output_tokens=0)])
    assert list_prices(rows, names) == pytest.approx([0.02])  # 0.2 a million since 2026-07-30


def test_what_has_no_price_or_no_tokens_is_unpriced_and_never_free() -> None:
    names = {"big": make_model("big", 2.0, 10.0), "own": make_model("own", None), UNNAMED: None}
    rows = [
        row("1", model="own"),
        row("2", model="nobody"),
        row("3", model=None),
        row("4", input_tokens=None, output_tokens=None),
        row("5", input_tokens=None),  # an export that counts the output alone
        row("6", input_tokens=0, output_tokens=0),
    ]
    found = list_prices(table(rows), names)
    assert np.isnan(found).tolist() == [True, True, True, True, False, False]
    assert found[4:] == pytest.approx([0.001, 0.0])


def test_no_rows_cost_nothing() -> None:
    assert list_prices(table([]), {}).tolist() == []
    assert list_prices(table([row("1", time=NOON)]).slice(1), {"big": make_model("big")}).size == 0


def test_every_batch_file_is_priced_as_batch_work() -> None:
    batches = {source.id for source in SOURCES if "batch" in source.id}
    assert batches == {
        "anthropic_batch", "anthropic_batch_input", "openai_batch_input", "openai_batch_output",
    }  # fmt: skip
    assert batches <= SERVICE_SOURCES
    assert {source.id for source in SOURCES} >= SERVICE_SOURCES


def test_an_answer_from_a_gateway_s_cache_costs_nothing_at_list_prices() -> None:
    call = row("1", model="gpt-4o-mini", input_tokens=1_000_000, output_tokens=0)
    hit = call | {"cost_usd": 0.0, "tags": "cache hit, prod"}
    free = call | {"cost_usd": 0.0}
    names = {"gpt-4o-mini": make_model("gpt-4o-mini", 0.15)}
    assert list_prices(table([call, hit, free]), names) == pytest.approx([0.15, 0.0, 0.15])
