from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from core.complexity.classifier import Classifier
from core.complexity.clusters import TOPICS
from core.complexity.scale import Tier
from core.complexity.sorting import usual_cuts
from core.errors import Cancelled
from core.workload import scores as scores_module
from core.workload.build import build_workload
from core.workload.notes import Notes
from core.workload.placing import Placing, topics_of
from core.workload.scores import (
    basis_of,
    score_log,
    scored_batches,
    scores_file,
    workload_file,
)
from core.workload.sorted_file import SORTED_SCHEMA, write_sorted
from core.workload.spend import spend_today
from core.workload.tiers import tier_shares, usual_cuts_by_lever
from core.workload.workload import Workload, from_json, to_json

from .conftest import make_workload, row, table, write_log

TEXTS = ["hello", "add 1", "7 8 9 10 11 12 13 14 15 16", None, "2 3"]


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    path = tmp_path / "queries.parquet"
    rows = [row(f"q{i}", text=TEXTS[i % len(TEXTS)]) for i in range(11)]
    pq.write_table(table(rows), path, row_group_size=4)
    return path


def test_scores_are_the_classifiers_in_input_order(
    queries: Path, tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scores_module, "CHUNK_ROWS", 3)
    scores = tmp_path / "scores.parquet"
    seen: list[tuple[int, int]] = []
    score_log(queries, scores, classifier, progress=lambda done, total: seen.append((done, total)))
    found = pq.read_table(scores).to_pydict()
    assert found["request_id"] == [f"q{i}" for i in range(11)]
    # 2 ln(1 + numbers) - 4; a query without text is typical, -4
    expected = [-4.0, 2 * np.log(2) - 4, 2 * np.log(11) - 4, -4.0, 2 * np.log(3) - 4]
    assert found["difficulty"] == pytest.approx([expected[i % 5] for i in range(11)], abs=1e-6)
    assert seen == [(3, 11), (6, 11), (9, 11), (11, 11)]


def test_a_cancelled_scoring_leaves_nothing(
    queries: Path, tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scores_module, "CHUNK_ROWS", 3)
    answers = iter([False, True])
    with pytest.raises(Cancelled):
        score_log(queries, tmp_path / "scores.parquet", classifier, cancelled=lambda: next(answers))
    assert [p.name for p in tmp_path.iterdir()] == ["queries.parquet"]


def sized(request_id: str, input_tokens: int | None, output_tokens: int | None, **more: object):
    """A row of a log without text."""
    sizes = {"input_tokens": input_tokens, "output_tokens": output_tokens}
    return row(request_id, **({"text": None, "text_chars": 0} | sizes | more))


@pytest.mark.parametrize("chunk_rows", [1, 1_000])
def test_a_log_without_any_text_is_sorted_by_size_and_marked(
    tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch, chunk_rows: int
) -> None:
    monkeypatch.setattr(scores_module, "CHUNK_ROWS", chunk_rows)
    path, scores = tmp_path / "queries.parquet", tmp_path / "scores.parquet"
    # log1p of the inputs is 4, 6, 4, 6: one deviation below and above the usual.
    small, large = round(np.expm1(4)), round(np.expm1(6))
    rows = [sized(str(i), size, None) for i, size in enumerate([small, large] * 2)]
    pq.write_table(table([*rows, sized("failed", None, None, status="error")]), path)
    assert score_log(path, scores, classifier) == basis_of(scores) == "size"
    found = pq.read_table(scores)
    assert found["request_id"].to_pylist() == ["0", "1", "2", "3", "failed"]
    # 0.5 logits per deviation around a level of 1; nothing is known of the failed call
    assert found["difficulty"].to_pylist() == pytest.approx([0.5, 1.5, 0.5, 1.5, 1.0], abs=0.01)

    workload = build_workload(path, scores, Placing(classifier))
    assert (workload.basis, workload.queries, workload.failed) == ("size", 4, 1)
    assert from_json(to_json(workload)).basis == "size"
    # 54 and 402 tokens are about 240 and 1,770 characters
    assert workload.lengths["length"].tolist() == [15, 21]


def test_scores_by_size_use_the_wider_spread(tmp_path: Path, classifier: Classifier) -> None:
    path, scores = tmp_path / "queries.parquet", tmp_path / "scores.parquet"
    pq.write_table(table([sized("a", 100, 10), sized("b", 100, 10, status="cancelled")]), path)
    score_log(path, scores, classifier)
    write_sorted(path, scores, Placing(classifier), tmp_path / "out.parquet")
    found = pq.read_table(tmp_path / "out.parquet")
    assert found["request_id"].to_pylist() == ["a"]
    assert found.schema.equals(SORTED_SCHEMA)
    assert found.schema.metadata[b"basis"] == b"size"
    # difficulty 1, ability 0, and a spread of 1.5 logits instead of 1
    slope = 1 / np.sqrt(1 + np.pi / 8 * 1.5**2)
    assert found["p_simple_ok"].to_pylist() == pytest.approx([1 / (1 + np.exp(slope))])


def test_a_log_with_text_is_marked_so(
    queries: Path, tmp_path: Path, classifier: Classifier
) -> None:
    scores = tmp_path / "scores.parquet"
    assert score_log(queries, scores, classifier) == basis_of(scores) == "text"
    assert build_workload(queries, scores, Placing(classifier)).basis == "text"


def test_scores_written_before_there_was_a_mark_are_of_texts(
    tmp_path: Path, classifier: Classifier
) -> None:
    assert basis_of(write_log(tmp_path, [row("a")], [0.0], classifier)[1]) == "text"


def test_a_cancelled_scoring_by_size_leaves_nothing(tmp_path: Path, classifier: Classifier) -> None:
    path = tmp_path / "queries.parquet"
    pq.write_table(table([sized("a", 1, 1)]), path)
    with pytest.raises(Cancelled):
        score_log(path, tmp_path / "scores.parquet", classifier, cancelled=lambda: True)
    assert [p.name for p in tmp_path.iterdir()] == ["queries.parquet"]


def test_a_stretch_of_a_log_without_text_does_not_stop_the_sorting(
    tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scores_module, "CHUNK_ROWS", 2)
    path = tmp_path / "queries.parquet"
    rows = [row("1", text=None), row("2", text=None), row("3", text="1 2")]
    pq.write_table(table(rows), path)
    score_log(path, tmp_path / "scores.parquet", classifier)
    found = pq.read_table(tmp_path / "scores.parquet")["difficulty"].to_pylist()
    assert found == pytest.approx([-4.0, -4.0, 2 * np.log(3) - 4], abs=1e-6)


@pytest.mark.parametrize("chunk_rows", [1, 4, 1_000])
def test_a_workload_read_in_chunks_equals_one_read_at_once(
    tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch, chunk_rows: int
) -> None:
    monkeypatch.setattr(scores_module, "CHUNK_ROWS", chunk_rows)
    status = {5: "error", 6: "cancelled"}
    rows = [
        row(f"q{i}", model=["big", "small"][i % 2], status=status.get(i, "ok")) for i in range(50)
    ]
    difficulty = [float(np.float32(i / 5 - 5)) for i in range(50)]
    found = build_workload(*write_log(tmp_path, rows, difficulty, classifier), Placing(classifier))
    assert to_json(found) == to_json(make_workload(rows, difficulty))


def test_a_correction_moves_a_query_to_its_tier(tmp_path: Path, classifier: Classifier) -> None:
    rows = [row(f"q{i}") for i in range(6)]
    files = write_log(tmp_path, rows, [-6.0] * 6, classifier)
    moves: dict[str, Tier] = {
        "q1": "complex",
        "q4": "medium",
        "q5": "simple",
        "not there": "medium",
    }
    before, after = (build_workload(*files, Placing(classifier, c)) for c in ({}, moves))

    def counts(workload: Workload) -> list[int]:
        spend = spend_today(workload, {}).usd
        return [s.queries for s in tier_shares(workload, spend, usual_cuts_by_lever(classifier))]

    assert counts(before) == [6, 0, 0]
    assert counts(after) == [4, 1, 1]
    assert {e.request_id: e.tier for e in after.examples} == {
        "q0": "simple", "q1": "complex", "q2": "simple", "q3": "simple", "q4": "medium",
        "q5": "simple",
    }  # fmt: skip


def test_sorted_rows_have_the_promised_columns_order_and_numbers(
    tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scores_module, "CHUNK_ROWS", 2)
    rows = [row(i, segment=s) for i, s in zip("zyxwv", ["a", None, "b", "a", "b"], strict=True)]
    difficulty = [-6.0, -2.0, 0.5, 7.0, -4.0]
    files = write_log(tmp_path, rows, difficulty, classifier)
    out = tmp_path / "out.parquet"
    write_sorted(*files, Placing(classifier), out)
    found = pq.read_table(out)
    assert found.schema.equals(SORTED_SCHEMA)
    assert found.column_names == [
        "request_id", "segment", "difficulty", "gain", "tier",
        "p_simple_ok", "p_medium_ok", "p_complex_ok",
    ]  # fmt: skip
    assert found["request_id"].to_pylist() == list("zyxwv")
    assert found["segment"].to_pylist() == ["a", None, "b", "a", "b"]
    assert found["tier"].to_pylist() == ["simple", "medium", "complex", "complex", "simple"]
    # abilities 0, 2, 4, flattened by the spread of 1 logit
    slope = 1 / np.sqrt(1 + np.pi / 8)
    chances = [1 / (1 + np.exp(-slope * (a - np.array(difficulty)))) for a in (0, 2, 4)]
    for name, expected in zip(("p_simple_ok", "p_medium_ok", "p_complex_ok"), chances, strict=True):
        assert found[name].to_pylist() == pytest.approx(expected.tolist(), abs=1e-9)
    assert found["difficulty"].to_pylist() == pytest.approx((1 - chances[0]).tolist(), abs=1e-9)
    assert found["gain"].to_pylist() == pytest.approx((chances[2] - chances[0]).tolist(), abs=1e-9)


def test_the_sorted_rows_and_the_workload_count_the_same_tiers(
    tmp_path: Path, classifier: Classifier
) -> None:
    random = np.random.default_rng(7)
    cuts = np.array(usual_cuts(classifier))
    near = (cuts[:, None] + random.normal(0, 0.02, (2, 200))).ravel()  # all within a bin or so
    files = write_log(tmp_path, [row(str(i)) for i in range(400)], near.tolist(), classifier)
    write_sorted(*files, Placing(classifier), tmp_path / "out.parquet")
    rows = Counter(pq.read_table(tmp_path / "out.parquet")["tier"].to_pylist())
    workload = build_workload(*files, Placing(classifier))
    shares = tier_shares(workload, spend_today(workload, {}).usd, usual_cuts_by_lever(classifier))
    assert {s.tier: s.queries for s in shares} == dict(rows)


def test_files_are_named_by_classifier_and_corrections(
    tmp_path: Path, classifier: Classifier
) -> None:
    short = classifier.digest[:12]
    assert scores_file(tmp_path, classifier) == tmp_path / f"scores-{short}.parquet"
    plain = workload_file(tmp_path, classifier, Notes())
    moved = workload_file(tmp_path, classifier, Notes(corrections={"q": "simple"}))
    assert plain == tmp_path / f"workload3-{short}-none.json"
    assert moved != plain and moved.name.startswith(f"workload3-{short}-")


def test_sums_equal_those_of_a_plain_group_by(tmp_path: Path, classifier: Classifier) -> None:
    random = np.random.default_rng(3)
    rows = [
        row(
            str(i),
            model=["big", "small", None][i % 3],
            input_tokens=int(random.integers(1, 9_999)),
            output_tokens=int(random.integers(1, 999)),
            cost_usd=[None, 0.001 * i][i % 2],
        )
        for i in range(300)
    ]
    difficulty = random.normal(0, 3, 300)
    cells = build_workload(
        *write_log(tmp_path, rows, difficulty.tolist(), classifier), Placing(classifier)
    )
    frame = pd.DataFrame(rows).assign(model=lambda f: f["model"].fillna("(none)"))
    by_model = frame.groupby("model")[["input_tokens", "output_tokens"]].sum()
    ours = cells.cells.groupby("model")[["input_tokens", "output_tokens", "cost_nusd"]].sum()
    pd.testing.assert_frame_equal(
        ours[["input_tokens", "output_tokens"]], by_model, check_index_type=False
    )
    assert ours["cost_nusd"].sum() / 1e9 == pytest.approx(sum(0.001 * i for i in range(1, 300, 2)))


def test_answers_from_a_gateway_s_cache_are_queries_that_cost_no_plan_anything() -> None:
    usual = row("1", latency_ms=900.0)
    hit = row("2", latency_ms=4.0, tags="cache hit, prod", cost_usd=0.0)
    cells = make_workload([usual, hit], [0.0, 0.0]).cells
    assert cells["queries"].tolist() == [2]
    assert (cells["input_tokens"].tolist(), cells["output_tokens"].tolist()) == ([1_000], [100])
    assert cells["uncosted_input_tokens"].tolist() == [1_000]
    assert (cells["costed_queries"].tolist(), cells["cost_nusd"].tolist()) == ([1], [0])
    assert (cells["latency_ms"].tolist(), cells["latency_queries"].tolist()) == ([900], [1])


def test_only_a_log_without_segments_of_its_own_is_kept_by_topic(
    tmp_path: Path, classifier: Classifier
) -> None:
    words = ["parcel courier", "refund money", "login password", "oven flour", "goal league"]
    texts = [f"the {words[n % 5]} of item {n}" for n in range(200)]
    for named in (False, True):
        queries, scores = tmp_path / "queries.parquet", tmp_path / "scores.parquet"
        segment = ("chat", "search") if named else (None, None)
        rows = [
            row(f"q{n}", text=text, segment=segment[n % 2]) for n, text in enumerate([*texts, None])
        ]
        pq.write_table(table(rows), queries)
        score_log(queries, scores, classifier)
        (_, found), *_ = scored_batches(queries, scores, topics=True)
        topics = topics_of(found)
        if named:
            assert topics.shape == (201, 0)
        else:
            assert topics.shape == (201, TOPICS)
            assert np.abs(topics[:200].mean(axis=0)).max() < 0.01
            assert (topics[200] == 0).all()
            assert (topics_of(next(scored_batches(queries, scores))[1])).shape == (201, 0)
