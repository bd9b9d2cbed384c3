"""Who asked, as a keyed hash: the same person in every log of this installation, nobody outside."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pandas.util import hash_array

from core.disk import writing
from core.errors import BadInput

KEY_BYTES: Final = 32
_KEY_FILE: Final = ".identity-key"
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: spreads all bits
_NOBODY: Final = r"(?i)^\s*(nan|null|none|n/?a|default_user_id|-)?\s*$"


def identity_key(folder: Path) -> bytes:
    """The key of the logs in a folder, made at first use and readable by its owner only.

    Hindered where it cannot be written; BadInput where what lies there is no such key, for
    hashes by a shorter one could be guessed.
    """
    file = folder / _KEY_FILE
    if not file.exists():
        with writing(file):
            folder.mkdir(parents=True, exist_ok=True)
            _make_key(folder, file)
    key = file.read_bytes()
    if len(key) != KEY_BYTES:
        raise BadInput(
            f"it has {len(key)} bytes, and a key has {KEY_BYTES}",
            where=str(file),
            remedy="Bring it back from a backup; without one delete it, and users in logs read "
            "from then on have other hashes than before",
        )
    return key


def _make_key(folder: Path, file: Path) -> None:
    handle, draft = tempfile.mkstemp(dir=folder, prefix=_KEY_FILE)  # readable by us only
    try:
        with open(handle, "wb") as new:
            new.write(secrets.token_bytes(KEY_BYTES))
            new.flush()
            os.fsync(new.fileno())
        with contextlib.suppress(FileExistsError):  # another import was faster
            _name(draft, file)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)


def _name(draft: str, file: Path) -> None:
    """Gives the draft its name unless there is such a file."""
    try:
        os.link(draft, file)
    except FileExistsError:
        raise
    except OSError:  # a file system without second names: here of two imports the later one wins
        os.rename(draft, file)


def pseudonyms(names: pa.Array, key: bytes) -> pa.Array:
    """16 hex digits per name, null where there is none; not reversible without the key."""
    coded = names.dictionary_encode()
    nobody = pc.match_substring_regex(coded.dictionary, _NOBODY).to_pylist()
    hashed = [
        None if no else hashlib.blake2b(name.encode(), key=key, digest_size=8).hexdigest()
        for name, no in zip(coded.dictionary.to_pylist(), nobody, strict=True)
    ]
    return pa.array(hashed, pa.string()).take(coded.indices)


def fingerprints(key: bytes, *columns: pa.Array) -> pa.Array:
    """A keyed 64-bit number per row of strings or numbers, null where one of them is null.

    Equal rows have equal numbers, in every process that knows the key.
    """
    mixed = np.zeros(len(columns[0]), dtype=np.uint64)
    known = np.ones(len(mixed), dtype=np.bool_)
    for column in columns:
        mixed = (mixed ^ _hashed(column, key)) * _ODD
        mixed ^= mixed >> np.uint64(32)
        known &= column.is_valid().to_numpy(zero_copy_only=False)
    return pa.array(mixed.view(np.int64), mask=~known)


def _hashed(column: pa.Array, key: bytes) -> npt.NDArray[np.uint64]:
    if not pa.types.is_string(column.type):
        return np.asarray(hash_array(pc.fill_null(column, 0).to_numpy()), dtype=np.uint64)
    values = pc.fill_null(column, "").cast(pa.binary())  # bytes: nothing to decode
    objects = np.empty(len(values), dtype=np.object_)
    objects[:] = values.to_pylist()
    siphash_key = key.hex()[:16].ljust(16, "0")
    return np.asarray(hash_array(objects, hash_key=siphash_key, categorize=False), dtype=np.uint64)
