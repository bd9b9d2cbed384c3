"""Whether two versions of a plan are of the same log, and whether its queries lie the same way."""

from __future__ import annotations

from dataclasses import replace

from core.frozen.document import LogFacts, PlanDocument
from core.workload.workload import Workload, from_json, merge, to_json, without_examples

_NO_RULE = {"rule": 0, "bound": 0}


def is_same_log(then: LogFacts, now: LogFacts) -> bool:
    """Whether both are of one log: by its content, and by its facts where that is not known."""
    if then.digest and now.digest:
        return then.digest == now.digest
    return (then.name, then.queries, then.first_time, then.last_time) == (
        now.name,
        now.queries,
        now.first_time,
        now.last_time,
    )


def is_counted_alike(before: PlanDocument, after: PlanDocument, *, ruled: bool = False) -> bool:
    """Whether both hold the same queries at the same difficulties, whatever rules bind them.

    With `ruled` they are also bound alike. Names of segments make no difference, nor does how an
    earlier version wrote the same counts.
    """
    if before.workload == after.workload:
        return True
    then, now = (_counts(from_json(document.workload), ruled) for document in (before, after))
    return then == now


def unruled(workload: Workload, rules: int = 0) -> Workload:
    """The workload as only its first so many rules bind it.

    The first rule that fits decides, so leaving out the later ones changes no query of the
    earlier ones.
    """
    cells = workload.cells
    later = (cells["rule"] > rules).to_numpy()
    if not later.any():
        return workload
    free = cells.assign(**{key: cells[key].mask(later, value) for key, value in _NO_RULE.items()})
    return merge([replace(workload, cells=free)])


def _counts(workload: Workload, ruled: bool) -> str:
    found = without_examples(workload if ruled else unruled(workload))
    unnamed = found.cells.assign(segment="")
    return to_json(replace(merge([replace(found, cells=unnamed)]), basis=workload.basis))
