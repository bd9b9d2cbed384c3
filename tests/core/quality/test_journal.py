import errno
from pathlib import Path

import pytest

from core.errors import Hindered
from core.quality.budget import Budget, most_tokens, most_usd
from core.quality.journal import Item, Journal, Reply, Told

from ...conftest import Failing, FilesUpTo
from .conftest import SMALL

REPLY = Reply("hello", 10, 5, 0.5, 0.1)


def test_what_was_written_is_told_again(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.sent("a", 2.0)
        journal.answered("a", REPLY)
        journal.sent("b", 3.0)
        journal.refused("b")
        journal.sent("c", 4.0)
        journal.cut_off("c")
        journal.ended(Item(7, {"small": 1.0}, "", 2, 1))
    told = Told(tmp_path)
    assert told.replies == {"a": REPLY} and told.items == {7: Item(7, {"small": 1.0}, "", 2, 1)}
    assert (told.spent_usd, told.doubtful_usd) == (0.5, 4.0)


def test_an_answer_with_line_separators_is_told_again(tmp_path: Path) -> None:
    reply = Reply("a\u2028b\u2029c\x85d\r\ne", 10, 5, 0.5, 0.1)
    with Journal(tmp_path) as journal:
        journal.answered("a", reply)
    assert Told(tmp_path).replies == {"a": reply}


def test_a_call_under_way_when_the_process_died_may_have_been_billed(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.sent("a", 2.0)
    assert Told(tmp_path).doubtful_usd == 2.0


def test_a_call_that_was_sent_anew_may_have_been_billed_twice(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.sent("a", 2.0)
    with Journal(tmp_path) as journal:
        journal.sent("a", 3.0)
        assert journal.doubtful_usd == 2.0
        journal.answered("a", REPLY)
    told = Told(tmp_path)
    assert (told.spent_usd, told.doubtful_usd) == (0.5, 2.0)


def test_a_torn_last_line_is_passed_over_and_written_over(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.ended(Item(1, {"small": 1.0}))
    file = tmp_path / "journal.jsonl"
    file.write_bytes(file.read_bytes() + b'{"ended": 2, "sco')
    assert list(Told(tmp_path).items) == [1]
    with Journal(tmp_path) as journal:
        journal.ended(Item(3, {"small": 0.0}))
    assert list(Told(tmp_path).items) == [1, 3]


def test_a_line_that_the_disk_does_not_take_whole_leaves_nothing_and_the_next_one_is_told(
    tmp_path: Path, files_up_to: FilesUpTo
) -> None:
    file = tmp_path / "journal.jsonl"
    with Journal(tmp_path) as journal:
        journal.sent("a", 2.0)
        kept = file.read_bytes()
        with files_up_to(len(kept) + 20), pytest.raises(Hindered, match="jsonl: cannot be written"):
            journal.answered("a", REPLY)
        assert file.read_bytes() == kept and journal.replies == {}
        journal.answered("a", REPLY)
        journal.ended(Item(7, {"small": 1.0}))
    told = Told(tmp_path)
    assert told.replies == {"a": REPLY} and list(told.items) == [7] and told.doubtful_usd == 0.0


def test_an_answer_that_could_not_be_kept_may_have_been_billed(
    tmp_path: Path, failing: Failing
) -> None:
    with Journal(tmp_path) as journal:
        journal.sent("a", 2.0)
        with failing("os.fsync", errno.ENOSPC), pytest.raises(Hindered, match="the disk is full"):
            journal.answered("a", REPLY)
    assert (Told(tmp_path).spent_usd, Told(tmp_path).doubtful_usd) == (0.0, 2.0)


def test_lines_that_a_power_cut_wiped_out_are_passed_over(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.sent("a", 2.0)
        journal.answered("a", REPLY)
        journal.ended(Item(7, {"small": 1.0}))
    file = tmp_path / "journal.jsonl"
    sent, answered, ended, _ = file.read_bytes().split(b"\n")
    file.write_bytes(b"\n".join([sent, bytes(len(answered)), ended, b""]))
    told = Told(tmp_path)
    assert (told.replies, list(told.items), told.doubtful_usd) == ({}, [7], 2.0)


def test_a_journal_that_cannot_be_opened_says_where_and_why(
    tmp_path: Path, failing: Failing
) -> None:
    with failing("pathlib.Path.open", errno.EROFS), pytest.raises(Hindered, match="can only be re"):
        Journal(tmp_path)


def test_answers_are_redacted_before_they_are_written(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        kept = journal.answered("a", Reply("mail ann@example.org", 1, 1, 0.0, 0.0))
    assert (
        kept.text == "mail <EMAIL>"
        and b"example.org" not in (tmp_path / "journal.jsonl").read_bytes()
    )


def test_money_is_set_aside_before_a_call_and_never_twice() -> None:
    budget = Budget(1.0)
    assert budget.reserve(0.6) and not budget.reserve(0.5)
    budget.settle(0.6, 0.1)
    assert budget.reserve(0.9) and budget.left_usd == pytest.approx(0.0)
    budget.doubt(0.9)
    assert (budget.spent_usd, budget.doubtful_usd, budget.reserved_usd) == (0.1, 0.9, 0.0)
    assert not budget.reserve(0.01)


def test_no_text_has_more_tokens_than_the_upper_bound() -> None:
    messages = [{"role": "user", "content": "äöü" * 10}]
    assert most_tokens(messages) >= 60
    assert most_usd(SMALL, messages, 100) == pytest.approx(
        (most_tokens(messages) * 1.0 + 100 * 5.0) / 1e6
    )
