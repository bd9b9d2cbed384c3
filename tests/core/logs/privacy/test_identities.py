import errno
import stat
from pathlib import Path

import pyarrow as pa
import pytest

from core.errors import BadInput, Hindered
from core.logs.privacy.identities import KEY_BYTES, fingerprints, identity_key, pseudonyms

from ....conftest import Failing, FilesUpTo

KEY = b"k" * KEY_BYTES


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    key = identity_key(folder)
    assert len(key) == KEY_BYTES and identity_key(folder) == key
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert identity_key(tmp_path / "other") != key


@pytest.mark.parametrize("size", [0, 31])
def test_a_key_that_was_cut_short_is_refused(tmp_path: Path, size: int) -> None:
    (tmp_path / ".identity-key").write_bytes(bytes(size))
    with pytest.raises(BadInput, match=f"it has {size} bytes, and a key has 32"):
        identity_key(tmp_path)


def test_a_full_disk_leaves_no_key_and_the_next_try_makes_one(
    tmp_path: Path, files_up_to: FilesUpTo
) -> None:
    with files_up_to(10), pytest.raises(Hindered, match=r"\.identity-key: cannot be written: "):
        identity_key(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert len(identity_key(tmp_path)) == KEY_BYTES


def test_a_key_is_made_where_files_cannot_have_two_names(tmp_path: Path, failing: Failing) -> None:
    with failing("os.link", errno.EPERM):
        key = identity_key(tmp_path)
    assert len(key) == KEY_BYTES and identity_key(tmp_path) == key
    assert len(list(tmp_path.iterdir())) == 1


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
    found = fingerprints(KEY, whose, place, text).to_pylist()
    assert found[0] == found[1]
    assert found[3] is None
    assert len({found[0], found[2], found[4]}) == 3
    turned = fingerprints(KEY, text, place, whose).to_pylist()
    assert turned[2] != found[2], "columns have their places"
    assert fingerprints(b"other" * 8, whose, place, text).to_pylist()[0] != found[0]
