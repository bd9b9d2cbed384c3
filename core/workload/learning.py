"""A log's own outcomes, kept beside it, and what they teach about its queries."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.catalog.catalogue import Catalogue
from core.catalog.model import Ability, Model
from core.complexity.classifier import Classifier
from core.complexity.clusters import Topics
from core.complexity.learned import Learned, SegmentGain, Signs, Usual
from core.complexity.own_report import PairedLog
from core.complexity.pooling import Evidence, learn
from core.complexity.scale import TIERS, Tier
from core.errors import BadInput
from core.workload.notes import Notes, resolve_names
from core.workload.outcomes import OwnOutcomes
from core.workload.placing import Placing, topics_of
from core.workload.pricing import Names
from core.workload.scores import (
    basis_of,
    cluster_names,
    learned_file,
    scored_batches,
    scores_file,
)

OUTCOMES: Final = "outcomes.parquet"
MOST_SEGMENTS: Final = 50  # the rest is pooled with the whole log
UNKNOWN_ABILITY: Final = (2.0, 2.0)  # logits: anything between a small and a frontier model
# Hints, not measurements. A person who sorts a query says what three models would do, without
# having seen them do it; users who rate an answer are few and choose themselves.
CORRECTION_WEIGHT: Final = 0.25
FEEDBACK_WEIGHT: Final = 0.1
MOST_FEEDBACK: Final = 50.0  # all feedback together weighs no more than so many outcomes

_Answer = tuple[int, str, float, float]  # row of the log, model, score, weight

_REFERENCE: Final = "reference model of the {} tier"
_NEEDED: Final = ["request_id", "segment", "text_chars", "status", "model", "feedback"]


def keep_outcomes(folder: Path, own: OwnOutcomes) -> str:
    """Store the outcomes beside their log; a digest of them."""
    table = pa.table({"row": own.row, "model": own.model, "score": own.score})
    unfinished = folder / f"{OUTCOMES}.part"
    pq.write_table(table.replace_schema_metadata({"skipped": json.dumps(own.skipped)}), unfinished)
    unfinished.replace(folder / OUTCOMES)
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
    basis, clusters = basis_of(scores), cluster_names(scores)
    placing = replace(placing, classifier=placing.classifier.on(basis), clusters=clusters)
    log = _read(queries, scores, placing)
    common = [name for name, _ in Counter(log.segment).most_common(MOST_SEGMENTS)]
    number = {name: place for place, name in enumerate(sorted(common))}
    answers = [
        (int(row), model, float(score), 1.0)
        for row, model, score in zip(own.row, own.model.to_pylist(), own.score, strict=True)
    ]
    answers += _corrected(log, placing.corrections) + _rated(log)
    rows = np.unique([row for row, *_ in answers])
    models = sorted({model for _, model, *_ in answers})
    abilities = [_ability(model, names, placing) for model in models]
    signs = log.signs(number)
    evidence = Evidence(
        query=np.searchsorted(rows, [row for row, *_ in answers]),
        model=np.array([models.index(model) for _, model, *_ in answers]),
        score=np.array([score for *_, score, _ in answers]),
        weight=np.array([weight for *_, weight in answers]),
        signs=signs.take(rows),
        segments=tuple(number),
        models=tuple(models),
        ability=np.array([ability for ability, _ in abilities]),
        ability_sd=np.array([sd for _, sd in abilities]),
    )
    classifier = placing.classifier
    return learn(evidence, _usual(log), spread=classifier.spread, level_sd=classifier.log_sd)


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
    basis, clusters = basis_of(scores), cluster_names(scores)
    placing = replace(placing, classifier=placing.classifier.on(basis), clusters=clusters)
    log = _read(queries, scores, placing)
    common = sorted(name for name, _ in Counter(log.segment).most_common(MOST_SEGMENTS))
    texts = pq.read_table(queries, columns=["text"])["text"].combine_chunks().take(pa.array(rows))
    abilities = [_ability(model, names, placing) for model in (weak, strong)]
    scored = [np.array([by_model[model][row] for row in rows]) for model in (weak, strong)]
    return PairedLog(
        texts=texts,
        group=pc.fill_null(texts.dictionary_encode().indices, -1).to_numpy().astype(np.int64),
        signs=log.signs({name: place for place, name in enumerate(common)}).take(rows),
        usual=_usual(log),
        segments=tuple(common),
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


@dataclass(frozen=True)
class Standing:
    """What is known of who gains, per segment, and how many queries each has in the log.

    `before` is the same before any outcome, in the same order.
    """

    gains: tuple[SegmentGain, ...]
    before: tuple[SegmentGain, ...]
    queries: tuple[int, ...]


def standing(queries: Path, scores: Path, placing: Placing, weak: Model, strong: Model) -> Standing:
    """How much the strong model gains over the weak one in each segment of a scored log.

    Without outcomes that is the reading alone, with all that it leaves open.
    """
    basis, clusters = basis_of(scores), cluster_names(scores)
    placing = replace(placing, classifier=placing.classifier.on(basis), clusters=clusters)
    log = _read(queries, scores, placing)
    nothing = _nothing_learned(log, placing, (weak, strong))
    learned = placing.learned or nothing
    abilities = [(m.ability.mean, m.ability.sd) for m in (weak, strong)]

    def gains(known: Learned) -> dict[str, SegmentGain]:
        signs = log.signs({name: number for number, name in enumerate(known.segments)})
        return {gain.segment: gain for gain in known.gains(signs, *abilities)}

    now, before = gains(learned), gains(nothing)
    common = [name for name in now if name in before]
    counts = Counter(log.segment)
    return Standing(
        tuple(now[name] for name in common),
        tuple(before[name] for name in common),
        tuple(counts[name] for name in common),
    )


def unlabelled(
    queries: Path,
    scores: Path,
    placing: Placing,
    own: OwnOutcomes | None,
    wanted: Mapping[str, int],
) -> list[tuple[str, str]]:
    """Request ids and segments of queries without outcomes, so many of each segment.

    They come from all over the log.
    """
    log = _read(queries, scores, replace(placing, clusters=cluster_names(scores)))
    done = set(own.row.tolist()) if own else set()
    found = []
    for name, count in wanted.items():
        rows = [row for row, segment in enumerate(log.segment) if segment == name]
        rows = [row for row in rows if row not in done]
        picked = rows[:: max(len(rows) // max(count, 1), 1)][:count]
        found += [(log.request_id[row].as_py(), name) for row in picked]
    return found


def _nothing_learned(log: _Log, placing: Placing, models: Sequence[Model]) -> Learned:
    """What is known before any outcome: the priors."""
    segments = tuple(sorted(name for name, _ in Counter(log.segment).most_common(MOST_SEGMENTS)))
    nothing = Evidence(
        query=np.array([0]),
        model=np.array([0]),
        score=np.array([0.5]),
        weight=np.array([1e-9]),
        signs=log.signs({}).take(np.array([0])),
        segments=segments,
        models=tuple(model.id for model in models),
        ability=np.array([model.ability.mean for model in models]),
        ability_sd=np.array([model.ability.sd for model in models]),
    )
    classifier = placing.classifier
    return learn(nothing, _usual(log), spread=classifier.spread, level_sd=classifier.log_sd)


def _usual(log: _Log) -> Usual:
    return Usual(
        (float(log.difficulty.mean()), float(log.difficulty.std())),
        (float(log.length.mean()), float(log.length.std())),
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


@dataclass(frozen=True)
class _Log:
    """What is needed of every query of the log, in its order."""

    request_id: pa.Array
    segment: list[str]
    model: pa.Array
    difficulty: npt.NDArray[np.float64]
    length: npt.NDArray[np.float64]  # log1p of characters
    topics: Topics
    feedback: npt.NDArray[np.float64]  # 0..1, NaN without

    def signs(self, segments: Mapping[str, int]) -> Signs:
        """What is seen of every query; `segments` numbers those that count."""
        number = np.array([segments.get(name, -1) for name in self.segment])
        return Signs(number, self.difficulty, self.length, self.topics)


def _read(queries: Path, scores: Path, placing: Placing) -> _Log:
    pieces: list[tuple[pa.Array, ...]] = []
    topics: list[Topics] = []
    for batch, score in scored_batches(queries, scores, _NEEDED, topics=True):
        topics.append(topics_of(score))
        columns = [batch.column(name) for name in ("request_id", "model", "text_chars", "feedback")]
        pieces.append((placing.segments(batch, score), score.column("difficulty"), *columns))
    segment, difficulty, request_id, model, chars, feedback = (
        pa.chunked_array(column).combine_chunks() for column in zip(*pieces, strict=True)
    )
    return _Log(
        request_id=request_id,
        segment=segment.to_pylist(),
        model=model,
        difficulty=difficulty.to_numpy().astype(np.float64),
        length=np.log1p(chars.to_numpy().astype(np.float64)),
        topics=np.concatenate(topics),
        feedback=feedback.to_numpy(zero_copy_only=False).astype(np.float64),
    )


def _corrected(log: _Log, corrections: Mapping[str, Tier]) -> list[_Answer]:
    """What a person's sorting says of the three reference models: those below its tier fail."""
    if not corrections:
        return []
    place = pc.index_in(pa.array(list(corrections), pa.string()), value_set=log.request_id)
    found = []
    for row, tier in zip(place.to_pylist(), corrections.values(), strict=True):
        for name in TIERS:
            if row is not None:
                ok = TIERS.index(name) >= TIERS.index(tier)
                found.append((row, _REFERENCE.format(name), float(ok), CORRECTION_WEIGHT))
    return found


def _rated(log: _Log) -> list[_Answer]:
    """The users' verdicts on the logged models' answers."""
    rows = np.flatnonzero(~np.isnan(log.feedback) & log.model.is_valid().to_numpy(False))
    if not len(rows):
        return []
    weight = min(FEEDBACK_WEIGHT, MOST_FEEDBACK / len(rows))
    models = log.model.take(pa.array(rows)).to_pylist()
    return [
        (int(row), model, float(log.feedback[row]), weight)
        for row, model in zip(rows, models, strict=True)
    ]


def _ability(model: str, names: Names, placing: Placing) -> tuple[float, float]:
    """Mean and deviation of what is known of a model before this evidence, in logits."""
    for item in placing.classifier.reference:
        if model == _REFERENCE.format(item.tier):
            return item.mean, item.sd
    known = names.get(model)
    return (known.ability.mean, known.ability.sd) if known else UNKNOWN_ABILITY
