"""Saved plans in words, and as JSON: lists, versions, and one plan with all that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from core.commands.plan_words import figure_lines, plan_json
from core.commands.result import Json, iso
from core.frozen.document import document_from_json
from core.frozen.headline import Headline
from core.reports.words import change_words, counted, day, usd
from core.store.bin import DeletedPlan
from core.store.decisions import Decision
from core.store.links import ShareLink
from core.store.saved import PlanRow, SavedPlan, Status
from core.workload.workload import from_json

_STATUS: Final[dict[Status, str]] = {
    "open": "open",
    "approved": "approved",
    "changes": "changes asked for",
}
_SAID: Final = {"approved": "approved", "changes": "asked for changes to", "comment": "said to"}


@dataclass(frozen=True)
class Shown:
    """One version of a plan, what changed with it, and what was said and shared of the plan."""

    plan: SavedPlan
    changes: tuple[str, ...]
    decisions: tuple[Decision, ...]
    links: tuple[ShareLink, ...]
    now: datetime


def row_json(row: PlanRow) -> dict[str, Json]:
    """A line of the list, for scripts."""
    found: dict[str, Json] = {
        "plan_id": row.id,
        "name": row.name,
        "version": row.version,
        "author": row.author,
        "owner": row.owner,
        "updated_at": iso(row.updated_at),
        "workspace": row.workspace_id,
        "status": row.status,
        "approved_version": row.approved_version,
        "tags": _list(row.tags),
        "needs": row.needs,
        "decide_by": iso(row.decide_by),
    }
    return found | _figures(row.headline)


def row_lines(rows: Sequence[PlanRow]) -> tuple[str, ...]:
    """The list: two lines for each plan."""
    return tuple(
        line
        for row in rows
        for line in (
            f"{row.id}  {row.name}" + (f"  [{', '.join(row.tags)}]" if row.tags else ""),
            f"    version {row.version}, {_STATUS[row.status]}, {row.owner or row.author}, "
            f"{day(row.updated_at)}: {_headline(row.headline)}",
        )
    ) or ("No plans.",)


def deleted_json(plan: DeletedPlan) -> dict[str, Json]:
    """A plan in the bin, for scripts."""
    return {
        "plan_id": plan.id,
        "name": plan.name,
        "owner": plan.owner,
        "deleted_at": iso(plan.deleted_at),
        "gone_at": iso(plan.gone_at),
    }


def deleted_lines(plans: Sequence[DeletedPlan]) -> tuple[str, ...]:
    """The bin, a line for each plan."""
    return tuple(
        f"{plan.id}  {plan.name}: deleted {day(plan.deleted_at)}, gone for good after "
        f"{day(plan.gone_at)}"
        for plan in plans
    ) or ("The bin is empty.",)


def version_json(row: PlanRow) -> dict[str, Json]:
    """A version of a plan, for scripts."""
    found: dict[str, Json] = {
        "version": row.version,
        "author": row.author,
        "saved_at": iso(row.updated_at),
        "note": row.headline.note,
        "changes": _list(row.changes),
    }
    return found | _figures(row.headline)


def version_lines(rows: Sequence[PlanRow]) -> list[str]:
    """Each version with its figures, and what changed with it."""
    return [
        line
        for row in rows
        for line in (
            f"Version {row.version}, {row.author}, {day(row.updated_at)}: "
            f"{_headline(row.headline)}"
            + (f" ({_flat(row.headline.note)})" if row.headline.note else ""),
            *(f"  {_flat(change)}" for change in row.changes),
        )
    ]


def shown_json(shown: Shown) -> dict[str, Json]:
    """The figures that `tierwise plan` gave, and what is known of the plan beside them."""
    plan = shown.plan
    found = plan_json(document_from_json(plan.document), plan.id)
    return found | {
        "name": plan.name,
        "version": plan.version,
        "newest": plan.newest,
        "author": plan.author,
        "saved_at": iso(plan.saved_at),
        "log": plan.headline.log_name,
        "owner": plan.owner,
        "status": plan.status,
        "approved_version": plan.approved_version,
        "tags": _list(plan.tags),
        "needs": plan.needs,
        "decide_by": iso(plan.decide_by),
        "note": plan.headline.note,
        "verified_queries": plan.headline.verified_queries,
        "payback_months": plan.headline.payback_months,
        "changes": _list(shown.changes),
        "decisions": [
            {
                "version": said.version,
                "kind": said.kind,
                "who": said.who,
                "note": said.note,
                "made_at": iso(said.made_at),
            }
            for said in shown.decisions
        ],
        "links": [
            {
                "link_id": link.id,
                "kind": link.kind,
                "version": link.version,
                "made_by": link.made_by,
                "created_at": iso(link.created_at),
                "expires_at": iso(link.expires_at),
                "open": link.is_open(shown.now),
                "opened": link.opened,
            }
            for link in shown.links
        ],
    }


def shown_lines(shown: Shown) -> list[str]:
    """The same for people."""
    plan, document = shown.plan, document_from_json(shown.plan.document)
    verified = plan.headline.verified_queries
    basis = from_json(document.workload).basis
    tags = f", tags {', '.join(plan.tags)}" if plan.tags else ""
    decided = f", decide by {day(plan.decide_by)}" if plan.decide_by else ""
    return [
        f"{plan.name} ({plan.id}), version {plan.version} of {plan.newest}, saved by {plan.author} "
        f"on {day(plan.saved_at)} for {plan.headline.log_name}",
        f"{_STATUS[plan.status].capitalize()}, owner {plan.owner or plan.author}{tags}{decided}",
        *([f"Needs: {_flat(plan.needs)}"] if plan.needs else []),
        *([f"Note: {_flat(plan.headline.note)}"] if plan.headline.note else []),
        *figure_lines(
            document,
            f"Rests on {counted(verified, 'query', 'queries')} with outcomes of their own."
            if verified
            else f"Unverified: from {basis} alone.",
        ),
        *_under(f"Changes against version {plan.version - 1}:", shown.changes),
        *_under("Decisions:", [_said(said) for said in shown.decisions]),
        *_under("Links:", [_link(link, shown.now) for link in shown.links]),
    ]


def _figures(headline: Headline) -> dict[str, Json]:
    return {
        "log": headline.log_name,
        "baseline_monthly_usd": headline.baseline_monthly_usd,
        "planned_monthly_usd": headline.planned_monthly_usd,
        "saving_share": headline.saving_share,
        "quality_kept": headline.quality,
        "verified_queries": headline.verified_queries,
        "payback_months": headline.payback_months,
    }


def _headline(headline: Headline) -> str:
    return (
        f"{usd(headline.planned_monthly_usd)} a month instead of "
        f"{usd(headline.baseline_monthly_usd)}, {change_words(headline.saving_share)}, at "
        f"{headline.quality:.1%} of today's quality"
    )


def _said(said: Decision) -> str:
    note = f": {_flat(said.note)}" if said.note else ""
    return f"{said.who} {_SAID[said.kind]} version {said.version} on {day(said.made_at)}{note}"


def _link(link: ShareLink, now: datetime) -> str:
    what = f"version {link.version}" if link.version else "the newest version"
    state = "open" if link.is_open(now) else "closed"
    until = f" until {day(link.expires_at)}" if link.expires_at and state == "open" else ""
    return (
        f"{link.id}: to {link.kind} {what}, by {link.made_by or 'somebody'} on "
        f"{day(link.created_at)}, {state}{until}, opened {counted(link.opened, 'time')}"
    )


def _under(title: str, lines: Sequence[str]) -> list[str]:
    return [title, *(f"  {_flat(line)}" for line in lines)] if lines else []


def _flat(text: str) -> str:
    return " ".join(text.split())


def _list(words: Sequence[str]) -> Json:
    return cast(Json, list(words))
