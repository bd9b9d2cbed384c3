import random
from pathlib import Path

import pyarrow as pa
import pytest

from core.quality.topic_drift import TEXTS, some_texts, topic_drift

from ..workload.conftest import make_classifier, row, write_log

TOPICS = {
    "shop": "order parcel refund delivery address invoice shipping return voucher size",
    "code": "python function loop error import class list string module exception",
    "food": "recipe oven garlic butter onion bake pasta sauce salt minutes",
    "law": "contract clause tenant notice landlord deposit court liability lease penalty",
}


def texts(seed: int, **count: int) -> pa.Array:
    dice = random.Random(seed)
    found = [
        "how do I " + " ".join(dice.choices(TOPICS[topic].split(), k=8))
        for topic, number in count.items()
        for _ in range(number)
    ]
    return pa.array(found, pa.string())


def test_what_is_asked_as_before_has_not_moved() -> None:
    found = topic_drift(
        texts(1, shop=400, code=300, food=300), texts(2, shop=400, code=300, food=300)
    )
    assert found is not None and found.stability < 0.1 and found.new == ()


def test_a_new_topic_is_named_by_its_words() -> None:
    found = topic_drift(
        texts(1, shop=500, code=300, food=200), texts(2, shop=400, code=250, food=150, law=200)
    )
    assert found is not None and found.stability > 0.1
    assert sum(topic.share for topic in found.new) == pytest.approx(0.2, abs=0.03)
    assert set(", ".join(t.words for t in found.new).split(", ")) <= set(TOPICS["law"].split())


def test_a_topic_that_only_shrinks_is_not_new() -> None:
    found = topic_drift(texts(1, shop=500, code=500), texts(2, shop=800, code=200))
    assert found is not None and found.stability > 0.1 and found.new == ()


def test_a_few_texts_tell_nothing() -> None:
    assert topic_drift(texts(1, shop=20), texts(2, shop=20)) is None
    assert topic_drift(texts(1, shop=200), texts(2)) is None


def test_texts_are_taken_evenly_over_the_log(tmp_path: Path) -> None:
    rows = [row(str(n), status="error" if n % 2 else "ok") for n in range(4 * TEXTS)]
    queries, _ = write_log(tmp_path, rows, [0.0] * len(rows), make_classifier())
    found = some_texts(queries).to_pylist()
    assert len(found) == TEXTS and found[0] == "text of 0" and found[-1] == "text of 5996"
    assert len(set(found)) == TEXTS
