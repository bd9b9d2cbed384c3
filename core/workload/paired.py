"""The queries of a log that two models both answered, to measure on what their outcomes teach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from core.complexity.own_report import PairedLog
from core.errors import BadInput
from core.workload.learning import ability_before
from core.workload.outcomes import OwnOutcomes
from core.workload.placing import Placing
from core.workload.pricing import Names
from core.workload.seen import on_scores, read_seen, texts_of


def paired_log(
    queries: Path,
    scores: Path,
    placing: Placing,
    own: OwnOutcomes,
    names: Names,
    models: Sequence[str] | None = None,
) -> PairedLog:
    """The queries of a scored log with outcomes of both models, for measuring.

    `models` are a cheap and a strong one as the outcomes name them, by default the two with the
    most queries in common, the one with the lower mean score first. Raises BadInput.
    """
    said = own.model.to_pylist()
    by_model: dict[str, dict[int, float]] = {}
    for row, model, score in zip(own.row.tolist(), said, own.score.tolist(), strict=True):
        by_model.setdefault(model, {})[row] = score
    weak, strong = models or _most_paired(by_model)
    for model in (weak, strong):
        if model not in by_model:
            raise BadInput(
                f"no outcomes of {model}", remedy="The models are " + ", ".join(sorted(by_model))
            )
    rows = np.array(sorted(by_model[weak].keys() & by_model[strong].keys()), dtype=np.int64)
    placing = on_scores(placing, scores)
    log = read_seen(queries, scores, placing)
    segments = log.segments
    texts = texts_of(queries, rows)
    abilities = [ability_before(model, names, placing.classifier) for model in (weak, strong)]
    scored = [np.array([by_model[model][row] for row in rows]) for model in (weak, strong)]
    return PairedLog(
        texts=texts,
        group=pc.fill_null(texts.dictionary_encode().indices, -1).to_numpy().astype(np.int64),
        signs=log.signs(segments, rows),
        usual=log.usual,
        segments=segments,
        weak=scored[0],
        strong=scored[1],
        models=(weak, strong),
        ability=(abilities[0][0], abilities[1][0]),
        ability_sd=(abilities[0][1], abilities[1][1]),
        spread=placing.classifier.spread,
        level_sd=placing.classifier.log_sd,
    )


def _most_paired(by_model: Mapping[str, Mapping[int, float]]) -> tuple[str, str]:
    pairs = sorted(
        combinations(sorted(by_model), 2),
        key=lambda pair: -len(by_model[pair[0]].keys() & by_model[pair[1]].keys()),
    )
    if not pairs:
        raise BadInput(
            "outcomes of one model only",
            remedy="Give outcomes of a cheap and a strong model for the same queries",
        )
    weak, strong = sorted(pairs[0], key=lambda m: sum(by_model[m].values()) / len(by_model[m]))
    return weak, strong
