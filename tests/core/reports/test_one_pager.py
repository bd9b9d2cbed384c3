import re
from dataclasses import replace
from datetime import date

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from core.frozen.document import PlanDocument
from core.reports import one_pager as page
from core.reports.brief import Brief
from core.reports.one_pager import FOOT, LEFT, RIGHT, one_pager
from core.routing.check import Check
from core.routing.plan import Plan
from core.routing.simulate import Range
from core.workload.workload import empty_workload

from ..frozen.conftest import BIG, SMALL, frozen
from .conftest import (
    HOSTILE,
    SCRIPTS,
    hostile,
    round_document,
    told,
    with_models,
    with_months,
    with_outcome,
)

LONG = "A plan with a very long name that goes on and on and on, " * 2 + "to the end"
NOTE = "Please read the second page of the minutes before you decide anything. " * 40


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


def worst() -> tuple[PlanDocument, Brief]:
    """As much text as there can be: a cascade, long names, long notes, every risk."""
    document = round_document(plan=Plan(SMALL, BIG, BIG, check=Check(SMALL)))
    document = replace(with_models(document, LONG), author=LONG, note=NOTE)
    brief = told(document, name=LONG * 3, needs=NOTE, decide_by=date(2026, 12, 24), status=LONG)
    return document, replace(
        brief, headline=NOTE, how_sure=NOTE, by_when=NOTE, alternative=NOTE, risks=(NOTE, NOTE),
        made_with=NOTE,
    )  # fmt: skip


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float, float]]:
    """Where the last page's texts begin and end, and on which line."""
    found: list[tuple[float, float, float]] = []

    class Watched(Canvas):  # type: ignore[misc]
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)
            found.clear()

        def beginText(self, x: float = 0, y: float = 0) -> PDFTextObject:
            self.start = x
            return super().beginText(x, y)

        def drawText(self, text: PDFTextObject) -> None:
            found.append((self.start, text.getX(), text.getY()))
            super().drawText(text)

    monkeypatch.setattr(page, "Canvas", Watched)
    return found


def inside(places: list[tuple[float, float, float]]) -> bool:
    """Nothing beyond the margins, and nothing over the foot's rule."""
    return all(
        LEFT - 0.01 <= start <= end <= RIGHT + 0.01
        and 30 < y < A4[1] - 30
        and not FOOT - 6 < y < FOOT + 3
        for start, end, y in places
    )


def test_it_is_one_page_of_a4_with_a_title_and_a_language() -> None:
    document = frozen()
    pdf = one_pager(document, told(document))
    assert pages(pdf) == 1
    assert pdf.startswith(b"%PDF-") and b"/MediaBox [ 0 0 595.2756 841.8898 ]" in pdf
    assert b"/Title (Support bot)" in pdf and b"/Lang (en)" in pdf


def test_the_same_plan_gives_the_same_bytes_whatever_was_drawn_before() -> None:
    document = frozen()
    first = one_pager(document, told(document))
    one_pager(document, told(document, name=SCRIPTS["chinese"]))
    assert one_pager(document, told(document)) == first


def test_every_face_travels_inside_the_file() -> None:
    document = frozen()
    pdf = one_pager(document, told(document, name=" ".join(SCRIPTS.values())))
    faces = re.findall(rb"/BaseFont /(\S+)", pdf)
    assert faces and all(b"+" in face for face in faces)  # ABCDEF+Name: a part that is embedded


def test_the_fullest_page_stays_within_its_margins(
    drawn: list[tuple[float, float, float]],
) -> None:
    assert pages(one_pager(*worst())) == 1
    assert inside(drawn)


@pytest.mark.parametrize("name", [*SCRIPTS.values(), LONG, "x" * 120, "", "🚀👩‍💻", *HOSTILE])
def test_any_name_can_be_printed(name: str, drawn: list[tuple[float, float, float]]) -> None:
    document = hostile(frozen(), name)
    assert pages(one_pager(document, told(document, name=name, needs=name, status=name))) == 1
    assert inside(drawn)


@pytest.mark.parametrize("name", ["<b>bold</b>", "a & b", "&#x41;", "<para", "</font>", "%s {0}"])
def test_markup_in_a_name_is_only_text(name: str) -> None:
    document = frozen()
    plain, marked = (one_pager(document, told(document, name=n)) for n in ("x" * len(name), name))
    assert pages(marked) == pages(plain) == 1


@pytest.mark.parametrize("usd", [1e15, 1e6, 1.0, 1e-4, 0.0, -1e3, -1e12])
def test_huge_tiny_and_negative_amounts_keep_to_their_place(
    usd: float, drawn: list[tuple[float, float, float]]
) -> None:
    today = abs(usd)
    document = with_months(
        with_outcome(
            round_document(),
            baseline_usd=today,
            planned=Range(today - usd / 2, today - usd, today),
            saving_share=Range(0.5, 0.0, 1.0) if usd > 0 else Range(-0.5, -1.0, 0.0),
            quality_kept=Range(0.001, 0.0, 1_234.5),
        ),
        Range(usd / 2, min(usd, 0.0), max(usd, 0.0)),
    )
    assert pages(one_pager(document, told(document))) == 1
    assert inside(drawn)


@pytest.mark.parametrize(
    "document",
    [
        frozen(workload=empty_workload(), names={}),
        frozen(plan=Plan(replace(SMALL, price=None, fixed_monthly_usd=900.0), BIG, BIG)),
        with_months(frozen(), Range(1.0, 1.0, 1.0), 1),
        with_months(frozen(), Range(1.0, 1.0, 1.0), 120),
        with_months(frozen(), Range(float("nan"), float("-inf"), float("inf"))),
    ],
    ids=["empty", "rented", "one month", "ten years", "not finite"],
)
def test_odd_plans_can_be_printed(
    document: PlanDocument, drawn: list[tuple[float, float, float]]
) -> None:
    assert pages(one_pager(document, told(document))) == 1
    assert inside(drawn)
