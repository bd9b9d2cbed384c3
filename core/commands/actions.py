"""Commands that do several things: `tierwise plans list`, `tierwise db backup`."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser
from collections.abc import Mapping


def add_actions(parser: ArgumentParser, words: Mapping[str, str]) -> dict[str, ArgumentParser]:
    """A parser for each action, whose name `run` finds as `arguments.action`."""
    chosen = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    found = {}
    for name, words_for_help in words.items():
        found[name] = chosen.add_parser(name, help=words_for_help, description=words_for_help)
        # Without a default: else it would undo a `--json` that came before the action.
        found[name].add_argument(
            "--json", action="store_true", default=SUPPRESS, help="print one JSON object"
        )
    return found
