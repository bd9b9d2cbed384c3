"""A plan with all its versions as one file, which opens elsewhere with the same numbers."""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime
from math import isfinite
from typing import ClassVar, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError
from sqlalchemy import Engine, insert

from core.errors import BadInput
from core.frozen.document import document_from_json
from core.frozen.headline import Headline, headline_of
from core.store.access import Actor, grant, grant_workspace
from core.store.audit import record
from core.store.decisions import Kind, list_decisions
from core.store.names import clean_name, clean_note
from core.store.plans import add_version, clean_tags, list_versions, load_plan
from core.store.saved import document_digest
from core.store.tables import MAIN, DecisionTable, PlanTable, TagTable
from core.store.transaction import writing

FORMAT: Final = 1
SUFFIX: Final = ".tierwise.json"
MOST_VERSIONS: Final = 1_000
MOST_BYTES: Final = 512 * 2**20
_DIGEST: Final = re.compile("[0-9a-f]{0,64}")
_WHERE: Final = "plan file"


@dataclass(frozen=True)
class FileVersion:
    """One version as it was saved; `document` is its exact text, `sha256` what that comes to."""

    author: str
    saved_at: datetime
    changes: tuple[str, ...]
    sha256: str
    document: str


@dataclass(frozen=True)
class FileDecision:
    """What somebody said to a version."""

    version: int
    kind: Kind
    who: str
    note: str
    made_at: datetime


@dataclass(frozen=True)
class PlanFile:
    """The file: versions 1, 2, ... in order, and the words around them."""

    tierwise_plan: int
    name: str
    owner: str
    tags: tuple[str, ...]
    needs: str
    decide_by: date | None
    versions: tuple[FileVersion, ...]
    decisions: tuple[FileDecision, ...] = ()

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")


_ADAPTER: TypeAdapter[PlanFile] = TypeAdapter(PlanFile)


def export_file(engine: Engine, actor: Actor, plan_id: str, now: datetime) -> bytes:
    """The plan with its whole history, for those who may share it. Links do not go along."""
    with engine.connect() as connection:
        grant(connection, actor, "share", plan_id=plan_id, now=now)
    lines = list_versions(engine, actor, plan_id, now=now, limit=MOST_VERSIONS)
    newest = lines[0]
    if newest.version > MOST_VERSIONS:
        raise BadInput(
            f"it has {newest.version:,} versions, and a file holds {MOST_VERSIONS:,}",
            where=newest.name,
            remedy="Duplicate the plan, and export the copy",
        )
    versions = []
    for line in reversed(lines):
        saved = load_plan(engine, actor, plan_id, line.version, now=now)
        versions.append(
            FileVersion(
                saved.author,
                saved.saved_at,
                line.changes,
                document_digest(saved.document),
                saved.document,
            )
        )
    said = list_decisions(engine, actor, plan_id, now=now, limit=MOST_VERSIONS)
    file = PlanFile(
        FORMAT,
        newest.name,
        newest.owner,
        load_plan(engine, actor, plan_id, now=now).tags,
        newest.needs,
        newest.decide_by,
        tuple(versions),
        tuple(FileDecision(d.version, d.kind, d.who, d.note, d.made_at) for d in reversed(said)),
    )
    with writing(engine) as connection:
        granted = grant(connection, actor, "share", plan_id=plan_id, now=now)
        record(connection, actor, granted, "exported", now, plan_id=plan_id)
    return _ADAPTER.dump_json(file, indent=1)


def import_file(
    engine: Engine, actor: Actor, content: bytes, now: datetime, *, workspace_id: str = MAIN
) -> str:
    """The id of a new plan with the file's versions, dates, figures and decisions.

    BadInput, and nothing stored, when it is no such file or a document in it was changed.
    """
    file = _read(content)
    headlines = [_headline(number, v) for number, v in enumerate(file.versions, start=1)]
    name, needs, tags = (
        clean_name(file.name),
        clean_note(file.needs, "needs"),
        clean_tags(file.tags),
    )
    last = len(file.versions)
    said_of_these = [d for d in file.decisions if 1 <= d.version <= last]
    approved = [d.version for d in said_of_these if d.kind == "approved"]
    status = next(
        (d.kind for d in reversed(said_of_these) if d.version == last and d.kind != "comment"),
        "open",
    )
    plan_id = secrets.token_hex(8)
    with writing(engine) as connection:
        granted = grant_workspace(connection, actor, "write", workspace_id)
        connection.execute(
            insert(PlanTable).values(
                id=plan_id,
                name=name,
                version=last,
                created_at=file.versions[0].saved_at,
                updated_at=now,
                workspace_id=workspace_id,
                owner=clean_name(file.owner or file.versions[0].author, "owner"),
                status=status,
                approved_version=approved[-1] if approved else None,
                needs=needs,
                decide_by=file.decide_by,
            )
        )
        for number, (kept, headline) in enumerate(
            zip(file.versions, headlines, strict=True), start=1
        ):
            add_version(
                connection,
                plan_id,
                number,
                clean_name(kept.author, "author"),
                kept.document,
                headline,
                kept.saved_at,
                kept.changes,
            )
        if tags:
            rows = [{"plan_id": plan_id, "tag": tag} for tag in tags]
            connection.execute(insert(TagTable), rows)
        for said in said_of_these:
            values = asdict(said) | {"who": clean_name(said.who, "who")}
            values["note"] = clean_note(said.note)
            connection.execute(
                insert(DecisionTable).values(
                    id=secrets.token_hex(8), plan_id=plan_id, via="imported", **values
                )
            )
        record(connection, actor, granted, "imported", now, plan_id=plan_id, plan_name=name,
               detail=f"{last} versions")  # fmt: skip
    return plan_id


def file_name(name: str) -> str:
    """A name for the file that every system can keep."""
    return f"{safe_name(name)}{SUFFIX}"


def safe_name(name: str) -> str:
    """A plan's name in letters, digits, spaces and dashes, at most 60."""
    kept = "".join(c if c.isalnum() or c in " -_" else "-" for c in name).strip(" -") or "plan"
    return kept[:60]


def _headline(number: int, version: FileVersion) -> Headline:
    """What a list shows of the version; BadInput where its document is none."""
    found = headline_of(document_from_json(version.document))
    if not _DIGEST.fullmatch(found.log_digest):
        raise BadInput(
            f"version {number} names a log that cannot be", where=_WHERE, remedy="Export it again"
        )
    figures = (
        found.baseline_monthly_usd,
        found.planned_monthly_usd,
        found.saving_share,
        found.quality,
        found.payback_months or 0.0,
    )
    if not all(map(isfinite, figures)):
        raise BadInput(
            f"version {number} has figures that are no numbers",
            where=_WHERE,
            remedy="Export the plan again",
        )
    return found


def _read(content: bytes) -> PlanFile:
    """The file; BadInput when it is none, is of a later format, or a document was changed."""
    if len(content) > MOST_BYTES:
        raise BadInput(
            f"it has {len(content) / 2**20:,.0f} MB, and at most {MOST_BYTES // 2**20} are read",
            where=_WHERE,
            remedy="Export a copy of the plan, which has one version",
        )
    try:
        file = _ADAPTER.validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the top"
        raise BadInput(
            f"this is no plan that Tierwise wrote ({first['msg']} at {place})",
            where=_WHERE,
            remedy="Export the plan again",
        ) from None
    if file.tierwise_plan != FORMAT:
        raise BadInput(
            f"it has format {file.tierwise_plan}, and this version reads {FORMAT}",
            where=_WHERE,
            remedy="Open it with a newer version of Tierwise",
        )
    if not 1 <= len(file.versions) <= MOST_VERSIONS:
        raise BadInput(
            f"it holds {len(file.versions)} versions", where=_WHERE, remedy="Export it again"
        )
    for moment in (*(v.saved_at for v in file.versions), *(d.made_at for d in file.decisions)):
        if moment.tzinfo is None or not 1 < moment.year < 9999:
            raise BadInput(
                f"it has a time that is none ({moment.isoformat()})",
                where=_WHERE,
                remedy="Export it again",
            )
    for number, version in enumerate(file.versions, start=1):
        if document_digest(version.document) != version.sha256:
            raise BadInput(
                f"version {number} is not as it was saved",
                where=_WHERE,
                remedy="Export the plan again, and do not edit the file",
            )
    return file
