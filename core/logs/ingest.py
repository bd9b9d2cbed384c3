"""A file, or several that are alike, becomes a log folder: `queries.parquet` and `log.json`."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Generator, Sequence
from collections.abc import Mapping as Lookup
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

from core.errors import BadInput, Cancelled
from core.logs.attempts import Asks, Repeats, repeats, share_of
from core.logs.completion import complete, foreseen_fill
from core.logs.containers.reading import read_chunks
from core.logs.digest import digest_of
from core.logs.draft import Draft, DraftWriter, Manner, canonical_pieces, whole_draft
from core.logs.facts import facts_of
from core.logs.files import Paths
from core.logs.log import QUERIES, Log, log_folder, open_log, save_facts
from core.logs.mapping import Mapping
from core.logs.partitions import PARTITION_ROWS, Partition, partitions_of
from core.logs.parts import Part, Parts, parts_of
from core.logs.pipeline import STOPPED
from core.logs.privacy.identities import identity_key
from core.logs.scratch import READY, scratch_of
from core.logs.sources.generic import GENERIC
from core.logs.sources.joining import PromptsById, joined, prompts_for
from core.logs.sources.registry import source_of
from core.logs.sources.source import Source
from core.logs.tally import Tally
from core.workers import in_processes

DRAFTED: Final = 1  # how drafts are written; another number, and the rows are read anew


def ingest(
    paths: Paths,
    mapping: Mapping,
    folder: Path,
    *,
    name: str,
    now: datetime,
    keep_text: bool = True,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Log:
    """The log of a file, read in pieces into `folder`; a log that is already there at once.

    Several paths, a folder or an archive become one log, rows in the order of the files' names.
    `now` must have a zone. `progress` gets bytes read and those in all. Raises BadInput
    when no row can be used and Cancelled when `cancelled()` turns true; neither leaves
    anything behind. Texts are redacted before they are written, or left out.
    """
    parts = parts_of(paths, name)
    source = source_of(mapping.source).begun()
    if source is GENERIC:
        _need_columns(mapping, parts.parts[0])
    stop = cancelled or _never
    digest = digest_of(parts.paths(), mapping, keep_text, stop)
    if log_folder(folder, digest).is_dir():
        with contextlib.suppress(BadInput):  # damaged: read it again
            return open_log(folder, digest)
        shutil.rmtree(log_folder(folder, digest))
    folder.mkdir(parents=True, exist_ok=True)
    with scratch_of(folder, f"{digest}-{DRAFTED}") as scratch:
        prompts = _prompts(parts, source, stop)
        if prompts is not None:
            source = joined(source, prompts)
        fill = foreseen_fill(mapping) if source is GENERIC else None
        manner = Manner(mapping, now, identity_key(folder), keep_text, fill)
        drafts = _drafts(parts, source, manner, scratch, progress, stop)
        tally = Tally()
        for draft in drafts:
            tally.merge(draft.tally())
        need_rows(tally, parts.parts[0].empty, name)
        ready = scratch / READY
        ready.mkdir()
        done = complete(
            [draft.path for draft in drafts], ready / QUERIES, tally,
            _repeats(drafts),
            now=now, aggregate=source.kind == "aggregate", prefilled=fill, stop=stop,
        )  # fmt: skip
        log = facts_of(
            done, source, mapping, digest=digest, name=name, now=now, keep_text=keep_text,
            notes=(*parts.notes, *_unjoined(prompts, tally)),
        )  # fmt: skip
        save_facts(log, ready)
        try:
            os.rename(ready, log_folder(folder, digest))
        except OSError:
            if not log_folder(folder, digest).is_dir():  # else another import was faster
                raise
    return log


def _drafts(
    parts: Parts,
    source: Source,
    manner: Manner,
    scratch: Path,
    progress: Callable[[int, int], None] | None,
    stop: Callable[[], bool],
) -> list[Draft]:
    """The rows of the log as drafts in `scratch`; those that are there already are kept."""
    apart = source is source_of(manner.mapping.source)  # one that remembers, or joins, is another
    partitions = partitions_of(parts, apart=apart)
    if len(partitions) == 1:
        return list(_one_by_one(partitions[0], source, manner, scratch, progress, stop))
    jobs = [
        _Job(partition, manner, scratch / f"{number:05}.parquet")
        for number, partition in enumerate(partitions)
    ]
    drafts: list[Draft] = []
    done = 0
    for job, draft in in_processes(_drafted, jobs, stop=stop, stopped=STOPPED):
        drafts.append(draft)
        done += job.partition.size
        if progress:
            progress(done, sum(partition.size for partition in partitions))
    return drafts


def _repeats(drafts: Sequence[Draft]) -> tuple[Repeats, ...] | None:
    def fetch(share: int, of: int) -> list[Asks]:
        return [share_of(draft.asks(), share, of) for draft in drafts]

    return repeats(sum(draft.asks_told for draft in drafts), fetch)


@dataclass(frozen=True)
class _Job:
    partition: Partition
    manner: Manner
    path: Path


def _drafted(job: _Job) -> Draft:
    """The draft of a partition, in a process of its own."""
    if found := whole_draft(job.path):
        return found
    writer = DraftWriter(job.path, job.manner)
    source = source_of(job.manner.mapping.source)
    for piece, read in canonical_pieces(job.partition, source, job.manner, stop=_never):
        writer.add(piece, read)
    return writer.close()


def _one_by_one(
    partition: Partition,
    source: Source,
    manner: Manner,
    scratch: Path,
    progress: Callable[[int, int], None] | None,
    stop: Callable[[], bool],
) -> Generator[Draft]:
    """The drafts of rows that must be read in their order, each of about PARTITION_ROWS."""
    row = 1
    for number in count():
        draft = whole_draft(scratch / f"{number:05}.parquet")
        if draft is None:
            break
        row = draft.next_row
        yield draft
    writer: DraftWriter | None = None
    for piece, read in canonical_pieces(partition, source, manner, stop=stop, from_row=row):
        writer = writer or DraftWriter(scratch / f"{number:05}.parquet", manner)
        writer.add(piece, read)
        if writer.tally.rows >= PARTITION_ROWS:
            yield writer.close()
            writer, number = None, number + 1
        if progress:
            progress(min(piece.bytes_read, partition.size), partition.size)
    if writer is not None:
        yield writer.close()


def _prompts(parts: Parts, source: Source, stop: Callable[[], bool]) -> PromptsById | None:
    """What was asked, of a batch whose requests lie beside its results."""
    prompts = prompts_for(source) if parts.asked else None
    if prompts is None:
        return None
    for part in parts.asked:
        for chunk in read_chunks(part.place, part.container, part.name):
            if stop():
                raise Cancelled(STOPPED)
            prompts.add(chunk)
    return prompts


def _unjoined(prompts: PromptsById | None, tally: Tally) -> list[str]:
    """What a person should know of results that found no request."""
    if prompts is None:
        return []
    found = []
    missing = tally.kept - tally.with_text
    if missing:
        found.append(f"{missing:,} result(s) have no request of their custom id.")
    if prompts.ambiguous:
        found.append(f"{prompts.ambiguous:,} custom id(s) stand for two different requests.")
    return found


def _never() -> bool:
    return False


def _need_columns(mapping: Mapping, part: Part) -> None:
    if mapping.text or mapping.input_tokens or mapping.total_tokens:
        return
    first = part.first_chunk(1)
    if not len(first):
        raise _no_rows(first.skipped, part.empty, part.name)
    raise BadInput(
        "No column holds the query text or the input tokens",
        where=part.name,
        remedy="Say which column holds the queries",
    )


def need_rows(tally: Tally, empty: str, name: str) -> None:
    """BadInput when no row is a call that went well; `empty` is what to say of no rows at all."""
    if tally.kept:
        return
    if tally.dropped or not (tally.passed_over or tally.failed):
        raise _no_rows(dict(tally.dropped.most_common()), empty, name)
    failed = {f"of status '{status}'": count for status, count in tally.failed.items()}
    left_out = {**failed, **tally.passed_over}
    raise BadInput(
        "No row is a call that went well: "
        + ", ".join(f"{count:,} {why}" for why, count in left_out.items()),
        where=name,
        remedy="Export a period that has calls",
    )


def _no_rows(dropped: Lookup[str, int], empty: str, name: str) -> BadInput:
    rows = sum(dropped.values())
    reasons = ", ".join(f"{count:,} {why}" for why, count in dropped.items())
    return BadInput(
        f"None of the {rows:,} rows can be used: {reasons}" if reasons else empty,
        where=name,
        remedy="Check the column mapping" if reasons else "Export the log again",
    )
