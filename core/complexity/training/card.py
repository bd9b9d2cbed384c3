"""The model card: what the classifier is made of, what it can do, and what it cannot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.complexity.comparison import Figures, Interval
from core.complexity.features import FEATURES
from core.complexity.training.evaluate import DatasetReport, Report
from core.complexity.training.outcomes import BENCHMARKS
from core.complexity.training.own_traffic import OwnTraffic
from core.complexity.training.rough_card import figure, rough_section
from core.complexity.training.three_tiers import KNOWN_ANSWERS
from core.complexity.training.train import LeftOut, Trained
from core.complexity.training.tried import TRIED
from core.complexity.training.unseen import KNOWN_ANSWERS as LABELS
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

ORDERS = ("text", "random", "length", "litellm_v1")

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
        "## Three tiers\n\n" + _tiers(held_out),
        "## A few hundred outcomes of one's own\n\n" + _own(report.own),
        "## Chances and left-out models\n\n" + _chances(report.datasets),
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
        "APGR: 0.5 is random and every fixed split, higher is better; in brackets 95% intervals."
        " CPT: per cent\nof strong calls for half and four fifths of the gap, lower is better. AUC:"
        " does it tell what the cheap\nmodels answer acceptably. By topic: knowing the gain of"
        " each subject of the set from four fifths of its\nlabels. A dash: the strong side is not"
        " better beyond chance, or the set names no subjects.\n\n"
        "| data set | n | APGR | minus length | CPT50 / CPT80 | AUC | APGR of random | length"
        " | LiteLLM v1 | by topic | oracle | AUC of length |\n" + "|---" * 12 + "|\n"
    )
    return head + "\n".join(_row(name, item) for name, item in datasets.items())


def _row(name: str, item: DatasetReport) -> str:
    text, controls = item.text, item.controls
    by_topic = controls.get("by_topic")
    cells = [
        name,
        f"{item.n:,}",
        _with_interval(text),
        _interval(text.intervals["apgr_minus_length"], signed=True),
        f"{figure(text.cpt50, 1)} / {figure(text.cpt80, 1)}",
        f"{figure(text.auc)} {_interval(text.intervals['auc'])}",
        _with_interval(controls["random"]),
        _with_interval(controls["length"]),
        _with_interval(controls["litellm_v1"]),
        _with_interval(by_topic) if by_topic else "-",
        figure(controls["oracle"].apgr),
        figure(controls["length"].auc),
    ]
    return "| " + " | ".join(cell.strip() for cell in cells) + " |"


def _with_interval(figures: Figures) -> str:
    return f"{figure(figures.apgr)} {_interval(figures.apgr_interval)}".strip()


def _tiers(datasets: dict[str, DatasetReport]) -> str:
    rows = "\n".join(
        f"| {name} | {t.n:,} | {' / '.join(figure(q) for q in t.alone)} | {figure(t.oracle)} |"
        f" {' | '.join(f'{100 * t.lift[order]:+.1f}' for order in ORDERS)} |"
        f" {t.too_low:.0%} / {t.too_high:.0%} | {t.by_chance:.0%} |"
        for name, item in datasets.items()
        if (t := item.three_tiers)
    )
    return (
        "Sets left out of the fit, three tiers at their list prices, each tier's ability known"
        f" from {KNOWN_ANSWERS} queries.\nLift: points of quality above a fixed split of the"
        " tiers at equal cost, the mean over all costs. Too low and\ntoo high: with each tier"
        " given as many of the hardest-looking queries as need it, those sent below and above\n"
        "the cheapest tier that answers acceptably (the cheapest one where none does); either by"
        " chance beside it.\n\n"
        "| data set | n | always cheap / mid / frontier | oracle | lift of text | random | length"
        " | LiteLLM v1 | too low / too high | by chance |\n" + "|---" * 10 + "|\n" + rows
    )


def _own(items: Sequence[OwnTraffic]) -> str:
    rows = "\n".join(
        f"| {item.name}{' (benchmark)' if item.benchmark else ''} | {item.segments} |"
        f" {figure(item.length)} | {figure(item.read)} {_interval(item.read_interval)} |"
        f" {point.labels:,} | {point.apgr:.3f} ({point.apgr_sd:.3f}) |"
        f" {wrong.apgr:.3f} ({wrong.apgr_sd:.3f}) |"
        f" {point.brier:.3f} | {point.brier_constant:.3f} | {point.ece:.3f} |"
        for item in items
        for point, wrong in zip(item.curve, item.flipped, strict=True)
    )
    return (
        "Sets that the fit never saw, taken for a team's own log: of queries drawn at random the"
        " outcomes of a cheap and\na strong model are learned from, all other queries are routed"
        " (mean over draws, in brackets the deviation\nof one draw). Segments are found from the"
        " texts (clusters) or the set's own subjects (tags). Wrong: the\nsame with a fifth of the"
        " outcomes taken for their opposite. Brier and ECE are of the cheap model's stated\n"
        "chance, the constant is the labels' base rate.\n\n"
        "| log | segments | length | as read | paired labels | learned | a fifth wrong | Brier"
        " | constant | ECE |\n" + "|---" * 10 + "|\n" + rows
    )


def _chances(datasets: dict[str, DatasetReport]) -> str:
    stated = "\n".join(
        f"| {name} | {s.answers:,} | {s.brier:.3f} | {s.brier_constant:.3f} | {s.ece:.3f} |"
        for name, item in datasets.items()
        if (s := item.stated)
    )
    unseen = "\n".join(
        f"| {name} | {u.models} | {100 * u.error:.1f} | {100 * u.range:.1f} | {u.covered:.0%} |"
        f" {u.brier:.3f} | {u.brier_constant:.3f} | {u.ece:.3f} |"
        for name, item in datasets.items()
        if (u := item.unseen)
    )
    return (
        "Chances of the cheap models without any label of the set, as stated from their abilities"
        " elsewhere: far\noff wherever the set is easier or harder than real chat prompts, which"
        " is why none is shown before a log\nhas outcomes of its own. The constant is the share"
        " that was acceptable.\n\n"
        "| data set | answers | Brier | of a constant | ECE |\n|---|---|---|---|---|\n"
        f"{stated}\n\n"
        f"A model never measured before, known by {LABELS} answers on the set, the rest predicted"
        " (means over the\nmodels of a set): error of its share of acceptable answers and stated"
        " 90% range (points), how often the\nrange held, Brier score beside that of the share"
        f" among the {LABELS}.\n\n"
        "| data set | models | error | range +- | held | Brier | of a constant | ECE |\n"
        f"{'|---' * 8}|\n{unseen}"
    )


def _against_length(report: Report) -> str:
    """Where routing by difficulty is better or worse than by length, beyond chance."""
    better, worse = [], []
    for name, item in report.datasets.items():
        interval = item.text.intervals["apgr_minus_length"]
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
