"""Rows of somebody's database as a file: one SELECT, by URL, and nothing is written there."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote_plus

from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from core.errors import BadInput
from core.store.result_file import write_rows

_WHERE: Final = "the database URL"
_HOW: Final = "Write it like postgresql+psycopg://user:password@host/database, with --query"
_ASK: Final = "Say which rows are the log: --query 'SELECT * FROM calls'"
_CONNECT_SECONDS: Final = 10
_PATIENT: Final = ("psycopg", "psycopg2", "pymysql", "mysqldb")  # drivers that know the option
_PACKAGES: Final = {
    "postgresql": "psycopg[binary]", "mysql": "pymysql", "mariadb": "pymysql",
    "mssql": "pyodbc", "oracle": "oracledb", "duckdb": "duckdb-engine",
    "snowflake": "snowflake-sqlalchemy", "bigquery": "sqlalchemy-bigquery",
    "redshift": "sqlalchemy-redshift", "clickhouse": "clickhouse-sqlalchemy",
    "databricks": "databricks-sqlalchemy", "trino": "trino[sqlalchemy]", "athena": "PyAthena",
    "awsathena": "PyAthena",
}  # fmt: skip
_MODULES: Final = {
    "psycopg": "psycopg[binary]", "psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient",
}  # fmt: skip
# what is no code: literals, quoted names and comments
_PASSIVE: Final = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|/\*[\s\S]*?\*/"""
)
_WRITING: Final = re.compile(r"\b(insert|update|delete|merge|into)\b", re.IGNORECASE)


@dataclass(frozen=True)
class DatabaseLog:
    """Where the rows are: a database and a statement (None: its only table), or a SQLite file.

    `name` is what people call it; it never holds the password.
    """

    url: URL
    sql: str | None
    name: str
    file: Path | None = None


def database_log(address: str, query: str | None) -> DatabaseLog:
    """The log behind a SQLAlchemy URL, with its statement beside it or as `?query=` inside.

    BadInput when the URL is none or the statement could change something.
    """
    address, _, inside = _parted(address)
    if query is not None and inside:
        raise BadInput("there are two queries", where="--query", remedy="Give one of them")
    url = _url(address)
    name = url.set(query={}).render_as_string(hide_password=True)
    sql = query if query is not None else inside or None
    if sql is not None:
        sql = _one_select(sql)
    if url.get_backend_name() != "sqlite":
        return DatabaseLog(url, sql, name)
    file = Path(url.database or "")
    if not url.database or not file.is_file():
        raise BadInput("there is no such SQLite file", where=name, remedy="Check the path")
    return DatabaseLog(url, sql, name, file if sql is None else None)


def fetch(log: DatabaseLog, target: Path) -> None:
    """Write the rows to a new Parquet file of texts that only its owner may read.

    The rows come in pieces; the transaction is read-only where the driver can promise it, and
    is rolled back in any case. BadInput tells what the database said, without the password.
    """
    engine = _engine(log)
    try:
        with engine.connect() as connection:
            _promise_to_read(connection)
            sql = log.sql or _only_table(engine, connection, log.name)
            options = {"no_parameters": True, "stream_results": True}
            rows = connection.exec_driver_sql(sql, execution_options=options)
            write_rows(rows, target)
            connection.rollback()
    except (SQLAlchemyError, ImportError, OSError, ValueError, TypeError) as error:
        raise BadInput(
            f"The database said no: {_said(error, log.url)}",
            where=log.name,
            remedy="Check the address, the rights and the query",
        ) from error
    finally:
        engine.dispose()


def _parted(address: str) -> tuple[str, str, str]:
    """The URL without its query, and the query: what follows "query=", to the end.

    A query with blanks is taken as it stands, another one as URLs are encoded.
    """
    found = re.search(r"[?&]query=", address)
    if not found:
        return address, "", ""
    sql, rest = address[found.end() :], ""
    if not re.search(r"\s", sql):
        sql, _, rest = sql.partition("&")
        sql = unquote_plus(sql)
    before = address[: found.start()]
    joint = "&" if "?" in before else "?"
    return before + (joint + rest if rest else ""), joint, sql


def _url(address: str) -> URL:
    if address.startswith("postgres://"):  # the old name, which many services still hand out
        address = address.replace("postgres", "postgresql", 1)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise BadInput("it cannot be understood", where=_WHERE, remedy=_HOW) from error
    if "@" in (url.host or ""):
        raise BadInput("its password holds an '@'", where=_WHERE, remedy="Write %40 instead")
    return url


def _one_select(sql: str) -> str:
    """The statement without a last semicolon; BadInput unless it is one that only reads."""
    code = _PASSIVE.sub(" ", sql).strip()
    if code.endswith(";"):
        code = code.rstrip("; \t\r\n")
        sql = sql.rstrip().rstrip("; \t\r\n")
    first = re.match(r"[(\s]*(\w+)", code)
    if first is None or first[1].lower() not in ("select", "with"):
        raise BadInput("the query is no SELECT", where="--query", remedy=_ASK)
    if ";" in code:
        raise BadInput("there is more than one statement", where="--query", remedy=_ASK)
    if writing := _WRITING.search(code):
        raise BadInput(
            f"the query says {writing[1].upper()}, and only reading is allowed",
            where="--query",
            remedy="If it is the name of a column, put it in quotation marks",
        )
    return sql


def _engine(log: DatabaseLog) -> Engine:
    backend = log.url.get_backend_name()
    choices: dict[str, Any] = {}
    if backend == "sqlite":
        choices["creator"] = lambda: _sqlite(Path(log.url.database or ""))
    elif backend == "duckdb":
        choices["connect_args"] = {"read_only": True}
    try:
        if _driver(log.url) in _PATIENT and "connect_timeout" not in log.url.query:
            choices["connect_args"] = {"connect_timeout": _CONNECT_SECONDS}
        url = log.url.set(query={}) if backend == "sqlite" else log.url
        return create_engine(url, **choices)
    except NoSuchModuleError as error:
        package = _PACKAGES.get(backend)
        raise BadInput(
            f"no driver for '{log.url.drivername}' is installed",
            where=log.name,
            remedy=f"pip install '{package}'" if package else _HOW,
        ) from error
    except ImportError as error:
        module = (error.name or _driver(log.url)).partition(".")[0]
        raise BadInput(
            f"its driver '{module}' is not installed",
            where=log.name,
            remedy=f"pip install '{_MODULES.get(module, module)}'",
        ) from error
    except (SQLAlchemyError, ValueError, TypeError) as error:
        raise BadInput("it cannot be understood", where=log.name, remedy=_HOW) from error


def _sqlite(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return connection


def _driver(url: URL) -> str:
    return url.get_driver_name()


def _promise_to_read(connection: Connection) -> None:
    backend = connection.dialect.name
    if backend == "postgresql":
        connection.execution_options(postgresql_readonly=True)
    elif backend in ("mysql", "mariadb"):
        connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
        connection.commit()
    elif backend == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")


def _only_table(engine: Engine, connection: Connection, name: str) -> str:
    tables = inspect(connection).get_table_names()
    if len(tables) != 1:
        shown = ", ".join(tables[:8]) + (", ..." if len(tables) > 8 else "")
        raise BadInput(
            f"The database has {len(tables)} tables ({shown})" if tables else "It has no tables",
            where=name,
            remedy=_ASK,
        )
    return f"SELECT * FROM {engine.dialect.identifier_preparer.quote(tables[0])}"


def _said(error: Exception, url: URL) -> str:
    """What a driver said, in one line, unless it would give a secret away."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    words = " ".join(str(cause).split())[:300]
    secrets = [str(url.password or ""), *(str(value) for value in url.query.values())]
    leaks = any(secret and form in words for secret in secrets for form in (secret, quote(secret)))
    return type(cause).__name__ if leaks or not words else words
