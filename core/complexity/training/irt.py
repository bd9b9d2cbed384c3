"""Item-response theory: difficulties of questions and abilities of models from outcomes.

A hierarchical one-parameter (Rasch) model, P(acceptable) = logistic(e), with

    e = ability[model] + wobble[model, unit] - level[unit] - deviation[question]

All four are Gaussian a priori. The wobble says that a model is better at some units than
at others (format, subject); leaving it out would make abilities look far too certain. The
sizes of wobble and deviation are estimated by expectation-maximisation around the Laplace
approximation; everything else is one deterministic Newton iteration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ABILITY_PRIOR_SD: Final = 2.0  # logits; wide against the spread of 2.5 logits seen in the data
LEVEL_PRIOR_SD: Final = 3.0
NEWTON_STEPS: Final = 50
TOLERANCE: Final = 1e-9  # logits
LARGEST_STEP: Final = 2.0  # logits per Newton step, so that no step overshoots


@dataclass(frozen=True)
class Rasch:
    """The fitted model, in logits; an sd is the Laplace posterior's.

    `ability_sd` is how well the mean over units is known; on a log of a new kind a model
    also wobbles by `wobble_sd`. `deviation` is per question, relative to its unit.
    """

    ability: Floats
    ability_sd: Floats
    level: Floats
    level_sd: Floats
    deviation: Floats
    deviation_variance: Floats
    deviation_sd: float
    wobble_sd: float


def fit_rasch(
    query: Ints,
    model: Ints,
    passed: npt.NDArray[np.bool_],
    unit_of_query: Ints,
    *,
    rounds: int = 25,
    deviation_sd: float = 1.5,
    wobble_sd: float = 0.5,
) -> Rasch:
    """Abilities and difficulties from answers (one entry of the first three per answer).

    Starts from the given sizes and improves them for `rounds` rounds; with `rounds=1` they
    are kept as given. Models or units without answers stay at their prior.
    """
    unit = unit_of_query[query]
    models, units = int(model.max()) + 1, int(unit_of_query.max()) + 1
    cell_ids, cell = np.unique(model * units + unit, return_inverse=True)
    k = models + units + len(cell_ids)
    n, q = len(query), len(unit_of_query)
    rows = np.repeat(np.arange(n), 3)
    columns = np.column_stack([model, models + unit, models + units + cell]).ravel()
    design = sparse.csr_array((np.tile([1.0, -1.0, 1.0], n), (rows, columns)), shape=(n, k))
    item = sparse.csr_array((-np.ones(n), (np.arange(n), query)), shape=(n, q))

    shared, deviation = np.zeros(k), np.zeros(q)
    for _ in range(rounds):
        precision = np.repeat(
            [ABILITY_PRIOR_SD**-2, LEVEL_PRIOR_SD**-2, wobble_sd**-2],
            [models, units, len(cell_ids)],
        )
        shared, deviation, covariance, deviation_variance = _posterior(
            design, item, passed, shared, deviation, precision, deviation_sd**-2
        )
        variance = np.diag(covariance)
        if rounds > 1:
            wobble = slice(models + units, None)
            wobble_sd = float(np.sqrt(np.mean(shared[wobble] ** 2 + variance[wobble])))
            deviation_sd = float(np.sqrt(np.mean(deviation**2 + deviation_variance)))
    sd = np.sqrt(variance)
    return Rasch(
        ability=shared[:models],
        ability_sd=sd[:models],
        level=shared[models : models + units],
        level_sd=sd[models : models + units],
        deviation=deviation,
        deviation_variance=deviation_variance,
        deviation_sd=deviation_sd,
        wobble_sd=wobble_sd,
    )


def _posterior(
    design: sparse.csr_array,
    item: sparse.csr_array,
    passed: npt.NDArray[np.bool_],
    shared: Floats,
    deviation: Floats,
    precision: Floats,
    deviation_precision: float,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Mode of (shared, deviation), covariance of the shared part, variances of the rest.

    Each answer touches one deviation, so their block of the Hessian is diagonal and is
    eliminated exactly (Schur complement); what is left has a few hundred unknowns.
    """
    for _ in range(NEWTON_STEPS):
        chance = 1.0 / (1.0 + np.exp(-(design @ shared + item @ deviation)))
        surprise = passed - chance
        weight = sparse.diags_array(chance * (1.0 - chance))
        weighted = weight @ design
        block = np.asarray((item.T @ (weight @ item)).diagonal()) + deviation_precision
        cross = (item.T @ weighted).tocsr()
        eliminated = sparse.diags_array(1.0 / block) @ cross
        schur = (design.T @ weighted - cross.T @ eliminated).toarray() + np.diag(precision)
        shared_slope = design.T @ surprise - precision * shared
        slope = item.T @ surprise - deviation_precision * deviation
        step = linalg.solve(schur, shared_slope - eliminated.T @ slope, assume_a="pos")
        deviation_step = slope / block - eliminated @ step
        size = max(float(np.abs(step).max()), float(np.abs(deviation_step).max()))
        brake = min(1.0, LARGEST_STEP / size) if size > 0 else 1.0
        shared = shared + brake * step
        deviation = deviation + brake * deviation_step
        if size < TOLERANCE:
            break
    covariance = np.asarray(linalg.inv(schur))
    through_shared = np.asarray(eliminated.multiply(eliminated @ covariance).sum(axis=1)).ravel()
    return shared, deviation, covariance, 1.0 / block + through_shared
