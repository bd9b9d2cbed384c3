"""The model card's section on the rougher reading of logs without text."""

from __future__ import annotations

from collections.abc import Iterable

from core.complexity.training.evaluate import DatasetReport, Report
from core.complexity.training.rough_fit import PENALTY, WIDER
from core.complexity.training.train import ANCHOR, LeftOut, Trained

_LIMITS = """\
- Input tokens of a real log hold instructions, history and retrieved pages. None of these sets
  does, so how much of the order holds there is not known. Where a log keeps the length of the
  query but not its text, that length is taken instead.
- Turns only share the input out: a chat resends its history, so input counts per message. Tools
  and tags are in no public outcomes; nothing is learned from them. A segment's mean size counts
  by half: between the tasks of one mixed set larger ones gained more, between the subjects of
  another the larger ones were easier.
- It says nothing about the level of a log, which is taken for that of real chat prompts."""


def rough_section(trained: Trained, report: Report) -> str:
    """How the rougher reading was fitted, and what it is worth beside length and text."""
    rough = trained.classifier.rough
    rows = "\n".join(
        f"| {x.unit} | {x.rank_correlation_of_input:.2f} |"
        f" {figure(x.rank_correlation_of_sizes, 2)} | {x.rank_correlation_of_length:.2f} |"
        f" {x.rank_correlation:.2f} |"
        for x in trained.left_out
    )
    return (
        "Where a log has no text, difficulty is read from sizes alone: how far log1p(tokens) of\n"
        "input and output lie above what is usual in the same log, in standard deviations of the\n"
        f"log (at most {rough.farthest:g}).\n\n"
        f"Difficulty = {rough.level:.3f} + {rough.weights[0]:.3f} times input"
        f" + {rough.weights[1]:.3f} times output, in logits.\n\n"
        f"{_worth(trained)}\n\n"
        "Fitted on the same difficulties by a ridge regression within units, all units weighing\n"
        f"the same, with a penalty ({PENALTY:g}) that halves the slopes; never negative. Tokens\n"
        "of questions are estimated, those of answers are characters / 4.4, compared within one\n"
        "model; sets without answers' lengths count as usual there. Spread within a log:"
        f" {rough.residual_sd:.2f} logits\n(all of it: sizes may tell nothing). Level of a log:"
        f" sd {rough.level_sd:.2f} logits, {WIDER:g} times what was\nmeasured (judgement).\n\n"
        "Rank correlation with measured difficulty in a unit left out of the fit (both sizes: the\n"
        "mean over logs written by one model each; a dash: no answer's length is known):\n\n"
        "| unit | input size | both sizes | prompt length | text |\n|---|---|---|---|---|\n"
        f"{rows}\n{_mean_row(trained.left_out)}\n\n"
        "Routing by it, sets left out as above, as if the strong models had written the log:\n\n"
        "| data set | APGR of size | length | text | AUC of size | length | text |\n"
        "|---|---|---|---|---|---|---|\n"
        + "\n".join(_size_row(name, item) for name, item in report.datasets.items())
        + "\n\n"
        + _LIMITS
    )


def _worth(trained: Trained) -> str:
    """Whether sizes tell anything, from the figures alone."""
    sizes, text, length = (
        trained.classifier.metrics[f"left_out_rank_correlation{of}"]
        for of in ("_of_size", "", "_of_length")
    )
    chat = next((x for x in trained.left_out if x.unit == ANCHOR), None)
    much = "little" if sizes < 0.3 else "some"
    words = (
        f"Sizes carry {much} information: a mean rank correlation of {sizes:.2f} in sets left out"
        f"\nof the fit (text {text:.2f}, prompt length {length:.2f})."
    )
    if chat is not None and chat.rank_correlation_of_sizes is not None:
        words += (
            f" On the only prompts of real users ({chat.unit})\nit is"
            f" {chat.rank_correlation_of_input:.2f} for the input and"
            f" {chat.rank_correlation_of_sizes:.2f} with the output: what the output tells, exams"
            " with\nworked answers tell."
        )
    return words


def _mean_row(items: Iterable[LeftOut]) -> str:
    items = list(items)
    both = [x.rank_correlation_of_sizes for x in items if x.rank_correlation_of_sizes is not None]
    cells = [
        sum(x.rank_correlation_of_input for x in items) / len(items),
        sum(both) / len(both) if both else None,
        sum(x.rank_correlation_of_length for x in items) / len(items),
        sum(x.rank_correlation for x in items) / len(items),
    ]
    return "| mean | " + " | ".join(figure(cell, 2) for cell in cells) + " |"


def _size_row(name: str, item: DatasetReport) -> str:
    size, length = item.controls["size"], item.controls["length"]
    shown = f"{name} (benchmark)" if item.benchmark else name
    text = item.text
    figures = (size.apgr, length.apgr, text.apgr, size.auc, length.auc, text.auc)
    return f"| {shown} | " + " | ".join(figure(cell) for cell in figures) + " |"


def figure(value: float | None, digits: int = 3) -> str:
    """A figure of the card, a dash where it is not defined."""
    return "-" if value is None else f"{value:.{digits}f}"
