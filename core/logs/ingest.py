"""A file, or several that are alike, becomes a log folder: `queries.parquet` and `log.json`."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa

from core.errors import BadInput, Cancelled
from core.logs import amounts
from core.logs.attempts import Asks
from core.logs.canonical import Canonical, Circumstances, canonical
from core.logs.completion import complete, fill_outputs, foreseen_fill
from core.logs.containers.archive import size_of
from core.logs.containers.reading import read_chunks
from core.logs.digest import digest_of
from core.logs.facts import facts_of
from core.logs.log import QUERIES, Log, log_folder, open_log, save_facts
from core.logs.mapping import Mapping
from core.logs.parts import Part, Parts, parts_of
from core.logs.pipeline import in_order
from core.logs.privacy.identities import identity_key
from core.logs.query_file import query_writer
from core.logs.sources.generic import GENERIC
from core.logs.sources.joining import PromptsById, joined, prompts_for
from core.logs.sources.registry import source_of
from core.logs.sources.source import Source, Standard
from core.logs.tally import Tally

_MOST_REASONS: Final = 60  # some name a value of the row
_DRAFT: Final = "draft.parquet"


def ingest(
    paths: Path | Sequence[Path],
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
    with tempfile.TemporaryDirectory(dir=folder, prefix=".importing-") as scratch:
        ready = Path(scratch) / digest
        ready.mkdir()
        draft = Path(scratch) / _DRAFT
        tally, asks = Tally(), Asks()
        prompts = _prompts(parts, source, stop)
        if prompts is not None:
            source = joined(source, prompts)
        _read(
            parts, source, mapping, draft, tally, asks,
            now=now, keep_text=keep_text, key=identity_key(folder),
            progress=progress, stop=stop,
        )  # fmt: skip
        _need_rows(tally, parts, name)
        done = complete(
            draft, ready / QUERIES, tally, asks.attempts(),
            now=now, aggregate=source.kind == "aggregate",
            prefilled=foreseen_fill(mapping) if source is GENERIC else None,
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


def _read(
    parts: Parts,
    source: Source,
    mapping: Mapping,
    draft: Path,
    tally: Tally,
    asks: Asks,
    *,
    now: datetime,
    keep_text: bool,
    key: bytes,
    progress: Callable[[int, int], None] | None,
    stop: Callable[[], bool],
) -> None:
    """Write the canonical rows to `draft`, and count them in `tally`."""

    def pieces() -> Generator[_Piece]:
        columns = mapping.columns() if source is GENERIC else None
        first_row, before = 1, 0
        for part in parts.parts:
            dialect = part.container.dialect
            comma = dialect is not None and dialect.delimiter == ";"
            for chunk in read_chunks(part.place, part.container, part.name, columns=columns):
                if stop():
                    raise Cancelled("The import was stopped; nothing was kept.")
                if comma and source is not GENERIC and isinstance(chunk.content, pa.Table):
                    chunk = replace(chunk, content=amounts.with_points(chunk.content))
                standard = source.standard(chunk, mapping)
                if source is GENERIC:
                    _need_mapped(mapping, standard.rows, part.name)
                around = Circumstances(
                    first_row, now, comma, keep_text, aggregate=source.kind == "aggregate", key=key
                )
                yield _Piece(standard, around, chunk.skipped, before + chunk.bytes_read)
                first_row += len(chunk)
            before += size_of(part.place)

    fill = foreseen_fill(mapping) if source is GENERIC else None
    with query_writer(draft) as writer:
        for piece, read in in_order(_canonical, pieces()):
            for reasons in (piece.skipped, piece.standard.dropped, read.dropped):
                tally.skip(_worded(reasons, tally.dropped))
            tally.passed_over.update(_worded(piece.standard.passed_over, tally.passed_over))
            for doubts in (piece.standard.doubts, read.doubts):
                tally.doubts.update(_worded(doubts, tally.doubts))
            tally.redactions.update(read.redactions)
            if read.rows.num_rows:
                asks.add(read.rows, read.asks)
                tally.add(read.rows, now)
                writer.write_table(fill_outputs(read.rows, fill) if fill else read.rows)
            if progress:
                progress(min(piece.bytes_read, parts.size), parts.size)


@dataclass(frozen=True)
class _Piece:
    """A chunk as its source reads it, before its rows are canonical."""

    standard: Standard
    around: Circumstances
    skipped: Lookup[str, int]
    bytes_read: int


def _canonical(piece: _Piece) -> Canonical:
    return canonical(piece.standard.rows, piece.standard.mapping, piece.around)


def _worded(found: Lookup[str, int], known: Lookup[str, int]) -> dict[str, int]:
    """The reasons as they can be stored: valid text, and "other" when a log has ever new ones."""
    worded: Counter[str] = Counter()
    for reason, count in found.items():
        words = reason.encode("utf-8", "replace").decode()
        is_new = words not in known and words not in worded
        many = is_new and len(known) + len(worded) >= _MOST_REASONS
        worded["other" if many else words] += count
    return worded


def _prompts(parts: Parts, source: Source, stop: Callable[[], bool]) -> PromptsById | None:
    """What was asked, of a batch whose requests lie beside its results."""
    prompts = prompts_for(source) if parts.asked else None
    if prompts is None:
        return None
    for part in parts.asked:
        for chunk in read_chunks(part.place, part.container, part.name):
            if stop():
                raise Cancelled("The import was stopped; nothing was kept.")
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


def _need_mapped(mapping: Mapping, rows: pa.Table, name: str) -> None:
    absent = sorted(mapping.columns() - set(rows.column_names))
    if absent:
        raise BadInput(
            f"The file has no column {', '.join(map(repr, absent))}",
            where=name,
            remedy="Map the columns again",
        )


def _need_rows(tally: Tally, parts: Parts, name: str) -> None:
    if tally.kept:
        return
    if tally.dropped or not (tally.passed_over or tally.failed):
        raise _no_rows(dict(tally.dropped.most_common()), parts.parts[0].empty, name)
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
