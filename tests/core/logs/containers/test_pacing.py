import threading
from collections.abc import Callable
from pathlib import Path

from core.logs.containers.pacing import AHEAD, PacedStream
from core.logs.containers.stream import TextStream


def test_a_block_waits_until_one_was_taken(file: Callable[..., Path]) -> None:
    with TextStream(file("x" * 100), "log", gzipped=False, encoding="UTF-8") as stream:
        paced = PacedStream(stream)
        assert [paced.read(10) for _ in range(AHEAD)] == [b"x" * 10] * AHEAD
        late: list[bytes] = []
        reader = threading.Thread(target=lambda: late.append(paced.read(10)))
        reader.start()
        paced.take()
        reader.join()
        assert late == [b"x" * 10]
        paced.end()
        assert paced.read(10) == b""
