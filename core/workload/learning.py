"""A log's own outcomes, kept beside it, and what they teach about its queries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.catalog.catalogue import Catalogue
from core.catalog.model import Ability, Model
from core.complexity.classifier import Classifier
from core.complexity.learned import Learned
from core.complexity.pooling import Evidence, learn
from core.complexity.scale import TIERS, Tier
from core.disk import whole
from core.workload.notes import Notes, resolve_names
from core.workload.outcomes import OwnOutcomes
from core.workload.placing import Placing
from core.workload.pricing import Names
from core.workload.scores import (
    cluster_names,
    learned_file,
    scores_file,
)
from core.workload.seen import SeenLog, on_scores, read_seen, rows_of
from core.workload.workload import Workload

OUTCOMES: Final = "outcomes.parquet"
UNKNOWN_ABILITY: Final = (2.0, 2.0)  # logits: anything between a small and a frontier model
# Hints, not measurements. A person who sorts a query says what three models would do, without
# having seen them do it; users who rate an answer are few and choose themselves.
CORRECTION_WEIGHT: Final = 0.25
FEEDBACK_WEIGHT: Final = 0.1
MOST_RATED: Final = 20_000  # answers with a verdict: more would weigh no more together
MOST_FEEDBACK: Final = 50.0  # all feedback together weighs no more than so many outcomes

_Answer = tuple[int, str, float, float]  # row of the log, model, score, weight

_REFERENCE: Final = "reference model of the {} tier"


def keep_outcomes(folder: Path, own: OwnOutcomes) -> str:
    """Store the outcomes beside their log; a digest of them."""
    table = pa.table({"row": own.row, "model": own.model, "score": own.score})
    kept = table.replace_schema_metadata({"skipped": json.dumps(own.skipped)})
    with whole(folder / OUTCOMES) as unfinished:
        pq.write_table(kept, unfinished)
    content = json.dumps([own.row.tolist(), own.model.to_pylist(), own.score.tolist()])
    return hashlib.blake2b(content.encode(), digest_size=6).hexdigest()


def kept_outcomes(folder: Path) -> OwnOutcomes | None:
    """The outcomes beside a log; None when there are none."""
    if not (folder / OUTCOMES).exists():
        return None
    table = pq.read_table(folder / OUTCOMES)
    skipped = json.loads((table.schema.metadata or {}).get(b"skipped", b"{}"))
    return OwnOutcomes(
        table["row"].to_numpy(), table["model"].combine_chunks(), table["score"].to_numpy(), skipped
    )


def learn_from(
    queries: Path,
    scores: Path,
    placing: Placing,
    own: OwnOutcomes,
    names: Names,
) -> Learned:
    """What the outcomes, corrections and feedback of a scored log teach.

    `names` says what the models of the outcomes and of the log stand for.
    """
    placing = on_scores(placing, scores)
    log = read_seen(queries, scores, placing)
    segments = log.segments
    answers = [
        (int(row), model, float(score), 1.0)
        for row, model, score in zip(own.row, own.model.to_pylist(), own.score, strict=True)
    ]
    answers += _corrected(queries, placing.corrections) + _rated(log)
    rows = np.unique([row for row, *_ in answers])
    models = sorted({model for _, model, *_ in answers})
    abilities = [ability_before(model, names, placing.classifier) for model in models]
    evidence = Evidence(
        query=np.searchsorted(rows, [row for row, *_ in answers]),
        model=np.array([models.index(model) for _, model, *_ in answers]),
        score=np.array([score for *_, score, _ in answers]),
        weight=np.array([weight for *_, weight in answers]),
        signs=log.signs(segments, rows),
        segments=segments,
        models=tuple(models),
        ability=np.array([ability for ability, _ in abilities]),
        ability_sd=np.array([sd for _, sd in abilities]),
    )
    classifier = placing.classifier
    return learn(evidence, log.usual, spread=classifier.spread, level_sd=classifier.log_sd)


def placing_of(folder: Path, classifier: Classifier, notes: Notes) -> Placing:
    """What decides where the queries of a sorted log belong."""
    kept = learned_file(folder, classifier, notes)
    return Placing(
        classifier,
        notes.corrections,
        Learned.from_json(kept.read_text("utf-8")) if kept.exists() else None,
        cluster_names(scores_file(folder, classifier)),
        notes.segment_names,
    )


def outcome_names(
    learned: Learned | None, catalogue: Catalogue, notes: Notes, source: str
) -> dict[str, Model | None]:
    """What the models of the outcomes stand for."""
    named = [model.name for model in learned.models] if learned else []
    return resolve_names(named, catalogue, notes, source)


def models_with_evidence(learned: Learned | None, names: Names) -> dict[str, Model]:
    """By id the models whose ability a log's own outcomes showed, with that ability."""
    found: dict[str, Model] = {}
    for item in learned.models if learned else ():
        model = names.get(item.name)
        if model is None or item.answers == 0:
            continue
        ability = Ability(
            mean=item.ability,
            sd=item.sd,
            origin="measured",
            source=f"{item.answers:,} outcomes of this log",
            as_of=model.ability.as_of,
        )
        found[model.id] = replace(model, ability=ability)
    return found


def known_names(
    workload: Workload, learned: Learned | None, catalogue: Catalogue, notes: Notes, source: str
) -> tuple[dict[str, Model | None], dict[str, Model]]:
    """What each logged name stands for, and by id the models that own outcomes measured."""
    measured = models_with_evidence(learned, outcome_names(learned, catalogue, notes, source))
    listed = resolve_names(workload.models, catalogue, notes, source)
    names = {n: measured.get(model.id, model) if model else None for n, model in listed.items()}
    return names, measured


def _corrected(queries: Path, corrections: Mapping[str, Tier]) -> list[_Answer]:
    """What a person's sorting says of the three reference models: those below its tier fail."""
    if not corrections:
        return []
    found = []
    rows = rows_of(queries, list(corrections))
    for row, tier in zip(rows, corrections.values(), strict=True):
        for name in TIERS:
            if row is not None:
                ok = TIERS.index(name) >= TIERS.index(tier)
                found.append((row, _REFERENCE.format(name), float(ok), CORRECTION_WEIGHT))
    return found


def _rated(log: SeenLog) -> list[_Answer]:
    """The users' verdicts on the logged models' answers, of very many an even choice."""
    rows = np.flatnonzero(~np.isnan(log.feedback) & log.model.is_valid().to_numpy(False))
    if not len(rows):
        return []
    rows = rows[:: -(-len(rows) // MOST_RATED)]
    weight = min(FEEDBACK_WEIGHT, MOST_FEEDBACK / len(rows))
    models = log.model.take(pa.array(rows)).to_pylist()
    return [
        (int(row), model, float(log.feedback[row]), weight)
        for row, model in zip(rows, models, strict=True)
    ]


def ability_before(model: str, names: Names, classifier: Classifier) -> tuple[float, float]:
    """Mean and deviation of what is known of a model before this evidence, in logits."""
    for item in classifier.reference:
        if model == _REFERENCE.format(item.tier):
            return item.mean, item.sd
    known = names.get(model)
    return (known.ability.mean, known.ability.sd) if known else UNKNOWN_ABILITY
