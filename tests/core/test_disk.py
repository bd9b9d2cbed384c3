"""A file is written whole or not at all, and a full or closed disk is said in plain words."""

import errno
import fcntl
import os
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.disk import hindered, reason_against, whole, write_whole
from core.errors import Hindered
from core.places import home

from ..conftest import Failing


def test_what_was_written_is_there_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "notes.json"
    write_whole(file, "grüße\r\n")
    write_whole(file, b"later\n")
    assert file.read_bytes() == b"later\n" and list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full. Make room there"),
        (errno.EDQUOT, "the disk quota is used up. Make room there"),
        (errno.EROFS, "the disk can only be read. Let this user write there"),
        (errno.EACCES, "this user is not allowed to. Let this user write there"),
        (errno.EMFILE, "too many files are open. Wait"),
        (errno.EIO, "the disk reports an error. Look after that disk"),
        (errno.ENOMEM, "short of memory, or of processes. Wait"),
    ],
)
def test_a_disk_that_refuses_is_said_in_plain_words_and_the_earlier_file_stays(
    tmp_path: Path, number: int, said: str
) -> None:
    file = tmp_path / "notes.json"
    write_whole(file, "before")
    with pytest.raises(Hindered) as told, whole(file) as unfinished:
        unfinished.write_text("half of wha")
        raise OSError(number, os.strerror(number))
    assert str(told.value).startswith(f"{file}: cannot be written: {said}")
    assert file.read_text() == "before" and list(tmp_path.iterdir()) == [file]
    write_whole(file, "after")
    assert file.read_text() == "after"


def test_a_disk_that_is_full_at_the_very_end_leaves_the_earlier_file(
    tmp_path: Path, failing: Failing
) -> None:
    file = tmp_path / "notes.json"
    write_whole(file, "before")
    with failing("os.fsync", errno.ENOSPC), pytest.raises(Hindered, match="the disk is full"):
        write_whole(file, "after")
    assert file.read_text() == "before" and list(tmp_path.iterdir()) == [file]


def test_an_error_of_whoever_writes_leaves_nothing_unfinished(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), whole(tmp_path / "notes.json") as unfinished:
        unfinished.write_text("half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_what_is_amiss_with_another_file_is_not_blamed_on_the_one_that_is_written(
    tmp_path: Path,
) -> None:
    with pytest.raises(FileNotFoundError), whole(tmp_path / "notes.json"):
        (tmp_path / "no such file").read_text()
    with pytest.raises(Hindered, match=r"nowhere/notes\.json: cannot be written: No such file"):
        write_whole(tmp_path / "nowhere" / "notes.json", "new")
    assert list(tmp_path.iterdir()) == []


def test_what_is_settled_may_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows flushes no file that was opened to be read; and the rights come last."""
    file, settled = tmp_path / "notes.json", []
    file.touch(mode=0o400)

    def fsync(number: int) -> None:
        settled.append((fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE, os.fstat(number)))

    monkeypatch.setattr(os, "fsync", fsync)
    write_whole(file, "new")
    ((access, before),) = settled
    assert access == os.O_RDWR and before.st_mode & stat.S_IWUSR
    assert stat.S_IMODE(file.stat().st_mode) == 0o400


def test_two_who_write_the_same_file_at_once_do_not_mix(tmp_path: Path) -> None:
    file = tmp_path / "notes.json"
    with whole(file) as first, whole(file) as second:
        first.write_text("first")
        second.write_text("second")
    assert file.read_text() == "first"  # which ended last


def test_the_file_behind_a_link_is_written_and_keeps_its_rights(tmp_path: Path) -> None:
    kept, link = tmp_path / "kept.json", tmp_path / "link.json"
    kept.touch(mode=0o640)
    link.symlink_to(kept)
    write_whole(link, "new")
    assert link.is_symlink() and kept.read_text() == "new"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, "through")
    assert os.read(reader, 20) == b"through" and pipe.is_fifo()
    os.close(reader)


def test_an_error_names_its_file_where_nobody_says_which() -> None:
    error = FileNotFoundError(errno.ENOENT, "No such file or directory", "/nowhere/log.csv")
    assert str(hindered(error)) == (
        "/nowhere/log.csv: No such file or directory. Check that place, then try again."
    )
    assert str(hindered(OSError(errno.EAGAIN, "fork"))).startswith("this machine: short of memory")
    assert str(hindered(OSError("odd"))) == (
        "the local disk: odd. Check that place, then try again."
    )


def test_a_home_that_cannot_be_made_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TIERWISE_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(Hindered, match=r"file/home: cannot be written: "):
        home()


def test_a_folder_that_takes_a_file_has_nothing_against_it(tmp_path: Path) -> None:
    assert reason_against(tmp_path) == "" and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EROFS, "the disk can only be read"), (errno.ENOSPC, "the disk is full")],
)
def test_a_folder_that_takes_no_file_says_why(
    tmp_path: Path, failing: Failing, number: int, said: str
) -> None:
    with failing("pathlib.Path.write_bytes", number):
        assert reason_against(tmp_path) == said


def test_a_folder_with_hardly_any_room_counts_as_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    little = SimpleNamespace(free=1 << 19)
    monkeypatch.setattr("core.disk.shutil.disk_usage", lambda folder: little)
    assert reason_against(tmp_path) == "the disk is full"
