from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.complexity.classifier import load_classifier

from .conftest import Run, write_log


def test_the_json_counts_the_tiers(run: Run, log: Path) -> None:
    found = run("categorize", log, "--json").json
    assert found.keys() == {
        "queries", "tiers", "classifier", "learned", "unlike", "seconds", "warnings",
    }  # fmt: skip
    assert found["queries"] == 20
    assert list(found["tiers"]) == ["simple", "medium", "complex"]
    tiers = found["tiers"].values()
    assert all(t.keys() == {"count", "share", "spend_share"} for t in tiers)
    assert sum(t["count"] for t in tiers) == 20
    assert sum(t["share"] for t in tiers) == pytest.approx(1)
    # every query costs the same, so the shares of spend are those of queries
    assert [t["spend_share"] for t in tiers] == pytest.approx([t["share"] for t in tiers])
    assert found["tiers"]["simple"]["count"] >= 12  # three of five prompts are small talk
    assert found["tiers"]["complex"]["count"] >= 4
    classifier = load_classifier()
    assert found["classifier"] == {
        "version": classifier.version,
        "digest": classifier.digest,
        "basis": "text",
    }
    assert found["warnings"] == []


def test_the_file_has_one_row_per_query_in_input_order(run: Run, log: Path, tmp_path: Path) -> None:
    out = tmp_path / "sorted.parquet"
    found = run("categorize", log, "--out", out, "--json").json
    rows = pq.read_table(out)
    assert rows.column_names == [
        "request_id", "segment", "difficulty", "gain", "tier",
        "p_simple_ok", "p_medium_ok", "p_complex_ok",
    ]  # fmt: skip
    assert rows["request_id"].to_pylist() == [f"q{i}" for i in range(20)]
    assert rows["segment"].to_pylist() == ["search", "chat"] * 10
    counted = Counter(rows["tier"].to_pylist())
    assert {t: v["count"] for t, v in found["tiers"].items() if v["count"]} == counted
    for row in rows.to_pylist():
        assert 0 <= row["p_simple_ok"] <= row["p_medium_ok"] <= row["p_complex_ok"] <= 1
        assert row["gain"] == pytest.approx(row["p_complex_ok"] - row["p_simple_ok"])
        assert row["difficulty"] == pytest.approx(1 - row["p_simple_ok"])


def test_without_known_costs_spend_is_null(run: Run, unknown_log: Path) -> None:
    tiers = run("categorize", unknown_log, "--json").json["tiers"]
    assert {t["spend_share"] for t in tiers.values()} == {None}


def test_a_log_without_text_is_sorted_by_size_and_says_so(run: Run, tmp_path: Path) -> None:
    log, out = tmp_path / "counts.csv", tmp_path / "sorted.parquet"
    sizes = [(100 + 400 * (i % 5), 20 + 30 * (i % 7)) for i in range(35)]
    log.write_text(
        "id,model,input_tokens,output_tokens\n"
        + "".join(f"q{i},gpt-4o,{given},{written}\n" for i, (given, written) in enumerate(sizes))
    )
    found = run("categorize", log, "--out", out, "--json").json
    classifier = load_classifier()
    assert found["classifier"]["basis"] == "size"
    assert found["classifier"]["digest"] == classifier.digest
    assert found["warnings"][0].startswith("Sorted by size only")
    assert sum(t["count"] for t in found["tiers"].values()) == found["queries"] == 35
    assert sum(t["spend_share"] for t in found["tiers"].values()) == pytest.approx(1)

    rows = pq.read_table(out)
    assert rows.schema.metadata[b"basis"] == b"size"
    difficulty = dict(zip(sizes, rows["difficulty"].to_pylist(), strict=True))
    for given, written in sizes:  # never easier for being larger
        assert difficulty[given, written] <= difficulty[max(sizes)[0], written]
        assert difficulty[given, written] <= difficulty[given, max(w for _, w in sizes)]
    assert max(difficulty.values()) - min(difficulty.values()) < 0.2  # and never far from it

    said = run("categorize", log).out
    assert "by size only:" in said and "Sorted by size only: this log holds no query text" in said


def test_the_words_say_the_same(run: Run, log: Path) -> None:
    tiers = run("categorize", log, "--json").json["tiers"]
    said = run("categorize", log)
    assert said.code == 0 and said.out.startswith("20 queries in ")
    for tier, found in tiers.items():
        line = next(line for line in said.out.splitlines() if line.strip().startswith(tier))
        assert f" {found['count']} " in line and f"{found['share']:.0%} (" in line


def test_sorting_again_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    log = write_log(tmp_path / "again.csv")
    outs = [tmp_path / "one.parquet", tmp_path / "two.parquet"]
    for out in outs:
        assert run("categorize", log, "--out", out).code == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_a_rule_sorts_instead_of_the_classifier(run: Run, log: Path) -> None:
    by_text = run("categorize", log, "--json").json
    by_length = run("categorize", log, "--by", "length", "--json").json
    assert by_text["classifier"]["basis"] == "text"
    assert by_length["classifier"]["basis"] == "length"
    assert by_length["tiers"] != by_text["tiers"]
    assert "200 characters" in by_length["warnings"][0]
    assert run("plan", log, "--by", "keywords", "--json").json["basis"] == "keywords"


def test_own_outcomes_move_the_sorting_and_say_what_they_taught(
    run: Run, log: Path, tmp_path: Path
) -> None:
    ids = pq.read_table(_sorted(run, log, tmp_path)).column("request_id").to_pylist()
    lines = [f"{i},{m},0" for i in ids for m in ("gpt-4o-mini", "gpt-4o")]  # both fail them all
    (tmp_path / "own.csv").write_text("request_id,model,score\n" + "\n".join(lines) + "\n")
    before = run("categorize", log, "--json").json
    after = run("categorize", log, "--calibration", tmp_path / "own.csv", "--json").json
    assert before["learned"] is None
    assert after["learned"]["paired_queries"] == len(ids) and not after["learned"]["enough"]
    assert after["tiers"]["simple"]["count"] < before["tiers"]["simple"]["count"]
    assert after["learned"]["models"]["gpt-4o"]["answers"] == len(ids)
    planned = run("plan", log, "--calibration", tmp_path / "own.csv", "--json").json
    assert planned["quality"] is not None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,2\n", "outcomes need a column"),
        ("id,model,score\nx,m,1\n", "none of the 1 outcomes"),
    ],
)
def test_outcomes_that_cannot_be_used_are_refused_in_one_line(
    run: Run, log: Path, tmp_path: Path, content: str, said: str
) -> None:
    (tmp_path / "own.csv").write_text(content)
    ran = run("categorize", log, "--calibration", tmp_path / "own.csv")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1) and said in ran.err


def test_texts_unlike_those_learned_from_are_counted_and_said(run: Run, tmp_path: Path) -> None:
    french = "Pouvez-vous me dire comment je peux changer mon mot de passe s'il vous plaît"
    rows = [f"{n},{text}" for n, text in enumerate(["how do I reset it", french] * 10)]
    (tmp_path / "mixed.csv").write_text("id,prompt\n" + "\n".join(rows) + "\n", encoding="utf-8")
    ran = run("categorize", tmp_path / "mixed.csv", "--json").json
    assert ran["unlike"] == {"another language": 10}
    assert ran["tiers"]["complex"]["count"] >= 10
    assert any("50% of the queries are unlike" in words for words in ran["warnings"])


def test_what_own_outcomes_teach_is_measured_on_those_held_back(run: Run, tmp_path: Path) -> None:
    """Two features: in one the strong model always gains, in the other never."""
    lines, outcomes = ["id,prompt,feature"], ["id,model,score"]
    for n in range(120):
        gains = n % 2
        lines.append(f"{n},how do I {'plan' if gains else 'find'} item {n * 7 % 50},f{gains}")
        ok = n % 3 > 0
        outcomes += [f"{n},small,{int(ok and not gains)}", f"{n},large,{int(ok or gains)}"]
    log, own = tmp_path / "log.csv", tmp_path / "own.csv"
    log.write_text("\n".join(lines) + "\n")
    own.write_text("\n".join(outcomes) + "\n")
    found = run("evaluate", log, "--calibration", own, "--draws", 20, "--json").json
    assert found["models"] == ["small", "large"] and found["n"] == 120
    assert found["apgr"] > 0.65 and found["controls"]["segments"]["apgr"] > 0.65
    assert found["controls"].keys() == {
        "read", "length", "random", "litellm_v1", "segments", "oracle",
    }  # fmt: skip
    assert found["stated"]["brier"] < found["stated"]["brier_constant"]
    assert found["too_low"] <= found["by_chance"]["too_low"]
    said = run("evaluate", log, "--calibration", own, "--models", "large", "small", "--draws", 20)
    assert said.code == 0 and "small is not better than large beyond chance" in said.out
    unknown = run("evaluate", log, "--calibration", own, "--models", "small", "huge")
    assert unknown.code == 2 and "no outcomes of huge" in unknown.err


def test_one_model_s_outcomes_cannot_be_measured(run: Run, log: Path, tmp_path: Path) -> None:
    ids = pq.read_table(_sorted(run, log, tmp_path)).column("request_id").to_pylist()
    (tmp_path / "own.csv").write_text("id,model,score\n" + "\n".join(f"{i},m,1" for i in ids))
    ran = run("evaluate", log, "--calibration", tmp_path / "own.csv")
    assert (ran.code, ran.err.count("\n")) == (2, 1) and "outcomes of one model only" in ran.err
    both = run("evaluate", log, log)
    assert both.code == 2 and "several folders of outcomes" in both.err


def _sorted(run: Run, log: Path, tmp_path: Path) -> Path:
    out = tmp_path / "ids.parquet"
    assert run("categorize", log, "--out", out).code == 0
    return out
