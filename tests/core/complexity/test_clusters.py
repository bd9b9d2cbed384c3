import random

import numpy as np
import pyarrow as pa

from core.complexity.clusters import FEWEST_TEXTS, SAMPLE, fit_clusters, sample_texts

TOPICS = {
    "parcel": "parcel delivery tracking courier package shipment",
    "refund": "refund money back return payment receipt",
    "login": "login password account reset email sign",
    "recipe": "recipe oven flour sugar butter bake",
    "football": "football match goal league player referee",
}


def texts_of(per_topic: int = 60) -> tuple[list[str], list[str]]:
    dice = random.Random(5)
    texts, topics = [], []
    for topic, words in TOPICS.items():
        for number in range(per_topic):
            chosen = " ".join(dice.sample(words.split(), 4))
            texts.append(f"Please help me with the {chosen} of item {number}")
            topics.append(topic)
    return texts, topics


def test_texts_about_one_thing_come_together_under_its_words() -> None:
    texts, topics = texts_of()
    clusters = fit_clusters(sample_texts([pa.array(texts)]))
    assert clusters is not None and len(clusters.names) == 5
    found = clusters.assign(pa.array(texts))[0]
    for topic in TOPICS:
        own = found[[t == topic for t in topics]]
        most = np.bincount(own).max()
        assert most >= 0.9 * len(own)
    for name in clusters.names:
        words = name.split(", ")
        assert any(set(words) <= set(topic.split()) for topic in TOPICS.values()), name
    assert len(set(clusters.names)) == 5


def test_the_order_of_rows_and_of_chunks_makes_no_difference() -> None:
    texts, _ = texts_of()
    shuffled = random.Random(1).sample(texts, len(texts))
    first = fit_clusters(sample_texts([pa.array(texts)]))
    second = fit_clusters(sample_texts([pa.array(shuffled[:77]), pa.array(shuffled[77:])]))
    assert first is not None and second is not None and first.names == second.names
    probe = pa.array(texts[::7])
    assert first.assign(probe)[0].tolist() == second.assign(probe)[0].tolist()


def test_too_few_different_texts_have_no_clusters() -> None:
    assert fit_clusters(sample_texts([pa.array(["the same text"] * 5_000)])) is None
    few = pa.array([f"text {n}" for n in range(FEWEST_TEXTS - 1)])
    assert fit_clusters(sample_texts([few])) is None
    assert fit_clusters(sample_texts([pa.array([None, None], pa.string())])) is None
    assert fit_clusters(sample_texts([])) is None


def test_a_sample_is_bounded_and_holds_each_text_once() -> None:
    many = pa.array([f"question number {n} about things" for n in range(3 * SAMPLE)])
    sample = sample_texts([many, many])
    assert len(sample) == SAMPLE == len(set(sample.to_pylist()))


def test_missing_and_strange_texts_are_assigned_somewhere() -> None:
    texts, _ = texts_of()
    clusters = fit_clusters(sample_texts([pa.array(texts)]))
    assert clusters is not None
    found = clusters.assign(pa.array([None, "", "語" * 10, texts[0]]))[0]
    assert ((found >= 0) & (found < 5)).all()
