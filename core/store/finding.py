"""Finding plans among many: by words, tag, owner and status, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Engine, and_, case, exists, func, or_, select

from core.store.access import Actor, grant_workspace
from core.store.names import storable
from core.store.plans import tags_of
from core.store.saved import PlanRow, Status, plan_line, plan_lines
from core.store.tables import MAIN, PlanTable, TagTable, VersionTable

Order = Literal["updated", "name", "saving", "payback", "quality"]
PAGE: Final = 50
_SAVING: Final = VersionTable.baseline_monthly_usd - VersionTable.planned_monthly_usd
_NEWEST: Final = and_(
    VersionTable.plan_id == PlanTable.id, VersionTable.version == PlanTable.version
)
_ORDERS: Final[dict[Order, tuple[ColumnElement[Any], ...]]] = {
    "updated": (PlanTable.updated_at.desc(),),
    "name": (func.lower(PlanTable.name),),
    "saving": (_SAVING.desc(),),
    "payback": (VersionTable.payback_months.is_(None), VersionTable.payback_months.asc()),
    "quality": (VersionTable.quality.desc(),),
}


@dataclass(frozen=True)
class Wanted:
    """What to look for; empty is everything. `text` is looked for in name, author, log, tags."""

    text: str = ""
    tag: str = ""
    owner: str = ""
    status: Status | None = None
    verified: bool = False
    order: Order = "updated"
    offset: int = 0
    limit: int = PAGE


@dataclass(frozen=True)
class Found:
    """One page of what was found, and how many there are in all."""

    rows: tuple[PlanRow, ...]
    count: int


@dataclass(frozen=True)
class Overview:
    """A workspace in figures: plans by status, what is saved a month, and what waits.

    Savings are USD a month of newest versions; approved ones count once for each log, since plans
    on one log exclude each other. `moved_on` are approved plans that got a newer version since.
    `best_verified` and `best` are the largest savings of any plan, None without one.
    """

    plans: int
    verified: int
    by_status: dict[Status, int]
    moved_on: int
    approved_usd: float
    approved_verified_usd: float
    best_verified: float | None
    best: float | None
    tags: tuple[str, ...]
    owners: tuple[str, ...]

    @property
    def approved_unverified_usd(self) -> float:
        """What of the approved saving rests on judgement."""
        return self.approved_usd - self.approved_verified_usd


def find_plans(
    engine: Engine, actor: Actor, wanted: Wanted | None = None, *, workspace_id: str = MAIN
) -> Found:
    """A page of the workspace's plans with their newest versions, in the order asked for."""
    wanted = wanted or Wanted()
    conditions = _conditions(wanted, workspace_id)
    # Which ones first, by as little as that takes; then what a list shows of those on the page.
    found = select(PlanTable.id, func.count().over().label("count")).where(*conditions)
    by_figures = wanted.verified or wanted.order in ("saving", "payback", "quality")
    if by_figures or wanted.text.strip():
        found = found.join(VersionTable, _NEWEST)
    found = found.order_by(*_ORDERS[wanted.order], PlanTable.id).limit(wanted.limit)
    with engine.connect() as connection:
        grant_workspace(connection, actor, "read", workspace_id)
        page = connection.execute(found.offset(wanted.offset)).all()
        first = page if page or not wanted.offset else connection.execute(found).all()
        ids = [row.id for row in page]
        lines = plan_lines().where(PlanTable.id.in_(ids), _NEWEST)
        rows = {row.id: row for row in connection.execute(lines)}
        tags = tags_of(connection, ids)
    shown = [rows[plan_id] for plan_id in ids if plan_id in rows]  # or deleted in this very moment
    return Found(
        tuple(plan_line(row, row.updated_at, tags[row.id]) for row in shown),
        first[0][1] if first else 0,
    )


def plans_on_other_logs(
    engine: Engine, actor: Actor, digest: str, *, workspace_id: str = MAIN
) -> list[PlanRow]:
    """Plans that were made on another log than this one, newest first, at most 50."""
    query = plan_lines().where(
        PlanTable.workspace_id == workspace_id,
        _NEWEST,
        VersionTable.log_digest != digest,
    )
    with engine.connect() as connection:
        grant_workspace(connection, actor, "read", workspace_id)
        rows = connection.execute(query.order_by(PlanTable.updated_at.desc()).limit(PAGE)).all()
    return [plan_line(row, row.updated_at) for row in rows]


def overview(engine: Engine, actor: Actor, *, workspace_id: str = MAIN) -> Overview:
    """The workspace in figures, worked out by the database."""
    verified = VersionTable.verified_queries > 0
    # Plans on one log exclude each other: of each log the approved plan that saves most counts.
    log = case((VersionTable.log_digest == "", PlanTable.id), else_=VersionTable.log_digest)
    per_log = (
        select(
            func.max(_SAVING).label("usd"),
            func.max(_SAVING).filter(verified).label("sure_usd"),
        )
        .select_from(PlanTable)
        .join(VersionTable, _NEWEST)
        .where(*_conditions(Wanted(status="approved"), workspace_id))
        .group_by(log)
        .subquery()
    )
    sums = select(
        func.coalesce(func.sum(per_log.c.usd), 0.0).label("usd"),
        func.coalesce(func.sum(per_log.c.sure_usd), 0.0).label("sure_usd"),
    )
    joined = (
        select(
            func.count().label("plans"),
            func.count().filter(verified).label("verified"),
            func.count().filter(PlanTable.status == "open").label("open"),
            func.count().filter(PlanTable.status == "approved").label("approved"),
            func.count().filter(PlanTable.status == "changes").label("changes"),
            func.count()
            .filter(PlanTable.status == "open", PlanTable.approved_version.is_not(None))
            .label("moved_on"),
            func.max(_SAVING).filter(verified).label("best_verified"),
            func.max(_SAVING).label("best"),
        )
        .select_from(PlanTable)
        .join(VersionTable, _NEWEST)
        .where(*_conditions(Wanted(), workspace_id))
    )
    here = (PlanTable.workspace_id == workspace_id, PlanTable.deleted_at.is_(None))
    tags = (
        select(TagTable.tag)
        .join(PlanTable, PlanTable.id == TagTable.plan_id)
        .where(*here)
        .distinct()
        .order_by(TagTable.tag)
        .limit(200)
    )
    owners = select(PlanTable.owner).where(*here).distinct().order_by(PlanTable.owner).limit(200)
    with engine.connect() as connection:
        grant_workspace(connection, actor, "read", workspace_id)
        row = connection.execute(joined).one()
        saved = connection.execute(sums).one()
        return Overview(
            plans=row.plans,
            verified=row.verified,
            by_status={"open": row.open, "approved": row.approved, "changes": row.changes},
            moved_on=row.moved_on,
            approved_usd=saved.usd,
            approved_verified_usd=saved.sure_usd,
            best_verified=row.best_verified,
            best=row.best,
            tags=tuple(connection.execute(tags).scalars()),
            owners=tuple(owner for owner in connection.execute(owners).scalars() if owner),
        )


def _conditions(wanted: Wanted, workspace_id: str) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        PlanTable.workspace_id == workspace_id,
        PlanTable.deleted_at.is_(None),
    ]
    if text := storable(wanted.text).strip():
        columns = (PlanTable.name, PlanTable.owner, VersionTable.author, VersionTable.log_name)
        found.append(
            or_(
                *(column.icontains(text, autoescape=True) for column in columns),
                exists().where(
                    TagTable.plan_id == PlanTable.id, TagTable.tag.icontains(text, autoescape=True)
                ),
            )
        )
    if wanted.tag:
        found.append(
            exists().where(TagTable.plan_id == PlanTable.id, TagTable.tag == storable(wanted.tag))
        )
    if wanted.owner:
        found.append(PlanTable.owner == storable(wanted.owner))
    if wanted.status:
        found.append(PlanTable.status == wanted.status)
    if wanted.verified:
        found.append(VersionTable.verified_queries > 0)
    return found
