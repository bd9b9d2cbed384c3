import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import gettempdir

import pytest

from core import disk
from core.commands.main import COMMANDS
from core.places import shipped

from ...conftest import Failing
from .conftest import HEADER, Run, write_log

SAMPLE = shipped("sample_log/support_bot.csv.gz")

FILES = {
    "empty.csv": b"",
    "header.csv": HEADER.encode() + b"\n",
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "broken.json": b'[{"prompt": "hello", ',
    "broken.parquet": b"PAR1 and then nothing",
    "names.csv": b"first,last\nAda,Lovelace\nAlan,Turing\n",
    "sums.csv": b"date,model,prompt_tokens,spend,api_requests,successful_requests\n"
    b"2026-11-03,gpt-4o,90000,0.31,40,40\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    write_log(tmp_path / "log.csv")
    write_log(tmp_path / "unknown.csv", "our-own-bot-9", costs=False)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("inspect nowhere.csv", "no such file"),
        ("inspect .", "broken.json"),
        ("inspect empty.csv", "empty.csv"),
        ("inspect header.csv", "no rows"),
        ("inspect picture.png", "picture.png"),
        ("inspect broken.json", "broken.json"),
        ("inspect broken.parquet", "broken.parquet"),
        ("inspect names.csv", "names.csv"),
        ("categorize sums.csv", "this log is a summary"),
        ("categorize nowhere.csv --json", "no such file"),
        ("categorize log.csv --out nowhere/sorted.parquet", "cannot be written"),
        ("categorize log.csv --out .", "cannot be written"),
        ("plan unknown.csv", "--stands-for"),
        ("plan log.csv --simple gpt-nope", "gpt-nope"),
        ("plan log.csv --stands-for gpt-4o", "LOGGED=MODEL"),
        ("plan log.csv --stands-for gpt-4o=gpt-nope", "gpt-nope"),
        ("plan log.csv --min-quality 0", "--min-quality"),
        ("plan log.csv --min-quality nan", "--min-quality"),
        ("plan log.csv --min-quality 1.99", "no plan with these models keeps"),
        ("plan log.csv --max-monthly-usd 0.000001", "no plan with these models costs"),
        ("plan log.csv --max-monthly-usd -1", "no plan with these models costs"),
        ("plan log.csv --min-quality much", "much"),
        ("plan log.csv --min-quality 0.9 --max-monthly-usd 5", "--max-monthly-usd"),
        ("plan", "LOG"),
        ("plan log.csv --surprise", "--surprise"),
        ("payback", "CASE.json"),
        ("payback nowhere.json", "nowhere.json"),
        ("payback log.csv", "not JSON"),
        ("train . --out x.json", "outcome"),
        ("train nowhere --out x.json", "no outcome files"),
        ("train .", "--out"),
        ("evaluate nowhere", "no outcome files"),
        ("frobnicate log.csv", "frobnicate"),
        ("", "COMMAND"),
    ],
)
def test_a_bad_input_is_exit_2_with_one_line_and_nothing_on_standard_output(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, words: str, said: str
) -> None:
    monkeypatch.chdir(folder)
    before = set(folder.iterdir())
    ran = run(*words.split())
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1 and ran.err.endswith("\n")
    assert said in ran.err and "Traceback" not in ran.err
    assert set(folder.iterdir()) == before


def test_a_database_that_cannot_be_opened_is_a_bad_input(
    run: Run, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    ran = run("plan", log, "--save", "Autumn")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "two\nlines"])
def test_a_plan_needs_a_name_that_a_list_can_show(run: Run, log: Path, name: str) -> None:
    ran = run("plan", log, "--save", name)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("name: ")


def test_a_log_and_a_plan_may_be_called_like_a_command(run: Run, tmp_path: Path) -> None:
    for name in COMMANDS:
        log = write_log(tmp_path / f"{name}")
        assert run("inspect", log, "--json").json["rows"] == 20
    for name in ("inspect", "train"):
        assert run("plan", tmp_path / "plan", "--save", name, "--json").json["plan_id"]


def test_json_is_one_object_and_nothing_else(run: Run, log: Path) -> None:
    for words in (("inspect", log), ("categorize", log), ("plan", log), ("payback", "--example")):
        ran = run(*words, "--json")
        assert (ran.code, ran.err) == (0, "")
        found, end = json.JSONDecoder().raw_decode(ran.out)
        assert isinstance(found, dict) and ran.out[end:].strip() == ""


def test_help_names_all_commands_and_each_has_its_own(run: Run) -> None:
    overall = run("--help")
    assert overall.code == 0
    for name, words in COMMANDS.items():
        assert f"    {name}" in overall.out
        own = run(name, "--help")
        assert own.code == 0 and own.out.startswith(f"usage: tierwise {name}")
        assert " ".join(words.split()) in " ".join(own.out.split())


def test_the_version_is_printed(run: Run) -> None:
    ran = run("--version")
    assert ran.code == 0 and ran.out.startswith("tierwise 0.")


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; from core.commands.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('pandas', 'pyarrow', 'numpy', 'sqlalchemy') if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "words",
    [
        "categorize log.csv --out out",
        "payback case.json --csv out",
        "payback case.json --xlsx out",
        "plans export {plan} --out out",
    ],
)
def test_a_disk_that_takes_no_file_leaves_the_earlier_one_and_the_next_try_works(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    settle = disk._settle

    def full(path: Path) -> None:
        if path.name.startswith(".out-"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        settle(path)

    monkeypatch.chdir(tmp_path)
    log = write_log(tmp_path / "log.csv")
    (tmp_path / "case.json").write_text(run("payback", "--example").out)
    plan = run("plan", log, "--save", "Autumn", "--json").json["plan_id"] if "{" in words else ""
    (tmp_path / "out").write_text("before")
    before = set(tmp_path.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(disk, "_settle", full)
        ran = run(*words.format(plan=plan).split())
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err == (
        "out: cannot be written: the disk is full. Make room there or name a file in another "
        "folder, then try again.\n"
    )
    assert (tmp_path / "out").read_text() == "before" and set(tmp_path.iterdir()) == before
    assert run(*words.format(plan=plan).split()).code == 0
    assert (tmp_path / "out").read_bytes() != b"before"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_behind_standard_output_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "core.commands.main", "payback", "--example"],
            stdout=full, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3],
            check=False,
        )  # fmt: skip
    assert ran.returncode == 2
    assert ran.stderr == (
        "standard output: cannot be written: the disk is full. Make room there or send the output "
        "elsewhere, then try again.\n"
    )


def test_a_reader_that_has_enough_ends_a_command_without_a_word() -> None:
    ran = subprocess.run(
        f"{sys.executable} -m core.commands.main payback --example | true",
        shell=True, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False,
    )  # fmt: skip
    assert (ran.stdout, ran.stderr) == ("", "")


def test_a_command_that_is_interrupted_says_so_in_one_word(
    run: Run, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("core.commands.inspect.run", interrupt)
    ran = run("inspect", log)
    assert (ran.code, ran.out, ran.err) == (130, "", "Stopped.\n")


@pytest.mark.parametrize("number", [errno.EIO, errno.EMFILE, errno.EACCES])
def test_whatever_the_system_refuses_is_one_line(
    run: Run, log: Path, failing: Failing, number: int
) -> None:
    with failing("core.commands.opening.ingest", number):
        ran = run("inspect", log)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_a_full_disk_for_temporary_files_is_named(run: Run, log: Path, failing: Failing) -> None:
    with failing("core.commands.opening.ingest", errno.ENOSPC):
        ran = run("inspect", log)
    assert ran.err == (
        f"{gettempdir()}: the disk is full. Make room there or set TMPDIR to a folder elsewhere, "
        "then try again.\n"
    )


def test_a_bug_is_not_taken_for_a_fault_of_the_machine(
    run: Run, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.commands.opening.ingest", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run("inspect", log)
