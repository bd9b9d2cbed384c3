"""The saved plan behind an id or a share link."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from core.errors import BadInput
from core.store.access import the_person_here
from core.store.engine import open_engine
from core.store.links import Locked, open_link
from core.store.plans import load_plan
from core.store.saved import SavedPlan


def plan_behind(words: str, now: datetime) -> SavedPlan:
    """The saved plan with that id, or the version that a share link opens; BadInput for neither."""
    engine = open_engine()
    try:
        if "plan=" not in words:
            return load_plan(engine, the_person_here(), words, now=now)
        token = parse_qs(urlsplit(words).query).get("plan", [""])[0]
        found = open_link(engine, token, now)
    finally:
        engine.dispose()
    if isinstance(found, Locked):
        raise BadInput(
            "this link wants a passphrase", where="export", remedy="Name the plan by its id instead"
        )
    if found is None:
        raise BadInput("this link opens no plan", where="export", remedy="Ask for a new link")
    return found.plan
