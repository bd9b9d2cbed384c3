"""The text column: plain queries as they are, chats as their last user message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.logs import tokens
from core.logs.chat import MESSAGE_TOKENS, REPLY_TOKENS, read_chat, read_reply

_CHAT_SIGN: Final = r"""^\s*[\[{][\s\S]*(role|content|messages|parts|input|prompts?|type)['"]"""


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
        text = pc.if_else(wanted, self.whole, "")
        frame = pc.add(pc.multiply(self.turns, MESSAGE_TOKENS), REPLY_TOKENS)
        total = pc.add(tokens.estimate(text), pc.fill_null(frame, 0))
        return pc.if_else(wanted, total, pa.scalar(None, pa.int64()))


def read_texts(cells: pa.Array) -> Texts:
    """The questions in a column of plain text, of chat JSON, or of both."""
    turns = asked = pa.nulls(len(cells), pa.int64())
    system = tools = pa.nulls(len(cells), pa.string())
    question = whole = cells
    signs = pc.fill_null(pc.match_substring_regex(cells, _CHAT_SIGN), False)
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
    blank = pc.match_substring_regex(question, r"^[\s\x{a0}\x{3000}]*(NaN|nan|null|NULL|None)?\s*$")
    question = pc.if_else(pc.fill_null(blank, True), pa.scalar(None, pa.string()), question)
    chars = pc.fill_null(pc.utf8_length(question), 0)
    return Texts(question, chars, turns, asked, system, tools, whole)


def read_replies(cells: pa.Array) -> pa.Array:
    """The answers' texts, taken out of JSON where the cell is an API response."""
    signs = pc.fill_null(pc.match_substring_regex(cells, r"^\s*[\[{]"), False)
    if not pc.any(signs).as_py():
        return cells
    raw = cells.filter(signs).to_pylist()
    return _replaced(cells, signs, [_or(read_reply(cell), cell) for cell in raw])


def _or(text: str | None, otherwise: str) -> str:
    return otherwise if text is None else text


def _replaced(cells: pa.Array, mask: pa.Array, texts: Sequence[str | None]) -> pa.Array:
    # "\ud83d" escapes in JSON are no UTF-8
    valid = [None if text is None else text.encode("utf-8", "replace") for text in texts]
    return pc.replace_with_mask(cells, mask, pa.array(valid, pa.binary()).cast(pa.string()))
