"""What can be done with a log of each grain, in plain English, for screens and commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from core.complexity.classifier import Classifier
from core.complexity.rules import COMPLEX_FROM_CHARS, SIMPLE_UNDER_CHARS, Basis
from core.errors import BadInput
from core.logs.log import Grain, Log
from core.workload.workload import Workload

Extent = Literal["full", "rough", "none"]


@dataclass(frozen=True)
class PageUse:
    """What one page can do with a log: all of it, a rougher version, or nothing; and why."""

    page: str  # as the pages are called
    extent: Extent
    words: str  # one or two sentences


_GRAIN_WORDS: Final[dict[Grain, str]] = {
    "request_text": "This log has one row per call, with the text of the query.",
    "request_notext": "This log has one row per call, but no query text: its queries can be "
    "sorted by their size only.",
    "aggregate": "This log is a summary: each of its rows adds up many calls, so single queries "
    "cannot be sorted.",
}
_SUMMED: Final = "Export single calls for this: a summary does not say what each query was."
_USES: Final[dict[Grain, tuple[PageUse, ...]]] = {
    "request_text": (
        PageUse("Log", "full", "Spend, volume, models and times, as logged or at list prices."),
        PageUse("Queries", "full", "Each query is sorted by how hard its text looks."),
        PageUse("Models", "full", "The models in the log beside the catalogue."),
        PageUse("Plan", "full", "A plan with its saving, its expected quality and their ranges."),
        PageUse("Savings", "full", "What the plan is worth over the coming months."),
        PageUse("Fine-tuning", "full", "Whether a model of your own pays back on a part of it."),
        PageUse("Evidence", "full", "Its own queries, asked of cheaper models and judged."),
    ),
    "request_notext": (
        PageUse("Log", "full", "Spend, volume, models and times, as logged or at list prices."),
        PageUse(
            "Queries",
            "rough",
            "Sorted by size only: how long a query and its answer are beside the others of the "
            "log. That says little about how hard a query is, and there is no text to look at.",
        ),
        PageUse("Models", "full", "The models in the log beside the catalogue."),
        PageUse(
            "Plan",
            "rough",
            "Costs are as exact as ever. Which query goes to which tier rests on size only, so "
            "quality has a wide range; compare with one cheaper model for everything.",
        ),
        PageUse("Savings", "rough", "As the plan: the bill is exact, what quality costs is not."),
        PageUse(
            "Fine-tuning",
            "rough",
            "The costs hold. Whether the queries are alike enough to train on, a log without "
            "text cannot show.",
        ),
        PageUse(
            "Evidence",
            "none",
            "Without texts nothing can be asked again. Outcomes that you have from elsewhere can "
            "be brought on the Queries page.",
        ),
    ),
    "aggregate": (
        PageUse(
            "Log",
            "full",
            "The baseline: spend, calls and tokens by model and by month, as logged and at list "
            "prices.",
        ),
        PageUse("Queries", "none", _SUMMED),
        PageUse("Models", "full", "The models in the summary beside the catalogue."),
        PageUse("Plan", "none", _SUMMED),
        PageUse("Savings", "none", "There is no plan to carry into the coming months."),
        PageUse(
            "Fine-tuning",
            "rough",
            "A case can be worked out from the baseline, with the share of traffic typed in.",
        ),
        PageUse("Evidence", "none", _SUMMED),
    ),
}


def grain_words(grain: Grain) -> str:
    """What a log of that grain is, in one sentence."""
    return _GRAIN_WORDS[grain]


def page_uses(grain: Grain) -> tuple[PageUse, ...]:
    """What each page can and cannot do with a log of that grain, in the order of the pages."""
    return _USES[grain]


def page_use(grain: Grain, page: str) -> PageUse:
    """What one page, called as in the navigation, can do with a log of that grain."""
    return next(use for use in _USES[grain] if use.page == page)


def need_requests(log: Log) -> None:
    """Raises BadInput for a summary: one line that says what it is and what it is good for."""
    if log.grain == "aggregate":
        raise BadInput(
            f"this log is a summary: its {log.rows_kept:,} rows add up {log.requests:,} calls, and "
            "single queries cannot be sorted",
            where=log.name,
            remedy="See its spend and volume by model and month with `tierwise inspect`, and "
            "export single calls to sort them or to plan",
        )


def basis_words(basis: Basis) -> str:
    """What queries were sorted by, as the end of a sentence."""
    return {
        "text": "by how hard their text looks",
        "size": "by size only",
        "length": "by the length of their text",
        "keywords": "by keywords in their text",
    }[basis]


def basis_cautions(classifier: Classifier, basis: Basis) -> list[str]:
    """What a reader must know of difficulties read from that basis; nothing for texts."""
    if basis == "text":
        return []
    if basis == "length":
        return [
            "Sorted by a simple rule, the length of the text: simple under "
            f"{SIMPLE_UNDER_CHARS:,} characters, complex from {COMPLEX_FROM_CHARS:,} "
            "(a judgement). Length says little about how hard a query is."
        ]
    if basis == "keywords":
        return [
            "Sorted by a simple rule, keywords: the scorer that LiteLLM's complexity router ships "
            "(v1), with its own boundaries. It knows words of code, of reasoning and of technology."
        ]
    sized, read = (
        classifier.metrics.get(f"left_out_rank_correlation{of}") for of in ("_of_size", "")
    )
    figures = (
        f" On public question sets left out of its fit, size ordered questions by difficulty with "
        f"a rank correlation of {sized:.2f} (text: {read:.2f}; 0 is chance, 1 is perfect)."
        if sized is not None and read is not None
        else ""
    )
    return [
        "Sorted by size only: this log holds no query text, so a query counts as harder when it "
        "and its answer are longer than is usual in its log."
        f"{figures} Most of those are exams with worked answers; among the few prompts of real "
        "users, long answers told nothing. Size alone is seldom a reason to move a query, so most "
        "land in one tier; log the texts, or your own outcomes, to know better.",
        "How hard the whole log is, size does not tell at all: it is taken for ordinary chat, "
        f"give or take {classifier.rough.level_sd:.1f} logits (one standard deviation).",
    ]


def unlike_cautions(workload: Workload) -> list[str]:
    """That some texts are unlike those learned from, how many of each kind, and what is done."""
    strange = workload.unlike
    if not strange:
        return []
    kinds = ", ".join(f"{kind}: {count:,}" for kind, count in strange.most_common())
    share = strange.total() / max(workload.queries, 1)
    percent = f"{share:.0%}" if share >= 0.005 else "Under 1%"
    return [
        f"{percent} of the queries are unlike the texts that the classifier learned from "
        f"({kinds}). They count as complex, the safer tier, until you sort them yourself."
    ]
