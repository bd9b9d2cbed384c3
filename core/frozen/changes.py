"""How two versions of a plan differ, in plain words: what was put in, then what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from core.frozen.document import PlanDocument
from core.frozen.log_changes import (
    log_changes,
    name_changes,
    segment_changes,
    volume_changes,
)
from core.frozen.model_changes import fact_changes, price_changes
from core.frozen.money_changes import outlook_changes, thrift_changes, tuning_changes
from core.frozen.plan_changes import (
    rule_changes,
    settings_changes,
    strategy_changes,
    tier_changes,
    tolerance_changes,
)
from core.frozen.saying import called, instead, number, percent, usd
from core.routing.assumptions import Assumptions, Uncertainty

_ASSUMED: Final[Mapping[str, str]] = {
    "cache_kept": "Cached input that stays cached after a switch",
    "token_spread": "How far tokens on another model may differ",
}
_UNKNOWN: Final[Mapping[str, str]] = {
    "spread": "How far a query may be from its reading, in logits",
    "level_sd": "How far the whole log may be from its reading, in logits",
}


def changes(before: PlanDocument, after: PlanDocument) -> tuple[str, ...]:
    """One short sentence per thing that differs, and the effect last; none where nothing does.

    When each was saved is no difference. The text is plain, and names in it are as people typed
    them: whoever shows it escapes it.
    """
    found = inputs_changed(before, after)
    if not found and before.figures == after.figures:
        return ()
    return (*found, *effect(before, after))


def inputs_changed(before: PlanDocument, after: PlanDocument) -> tuple[str, ...]:
    """The same without the effect: what people, prices and logs brought, not what came of it."""
    found = [
        *tier_changes(before.plan, after.plan),
        *price_changes(before, after),
        *fact_changes(before, after),
        *tolerance_changes(before.plan, after.plan),
        *strategy_changes(before.plan, after.plan),
        *rule_changes(before.plan, after.plan),
        *settings_changes(before.plan, after.plan),
        *log_changes(before, after),
        *name_changes(before.names, after.names),
        *volume_changes(before, after),
        *outlook_changes(before.growth, after.growth),
        *thrift_changes(before.thrift, after.thrift),
        *tuning_changes(before.fine_tuning, after.fine_tuning),
        *_classifier(before, after),
        *_outcomes(before, after),
        *segment_changes(before.segment_names, after.segment_names),
        *_assumptions(before.assumptions, after.assumptions),
        *_about(before, after),
    ]
    return tuple(dict.fromkeys(found))


def effect(before: PlanDocument, after: PlanDocument) -> tuple[str, ...]:
    """Both monthly bills, the saving and the quality kept, before and after, as frozen."""
    then, now = before.figures.outcome, after.figures.outcome
    pairs = (
        ("Today's bill a month", usd(then.baseline_usd), usd(now.baseline_usd)),
        ("Planned bill a month", usd(then.planned.central), usd(now.planned.central)),
        ("Saving", _tenth(then.saving_share.central), _tenth(now.saving_share.central)),
        ("Quality kept", _tenth(then.quality_kept.central), _tenth(now.quality_kept.central)),
    )
    return tuple(
        f"{what}: stays {new}" if old == new else f"{what}: {new} instead of {old}"
        for what, old, new in pairs
    )


def _classifier(before: PlanDocument, after: PlanDocument) -> Iterator[str]:
    if before.classifier_version != after.classifier_version:
        then, now = called(before.classifier_version), called(after.classifier_version)
        yield f"Classifier: version {now} instead of {then}"
    elif before.classifier_digest != after.classifier_digest:
        yield f"Classifier: another one of version {called(after.classifier_version)}"
    yield from _each(_UNKNOWN, before.uncertainty, after.uncertainty, number)


def _outcomes(before: PlanDocument, after: PlanDocument) -> Iterator[str]:
    if before.learned == after.learned:
        return
    then, now = (each.taught.answers if each.taught else 0 for each in (before, after))
    if then == now:
        yield f"Own outcomes: taught anew by {now:,} judged answers"
    elif now:
        yield f"Own outcomes: {now:,} judged answers instead of {then or 'none'}"
    else:
        yield f"Own outcomes: none instead of {then:,} judged answers"


def _assumptions(then: Assumptions, now: Assumptions) -> Iterator[str]:
    yield from _each(_ASSUMED, then, now, percent)
    if then.seed != now.seed:
        yield f"Ranges drawn with seed {now.seed} instead of {then.seed}"


def _about(before: PlanDocument, after: PlanDocument) -> Iterator[str]:
    for field, what in (
        ("program_version", "Version of Tierwise"),
        ("author", "Saved by"),
        ("note", "Note"),
    ):
        then, now = getattr(before, field), getattr(after, field)
        if then != now:
            yield f"{what}: {called(now) or 'none'} instead of {called(then) or 'none'}"


def _each(
    words: Mapping[str, str],
    before: Assumptions | Uncertainty,
    after: Assumptions | Uncertainty,
    show: Callable[[float, int], str],
) -> Iterator[str]:
    for field, what in words.items():
        then, now = getattr(before, field), getattr(after, field)
        if then != now:
            yield f"{what}: {instead(then, now, show, '')}"


def _tenth(share: float) -> str:
    return f"{share:.1%}"
