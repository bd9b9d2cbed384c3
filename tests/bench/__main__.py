# ruff: noqa: T201 - a benchmark prints
"""All benches, or those that are named, side by side in one run, and one table of their figures.

`python -m tests.bench` takes an hour on two idle cores, `--quick` some minutes with small sizes;
`python -m tests.bench scale cluster` runs two of the groups. Every group is a command of its own,
`python -m tests.bench.GROUP`, and prints its details as it goes. The figures, the machine and the
versions go to bench.json (`--json FILE`), which is written anew after every group.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import psutil

from tests.bench.figures import Figure, show, words_of
from tests.bench.groups import GROUPS, Group
from tests.bench.measured import MB, ROOT

PACKAGES: Final = ("numpy", "pandas", "pyarrow", "scikit-learn", "streamlit", "distributed")
IDLE: Final = 0.5  # of one processor, over the last minute


def machine() -> dict[str, Any]:
    """When, of what, on what and beside how much else was measured."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "HEAD"),
        "changed_files": len(_git("status", "--porcelain", "--untracked-files=no").splitlines()),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "memory_mb": round(psutil.virtual_memory().total / MB),
        "load_average": [round(each, 2) for each in os.getloadavg()],
    }


def run(group: Group, quick: bool) -> list[Figure]:
    """The headlines of a group, which prints as it goes; RuntimeError when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        command = [sys.executable, "-u", *group.command(quick, file)]
        printed = []
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                print(line, end="", flush=True)
                printed.append(line)
        if process.returncode:
            raise RuntimeError(f"it ended with exit code {process.returncode}")
        return group.read("".join(printed), file)


def main() -> int:
    """The exit code: 0, or 1 when a group failed; the others are measured all the same."""
    words = words_of(__doc__)
    words.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(GROUPS))
    words.prog = "python -m tests.bench"
    words.set_defaults(json=Path("bench.json"))
    said = words.parse_args()
    if unknown := [name for name in said.groups if name not in GROUPS]:
        words.error(f"there is no group {unknown[0]!r}; there are {', '.join(GROUPS)}")
    found: dict[str, Any] = machine() | {"quick": said.quick, "groups": {}}
    if (load := found["load_average"][0]) > IDLE:
        print(f"WARNING: this machine is not idle (load {load:.2f}): times are too long.\n")
    figures: list[Figure] = []
    failed = {}
    for name in said.groups or GROUPS:
        print(f"=== {name}", flush=True)
        began, load = time.perf_counter(), os.getloadavg()[0]
        try:
            rows = run(GROUPS[name], said.quick)
        except (RuntimeError, OSError, LookupError, ValueError) as error:
            failed[name], rows = f"{type(error).__name__}: {error}", []
            print(f"{name} failed: {failed[name]}", file=sys.stderr)
        figures += rows
        found["groups"][name] = {
            "seconds": round(time.perf_counter() - began, 1),
            "load_average_before": round(load, 2),
            "failed": failed.get(name),
            "figures": [asdict(row) for row in rows],
        }
        said.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(flush=True)
    show(figures)
    for name, why in failed.items():
        print(f"{name} has no figures: {why}")
    print(f"\nwritten to {said.json}")
    return 1 if failed else 0


def _git(*words: str) -> str:
    """What git says, or nothing where there is no repository."""
    told = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    return told.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
