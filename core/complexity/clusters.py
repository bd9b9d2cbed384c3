"""A log's own structure, where it names none: clusters of its texts, called by their words.

Texts are compared by the words that the log itself uses: the weights of about three thousand
words (TF-IDF), brought to sixty dimensions, and k-means on a sample. The sample is chosen by a
digest of the texts, so that the order of the rows makes no difference. The first thirty of the
dimensions are kept per query: what it is about in finer steps than its cluster tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int16]
Topics = npt.NDArray[np.float16]

FEWEST_TEXTS: Final = 100  # fewer different texts have no structure to speak of
MOST: Final = 15  # more are too small to learn from a few hundred outcomes
FEWEST: Final = 5
SAMPLE: Final = 8_000
HEAD_CHARS: Final = 2_000  # what a text is about shows at its head
_PROBES: Final = 16  # bytes that tell two texts apart
_TEXTS_PER_CLUSTER: Final = 60
_WORDS: Final = 3_000
_DIMENSIONS: Final = 60
TOPICS: Final = 30  # the leading dimensions, which own outcomes may weigh
_NAME_WORDS: Final = 3
_TOO_COMMON: Final = 0.4  # share of texts: such words name nothing
_SPLIT: Final = r"[^\pL0-9_+#]+"
_STOP_WORDS: Final = (
    "the a an of and or to in is are was were be been being it its this that these those for on "
    "with as at by from what which who whom how why when where can could should would will may "
    "do does did i you we they he she my your our their his her me us them not no if then than "
    "so but about into up out over there here have has had all any some more most please"
)
_STOP: Final = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True)
class Clusters:
    """A fitted grouping of texts; `names` has one per cluster, biggest cluster first."""

    names: tuple[str, ...]
    _words: pa.Array
    _idf: Floats
    _directions: Floats  # (words, dimensions)
    _centres: Floats  # (clusters, dimensions)
    _middle: Floats  # (dimensions,)
    _scale: float

    @property
    def content(self) -> bytes:
        """All that decides where a text goes."""
        numbers = (self._idf, self._directions, self._centres, self._middle)
        words = "\0".join([*self.names, *self._words.to_pylist()])
        return words.encode() + b"".join(each.tobytes() for each in numbers)

    def assign(self, texts: pa.Array) -> tuple[Codes, Topics]:
        """The cluster per text, as a number of `names`, and its topics, shape (texts, TOPICS).

        Topics have mean 0 and a mean squared length of 1 over the sample.
        """
        points = _weights(texts, self._words, self._idf) @ self._directions
        topics = np.zeros((len(texts), TOPICS), dtype=np.float16)
        leading = points[:, :TOPICS]
        topics[:, : leading.shape[1]] = (leading - self._middle[:TOPICS]) / self._scale
        points = _unit(points)
        far = -2.0 * points @ self._centres.T + (self._centres**2).sum(axis=1)
        return np.asarray(far.argmin(axis=1), dtype=np.int16), topics


def sample_texts(chunks: Iterable[pa.Array]) -> pa.Array:
    """At most SAMPLE different texts of a log, the same ones in whatever order they come."""
    kept: dict[str, int] = {}
    limit = 1 << 32
    for chunk in chunks:
        texts = pc.utf8_slice_codeunits(chunk.drop_null(), 0, HEAD_CHARS)
        rank = ranks(texts)
        low = np.flatnonzero(rank < limit)
        for text, number in zip(texts.take(pa.array(low)).to_pylist(), rank[low], strict=True):
            kept[text] = int(number)
        if len(kept) > 2 * SAMPLE:
            kept = dict(_lowest(kept))
            limit = max(kept.values()) + 1
    return pa.array([text for text, _ in _lowest(kept)], pa.string())


def _lowest(kept: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(kept.items(), key=lambda item: (item[1], item[0]))[:SAMPLE]


def ranks(texts: pa.Array) -> npt.NDArray[np.uint32]:
    """A number per text that depends on its length and on a few of its bytes, as if drawn.

    It costs little: most of a text is not looked at. Null counts as empty.
    """
    if not len(texts):
        return np.zeros(0, dtype=np.uint32)
    _, bounds, data = texts.buffers()
    ends = np.frombuffer(bounds, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    size = np.diff(ends).astype(np.uint32)
    content = np.frombuffer(data, dtype=np.uint8) if data else np.zeros(1, dtype=np.uint8)
    rank = size * np.uint32(2_654_435_761)
    for part in range(_PROBES):
        place = ends[:-1] + (size.astype(np.int64) * part) // _PROBES
        byte = content[np.minimum(place, len(content) - 1)].astype(np.uint32)
        rank = (rank ^ np.where(size > 0, byte, 0).astype(np.uint32)) * np.uint32(16_777_619)
    return rank ^ (rank >> np.uint32(15))


def fit_clusters(sample: pa.Array) -> Clusters | None:
    """The clusters of a sample of texts; None when there are too few to tell any apart."""
    # scikit-learn takes a second to import, and only this needs it.
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD

    if len(sample) < FEWEST_TEXTS:
        return None
    words, idf = _vocabulary(sample)
    dimensions = min(_DIMENSIONS, len(words) - 1)
    if dimensions < FEWEST:
        return None
    weights = _weights(sample, words, idf)
    directions = TruncatedSVD(dimensions, random_state=0).fit(weights).components_.T
    points = weights @ directions
    middle = points.mean(axis=0)
    scale = float(np.sqrt(((points - middle)[:, :TOPICS] ** 2).sum(axis=1).mean()))
    points = _unit(points)
    wanted = int(np.clip(len(sample) // _TEXTS_PER_CLUSTER, FEWEST, MOST))
    means = KMeans(wanted, n_init=4, random_state=0).fit(points)
    order = np.argsort(-np.bincount(means.labels_, minlength=wanted), kind="stable")
    centres = means.cluster_centers_[order]
    place = np.argsort(order)[means.labels_]
    names = _names(weights, place, words, wanted)
    return Clusters(names, words, idf, directions, centres, middle, scale or 1.0)


def _vocabulary(sample: pa.Array) -> tuple[pa.Array, Floats]:
    """The words that at least three texts have, the most frequent ones, with their weights."""
    text_of, word = _split(sample)
    codes = word.dictionary_encode()
    pairs = np.unique(text_of * len(codes.dictionary) + codes.indices.to_numpy())
    texts_with = np.bincount(pairs % len(codes.dictionary), minlength=len(codes.dictionary))
    usable = pc.greater(pc.utf8_length(codes.dictionary), 1).to_numpy(zero_copy_only=False)
    usable &= texts_with >= 3
    names = codes.dictionary.to_pylist()
    best = sorted(np.flatnonzero(usable), key=lambda i: (-texts_with[i], names[i]))[:_WORDS]
    idf = np.log(len(sample) / texts_with[best]) if best else np.zeros(0)
    return pa.array([names[i] for i in best], pa.string()), np.asarray(idf, dtype=np.float64)


def _weights(texts: pa.Array, words: pa.Array, idf: Floats) -> csr_array:
    """TF-IDF weights, rows of length one, shape (texts, words)."""
    from scipy.sparse import csr_array

    text_of, word = _split(texts)
    column = pc.index_in(word, value_set=words)
    known = column.is_valid().to_numpy(zero_copy_only=False)
    row, place = text_of[known], column.drop_null().to_numpy()
    counts = csr_array((np.ones(len(row)), (row, place)), shape=(len(texts), len(words)))
    counts.sum_duplicates()
    counts.data = (1.0 + np.log(counts.data)) * idf[counts.indices]
    length = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    counts.data /= np.repeat(np.maximum(length, 1e-12), np.diff(counts.indptr))
    return counts


def _split(texts: pa.Array) -> tuple[npt.NDArray[np.int64], pa.Array]:
    """All words in lower case, and the text that each is of."""
    heads = pc.utf8_slice_codeunits(pc.fill_null(texts.cast(pa.string()), ""), 0, HEAD_CHARS)
    lists = pc.split_pattern_regex(pc.utf8_lower(heads), _SPLIT)
    return pc.list_parent_indices(lists).to_numpy(), pc.list_flatten(lists)


def _unit(points: Floats) -> Floats:
    length = np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(points / np.maximum(length, 1e-12), dtype=np.float64)


def _names(weights: csr_array, place: Codes, words: pa.Array, clusters: int) -> tuple[str, ...]:
    """Each cluster by the words that weigh more in it than elsewhere, all names different."""
    overall = np.asarray(weights.mean(axis=0)).ravel()
    common = np.asarray((weights > 0).mean(axis=0)).ravel() > _TOO_COMMON
    spoken = words.to_pylist()
    dull = common | np.array([w in _STOP or w.isdigit() for w in spoken])
    found: list[str] = []
    for cluster in range(clusters):
        here = np.asarray(weights[np.flatnonzero(place == cluster)].mean(axis=0)).ravel()
        telling = np.where(dull, -1.0, here - overall)
        best = np.argsort(-telling, kind="stable")[:_NAME_WORDS]
        name = ", ".join(spoken[i] for i in best if telling[i] > 0) or "other words"
        number = sum(other.split(" (")[0] == name for other in found)
        found.append(f"{name} ({number + 1})" if number else name)
    return tuple(found)
