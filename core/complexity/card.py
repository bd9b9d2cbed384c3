"""The model card: what the classifier is made of, what it can do, and what it cannot."""

from __future__ import annotations

from collections.abc import Iterable

from core.complexity.evaluate import DatasetReport, Interval, Report
from core.complexity.features import FEATURES
from core.complexity.outcomes import BENCHMARKS
from core.complexity.rough_card import figure, rough_section
from core.complexity.train import LeftOut, Trained
from core.complexity.tried import TRIED
from core.complexity.unlike import KINDS, LONGEST
from core.complexity.words import EVERYDAY

_SOURCES = """\
| file | origin (commit) | read | licence: repository / questions |
|---|---|---|---|
| mmlu_pro | TIGER-AI-Lab/MMLU-Pro (f418b11) | 2026-11 | Apache-2.0 / MIT (unconfirmed) |
| zeroeval | WildEval/ZeroEval (8c1485e) | 2026-11 | Apache-2.0 / MIT |
| arena_bench_v1 | lmarena/arena-hard-auto | 2026-11 | Apache-2.0 |
| llmrouter_dc | ulab-uiuc/LLMRouter (4e7a796) | 2026-11 | MIT / the 12 tasks keep their own terms |
| simpleqa_fastchat_pr | lm-sys/FastChat, PR 3596 (4c3f10ea) | 2026-11 | Apache-2.0 / MIT |
| routellm_half (benchmark only) | lm-sys/RouteLLM (0b64fda) | 2026-11 | Apache-2.0 / MIT |

None of the questions or answers is shipped; the classifier holds a few dozen
numbers and a list of everyday words."""

_LIMITS = """\
- It does not know who *gains* from a stronger model. Hard questions often fail every model.
- Text says little about the level of a whole log. The level is anchored at real chat prompts
  of 2023 and carries the standard deviation given above; shares of tiers follow it closely.
  Exam sets are chosen to be easy or hard, so this deviation may be too wide for everyday logs.
- Prompts that are hard by what they ask, not by how they are written, look no harder to it
  than others: the Arena-Hard v0.1 questions look no harder than chat-arena prompts of 2023,
  and short bank-support questions look well below both.
- The stated chances are not calibrated without a team's own outcomes (column ECE).
- The outcomes are of models of 2023 to early 2025; abilities of later models are judgement.
- English only; last user message only; multiple choice and unparsed answers are in the data.
- Features and penalty were chosen on the training sets, so figures on left-out training
  sets are a little optimistic. The benchmark was neither trained nor tuned on: every
  release reports on it, and nothing is chosen by it."""


def model_card(trained: Trained, report: Report) -> str:
    """The card as Markdown; every figure comes from the two arguments."""
    held_out = {n: d for n, d in report.datasets.items() if not d.benchmark}
    benchmark = {n: d for n, d in report.datasets.items() if d.benchmark}
    parts = [
        "# Model card: the difficulty classifier",
        _made_of(trained),
        "## Sources\n\n" + _SOURCES,
        "## How it is made\n\n" + _method(trained),
        "## Abilities\n\n" + _abilities(trained),
        "## Does text tell how hard a question is\n\n" + _left_out(trained.left_out),
        "## Routing by it: data sets left out of the fit\n\n" + _table(held_out),
        "## Routing by it: the public benchmark\n\n"
        f"`{'`, `'.join(BENCHMARKS)}`: half of the responses that RouteLLM published"
        " (Mixtral-8x7B against GPT-4-1106).\n\n" + _table(benchmark),
        "## Texts unlike these\n\n" + _unlike(trained.left_out),
        "## What was tried\n\n" + TRIED,
        "## Logs without text: the rougher reading\n\n" + rough_section(trained, report),
        "## What it cannot do\n\n" + _against_length(report) + "\n" + _LIMITS,
        "## How to rebuild\n\n"
        "`tierwise train OUTCOMES_DIR --out classifier.json`: the same outcome files give the\n"
        "same classifier, byte for byte; this card and `abilities.csv` are written beside it.",
    ]
    return "\n\n".join(parts) + "\n"


def _made_of(trained: Trained) -> str:
    model = trained.classifier
    return (
        f"Version {model.version}, digest `{model.digest[:16]}`; training data"
        f" `{model.data_digest[:16]}`: {trained.questions:,} questions,"
        f" {trained.answers:,} answers of {len(trained.abilities)} models,"
        f" {len(trained.left_out)} units.\n\n"
        "It reads how hard a query *looks* from its text alone. It is a first, rough sorting:"
        " take it with its ranges, beside the controls, until own outcomes are there."
    )


def _method(trained: Trained) -> str:
    reading = trained.classifier.reading
    features = "\n".join(
        f"| {feature.several} | {weight:.3f} | {typical:.3f} |"
        for feature, weight, typical in zip(FEATURES, reading.weights, reading.typical, strict=True)
    )
    return (
        "A hierarchical one-parameter item-response model gives every question a difficulty and\n"
        "every model an ability (an answer is acceptable from a score of 0.5; 0.8 for judged\n"
        "chat). A ridge regression, all units weighing the same, reads a question's difficulty\n"
        "less its unit's mean from log1p of nine counts.\n\nDifficulty = "
        f"{reading.level:.3f} + sum of weight times (log1p(count) less the typical value),"
        " in logits.\n\n"
        "| count of | weight | typical (log1p) |\n|---|---|---|\n"
        + features
        + f"\n\nOut of the ordinary is a word that is not among the {EVERYDAY:,} that most units"
        " share."
        f" Spread left within a log: {reading.residual_sd:.2f} logits. Level of a log of a new"
        f" kind: sd {trained.classifier.level_sd:.2f} logits."
    )


def _abilities(trained: Trained) -> str:
    rows = "\n".join(
        f"| {item.tier} | {item.mean:.1f} | {item.sd:.1f} | {item.source} ({item.as_of}) |"
        for item in trained.classifier.reference
    )
    return (
        "`abilities.csv` holds the measured ones; its `sd` is for a log of a new kind, on which a"
        f" model's ability differs from its mean by {trained.classifier.wobble_sd:.2f} logits (one"
        " sd). The three tiers are sorted by\n\n"
        "| tier | ability (logits) | sd | source |\n|---|---|---|---|\n" + rows
    )


def _left_out(items: Iterable[LeftOut]) -> str:
    items = list(items)
    rows = "\n".join(
        f"| {x.unit} | {x.questions:,} | {x.rank_correlation:.2f} |"
        f" {x.rank_correlation_of_length:.2f} | {x.level_error:+.2f} |"
        for x in items
    )
    mean = sum(x.rank_correlation for x in items) / len(items)
    length = sum(x.rank_correlation_of_length for x in items) / len(items)
    return (
        "Rank correlation of read and measured difficulty in a unit left out of the fit, beside\n"
        "that of prompt length; and how far the unit's measured mean lies above the read one.\n\n"
        "| unit | questions | text | length | level error (logits) |\n|---|---|---|---|---|\n"
        f"{rows}\n| mean | | {mean:.2f} | {length:.2f} | |"
    )


def _unlike(items: Iterable[LeftOut]) -> str:
    items = sorted(items, key=lambda x: (-x.unlike, x.unit))
    highest = "; ".join(f"{x.unit} {x.unlike:.1%}" for x in items[:3] if x.unlike > 0) or "none"
    mean = sum(x.unlike for x in items) / len(items)
    return (
        f"Flagged as unlike what was learned from:\n{', '.join(KINDS[1:])} (more than"
        f" {LONGEST:,} characters).\nOf questions in units left out of the fit, which should not be"
        f" flagged,\n{mean:.1%} are on average, most in:\n{highest}.\n"
        "Nothing is known of how well the reading does on what is flagged; such queries belong\n"
        "to the safer tier."
    )


def _table(datasets: dict[str, DatasetReport]) -> str:
    head = (
        "APGR: 0.5 is random, higher is better; in brackets 95% intervals. CPT: per cent of strong"
        " calls\nfor half and four fifths of the gap, lower is better. AUC: does it tell what the"
        " cheap models answer\nacceptably. A dash: the strong side is not better beyond chance, or"
        " no cheap model was measured\nelsewhere.\n\n"
        "| data set | n | APGR | minus length | CPT50 / CPT80 | AUC | ECE | APGR of random | length"
        " | LiteLLM v1 | oracle | AUC of length |\n" + "|---" * 12 + "|\n"
    )
    return head + "\n".join(_row(name, item) for name, item in datasets.items())


def _row(name: str, item: DatasetReport) -> str:
    controls = item.controls
    cells = [
        name,
        f"{item.n:,}",
        f"{figure(item.apgr)} {_interval(item.intervals['apgr'])}",
        _interval(item.intervals["apgr_minus_length"], signed=True),
        f"{figure(item.cpt50, 1)} / {figure(item.cpt80, 1)}",
        f"{figure(item.auc)} {_interval(item.intervals['auc'])}",
        figure(item.ece),
        f"{figure(controls['random'].apgr)} {_interval(controls['random'].apgr_interval)}",
        f"{figure(controls['length'].apgr)} {_interval(controls['length'].apgr_interval)}",
        f"{figure(controls['litellm_v1'].apgr)} {_interval(controls['litellm_v1'].apgr_interval)}",
        figure(controls["oracle"].apgr),
        figure(controls["length"].auc),
    ]
    return "| " + " | ".join(cell.strip() for cell in cells) + " |"


def _against_length(report: Report) -> str:
    """Where routing by difficulty is better or worse than by length, beyond chance."""
    better, worse = [], []
    for name, item in report.datasets.items():
        interval = item.intervals["apgr_minus_length"]
        shown = f"{name} (benchmark)" if item.benchmark else name
        if interval and interval[0] > 0:
            better.append(shown)
        if interval and interval[1] < 0:
            worse.append(shown)
    return (
        "- It does not replace a look at prompt length. Routing by length is better beyond chance"
        f" on: {', '.join(worse) or 'none'}. Routing by difficulty is better on:"
        f" {', '.join(better) or 'none'}. Elsewhere the two cannot be told apart."
    )


def _interval(value: Interval | None, *, signed: bool = False) -> str:
    if value is None:
        return "-" if signed else ""
    low, high = (f"{x:+.3f}" if signed else f"{x:.3f}" for x in value)
    return f"[{low}, {high}]"
