"""Files of other file systems (S3, GCS, Azure, HDFS), by URL, through fsspec."""

from __future__ import annotations

import re
from typing import Final

from core.errors import BadInput
from core.logs.containers.archive import Remote

SCHEMES: Final = (
    "s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "hdfs", "webhdfs", "file",
)  # fmt: skip
_SCHEME: Final = re.compile(r"([A-Za-z][\w+.-]*)://")
_SECRET: Final = re.compile(r"//[^/@\s]*@")  # credentials in a URL
_INSTALL: Final = "Run `pip install 'tierwise[cluster]'`"


def is_remote(word: str) -> bool:
    """Whether that is the URL of a file, rather than of a database, or a path."""
    found = _SCHEME.match(word)
    return found is not None and found[1].lower() in SCHEMES


def remote_files(url: str) -> list[Remote]:
    """The file behind a URL, or those that its pattern or folder names, in order of their names.

    BadInput when there is none, or when it cannot be reached.
    """
    where = _SECRET.sub("//***@", url)
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise BadInput("fsspec is not installed", where=where, remedy=_INSTALL) from error
    try:
        system, path = url_to_fs(url)
        if any(sign in path for sign in "*?["):
            found = system.glob(path, detail=True)
        elif system.isdir(path):
            found = system.find(path, detail=True)
        else:
            found = {path: system.info(path)}
        called = system.to_json(include_password=False)
        files = [
            Remote(
                url=_SECRET.sub("//***@", system.unstrip_protocol(name)),
                size=int(facts["size"] or 0),
                version=str(system.ukey(name)),
                system=called,
                path=name,
            )
            for name, facts in sorted(found.items())
            if facts.get("type") != "directory"
        ]
    except FileNotFoundError as error:
        raise BadInput("no such file", where=where, remedy="Check the URL") from error
    except ImportError as error:  # its message names the package, such as s3fs
        raise BadInput(
            str(error), where=where, remedy="Install that package beside Tierwise"
        ) from error
    except Exception as error:  # every file system has errors of its own
        raise BadInput(
            f"cannot be reached ({type(error).__name__})",
            where=where,
            remedy="Check the URL, the network and your credentials",
        ) from error
    if not files:
        raise BadInput("matches no file", where=where, remedy="Check the URL")
    return files
