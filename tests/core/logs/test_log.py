from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import BadInput
from core.logs.log import Log, delete_log, list_logs, log_folder, open_log, save_facts
from core.logs.mapping import Mapping

LOG = Log(
    digest="0123456789abcdef", name="a.csv", source="generic", grain="request_text", rows=3,
    rows_kept=2, dropped={"no query text": 1}, failed={}, failed_usd=0.0, passed_over={},
    requests=2, repeats=None, sessions=None, cache_write_tokens=0, reasoning_tokens=0,
    models={"m": 2}, segments={}, input_tokens=10, cache_read_tokens=0, output_tokens=None,
    input_tokens_estimated=0, output_tokens_estimated=500, logged_cost_usd=None, rows_with_cost=0,
    first_time=None, last_time=datetime(2026, 10, 5, tzinfo=UTC), rows_with_time=1, days=None,
    redactions={}, warnings=("w",), mapping=Mapping(text="q"), imported_at=datetime(2026, 11, 23,
    tzinfo=UTC),
)  # fmt: skip


def keep(log: Log, folder: Path) -> None:
    log_folder(folder, log.digest).mkdir(parents=True)
    save_facts(log, log_folder(folder, log.digest))


def test_a_log_survives_json() -> None:
    assert Log.from_json(LOG.to_json()) == LOG


def test_logs_are_listed_the_newest_first_and_strangers_left_out(tmp_path: Path) -> None:
    later = replace(LOG, digest="f" * 16, imported_at=LOG.imported_at + timedelta(hours=1))
    keep(LOG, tmp_path)
    keep(later, tmp_path)
    (tmp_path / ".importing-x").mkdir()
    (tmp_path / ("e" * 16)).mkdir()
    (tmp_path / ("e" * 16) / "log.json").write_text("{}")
    assert list_logs(tmp_path) == [later, LOG]
    assert list_logs(tmp_path / "nowhere") == []


def test_a_deleted_log_is_gone(tmp_path: Path) -> None:
    keep(LOG, tmp_path)
    assert open_log(tmp_path, LOG.digest) == LOG
    delete_log(tmp_path, LOG.digest)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(BadInput):
        delete_log(tmp_path, LOG.digest)


@pytest.mark.parametrize("digest", ["", "..", "../../etc", "0123456789ABCDEF", "0" * 17, "0" * 16])
def test_only_a_digest_opens_a_log(digest: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        open_log(tmp_path, digest)
