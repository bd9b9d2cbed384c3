"""Outcome files to arrays: which model answered which public question how well.

A folder of outcomes holds Parquet files with one row per (dataset, query_id, model).
Files named in `BENCHMARKS` are only ever reported on; everything else may be trained on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.errors import BadInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
CountTokens = Callable[[pa.Array], pa.Array]

BENCHMARKS: Final = ("routellm_half.parquet",)
PASS_SCORE: Final = {"arena_bench_v1": 0.8, "mt_bench": 0.85}  # judged 1-10, divided by 10
DEFAULT_PASS_SCORE: Final = 0.5
SPLIT_BY_TASK: Final = ("llmrouter_dc",)  # sets that mix tasks: each task is a unit
COLUMNS: Final = ("dataset", "query_id", "query", "model", "score", "category", "text_key")
OUTPUT_CHARS: Final = "output_chars"  # not in every file
CHARS_PER_TOKEN: Final = 4.4  # of English answers under o200k_base


@dataclass(frozen=True)
class Outcomes:
    """Answers to questions, sorted, so that the same rows always give the same arrays.

    The first seven hold one entry per question (`texts`, `text_keys`, `topics`, subjects as
    the set names them, and `tokens`; `unit` indexes `units`) or are name lists; the last four
    one entry per answer: indices of question and model, the score 0..1, and the answer's length
    in tokens, NaN where nobody wrote it down. A unit is a data set, or one task of a mixed set.
    """

    texts: pa.Array
    text_keys: tuple[str, ...]
    topics: tuple[str, ...]
    tokens: Floats
    unit: Ints
    units: tuple[str, ...]
    models: tuple[str, ...]
    query: Ints
    model: Ints
    score: Floats
    output_tokens: Floats

    @property
    def passed(self) -> npt.NDArray[np.bool_]:
        """Per answer: was it acceptable, by the data set's pass score."""
        needed = np.array([pass_score(name) for name in self.units])
        return np.asarray(self.score >= needed[self.unit[self.query]] - 1e-9)

    def without(self, unit: str) -> Outcomes:
        """The outcomes less one unit, or a whole set of tasks when `unit` names the set.

        Questions of other units with the same text leave too, so that what is measured on
        the unit was never seen.
        """
        out = np.array([name == unit or name.split("/")[0] == unit for name in self.units])
        keys = np.array(self.text_keys)
        leaves = out[self.unit] | np.isin(keys, keys[out[self.unit]])
        return self._only(~leaves)

    def only(self, unit: str) -> Outcomes:
        """The outcomes of one unit, or of a whole set of tasks when `unit` names the set."""
        names = np.array([name == unit or name.split("/")[0] == unit for name in self.units])
        return self._only(names[self.unit])

    def _only(self, kept: npt.NDArray[np.bool_]) -> Outcomes:
        answers = kept[self.query]
        unit_ids, unit = np.unique(self.unit[kept], return_inverse=True)
        model_ids, model = np.unique(self.model[answers], return_inverse=True)
        return Outcomes(
            texts=self.texts.filter(pa.array(kept)),
            text_keys=tuple(np.array(self.text_keys)[kept].tolist()),
            topics=tuple(np.array(self.topics)[kept].tolist()),
            tokens=self.tokens[kept],
            unit=unit.astype(np.int64),
            units=tuple(self.units[i] for i in unit_ids),
            models=tuple(self.models[i] for i in model_ids),
            query=(np.cumsum(kept) - 1)[self.query[answers]].astype(np.int64),
            model=model.astype(np.int64),
            score=self.score[answers],
            output_tokens=self.output_tokens[answers],
        )


def pass_score(unit: str) -> float:
    """The score 0..1 from which an answer of that unit counts as acceptable."""
    return PASS_SCORE.get(unit.split("/")[0], DEFAULT_PASS_SCORE)


def about_tokens(texts: pa.Array) -> pa.Array:
    """Tokens per text by its length alone."""
    return pc.divide(pc.utf8_length(texts), CHARS_PER_TOKEN)


def read_training(folder: Path, count_tokens: CountTokens = about_tokens) -> Outcomes:
    """The outcomes that may be trained on; `BadInput` when files or columns are wrong."""
    paths = [path for path in _files(folder) if path.name not in BENCHMARKS]
    if not paths:
        raise BadInput(
            "only benchmark files, nothing to train on",
            where=str(folder),
            remedy="Add outcome files other than " + ", ".join(BENCHMARKS),
        )
    rows = pd.concat([_rows(path) for path in paths], ignore_index=True)
    return _arrays(rows, count_tokens)


def read_benchmark(folder: Path, count_tokens: CountTokens = about_tokens) -> Outcomes | None:
    """The outcomes that are reported on and never trained on; None when there are none."""
    paths = [path for path in _files(folder) if path.name in BENCHMARKS]
    if not paths:
        return None
    rows = pd.concat([_rows(path) for path in paths], ignore_index=True)
    return _arrays(rows, count_tokens)


def data_digest(folder: Path) -> str:
    """A SHA-256 over the names and bytes of the training files."""
    digest = hashlib.sha256()
    for path in _files(folder):
        if path.name not in BENCHMARKS:
            digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    paths = sorted(folder.glob("*.parquet")) if folder.is_dir() else []
    if not paths:
        raise BadInput(
            "no outcome files (*.parquet)",
            where=str(folder),
            remedy="Name the folder that holds them",
        )
    return paths


def _rows(path: Path) -> pd.DataFrame:
    try:
        own = set(pq.read_schema(path).names)
        frame = pd.read_parquet(path, columns=[*COLUMNS, *({OUTPUT_CHARS} & own)])
        if OUTPUT_CHARS not in own:
            frame[OUTPUT_CHARS] = np.nan
        frame[OUTPUT_CHARS] = frame[OUTPUT_CHARS].astype("Float64")
    except (pa.ArrowException, KeyError, ValueError) as error:
        raise BadInput(
            f"not an outcome file ({error})",
            where=path.name,
            remedy="It needs the columns " + ", ".join(COLUMNS),
        ) from error
    incomplete = [name for name in COLUMNS if bool(frame[name].isna().any())]
    if incomplete:
        raise BadInput(
            f"empty cells in {', '.join(incomplete)}",
            where=path.name,
            remedy="Leave out answers that are missing instead of writing them empty",
        )
    beyond = frame["score"][(frame["score"] < 0) | (frame["score"] > 1)]
    if len(beyond):
        raise BadInput(
            f"a score of {beyond.iloc[0]:g}", where=path.name, remedy="Scores lie between 0 and 1"
        )
    mixed = frame["dataset"].isin(SPLIT_BY_TASK)
    frame["unit"] = frame["dataset"].where(~mixed, frame["dataset"] + "/" + frame["category"])
    return frame


def _arrays(frame: pd.DataFrame, count_tokens: CountTokens) -> Outcomes:
    frame = frame.sort_values(["unit", "query_id", "model", "query"], kind="stable")
    twice = frame.duplicated(["unit", "query_id", "model"])
    if bool(twice.any()):
        row = frame[twice].iloc[0]
        raise BadInput(
            f"two answers of {row['model']} to {row['query_id']}",
            where=str(row["unit"]),
            remedy="Keep one row per dataset, query_id and model",
        )
    # A question that exists in two wordings keeps the first one.
    questions = frame.drop_duplicates(["unit", "query_id"])
    units = tuple(sorted(questions["unit"].unique()))
    models = tuple(sorted(frame["model"].unique()))
    new_question = ~frame.duplicated(["unit", "query_id"]).to_numpy()
    texts = pa.array(questions["query"].tolist(), pa.string())
    lengths = frame[OUTPUT_CHARS].to_numpy(np.float64, na_value=np.nan)
    return Outcomes(
        texts=texts,
        tokens=np.asarray(count_tokens(texts).to_numpy(zero_copy_only=False), dtype=np.float64),
        text_keys=tuple(questions["text_key"].tolist()),
        topics=tuple(questions["category"].tolist()),
        unit=np.searchsorted(np.array(units), questions["unit"].to_numpy(str)).astype(np.int64),
        units=units,
        models=models,
        query=(np.cumsum(new_question) - 1).astype(np.int64),
        model=np.searchsorted(np.array(models), frame["model"].to_numpy(str)).astype(np.int64),
        score=frame["score"].to_numpy(np.float64),
        # An empty answer is a failed run, not a short one.
        output_tokens=np.where(lengths > 0, lengths, np.nan) / CHARS_PER_TOKEN,
    )
