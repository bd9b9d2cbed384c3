"""A frozen plan on one printed A4 page, for whoever decides."""

from __future__ import annotations

import io
from importlib.metadata import version
from threading import Lock
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from core.economics.sheets.text import printable
from core.frozen.document import PlanDocument
from core.reports import page_styles as looks
from core.reports.brief import Brief
from core.reports.colours import LIGHT
from core.reports.page_tables import draw_models, draw_scenarios
from core.reports.paper_charts import Box, draw_saved, draw_shares
from core.reports.typeface import runs
from core.reports.typesetting import put, put_lines, smaller
from core.reports.words import TIER_NAMES, day, share, usd
from core.routing.simulate import Outcome

LEFT: Final = 44.0
RIGHT: Final = A4[0] - LEFT
WIDTH: Final = RIGHT - LEFT
GAP: Final = 24.0
HALF: Final = (WIDTH - GAP) / 2
FOOT: Final = 58.0  # the rule above the foot
GAPS: Final = 9.9  # how often `_draw` adds the air of a page with little text
MOST_AIR: Final = 15.0
_LOCK: Final = Lock()  # a face keeps count of the characters that each file uses


def one_pager(document: PlanDocument, brief: Brief) -> bytes:
    """The page as a PDF with everything in it; the same plan and brief give the same bytes.

    Untrusted texts are drawn as they are, never read as markup, and shortened to their place.
    """
    with _LOCK:
        # Drawn twice: the first time to see how much room is left, to spread it.
        left = _draw(_canvas(io.BytesIO(), brief), document, brief, 0.0) - FOOT - 6
        pages = io.BytesIO()
        canvas = _canvas(pages, brief)
        _draw(canvas, document, brief, min(max(left / GAPS, 0.0), MOST_AIR))
        _draw_foot(canvas, brief)
        canvas.showPage()
        canvas.save()
    return pages.getvalue()


def _canvas(file: io.BytesIO, brief: Brief) -> Canvas:
    face = runs("a", "regular")[0].face
    canvas = Canvas(
        file, pagesize=A4, invariant=1, pageCompression=1, lang="en", initialFontName=face
    )
    canvas.setTitle(printable(brief.name) or "Routing plan")
    canvas.setAuthor(printable(brief.author))
    canvas.setSubject(printable(brief.headline))
    canvas.setCreator(f"Tierwise {version('tierwise')}")
    return canvas


def _draw(canvas: Canvas, document: PlanDocument, brief: Brief, air: float) -> float:
    """Everything above the foot, with some more air between its parts; where it ends."""
    y = _draw_title(canvas, brief, air)
    y = _draw_figures(canvas, brief, y, air)
    y = _draw_charts(canvas, document, brief, y, air)
    y = draw_scenarios(canvas, brief, LEFT, y, WIDTH) - 10 - air
    y = _draw_answers(canvas, brief, y, air)
    return draw_models(canvas, document, LEFT, y, WIDTH)


def _draw_title(canvas: Canvas, brief: Brief, air: float) -> float:
    y = A4[1] - 54
    canvas.setFillColor(HexColor(LIGHT.saving))
    canvas.rect(LEFT, A4[1] - 30, 26, 3, stroke=0, fill=1)
    name = smaller(brief.name, looks.NAME, WIDTH, 15)
    y = put_lines(canvas, LEFT, y, brief.name, name, WIDTH, 2) + name.step - 16
    said = f"Version {brief.version}, {day(brief.made_at)}, {brief.made_at:%H:%M %Z}".rstrip(", ")
    said += f", by {brief.author}"
    room = WIDTH * (0.6 if brief.status else 1.0)
    put(canvas, LEFT, y, said, looks.META, room)
    if brief.status:
        style = looks.STATUS if brief.status.startswith("Approved") else looks.UNDECIDED
        put(canvas, RIGHT, y, brief.status, style, WIDTH * 0.38, "right")
    if brief.note:
        y -= 12
        put(canvas, LEFT, y, brief.note, looks.META, WIDTH)
    _rule(canvas, y - 9)
    y -= 28 + air / 2
    return put_lines(canvas, LEFT, y, brief.headline, looks.HEADLINE, WIDTH, 3) - 4 - air / 2


def _draw_figures(canvas: Canvas, brief: Brief, y: float, air: float) -> float:
    room = (WIDTH - 3 * GAP) / 4
    for number, (label, value, note) in enumerate(brief.figures):
        x = LEFT + number * (room + GAP)
        if number:
            canvas.setStrokeColor(HexColor(LIGHT.faint))
            canvas.line(x - GAP / 2, y + 8, x - GAP / 2, y - 37)
        unsure = number == 2 and not brief.verified
        style = looks.UNVERIFIED if unsure else looks.LABEL
        put(canvas, x, y, label, smaller(label, style, room, 6), room)
        put(canvas, x, y - 22, value, smaller(value, looks.VALUE, room, 8), room)
        put(canvas, x, y - 35, note, smaller(note, looks.LABEL, room, 6), room)
    _rule(canvas, y - 46 - air / 3)
    return y - 64 - air


def _draw_charts(
    canvas: Canvas, document: PlanDocument, brief: Brief, y: float, air: float
) -> float:
    tall, right = 126.0 + 3.5 * air, LEFT + HALF + GAP
    figures = document.figures
    put(canvas, LEFT, y, _saved_title(brief), looks.SECTION, HALF)
    put(canvas, right, y, _shares_title(figures.outcome), looks.SECTION, HALF)
    box = Box(LEFT, y - tall, HALF, tall - 12)
    draw_saved(canvas, box, figures.central, figures.low, figures.high)
    line = draw_shares(canvas, Box(right, y - tall, HALF, tall - 18), figures.outcome) - 4
    for tier, colour in zip(figures.outcome.tiers, LIGHT.tiers, strict=True):
        canvas.setFillColor(HexColor(colour))
        canvas.rect(right, line - 0.6, 7, 7, stroke=0, fill=1)
        words = f"{TIER_NAMES[tier.tier]}: {tier.model.name}"
        put(canvas, right + 12, line, words, looks.BODY, HALF - 12)
        line -= 14.5
    return y - tall - 16 - air


def _saved_title(brief: Brief) -> str:
    """What the curve shows, with its 90% range."""
    over = brief.saved.usd
    return f"{brief.saved.label}: {usd(over.central)} ({usd(over.low)} to {usd(over.high)})"


def _shares_title(outcome: Outcome) -> str:
    """The finding of the bars: who answers most."""
    most = max(outcome.tiers, key=lambda tier: tier.share_of_queries)
    if not most.queries:
        return "Nobody answers: there are no queries"
    return f"{share(most.share_of_queries)} of queries go to {most.model.name}"


def _draw_answers(canvas: Canvas, brief: Brief, y: float, air: float) -> float:
    others = " ".join(brief.risks[1:]) or "None that these figures show."
    answers = (
        ("How sure", brief.how_sure),
        ("Main risk", brief.main_risk),
        ("What it needs", brief.needs),
        ("Other risks", others),
        ("By when", brief.by_when),
        ("The simple alternative", brief.alternative),
    )
    for row in (answers[:2], answers[2:4], answers[4:]):
        ends = []
        for number, (title, text) in enumerate(row):
            x = LEFT + number * (HALF + GAP)
            put(canvas, x, y, title, looks.SECTION, HALF)
            ends.append(put_lines(canvas, x, y - 13, text, looks.BODY, HALF, 4))
        y = min(ends) - 5 - air * 0.8
    return y - 3


def _draw_foot(canvas: Canvas, brief: Brief) -> None:
    _rule(canvas, FOOT)
    put_lines(canvas, LEFT, FOOT - 12, brief.made_with, looks.FOOT, WIDTH, 2)


def _rule(canvas: Canvas, y: float) -> None:
    canvas.setStrokeColor(HexColor(LIGHT.faint))
    canvas.setLineWidth(0.7)
    canvas.line(LEFT, y, RIGHT, y)
