"""A log sorted and summed up partition by partition, wherever the partitions are worked on.

Every function here takes a partition and plain values, reads the partition by itself and gives
back something small: it can run in this process, in others, or on a cluster (`dask_engine.py`;
an engine for Spark or Ray would submit the same functions). No row of a log leaves the process
that read it; of its texts the redacted examples of a workload do and, where the log names no
segments of its own, a redacted sample, for one worker to find clusters in.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

import pyarrow as pa
import pyarrow.compute as pc

from core.complexity.classifier import Classifier
from core.complexity.clusters import Clusters, fit_clusters, sample_texts
from core.complexity.rules import Basis
from core.logs.attempts import Asks, Repeats, joined_asks, repeats, share_of
from core.logs.completion import Settlement, settlement_of
from core.logs.draft import Manner, canonical_pieces, taken
from core.logs.ingest import need_rows
from core.logs.partitions import Partition
from core.logs.query import SCHEMA
from core.logs.sources.registry import source_of
from core.logs.tally import Tally
from core.workload.placing import Placing
from core.workload.reader import CHUNK_ROWS, Reader, chosen_reader
from core.workload.sizes import SizeSums, UsualSizes, summed_sizes, usual_of
from core.workload.sorted_file import SORTED_SCHEMA, sorted_rows
from core.workload.summing import Summary, Sums, joined
from core.workload.workload import Workload

ASKS_AT_ONCE: Final = 10_000_000  # 250 MB here at a time, however long the log
_FAN_IN: Final = 16

Promise = Any  # what an engine gives for work under way: its own affair


class Engine(Protocol):
    """Where partitions are worked on."""

    def submit(self, work: Callable[..., Any], *values: Any) -> Promise:
        """The promise of what `work` makes of these values, promises among them."""

    def spread(self, value: Any) -> Promise:
        """A value that many pieces of work take, brought once to where they are done."""

    def results(self, promises: Sequence[Promise], words: str) -> Iterator[Any]:
        """What was promised, in order; `words` say what is being done."""

    def wait(self, promises: Sequence[Promise], words: str) -> None:
        """Until it is done, without fetching what came of it."""


@dataclass(frozen=True)
class Survey:
    """What must be known of all partitions before any of them can be sorted.

    `tally` is one as JSON, which is small. `segments` are at most two of those that rows with,
    and without, a text have.
    """

    tally: str
    segments: tuple[frozenset[str], frozenset[str]]
    asks_told: int


@dataclass(frozen=True)
class Order:
    """How the rows of a log are settled, read and summed up, the same for all partitions."""

    manner: Manner
    settlement: Settlement
    reader: Reader
    sums: Sums
    out: str | None = None  # folder of sorted rows, on this machine or by URL


def sort_partitions(
    partitions: Sequence[Partition],
    manner: Manner,
    classifier: Classifier,
    engine: Engine,
    out: str | None = None,
    *,
    name: str = "",
) -> Workload:
    """The workload of a log, the same to the last bit whatever the engine.

    Sorted rows go to the folder `out`, a file per partition. BadInput when no row can be used;
    `name` is what people call the log.
    """
    begun = [engine.submit(survey, partition, manner) for partition in partitions]
    surveys: list[Survey] = list(
        engine.results([engine.submit(_surveyed, each) for each in begun], "counted")
    )
    tally = Tally()
    for each in surveys:
        tally.merge(Tally.from_json(each.tally))
    need_rows(tally, "The files have no rows", name)
    settlement = settlement_of(tally)

    def fetch(share: int, of: int) -> list[Asks]:
        shares = [engine.submit(_share, each, share, of) for each in begun]
        return list(engine.results(shares, "compared"))

    told = sum(each.asks_told for each in surveys)
    again = repeats(told, fetch, ASKS_AT_ONCE) or [None] * len(partitions)
    begun.clear()  # what no engine needs to hold any longer
    reader = _reader(partitions, manner, classifier, engine, tally, settlement, surveys)
    clusters = reader.clusters.names if reader.clusters else ()
    sums = Sums(Placing(reader.classifier, clusters=clusters), turns=tally.sums["cache_read"] > 0)
    order = engine.spread(Order(manner, settlement, reader, sums, out))
    summaries = [
        engine.submit(summarised, partition, order, each, number)
        for number, (partition, each) in enumerate(zip(partitions, again, strict=True))
    ]
    engine.wait(summaries, "sorted")
    whole = engine.submit(_workload, _in_a_tree(engine, joined_all, summaries))
    (workload,) = engine.results([whole], "summed up")
    found: Workload = workload
    return found


def _in_a_tree(engine: Engine, join: Callable[..., Any], promises: Sequence[Promise]) -> Promise:
    """The promise of all of them joined, a few at a time: nothing gathers in one place."""
    left = list(promises)
    while len(left) > 1:
        left = [
            engine.submit(join, *left[start : start + _FAN_IN])
            for start in range(0, len(left), _FAN_IN)
        ]
    return left[0]


def _reader(
    partitions: Sequence[Partition],
    manner: Manner,
    classifier: Classifier,
    engine: Engine,
    tally: Tally,
    settlement: Settlement,
    surveys: Sequence[Survey],
) -> Reader:
    """What reads this log."""
    has_text = settlement.texts
    if has_text is None:
        has_text = tally.with_text + tally.failed_with_text > 0
    kinds = (0,) if settlement.texts else (0, 1)
    segments = {name for each in surveys for kind in kinds for name in each.segments[kind]}

    def usual() -> UsualSizes:
        parts = [engine.submit(sizes, partition, manner, settlement) for partition in partitions]
        return usual_of(engine.results(parts, "measured"))

    def clusters() -> Clusters | None:
        parts = [engine.submit(sampled, partition, manner) for partition in partitions]
        fitted = engine.submit(fit_clusters, _in_a_tree(engine, fewer_texts, parts))
        (found,) = engine.results([fitted], "clustered")
        return cast("Clusters | None", found)

    return chosen_reader(classifier, has_text, len(segments) > 1, usual, clusters)


def survey(partition: Partition, manner: Manner) -> tuple[Survey, Asks]:
    """What is counted in a partition, and its asks; its texts are let go."""
    tally, asks = Tally(), []
    segments: tuple[set[str], set[str]] = (set(), set())
    for rows, each in _canonical(partition, manner, tally):
        asks.append(each)
        has_text = pc.greater(rows["text_chars"], 0)
        for kind, mask in enumerate((has_text, pc.invert(has_text))):
            if len(segments[kind]) < 2:
                names = rows["segment"].filter(mask).drop_null().unique().to_pylist()
                segments[kind].update(names[:2])
    found = joined_asks(asks)
    few = tuple(frozenset(sorted(names)[:2]) for names in segments)
    tally.sessions.clear()  # nothing here asks how many there are
    return Survey(tally.to_json(), (few[0], few[1]), len(found.place)), found


def sampled(partition: Partition, manner: Manner) -> pa.Array:
    """Some of a partition's texts, redacted."""
    rows = (rows for rows, _ in _canonical(partition, manner, Tally()))
    return sample_texts(each["text"].combine_chunks() for each in rows)


def sizes(partition: Partition, manner: Manner, settlement: Settlement) -> SizeSums:
    """How large the requests of a partition are."""
    rows = _settled(partition, manner, settlement, None)
    return summed_sizes(pa.concat_tables([SCHEMA.empty_table(), *rows]))


def summarised(
    partition: Partition, order: Order, repeated: Repeats | None, number: int
) -> Summary:
    """A partition's queries, read, sorted and summed up; sorted rows go to the order's folder."""
    rows = _settled(partition, order.manner, order.settlement, repeated)
    summaries, sorted_ones = [], []
    for batch in _even(rows, CHUNK_ROWS):
        scores = order.reader.read(batch)
        summaries.append(order.sums.of(batch, scores))
        if order.out is not None:
            sorted_ones.append(sorted_rows(batch, scores, order.sums.placing))
    if order.out is not None:
        _write(f"{order.out}/part-{number:05}.parquet", sorted_ones, order.reader.basis)
    return joined(summaries)


def joined_all(*summaries: Summary) -> Summary:
    """`summing.joined`, for engines that hand over each value by itself."""
    return joined(summaries)


def fewer_texts(*samples: pa.Array) -> pa.Array:
    """The sample of the texts behind several samples."""
    return sample_texts(samples)


def _workload(summary: Summary) -> Workload:
    return summary.workload


def _surveyed(both: tuple[Survey, Asks]) -> Survey:
    return both[0]


def _share(both: tuple[Survey, Asks], share: int, of: int) -> Asks:
    return share_of(both[1], share, of)


def _canonical(
    partition: Partition, manner: Manner, tally: Tally
) -> Generator[tuple[pa.Table, Asks]]:
    """The canonical rows of a partition in pieces, with their asks, counted in `tally`."""
    source = source_of(manner.mapping.source)
    for piece, read in canonical_pieces(partition, source, manner, stop=lambda: False):
        yield taken(piece, read, manner, tally)


def _settled(
    partition: Partition, manner: Manner, settlement: Settlement, repeated: Repeats | None
) -> Generator[pa.Table]:
    """The rows of a partition as they are kept in a log, in pieces."""
    start = 0
    for rows, _ in _canonical(partition, manner, Tally()):
        numbers = repeated.numbers(start, rows.num_rows) if repeated is not None else None
        start += rows.num_rows
        settled, _, _ = settlement.settle(rows, numbers)
        yield settled


def _even(tables: Iterable[pa.Table], rows: int) -> Generator[pa.RecordBatch]:
    """The same rows in batches of that many: what is read must not hang on where pieces end."""
    held: list[pa.Table] = []
    count = 0
    for table in tables:
        held.append(table)
        count += table.num_rows
        while count >= rows:
            whole = pa.concat_tables(held)
            yield from whole.slice(0, rows).combine_chunks().to_batches()
            held, count = [whole.slice(rows)], count - rows
    if count:
        yield from pa.concat_tables(held).combine_chunks().to_batches()


def _write(place: str, batches: Sequence[pa.RecordBatch], basis: Basis) -> None:
    """Sorted rows as a Parquet file; of an object store whole or not at all."""
    import fsspec
    import pyarrow.parquet as pq

    table = pa.Table.from_batches(batches, SORTED_SCHEMA).replace_schema_metadata({"basis": basis})
    with fsspec.open(place, "wb", auto_mkdir=True) as file:
        pq.write_table(table, file)
