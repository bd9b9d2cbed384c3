# ruff: noqa: T201 - a benchmark prints
"""Many people on a shared plan while a million rows are read and sorted by the same app.

`python -m tests.bench.viewers [--viewers 50] [--minutes 3] [--rows 1000000]` starts the real app
on a free port with a home of its own, saves a plan and shares it, and opens that many websockets,
each of which runs the page of the shared plan anew every two seconds (`--every 600` for sessions
that are idle). A third of the time into it the app's own queue gets a log to read and to sort.
Printed are the waits without and with that job, errors, what the server spent, and the memory of
the server and of its workers; `--json FILE` keeps the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.bench.million import write_log

ROOT: Final = Path(__file__).parents[2]
STARTED_WITHIN_SECONDS: Final = 5.0
PLANNED_ROWS: Final = 20_000
PATIENCE_SECONDS: Final = 30.0
TARGET_MS: Final = 300
OPTIONS: Final = {
    "server.address": "127.0.0.1",
    "server.headless": "true",
    "server.fileWatcherType": "none",
}


@dataclass
class Seen:
    """What the viewers saw: when, how long they waited, and whether the job ran meanwhile."""

    waits: list[tuple[float, float, bool]] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    job_runs: bool = False


def main() -> None:
    """Start the app, watch it, print what was seen."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--viewers", type=int, default=50)
    words.add_argument("--every", type=float, default=2.0, help="seconds; 600 for idle sessions")
    words.add_argument("--minutes", type=float, default=3.0)
    words.add_argument("--rows", type=int, default=1_000_000, help="0 for no job at all")
    words.add_argument("--csv", type=Path, help="the log for the job; made where it is missing")
    words.add_argument("--json", type=Path, help="where to write the figures")
    words.add_argument("--serve", type=int, metavar="PORT", help=argparse.SUPPRESS)
    said = words.parse_args()
    if said.serve:
        serve(said.serve)
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ |= {"TIERWISE_HOME": folder, "DATABASE_URL": f"sqlite:///{folder}/tierwise.db"}
        csv = said.csv or home / "job.csv"
        if said.rows and not csv.exists():
            write_log(csv, said.rows)
        token = shared_plan(home)
        with app(home) as (port, server):
            if said.rows:
                (home / "job").symlink_to(csv.resolve())
            found = asyncio.run(watched(said, home, port, server, token))
        found["server_log_tracebacks"] = (home / "server.log").read_text().count("Traceback")
    if said.json:
        said.json.write_text(json.dumps(found, indent=2))


def shared_plan(home: Path) -> str:
    """The token of a link to a plan on a log of its own, made as the console script makes it."""
    from core.commands.main import main as tierwise
    from core.store.access import the_person_here
    from core.store.engine import open_engine
    from core.store.finding import find_plans
    from core.store.links import share_plan

    log = home / "planned.csv"
    write_log(log, PLANNED_ROWS)
    tierwise(["plan", str(log), "--save", "Under load"])
    engine, me = open_engine(), the_person_here()
    (row,) = find_plans(engine, me).rows
    token = share_plan(engine, me, row.id, datetime.now(UTC))
    engine.dispose()
    return token


@contextmanager
def app(home: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The running app: its port and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.bench.viewers", "--serve", str(port)]
    with (home / "server.log").open("w") as out:
        server = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except (urllib.error.URLError, OSError):
                assert server.poll() is None and time.monotonic() < deadline, "it does not start"
                time.sleep(0.1)
        yield port, server
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def serve(port: int) -> None:
    """Be the app, as `streamlit run` is; and put the job into its queue once it is asked for."""
    from streamlit.web.cli import main as streamlit

    threading.Thread(
        target=queue_job, args=[Path(os.environ["TIERWISE_HOME"])], daemon=True
    ).start()
    options = [f"--{name}={value}" for name, value in OPTIONS.items()]
    sys.argv = ["streamlit", "run", "app/main.py", f"--server.port={port}", *options]
    sys.exit(streamlit())


def queue_job(home: Path) -> None:
    """Read and then sort the log called `job`, once there is a file called `go`; then `over`."""
    while not (home / "go").exists():
        time.sleep(0.2)
    from app import jobs
    from core.logs.preview import preview
    from core.store import work
    from core.store.jobs import Job, latest_job

    def done(kind: str, function: object, *arguments: object) -> Job:
        jobs._queue().add(kind, "job", ("bench", "bench"), "computing", function, *arguments)
        while (job := latest_job(jobs.engine(), kind, "job")) is None or job.state in (
            "waiting",
            "running",
        ):
            time.sleep(0.5)
        (home / kind).write_text(f"{job.state}: {job.message}")
        return job

    log = home / "job"
    mapping = preview(log, "job.csv").mapping.to_json()
    read = done("import", work.import_log, str(log), "job.csv", mapping, str(home / "logs"), True)
    done("sort", work.sort_log, str(home / "logs" / read.message))
    (home / "over").touch()


async def watched(
    said: argparse.Namespace,
    home: Path,
    port: int,
    server: subprocess.Popen[bytes],
    token: str,
) -> dict[str, object]:
    """Figures of a run with that many viewers."""
    seen, stop = Seen(), asyncio.Event()
    address = f"127.0.0.1:{port}"
    await viewer(address, token, Seen(), stop, runs=2)  # what is imported and kept comes first
    memory = {"start": memory_mb(server.pid)}
    apart = min(said.every, STARTED_WITHIN_SECONDS) / said.viewers
    viewers = [
        asyncio.create_task(viewer(address, token, seen, stop, every=said.every, after=apart * n))
        for n in range(said.viewers)
    ]
    began, seconds, spent = time.monotonic(), 60 * said.minutes, cpu_seconds(server.pid)
    most, workers_most, samples = 0.0, 0.0, []
    while (passed := time.monotonic() - began) < seconds and server.poll() is None:
        if said.rows and passed > seconds / 3 and not (home / "go").exists():
            (home / "go").touch()
        seen.job_runs = (home / "go").exists() and not (home / "over").exists()
        if "connected" not in memory and passed > 10:
            memory["connected"] = memory_mb(server.pid)
        now = memory_mb(server.pid)
        samples.append((round(passed), round(now, 1)))
        most = max(most, now)
        workers_most = max(workers_most, sum(map(memory_mb, children(server.pid))))
        await asyncio.sleep(1.0)
    spent = cpu_seconds(server.pid) - spent
    stop.set()
    await asyncio.gather(*viewers)
    memory |= {"end": memory_mb(server.pid), "most": most, "workers_most": workers_most}
    memory["per_viewer"] = (memory.get("connected", 0.0) - memory["start"]) / said.viewers
    found: dict[str, object] = {
        "viewers": said.viewers,
        "every_seconds": said.every,
        "minutes": said.minutes,
        "without_job": phase(seen, False),
        "with_job": phase(seen, True),
        "job": {kind: said_of(home / kind) for kind in ("import", "sort")},
        "server_cpu_ms_per_viewing": round(1000 * spent / max(1, len(seen.waits)), 1),
        "server_cpu_share": round(spent / seconds, 2),
        "errors": dict(seen.errors),
        "memory_mb": {name: round(value, 1) for name, value in memory.items()},
        "memory_by_second": samples[:: max(1, len(samples) // 60)],
    }
    tell(found, server)
    return found


async def viewer(
    address: str,
    token: str,
    seen: Seen,
    stop: asyncio.Event,
    *,
    every: float = 0.0,
    after: float = 0.0,
    runs: int | None = None,
) -> None:
    """Open the shared plan and run its page again and again, on time where the app keeps up."""
    await asyncio.sleep(after)
    url = f"ws://{address}/_stcore/stream"
    try:
        async with connect(url, subprotocols=["streamlit"], max_size=None) as socket_:  # type: ignore[list-item]
            page, due = "", time.monotonic()
            while not stop.is_set() and runs != 0:
                began, job_runs = time.monotonic(), seen.job_runs
                await socket_.send(rerun(address, token, page).SerializeToString())
                page = await asyncio.wait_for(finished(socket_, seen), PATIENCE_SECONDS)
                wait = time.monotonic() - began
                seen.waits.append((began, wait, job_runs or seen.job_runs))
                runs = None if runs is None else runs - 1
                due = max(due + every, time.monotonic())
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), due - time.monotonic())
    except (WebSocketException, OSError, TimeoutError) as error:
        seen.errors[type(error).__name__] += 1


def rerun(address: str, token: str, page: str) -> BackMsg:
    """What a browser sends when the page is to run; on its first run it knows only the address."""
    message = BackMsg()
    state = message.rerun_script
    state.query_string = f"plan={token}"
    state.page_script_hash = page
    state.page_name = "" if page else "shared"
    state.context_info.url = f"http://{address}/shared"
    state.context_info.timezone = "UTC"
    return message


async def finished(socket_: ClientConnection, seen: Seen) -> str:
    """The hash of the page, once its run has ended; what it should not show is counted."""
    page, elements = "", 0
    while True:
        message = ForwardMsg.FromString(await socket_.recv(decode=False))
        kind = message.WhichOneof("type")
        if kind == "navigation":
            page = message.navigation.page_script_hash
        elif kind in ("delta", "ref_hash"):
            elements += 1
            element = message.delta.new_element
            if element.WhichOneof("type") == "exception":
                seen.errors[f"exception on the page: {element.exception.type}"] += 1
        elif kind == "script_finished":
            if elements < 20:
                seen.errors["a page without its plan"] += 1
            return page


def phase(seen: Seen, job_runs: bool) -> dict[str, float]:
    """Milliseconds of waits without or with the job, and how many viewings there were."""
    waits = [1000 * wait for _, wait, ran in seen.waits if ran == job_runs]
    if not waits:
        return {"viewings": 0}
    p50, p95, p99 = np.percentile(waits, [50, 95, 99])
    rounded = {"p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "max_ms": max(waits)}
    return {"viewings": len(waits)} | {name: round(float(v), 1) for name, v in rounded.items()}


def memory_mb(pid: int) -> float:
    """Resident memory of a process in MB, 0 for one that is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, without its children: what others do meanwhile is not in it."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    try:
        lists = [p.read_text() for p in Path(f"/proc/{pid}/task").glob("*/children")]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(child) for each in lists for child in each.split()]


def said_of(file: Path) -> str:
    """How a part of the job ended."""
    return file.read_text() if file.exists() else "not done"


def tell(found: dict[str, object], server: subprocess.Popen[bytes]) -> None:
    """The figures in a few lines, and what broke first."""
    print(
        f"{found['viewers']} viewers, every {found['every_seconds']} s, {found['minutes']} minutes"
    )
    slow = []
    for name in ("without_job", "with_job"):
        figures = found[name]
        print(f"{name:12}", *(f"{key} {value:,}" for key, value in figures.items()))  # type: ignore[attr-defined]
        if figures.get("p95_ms", 0) > TARGET_MS:  # type: ignore[attr-defined]
            slow.append(name)
    cpu, share = found["server_cpu_ms_per_viewing"], found["server_cpu_share"]
    print(f"server: {cpu} ms of processor per viewing, {share} of one processor")
    print("job", found["job"])
    print("memory, MB", found["memory_mb"])
    print("errors", found["errors"] or "none")
    first = [
        *(["the server ended"] if server.poll() is not None else []),
        *([f"errors: {found['errors']}"] if found["errors"] else []),
        *(f"p95 over {TARGET_MS} ms {name.replace('_', ' ')}" for name in slow),
    ]
    print("what breaks first:", "; ".join(first) or "nothing")
    found["breaks"] = first


if __name__ == "__main__":
    main()
