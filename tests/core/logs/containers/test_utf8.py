import codecs
import random
from itertools import pairwise

import pytest

from core.logs.containers import stream
from core.logs.containers.utf8 import Cleaner

REPAIR = stream._REPAIR


def cleaned(content: bytes, *cuts: int) -> bytes:
    cleaner, bounds = Cleaner(REPAIR), (0, *cuts, len(content))
    blocks = [content[a:b] for a, b in pairwise(bounds)]
    return b"".join(cleaner.clean(block, final=False) for block in blocks) + cleaner.clean(
        b"", final=True
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"plain", "plain"),
        ("héé 語 😀".encode(), "héé 語 😀"),
        (codecs.BOM_UTF8 + b"a", "a"),
        ("caf\xe9 d\xe9j\xe0".encode("cp1252"), "café déjà"),
        ("Martínez".encode("cp1252"), "Martínez"),
        ("ends with \xe9".encode("cp1252"), "ends with é"),
        (b"\xed\xa0\x80 half a pair", "\ufffd half a pair"),
        (b"", ""),
    ],
)
def test_every_way_of_cutting_a_file_gives_the_same_text(content: bytes, text: str) -> None:
    for cut in range(len(content) + 1):
        for further in range(cut, len(content) + 1):
            assert cleaned(content, cut, further).decode() == text


def test_random_bytes_are_mended_as_by_decoding_them_all_at_once() -> None:
    dice = random.Random(11)
    for _ in range(2_000):
        content = bytes(dice.choices(b"az\n\x80\xa9\xc3\xe2\xed\xa0\xf0\x9f\x98", k=12))
        cuts = sorted(dice.choices(range(13), k=2))
        assert cleaned(content, *cuts) == content.decode("utf-8", REPAIR).encode()
