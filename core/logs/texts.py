"""The text column: plain queries as they are, chats as their last user message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.logs import tokens
from core.logs.chat.reading import MESSAGE_TOKENS, REPLY_TOKENS, read_chat, read_reply
from core.logs.packed import packed
from core.logs.privacy.signs import matches

_CHAT_SIGN: Final = r"""^\s*[\[{][\s\S]*(role|content|messages|parts|input|prompts?|type)['"]"""

_BLANK: Final = r"^[\s\x{a0}\x{3000}]*(NaN|nan|null|NULL|None)?\s*$"
_BLANKS: Final = b"\0 \t\n\f\r"  # 0: an empty cell
_WIDE_BLANKS: Final = b"\xc2\xe3"  # how a no-break and an ideographic blank begin


@dataclass(frozen=True)
class Texts:
    """Per row: the question (null when there is none), its length, and what a chat adds.

    `turns`, `asked` (messages of the user), `system` and `tools` are null for plain texts;
    `whole` is the text of the entire request.
    """

    question: pa.Array
    chars: pa.Array
    turns: pa.Array
    asked: pa.Array
    system: pa.Array
    tools: pa.Array
    whole: pa.Array

    def estimated_tokens(self, needed: pa.Array) -> pa.Array:
        """Estimated input tokens where `needed` and there is a question, else null."""
        wanted = pc.and_(needed, pc.is_valid(self.question))
        text = self.whole if pc.all(wanted).as_py() else pc.if_else(wanted, self.whole, "")
        frame = pc.add(pc.multiply(self.turns, MESSAGE_TOKENS), REPLY_TOKENS)
        total = pc.add(tokens.count(text), pc.fill_null(frame, 0))
        return pc.if_else(wanted, total, pa.scalar(None, pa.int64()))


def read_texts(cells: pa.Array) -> Texts:
    """The questions in a column of plain text, of chat JSON, or of both."""
    turns = asked = pa.nulls(len(cells), pa.int64())
    system = tools = pa.nulls(len(cells), pa.string())
    question = whole = cells
    signs = _found(cells, _CHAT_SIGN, starts=b"[{")
    if pc.any(signs).as_py():
        chats = [read_chat(cell) for cell in cells.filter(signs).to_pylist()]
        is_chat = pc.replace_with_mask(signs, signs, pa.array([c is not None for c in chats]))
        found = [c for c in chats if c is not None]
        question = _replaced(cells, is_chat, [c.question for c in found])
        whole = _replaced(cells, is_chat, [c.whole for c in found])
        turns = pc.replace_with_mask(turns, is_chat, pa.array([c.turns for c in found], pa.int64()))
        asked = pc.replace_with_mask(asked, is_chat, pa.array([c.asked for c in found], pa.int64()))
        system = _replaced(system, is_chat, [c.system or None for c in found])
        tools = _replaced(tools, is_chat, [", ".join(c.tools) or None for c in found])
    blank = _found(question, _BLANK, starts=_WIDE_BLANKS, short=4)
    if pc.any(blank).as_py():
        question = pc.if_else(blank, pa.scalar(None, pa.string()), question)
    chars = pc.fill_null(pc.utf8_length(question), 0)
    return Texts(question, chars, turns, asked, system, tools, whole)


def read_replies(cells: pa.Array) -> pa.Array:
    """The answers' texts, taken out of JSON where the cell is an API response."""
    signs = _found(cells, r"^\s*[\[{]", starts=b"[{")
    if not pc.any(signs).as_py():
        return cells
    raw = cells.filter(signs).to_pylist()
    return _replaced(cells, signs, [_or(read_reply(cell), cell) for cell in raw])


def _found(cells: pa.Array, pattern: str, *, starts: bytes, short: int = 0) -> pa.Array:
    """Where an RE2 pattern is found that begins with a blank or one of `starts`.

    Cells of at most `short` bytes are looked at whatever they begin with. Most texts begin
    with a letter and need no more than that look.
    """
    strings = packed(cells)
    first = np.frombuffer(_BLANKS + starts, dtype=np.uint8)
    likely = np.isin(strings.first_bytes(), first) | (strings.lengths <= short)
    if not likely.any():
        return pa.repeat(False, len(cells))
    found = np.zeros(len(cells), dtype=np.bool_)
    mask = pa.array(likely)
    found[likely] = matches(cells.filter(mask), pattern)
    return pa.array(found)


def _or(text: str | None, otherwise: str) -> str:
    return otherwise if text is None else text


def _replaced(cells: pa.Array, mask: pa.Array, texts: Sequence[str | None]) -> pa.Array:
    # "\ud83d" escapes in JSON are no UTF-8
    valid = [None if text is None else text.encode("utf-8", "replace") for text in texts]
    return pc.replace_with_mask(cells, mask, pa.array(valid, pa.binary()).cast(pa.string()))
