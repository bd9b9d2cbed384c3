"""Frozen plans to tell, and the texts that a stranger may have put into them."""

from dataclasses import replace
from datetime import date

from core.catalog.model import Model
from core.complexity.learned import Learned, Usual
from core.economics.projection import Projection
from core.frozen.document import PlanDocument
from core.reports.brief import Brief, brief_of
from core.routing.simulate import Outcome, Range

from ..frozen.conftest import frozen

TODAY = date(2026, 12, 3)

SCRIPTS = {
    "cyrillic": "Поддержка: план на осень",
    "greek": "Υποστήριξη: φθινοπωρινό σχέδιο",
    "chinese": "客服机器人路由计划（第三版）",
    "japanese": "サポートボットの計画",
    "korean": "고객지원 라우팅 계획",
    "arabic": "خطة (v2) لتوجيه الأسئلة",
    "hebrew": "תוכנית ניתוב 3",
    "thai": "แผนการสนับสนุน",
    "hindi": "समर्थन योजना",
}
HOSTILE = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1", "＝1+1", "＋1", "－1",
    "＠SUM(A1)", "=HYPERLINK(\"x\")", "'=1", "\x00=1",
)  # fmt: skip


def told(document: PlanDocument, **values: object) -> Brief:
    """The brief of a document on 3 December 2026, with other values where given."""
    usual: dict[str, object] = {"name": "Support bot", "version": 3, "today": TODAY}
    return brief_of(document, **usual | values)  # type: ignore[arg-type]


def with_outcome(document: PlanDocument, **values: object) -> PlanDocument:
    """The document with other figures in its outcome."""
    outcome: Outcome = replace(document.figures.outcome, **values)  # type: ignore[arg-type]
    return replace(document, figures=replace(document.figures, outcome=outcome))


def with_months(document: PlanDocument, saving: Range, months: int = 12) -> PlanDocument:
    """The document with a saving of so much in every month, from a bill of 1,000."""

    def made(usd: float) -> Projection:
        return Projection(
            (1_000.0,) * months,
            (1_000.0 - usd,) * months,
            (usd,) * months,
            tuple(usd * (n + 1) for n in range(months)),
        )

    figures = replace(
        document.figures,
        central=made(saving.central),
        low=made(saving.low),
        high=made(saving.high),
    )
    return replace(document, figures=figures)


def round_document(**values: object) -> PlanDocument:
    """A document of round figures: $1,000 a month today, $400 planned (350 to 450), 97% kept."""
    document = with_outcome(
        frozen(**values),
        baseline_usd=1_000.0,
        planned=Range(400.0, 350.0, 450.0),
        saving_share=Range(0.6, 0.55, 0.65),
        baseline_quality=0.9,
        quality_kept=Range(0.97, 0.94, 0.99),
    )
    return with_months(document, Range(600.0, 550.0, 650.0))


def with_models(document: PlanDocument, name: str) -> PlanDocument:
    """The document with every model of that name."""

    def named(model: Model) -> Model:
        return replace(model, name=name)

    plan = document.plan
    plan = replace(
        plan,
        simple=named(plan.simple),
        medium=named(plan.medium),
        complex=named(plan.complex),
        check=replace(plan.check, model=named(plan.check.model)) if plan.check else None,
    )
    tiers = tuple(replace(t, model=named(t.model)) for t in document.figures.outcome.tiers)
    return with_outcome(replace(document, plan=plan), tiers=tiers)


def taught(document: PlanDocument, paired: int) -> PlanDocument:
    """The document with outcomes of so many of its own queries, two answers each."""
    nothing = Usual((0.0, 1.0), (0.0, 1.0))
    learned = Learned(
        usual=nothing, about=0.0, segments=(), shares=(), shift=(), lever=(), covariance=(),
        models=(), answers=2 * paired, paired=paired, spread=1.0, base_rate=0.9,
    )  # fmt: skip
    return replace(document, learned=learned.to_json())


def hostile(document: PlanDocument, text: str) -> PlanDocument:
    """The document with that text wherever a stranger can write."""
    document = with_models(document, text)
    return replace(
        document,
        author=text,
        note=text,
        log=replace(document.log, name=text),
        segment_names={"chat": text},
    )
