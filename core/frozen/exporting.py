"""A frozen plan as a router's configuration."""

from __future__ import annotations

from core.complexity.classifier import Classifier
from core.complexity.scale import NEUTRAL
from core.errors import BadInput
from core.frozen.document import PlanDocument
from core.routing.exports.files import Export
from core.routing.exports.policy import Exported
from core.routing.exports.targets import export
from core.workload.workload import from_json


def export_plan(
    document: PlanDocument, *, plan_id: str, name: str, classifier: Classifier, to: str
) -> Export:
    """The files for a target; BadInput for what no router could decide as the plan does."""
    workload = from_json(document.workload)
    if workload.basis != "text":
        raise BadInput(
            f"its queries were sorted by {workload.basis}, which an export cannot do",
            where=name,
            remedy="Sort the log by how hard its texts look, and save the plan again",
        )
    learned = document.taught
    if learned is None and (workload.cells["lever"] != NEUTRAL).any():
        raise BadInput(
            "it was saved before plans kept what outcomes taught",
            where=name,
            remedy="Save it again from the Plan page",
        )
    if learned is not None and learned.reads_topics:
        raise BadInput(
            "it rests on outcomes, and on clusters of texts that a router cannot read",
            where=name,
            remedy="Log a tag or feature per query, so that segments need not be found",
        )
    if document.classifier_digest != classifier.digest:
        raise BadInput(
            f"it was made with classifier {document.classifier_version}, and this is "
            f"{classifier.version}",
            where=name,
            remedy="Sort the log again, and save the plan as a new version",
        )
    found = Exported(
        plan=document.plan,
        outcome=document.figures.outcome,
        classifier=classifier,
        plan_id=plan_id,
        name=name,
        created=document.created_at.isoformat(),
        prices_as_of=document.prices_as_of.isoformat(),
        learned=learned,
        segment_names=document.segment_names,
    )
    return export(found, to)
