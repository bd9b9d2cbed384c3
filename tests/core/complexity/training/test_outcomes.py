from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pytest

from core.complexity.training.outcomes import data_digest, pass_score, read_benchmark, read_training
from core.errors import BadInput

ROW = {
    "dataset": "exam",
    "query_id": "1",
    "query": "what?",
    "model": "m",
    "score": 1.0,
    "category": "any",
    "text_key": "k1",
}


def write(folder: Path, *rows: dict[str, object], name: str = "some.parquet") -> Path:
    pd.DataFrame([ROW | row for row in rows]).to_parquet(folder / name)
    return folder


def test_answers_keep_their_question_model_and_unit(world):
    outcomes = read_training(world.folder)
    assert len(outcomes.texts) == 5 * 150
    assert len(outcomes.score) == 5 * 150 * 12
    assert outcomes.units == tuple(sorted(outcomes.units))
    assert set(outcomes.units) >= {"exam", "llmrouter_dc/math"}
    text = outcomes.texts.to_pylist()
    for i in (0, 999, 5000):
        unit = outcomes.units[outcomes.unit[outcomes.query[i]]]
        assert text[outcomes.query[i]].startswith(unit)


def test_judged_chat_passes_from_eight_tenths(tmp_path):
    rows = [{"dataset": "arena_bench_v1", "query_id": str(s), "score": s} for s in (0.7, 0.8, 0.9)]
    outcomes = read_training(write(tmp_path, *rows))
    assert outcomes.passed.tolist() == [False, True, True]
    assert pass_score("mt_bench") == 0.85
    assert pass_score("llmrouter_dc/math") == 0.5


def test_rows_in_another_order_give_the_same_arrays(world, tmp_path):
    frame = pd.read_parquet(world.folder / "training.parquet").sample(frac=1.0, random_state=5)
    frame.to_parquet(tmp_path / "training.parquet")
    one, other = read_training(world.folder), read_training(tmp_path)
    assert one.texts.equals(other.texts)
    assert np.array_equal(one.query, other.query)
    assert np.array_equal(one.score, other.score)


def test_leaving_a_unit_out_takes_equal_texts_with_it(tmp_path):
    write(
        tmp_path,
        {},
        {"dataset": "quiz", "query_id": "a"},  # the same text as the exam's
        {"dataset": "quiz", "query_id": "b", "text_key": "k2", "model": "other"},
    )
    outcomes = read_training(tmp_path)
    rest = outcomes.without("exam")
    assert rest.units == ("quiz",)
    assert rest.text_keys == ("k2",)
    assert rest.models == ("other",)
    assert outcomes.only("exam").text_keys == ("k1",)


def test_a_mixed_set_can_be_left_out_whole_or_by_task(world):
    outcomes = read_training(world.folder)
    assert len(outcomes.without("llmrouter_dc").units) == 3
    assert len(outcomes.without("llmrouter_dc/math").units) == 4
    assert len(outcomes.only("llmrouter_dc").texts) == 300


def test_the_benchmark_is_never_in_the_training_data(world):
    benchmark = read_benchmark(world.folder)
    assert benchmark is not None
    assert benchmark.units == ("mmlu",)
    assert "mmlu" not in read_training(world.folder).units


def test_the_digest_ignores_the_benchmark_and_notices_the_rest(tmp_path):
    before = data_digest(write(tmp_path, {}))
    write(tmp_path, {}, name="routellm_half.parquet")
    assert data_digest(tmp_path) == before
    write(tmp_path, {"score": 0.0})
    assert data_digest(tmp_path) != before


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"score": 1.5}], r"some.parquet: a score of 1.5"),
        ([{"query": None}], "empty cells in query"),
        ([{}, {}], "exam: two answers of m to 1"),
    ],
)
def test_wrong_rows_are_refused_with_their_place(tmp_path, rows, message):
    with pytest.raises(BadInput, match=message):
        read_training(write(tmp_path, *rows))


def test_a_folder_without_outcomes_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no outcome files"):
        read_training(tmp_path)
    with pytest.raises(BadInput, match="no outcome files"):
        read_training(tmp_path / "missing")
    write(tmp_path, {}, name="routellm_half.parquet")
    with pytest.raises(BadInput, match="nothing to train on"):
        read_training(tmp_path)


def test_a_file_that_is_no_outcome_file_is_refused(tmp_path):
    (tmp_path / "broken.parquet").write_text("no")
    with pytest.raises(BadInput, match=r"broken.parquet: not an outcome file"):
        read_training(tmp_path)
    pd.DataFrame({"query": ["x"]}).to_parquet(tmp_path / "broken.parquet")
    with pytest.raises(BadInput, match="It needs the columns"):
        read_training(tmp_path)


def test_answers_have_a_length_in_tokens_where_it_was_written_down(tmp_path):
    rows = [
        {"query_id": "a", "output_chars": 44},
        {"query_id": "b", "output_chars": 0},  # a failed run, not a short answer
        {"query_id": "c", "output_chars": None},
    ]
    found = read_training(write(tmp_path, *rows)).output_tokens
    assert found == pytest.approx([10.0, np.nan, np.nan], nan_ok=True)


def test_files_without_lengths_are_read_beside_others(tmp_path):
    write(tmp_path, {"query_id": "a", "output_chars": 88}, name="with.parquet")
    write(tmp_path, {"dataset": "quiz"}, name="without.parquet")
    found = read_training(tmp_path)
    assert found.output_tokens == pytest.approx([20.0, np.nan], nan_ok=True)
    assert found.only("quiz").output_tokens == pytest.approx([np.nan], nan_ok=True)


def test_a_length_that_is_no_number_is_a_bad_input(tmp_path):
    with pytest.raises(BadInput, match="not an outcome file"):
        read_training(write(tmp_path, {"output_chars": "long"}))


def test_tokens_of_questions_are_counted_by_what_is_given(tmp_path):
    folder = write(tmp_path, {"query": "four words of text"})
    by_words = read_training(
        folder, lambda texts: pc.list_value_length(pc.utf8_split_whitespace(texts))
    )
    assert by_words.tokens.tolist() == [4.0]
    assert read_training(folder).tokens.tolist() == pytest.approx([18 / 4.4])
