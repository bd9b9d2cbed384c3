"""A batch's requests and its results lie in two files; their custom ids make them one log."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import pyarrow as pa

from core.errors import BadInput
from core.logs.containers.chunk import Chunk
from core.logs.mapping import Mapping as ColumnMapping
from core.logs.sources.anthropic_batch import ANTHROPIC_BATCH, ANTHROPIC_BATCH_INPUT
from core.logs.sources.openai_batch import HALF_PRICE, OPENAI_BATCH_INPUT, OPENAI_BATCH_OUTPUT
from core.logs.sources.source import Source, Standard

MAX_REQUESTS: Final = 2_000_000
MAX_BYTES: Final = 512 << 20  # of packed prompts in memory

# the source of the results -> the source of the requests that they answer
ASKED_IN: Final[Mapping[str, Source]] = {
    OPENAI_BATCH_OUTPUT.id: OPENAI_BATCH_INPUT,
    ANTHROPIC_BATCH.id: ANTHROPIC_BATCH_INPUT,
}


@dataclass
class PromptsById:
    """The prompts of a batch by custom id, to be filled from the files of its requests.

    An id that stands for two different prompts tells nothing: `text` gives None for it.
    """

    source: Source  # of the requests
    ambiguous: int = 0
    _prompts: dict[str, bytes | None] = field(default_factory=dict)
    _bytes: int = 0

    def __len__(self) -> int:
        return len(self._prompts)

    def add(self, chunk: Chunk) -> None:
        """Take in a piece of a file; BadInput beyond MAX_REQUESTS or MAX_BYTES."""
        rows = self.source.standard(chunk, self.source.mapping()).rows
        pairs = zip(rows["request_id"].to_pylist(), rows["text"].to_pylist(), strict=True)
        for custom_id, text in pairs:
            if custom_id is not None and text is not None:
                self._keep(custom_id, zlib.compress(text.encode(), 1))
        if len(self) > MAX_REQUESTS or self._bytes > MAX_BYTES:
            raise BadInput(
                f"There are more than {MAX_REQUESTS:,} requests, or more than "
                f"{MAX_BYTES >> 20:,} MB of prompts, to join with their results",
                remedy="Read one batch at a time",
            )

    def text(self, custom_id: str | None) -> str | None:
        """The prompt as plain text or chat JSON; None when nothing or no single one is known."""
        found = None if custom_id is None else self._prompts.get(custom_id)
        return None if found is None else zlib.decompress(found).decode()

    def _keep(self, custom_id: str, prompt: bytes) -> None:
        if custom_id not in self._prompts:
            self._prompts[custom_id] = prompt
            self._bytes += len(prompt)
        elif self._prompts[custom_id] not in (prompt, None):
            self._prompts[custom_id] = None
            self.ambiguous += 1


def prompts_for(results: Source) -> PromptsById | None:
    """An empty index for the requests that such results answer; None for any other source."""
    requests = ASKED_IN.get(results.id)
    return PromptsById(requests) if requests else None


def joined(results: Source, prompts: PromptsById) -> Source:
    """The source of the results, whose calls now have the prompts of the same custom ids."""

    def standard(chunk: Chunk, mapping: ColumnMapping) -> Standard:
        found = results.standard(chunk, mapping)
        texts = [prompts.text(custom_id) for custom_id in found.rows["request_id"].to_pylist()]
        place = found.rows.column_names.index("text")
        return replace(
            found, rows=found.rows.set_column(place, "text", pa.array(texts, pa.string()))
        )

    return replace(results, standard=standard, notes=(HALF_PRICE,))
