"""`tierwise COMMAND`: reads the arguments, runs the command, prints words or JSON."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from typing import Final, NoReturn, Protocol, cast

from core.commands.result import Result
from core.disk import hindered
from core.errors import TierwiseError

COMMANDS: Final = {
    "inspect": "what a log is: period, models, tokens, spend, what was left out",
    "categorize": "sort the queries of a log into simple, medium and complex",
    "plan": "design a three-tier routing plan for a log",
    "replay": "ask a plan's models a sample of its own log, and judge the answers",
    "export": "write a saved plan as a router's configuration",
    "plans": "list, show, import, export or delete saved plans",
    "db": "back up, restore, migrate or check the database of plans",
    "payback": "work out a fine-tuning case",
    "train": "build the classifier from per-query outcomes",
    "evaluate": "measure the classifier on per-query outcomes, with controls",
}


_ELSEWHERE: Final = "send the output elsewhere"


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line, as for every other bad input."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}. Try '{self.prog} --help'.\n")


class _Command(Protocol):
    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> Result: ...


def main(words: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 2 an input that cannot be used, said in one line.

    A database with problems is 2 as well, with a line for each of them.
    """
    words = list(sys.argv[1:] if words is None else words)
    parser = _Parser(prog="tierwise", description="Plan which LLM query goes to which model tier.")
    parser.add_argument("--version", action="version", version=f"tierwise {version('tierwise')}")
    chosen = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    # Only the command that runs is imported: `--help` stays quick. A log or a plan may be
    # called like a command, so it is the first such word.
    wanted = next((word for word in words if word in COMMANDS), None)
    command: _Command | None = None
    for name, words_for_help in COMMANDS.items():
        sub = chosen.add_parser(name, help=words_for_help, description=words_for_help)
        sub.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
        if name == wanted:
            command = cast(_Command, importlib.import_module(f"core.commands.{name}"))
            command.add_arguments(sub)
    arguments = parser.parse_args(words)
    assert command is not None
    try:
        result = command.run(arguments)
        _tell(result, as_json=arguments.json)
    except BrokenPipeError:  # whoever reads has enough
        _let_go_of_output()
        return 0
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130  # as the shell says it
    except TierwiseError as error:
        print(error, file=sys.stderr)
        return 2
    except Exception as error:
        from core.store.trouble import told  # only now, as it is slow to import

        said = told(error)
        if said is None and isinstance(error, OSError):  # of a file that somebody named
            said = hindered(error)
        if said is None:
            raise
        print(said, file=sys.stderr)
        return 2
    return result.code


def _tell(result: Result, *, as_json: bool) -> None:
    """Print words or JSON; Hindered where standard output takes nothing more."""
    try:
        if as_json:
            print(json.dumps(result.json, indent=2, ensure_ascii=False, allow_nan=False))
        if result.code or not as_json:
            print("\n".join(result.lines), file=sys.stderr if result.code else sys.stdout)
        sys.stdout.flush()  # or the error would come after the last line of this program
    except BrokenPipeError:
        raise
    except OSError as error:
        _let_go_of_output()
        raise hindered(error, "standard output", "cannot be written", _ELSEWHERE) from error


def _let_go_of_output() -> None:
    """Let what waits to be printed go nowhere: at its end Python would try once more."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
