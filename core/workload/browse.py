"""Single queries of a sorted log to look at: by tier and by words in the text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.complexity.classifier import Classifier
from core.complexity.scale import TIERS, Tier
from core.complexity.sorting import usual_tiers
from core.workload.learning import placing_of
from core.workload.notes import Notes
from core.workload.placing import named
from core.workload.scores import basis_of, scored_batches, scores_file

_NEEDED: Final = [
    "request_id", "segment", "text_chars", "text", "status", "input_tokens", "output_tokens",
]  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One query: its redacted text, or its sizes in a log without text, and where it was sorted."""

    request_id: str
    segment: str | None
    text: str
    tier: Tier
    corrected: bool


@dataclass(frozen=True)
class Hits:
    """The queries shown, and how many there are in all."""

    rows: tuple[Found, ...]
    total: int


def find_queries(
    folder: Path, classifier: Classifier, notes: Notes, tier: Tier, words: str, *, limit: int
) -> Hits:
    """Queries of a tier whose text holds `words` (any case); corrected ones come first."""
    wanted = TIERS.index(tier)
    matches: list[pa.Table] = []
    scores = scores_file(folder, classifier)
    classifier = classifier.on(basis_of(scores))
    placing = placing_of(folder, classifier, notes)
    for batch, score in scored_batches(
        folder / "queries.parquet", scores, _NEEDED, topics=placing.learned is not None
    ):
        placed = placing.place(batch, score).binned()
        tiers = usual_tiers(classifier, placed.difficulty, placed.lever)
        here = pa.array(tiers == wanted)
        here = pc.and_(here, pc.equal(batch.column("status"), "ok"))
        if classifier.basis != "size":
            here = pc.and_(here, batch.column("text").is_valid())
        if words.strip():
            has = pc.match_substring(batch.column("text"), words.strip(), ignore_case=True)
            here = pc.and_(here, pc.fill_null(has, False))
        shown = pa.table(batch).set_column(1, "segment", named(placed.segment))
        matches.append(shown.filter(here))
    found = pa.concat_tables(matches)
    own = pc.is_in(found["request_id"], pa.array(list(notes.corrections), pa.string()))
    first = found.filter(own)
    rest = found.filter(pc.invert(own))
    shown = min(limit, len(rest))
    places = np.arange(shown) * len(rest) // max(shown, 1)  # from all over the log
    rows = pa.concat_tables([first, rest.take(pa.array(places))]).slice(0, limit)
    return Hits(
        rows=tuple(
            Found(
                row["request_id"],
                row["segment"],
                row["text"] or _sizes(row["input_tokens"], row["output_tokens"]),
                tier,
                row["request_id"] in notes.corrections,
            )
            for row in rows.to_pylist()
        ),
        total=len(found),
    )


def _sizes(input_tokens: int | None, output_tokens: int | None) -> str:
    read, written = (
        "unknown" if count is None else f"{count:,}" for count in (input_tokens, output_tokens)
    )
    return f"(no text) tokens in: {read}, out: {written}"
