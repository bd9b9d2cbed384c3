from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from core.complexity.learned import Signs
from core.complexity.scale import LEVERS
from core.workload.build import build_workload
from core.workload.learning import (
    keep_outcomes,
    kept_outcomes,
    learn_from,
    models_with_evidence,
)
from core.workload.outcomes import OwnOutcomes
from core.workload.paired import paired_log
from core.workload.placing import Placing
from core.workload.standing import standing, unlabelled

from .conftest import make_classifier, make_model, row, write_log

MODELS = {"small": make_model("small", ability=1.0), "large": make_model("large", ability=4.0)}


def outcomes(rows: list[int], weak: list[int], strong: list[int]) -> OwnOutcomes:
    both = np.repeat(rows, 2)
    names = pa.array(["small", "large"] * len(rows))
    return OwnOutcomes(both, names, np.stack([weak, strong], axis=1).ravel().astype(float), {})


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """400 queries that read alike, half of them about search, half about billing."""
    rows = [row(str(n), segment="search" if n % 2 else "billing") for n in range(400)]
    return write_log(tmp_path, rows, [0.0] * 400, make_classifier())


def test_a_segment_whose_outcomes_gain_gets_more_of_the_stronger_tier(
    files: tuple[Path, Path],
) -> None:
    placing = Placing(make_classifier())
    rows = list(range(300))
    fails = [0 if n % 2 else 1 for n in rows]  # the small model fails all about search
    learned = learn_from(*files, placing, outcomes(rows, fails, [1] * 300), MODELS)
    assert learned.segments == ("billing", "search") and learned.paired == 300
    before = build_workload(*files, placing)
    after = build_workload(*files, Placing(make_classifier(), learned=learned))
    assert after.queries == before.queries == 400
    assert before.cells["lever"].unique().tolist() == [LEVERS.index(1.0)]
    by_segment = after.cells.set_index("segment")
    gain = {}
    for name in ("billing", "search"):
        cell = by_segment.loc[[name]].iloc[0]
        gain[name] = (cell["bin"], LEVERS[cell["lever"]])
    assert gain["search"][0] > gain["billing"][0]


def test_outcomes_are_kept_beside_the_log(tmp_path: Path) -> None:
    own = outcomes([3, 5], [0, 1], [1, 1])
    assert kept_outcomes(tmp_path) is None
    digest = keep_outcomes(tmp_path, own)
    again = kept_outcomes(tmp_path)
    assert again is not None
    assert again.row.tolist() == own.row.tolist() and again.model == own.model
    assert keep_outcomes(tmp_path, again) == digest
    assert keep_outcomes(tmp_path, outcomes([3, 5], [1, 1], [1, 1])) != digest


def test_abilities_come_back_as_measured_ones(files: tuple[Path, Path]) -> None:
    own = outcomes(list(range(200)), [0] * 200, [1] * 200)
    learned = learn_from(*files, Placing(make_classifier()), own, MODELS)
    found = models_with_evidence(learned, MODELS)
    assert found["large"].ability.mean > found["small"].ability.mean
    assert found["large"].ability.origin == "measured"
    assert "200 outcomes" in found["large"].ability.source
    assert models_with_evidence(None, MODELS) == {}


def test_a_corrected_query_is_a_hint_of_a_quarter(files: tuple[Path, Path]) -> None:
    own = outcomes(list(range(20)), [1] * 20, [1] * 20)
    plain = learn_from(*files, Placing(make_classifier()), own, MODELS)
    corrected = Placing(make_classifier(), {str(n): "complex" for n in range(1, 100, 2)})
    hinted = learn_from(*files, corrected, own, MODELS)
    search = plain.segments.index("search")
    query = Signs(np.array([search]), np.zeros(1), np.zeros(1), np.zeros((1, 0)))
    assert hinted.place(query)[0][0] > plain.place(query)[0][0]
    assert hinted.answers == plain.answers == 40, "hints are no outcomes"


def test_what_is_known_of_a_segment_s_gain_narrows_with_outcomes(files: tuple[Path, Path]) -> None:
    placing = Placing(make_classifier())
    fails = [0 if n % 2 else 1 for n in range(300)]  # the small model fails all about search
    own = outcomes(list(range(300)), fails, [1] * 300)
    learned = learn_from(*files, placing, own, MODELS)
    taught = Placing(make_classifier(), learned=learned)
    before = standing(*files, placing, MODELS["small"], MODELS["large"])
    after = standing(*files, taught, MODELS["small"], MODELS["large"])
    assert [gain.segment for gain in after.gains] == ["billing", "search"]
    assert after.queries == before.queries == (200, 200)
    billing, search = after.gains
    assert search.gain > billing.gain
    assert search.high - search.low < before.gains[1].high - before.gains[1].low
    assert [(g.low, g.high) for g in after.before] == [(g.low, g.high) for g in before.gains]


def test_the_queries_to_label_are_new_ones_from_all_over_their_segment(
    files: tuple[Path, Path],
) -> None:
    own = outcomes(list(range(100)), [1] * 100, [1] * 100)
    wanted = {"search": 5, "billing": 2, "gone": 3}
    found = unlabelled(*files, Placing(make_classifier()), own, wanted)
    names = [name for _, name in found]
    assert names.count("search") == 5 and names.count("billing") == 2 and len(found) == 7
    rows = [int(query) for query, _ in found]
    assert min(rows) >= 100 and max(rows) - min(rows) > 150
    assert all(
        (row % 2 == 1) == (name == "search") for row, (_, name) in zip(rows, found, strict=True)
    )


def test_paired_outcomes_are_the_queries_that_both_models_answered(
    files: tuple[Path, Path],
) -> None:
    own = outcomes([7, 3, 9], [0, 1, 0], [1, 1, 1])
    more = OwnOutcomes(
        np.append(own.row, 20), pa.concat_arrays([own.model, pa.array(["small"])]),
        np.append(own.score, 1.0), {},
    )  # fmt: skip
    log = paired_log(*files, Placing(make_classifier()), more, MODELS)
    assert log.models == ("small", "large") and len(log) == 3
    assert (log.weak.tolist(), log.strong.tolist()) == ([1, 0, 0], [1, 1, 1])  # in the log's order
    assert log.ability == (1.0, 4.0)
    assert [log.segments[s] for s in log.signs.segment] == ["search", "search", "search"]
