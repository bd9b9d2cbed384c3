import io
import stat
import zipfile
from pathlib import Path

import pytest

from core.errors import BadInput
from core.logs.containers import archive
from core.logs.containers.archive import kind_of, listed, on_disk, open_bytes, size_of


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return path


def test_members_are_named_measured_and_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"x/": b"", "x/one": b"first", "two": b"second"})
    found = listed(path, "a.zip")
    assert [(name, member.size) for name, member in found] == [("x/one", 5), ("two", 6)]
    for (_, member), content in zip(found, (b"first", b"second"), strict=True):
        with open_bytes(member, "a") as file:
            assert file.read() == content
        with on_disk(member, "a") as place:
            assert place.read_bytes() == content and size_of(member) == len(content)
        assert not place.exists()


def test_of_two_members_with_one_name_each_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("a", b"first")
        packed.writestr("a", b"second")
    contents = []
    for _, member in listed(path, "a"):
        with open_bytes(member, "a") as file:
            contents.append(file.read())
    assert contents == [b"first", b"second"]


def test_links_and_hidden_files_are_not_listed(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"__MACOSX/._a": b"x", ".git/b": b"x", "c": b"x"})
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(link, "/etc/passwd")
    assert [name for name, _ in listed(path, "a.zip")] == ["c"]


@pytest.mark.parametrize("name", ["../a", "x/../../a", "..\\a", "/a", "\\a", "c:a", "C:\\a"])
def test_a_name_that_points_outside_spoils_the_archive(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "a.zip", **{"good": b"x", name: b"x"})
    with pytest.raises(BadInput, match=r"a\.zip: The archive holds a name that points outside"):
        listed(path, "a.zip")


def test_names_with_two_dots_inside_are_harmless(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"a..b": b"x", "v1..2/c": b"x"})
    assert [name for name, _ in listed(path, "a.zip")] == ["a..b", "v1..2/c"]


def test_a_bomb_is_told_before_anything_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", a=bytes(archive.BOMB_FREE_BYTES + 1))
    with pytest.raises(BadInput, match=r"unpacks to 52 MB from 0\.1 MB"):
        listed(path, "a.zip")
    small = zipped(tmp_path / "b.zip", a=bytes(archive.BOMB_FREE_BYTES))
    assert len(listed(small, "b.zip")) == 1


def test_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 2)
    path = zipped(tmp_path / "a.zip", a=b"", b=b"", c=b"")
    with pytest.raises(BadInput, match="holds 3 files"):
        listed(path, "a.zip")


def test_workbooks_and_other_documents_are_told_from_archives(tmp_path: Path) -> None:
    kinds = {
        "workbook": {"[Content_Types].xml": b"", "xl/workbook.xml": b""},
        "an Office document": {"[Content_Types].xml": b"", "ppt/a.xml": b""},
        "an OpenDocument file": {"mimetype": b"", "content.xml": b""},
        "archive": {"a.csv": b""},
    }
    for kind, members in kinds.items():
        assert kind_of(zipped(tmp_path / "a", **members), "a") == kind


def test_a_member_with_a_broken_header_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", a=b"content")
    packed = io.BytesIO(path.read_bytes())
    packed.write(b"XX")  # over the member's own signature
    path.write_bytes(packed.getvalue())
    (_, member), *_ = listed(path, "a.zip")
    with pytest.raises(BadInput, match="damaged or ends early"):
        open_bytes(member, "a.zip")
