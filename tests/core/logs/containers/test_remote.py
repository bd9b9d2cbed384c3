"""Files by URL: listed in the order of their names, read like files at home."""

import pickle
from importlib import import_module
from pathlib import Path

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from core.errors import BadInput
from core.logs.containers.archive import open_bytes, size_of
from core.logs.containers.remote import is_remote, remote_files


@pytest.mark.parametrize(
    ("word", "remote"),
    [
        ("s3://bucket/log.parquet", True),
        ("gs://bucket/*.parquet", True),
        ("file:///srv/log.csv", True),
        ("postgresql://host/logs", False),
        ("sqlite:///calls.db", False),
        ("log.csv", False),
        ("C://log.csv", False),
    ],
)
def test_file_systems_are_told_from_databases_and_paths(word: str, remote: bool) -> None:
    assert is_remote(word) is remote


def test_a_pattern_and_a_folder_give_their_files_in_order(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "c.txt"):
        (tmp_path / name).write_text(f"q\n{name}\n")
    found = remote_files(f"file://{tmp_path}/*.csv")
    assert [place.name for place in found] == ["a.csv", "b.csv"]
    assert [size_of(place) for place in found] == [8, 8]
    with open_bytes(found[1], "b") as file:
        assert file.read() == b"q\nb.csv\n"
    assert [place.name for place in remote_files(f"file://{tmp_path}")] == [
        "a.csv",
        "b.csv",
        "c.txt",
    ]


def test_another_content_is_another_version(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("q\nhello\n")
    (before,) = remote_files(f"file://{path}")
    path.write_text("q\nhello there\n")
    (after,) = remote_files(f"file://{path}")
    assert before != after


class Far(MemoryFileSystem):  # type: ignore[misc]
    """A file system that needs to be told a host, as HDFS does."""

    protocol = "webhdfs"

    def __init__(self, host: str = "", user: str = "", **more: object) -> None:
        assert host == "nn" and user == "me"
        super().__init__(**more)

    @staticmethod
    def _get_kwargs_from_urls(url: str) -> dict[str, str]:
        return {"host": "nn", "user": "me", "password": "s3cret"}

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return "/" + path.split("://")[-1].split("/", 1)[-1]


def test_the_host_and_the_user_of_a_url_go_along_and_its_password_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(import_module("fsspec.registry")._registry, "webhdfs", Far)
    Far(host="nn", user="me").pipe("/logs/a.csv", b"q\nhello\n")
    (found,) = remote_files("webhdfs://me:s3cret@nn:9870/logs/a.csv")
    with open_bytes(pickle.loads(pickle.dumps(found)), "a") as file:
        assert file.read() == b"q\nhello\n"
    assert "s3cret" not in repr(found)


def test_what_is_not_there_or_cannot_be_reached_is_said_without_secrets(tmp_path: Path) -> None:
    for url, said in (
        (f"file://{tmp_path}/none.csv", "no such file"),
        (f"file://{tmp_path}/*.csv", "matches no file"),
    ):
        with pytest.raises(BadInput, match=said):
            remote_files(url)
    with pytest.raises(BadInput) as found:
        remote_files("hdfs://me:s3cret@nowhere.invalid/log.csv")
    assert "s3cret" not in str(found.value) and "***@nowhere.invalid" in str(found.value)
