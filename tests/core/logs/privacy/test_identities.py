import stat
from pathlib import Path

import pyarrow as pa

from core.logs.privacy.identities import KEY_BYTES, fingerprints, identity_key, pseudonyms


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    key = identity_key(folder)
    assert len(key) == KEY_BYTES and identity_key(folder) == key
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert identity_key(tmp_path / "other") != key


def test_the_same_name_has_the_same_hash_and_nobody_has_none() -> None:
    names = pa.array(["ann", "ben", "ann", None, "", " NaN ", "default_user_id"])
    found = pseudonyms(names, b"key").to_pylist()
    assert found[0] == found[2] != found[1]
    assert found[3:] == [None] * 4
    assert all(len(name) == 16 and int(name, 16) >= 0 for name in found[:3])
    assert pseudonyms(names, b"other key").to_pylist()[0] != found[0]


def test_equal_rows_have_equal_fingerprints_and_others_do_not() -> None:
    whose = pa.array(["ann", "ann", "ben", None, "ann"])
    place = pa.array([1, 1, 1, 1, 2])
    text = pa.array(["a", "a", "a", "a", "a"])
    found = fingerprints(whose, place, text).to_pylist()
    assert found[0] == found[1]
    assert found[3] is None
    assert len({found[0], found[2], found[4]}) == 3
    assert fingerprints(text, place, whose).to_pylist()[2] != found[2], "columns have their places"
