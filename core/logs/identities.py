"""Who asked, as a keyed hash: the same person in every log of this installation, nobody outside."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

KEY_BYTES: Final = 32
_KEY_FILE: Final = ".identity-key"
_NOBODY: Final = r"(?i)^\s*(nan|null|none|n/?a|default_user_id|-)?\s*$"


def identity_key(folder: Path) -> bytes:
    """The key of the logs in a folder, made at first use and readable by its owner only."""
    file = folder / _KEY_FILE
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with open(file, "xb", opener=_private) as new:
            new.write(secrets.token_bytes(KEY_BYTES))
    except FileExistsError:
        pass
    return file.read_bytes()


def pseudonyms(names: pa.Array, key: bytes) -> pa.Array:
    """16 hex digits per name, null where there is none; not reversible without the key."""
    nobody = pc.fill_null(pc.match_substring_regex(names, _NOBODY), True)
    coded = pc.if_else(nobody, pa.scalar(None, pa.string()), names).dictionary_encode()
    hashed = [
        hashlib.blake2b(name.encode(), key=key, digest_size=8).hexdigest()
        for name in coded.dictionary.to_pylist()
    ]
    return pa.array(hashed, pa.string()).take(coded.indices)


def fingerprints(texts: pa.Array, key: bytes) -> pa.Array:
    """A keyed 64-bit number per text (SipHash), null for null: equal texts, equal numbers."""
    filled = pc.fill_null(texts, "").to_pandas().to_numpy(dtype=object)
    numbers = pd.util.hash_array(filled, hash_key=key.hex()[:16], categorize=True)
    return pc.if_else(
        pc.is_valid(texts), pa.array(numbers.view("int64")), pa.scalar(None, pa.int64())
    )


def _private(path: str, flags: int) -> int:
    import os

    return os.open(path, flags, 0o600)
