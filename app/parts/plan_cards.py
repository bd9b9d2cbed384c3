"""The plan's controls: a card per tier, the quality slider, and the two tolerances."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import services
from app.parts.tier_calls import choose_calls
from app.parts.wording import TIER_NAMES, plain, price, share, usd
from app.replays import JudgeRates
from app.state import Calls, Draft
from core.catalog.cautions import model_cautions
from core.complexity.scale import TIERS, Tier
from core.routing.findings import usual_check
from core.routing.frontier import LARGEST, Choice
from core.routing.plan import Plan
from core.routing.simulate import Outcome, TierOutcome
from core.routing.traffic import Traffic

LARGEST_POINTS = 100 * LARGEST
ROUTE = "Route: classify, then one model"
CASCADE = "Cascade: try the cheapest, check, escalate"


@dataclass(frozen=True)
class Cards:
    """The draft with the models chosen, and the places where each tier's figures go."""

    draft: Draft
    places: dict[Tier, DeltaGenerator]

    def fill(self, outcome: Outcome) -> None:
        """Write each tier's share, cost and expected quality into its card."""
        for tier in outcome.tiers:
            self.places[tier.tier].markdown(
                plain(
                    f"**{share(tier.share_of_queries)}** of queries, **{usd(tier.usd)}** a month, "
                    + (f"{tier.quality:.0%} expected acceptable" if tier.queries else "unused")
                    + (f"; asked {tier.calls:,.0f} times" if tier.calls else "")
                    + _load_words(tier)
                )
            )


def _load_words(tier: TierOutcome) -> str:
    """How busy a rented endpoint is, where its throughput is known."""
    load = tier.utilisation
    if load is None or not tier.queries:
        return ""
    if load > 1:
        return f"; :red[{load:.1f} times what its replicas can write]"
    return f"; busy {share(load)} of the time"


def choose_tiers(digest: str, draft: Draft, traffic: Traffic) -> Cards:
    """A card per tier with its model, its price and how it is called."""
    catalogue = services.catalogue()
    usable = [i for i, m in catalogue.models.items() if m.price or m.fixed_monthly_usd]
    chosen: dict[str, str] = {}
    calls: dict[str, Calls] = {}
    places: dict[Tier, DeltaGenerator] = {}
    for tier, column in zip(TIERS, st.columns(3), strict=True):
        with column.container(border=True):
            now = getattr(draft, tier)
            chosen[tier] = st.selectbox(
                f"{TIER_NAMES[tier]} queries go to",
                usable,
                index=usable.index(now) if now in usable else 0,
                format_func=lambda i: f"{catalogue.get(i).name} ({catalogue.get(i).kind})",
                key=f"{tier}-{digest}",
            )
            model = catalogue.get(chosen[tier])
            st.caption(plain(price(model)))
            for words in model_cautions(model, services.today()):
                st.caption(plain(f":material/event_busy: {words}"))
            calls[tier] = choose_calls(digest, draft, tier, chosen[tier], traffic)
            places[tier] = st.empty()
    said = {tier: each for tier, each in calls.items() if each != Calls()}
    return Cards(replace(draft, **chosen, calls=said), places)


def choose_strategy(
    digest: str, draft: Draft, plan: Plan, measured: JudgeRates | None = None
) -> Draft:
    """The draft with the strategy, and with who checks and how well where it is a cascade.

    `measured` is how a judge did on answers that people judged.
    """
    key = f"strategy-{digest}"
    st.session_state.setdefault(key, CASCADE if draft.cascade else ROUTE)
    cascade = (
        st.radio("Strategy", [ROUTE, CASCADE], key=key, horizontal=True, persist_state="page")
        == CASCADE
    )
    if not cascade:
        return replace(draft, cascade=False)
    catalogue = services.catalogue()
    priced = [i for i, m in catalogue.models.items() if m.price]
    usual = usual_check(plan).model.id
    # Set here and not as the widgets' own defaults: a button below sets them, too.
    keep = st.session_state.setdefault
    keep(f"check-{digest}", draft.check if draft.check in priced else usual)
    keep(f"accepts-good-{digest}", round(100 * draft.accepts_good))
    keep(f"accepts-bad-{digest}", round(100 * draft.accepts_bad))
    left, middle, right = st.columns(3)
    check = left.selectbox(
        "Who checks the answers",
        priced,
        format_func=lambda i: catalogue.get(i).name,
        key=f"check-{digest}",
        help="It reads the request and the answer, and says whether the answer will do.",
    )
    good = middle.slider(
        "Acceptable answers that pass",
        0,
        100,
        format="%d%%",
        key=f"accepts-good-{digest}",
        help="Each one that does not pass costs another call for nothing. A judgement until you "
        "have judged answers of your own.",
    )
    bad = right.slider(
        "Unacceptable answers that pass",
        0,
        100,
        format="%d%%",
        key=f"accepts-bad-{digest}",
        help="Each one of these reaches a user.",
    )
    judged = 0
    if measured is not None:
        mine = (measured.model, *_percents(measured))
        if (check, good, bad) == mine:
            judged = measured.answers
            st.caption(f"As measured on {judged:,} answers that people judged.")
        elif measured.model in priced:
            st.button(
                f"As {catalogue.get(measured.model).name} did on {measured.answers:,} answers that "
                f"people judged: {mine[1]}% and {mine[2]}%",
                key="check-measured",
                on_click=_take_rates,
                args=(digest, measured),
            )
    return replace(
        draft,
        cascade=True,
        check=check,
        accepts_good=good / 100,
        accepts_bad=bad / 100,
        judged=judged,
    )


def _percents(measured: JudgeRates) -> tuple[int, int]:
    return round(100 * measured.accepts_good), round(100 * measured.accepts_bad)


def _take_rates(digest: str, measured: JudgeRates) -> None:
    """Set the check to a judge that was measured."""
    st.session_state[f"check-{digest}"] = measured.model
    good, bad = _percents(measured)
    st.session_state[f"accepts-good-{digest}"] = good
    st.session_state[f"accepts-bad-{digest}"] = bad


def choose_tolerances(
    digest: str, draft: Draft, best: Sequence[Choice], kept: Callable[[Draft], float]
) -> Draft:
    """The draft with the tolerances as the sliders stand; the quality slider moves both.

    `kept` is the quality that a draft keeps: where the quality slider starts.
    """
    to_medium, to_complex = f"to-medium-{digest}", f"to-complex-{digest}"
    st.session_state.setdefault(to_medium, round(100 * draft.to_medium, 1))
    st.session_state.setdefault(to_complex, round(100 * draft.to_complex, 1))
    draft = _with_points(draft, st.session_state[to_medium], st.session_state[to_complex])
    lowest, highest = (math.floor(1000 * c.quality_kept) / 10 for c in (best[0], best[-1]))
    # Other models have another range, and so a slider of their own. It is never set from here:
    # a browser that still sends its old place would then look like a person who moved it.
    aimed = f"aim-{draft.simple}-{draft.medium}-{draft.complex}-{lowest}-{highest}-{digest}"

    def aim() -> None:
        """Set both tolerances to the cheapest plan at the wanted quality."""
        wanted = st.session_state[aimed] / 100
        take_choice(digest, next((c for c in best if c.quality_kept >= wanted - 1e-9), best[-1]))

    left, middle, right = st.columns(3)
    if highest > lowest:
        left.slider(
            "Aim for the cheapest plan that keeps",
            min_value=lowest,
            max_value=highest,
            value=min(max(round(100 * kept(draft), 1), lowest), highest),
            step=0.1,
            format="%.1f%%",
            key=aimed,
            on_change=aim,
            help="Moves both tolerances to the cheapest plan that is expected to keep this much "
            "of today's quality.",
        )
    else:
        left.caption("These models are too alike for thresholds to matter: one of them will do.")
    first = middle.slider(
        "Stay simple while medium gains at most",
        0.0,
        LARGEST_POINTS,
        step=0.1,
        format="%.1f points",
        key=to_medium,
        persist_state="page",  # the page waits while queries are counted again
        help="A query goes to the medium model only if that raises the chance of an acceptable "
        "answer by more than this.",
    )
    second = right.slider(
        "Stay medium while complex gains at most",
        0.0,
        LARGEST_POINTS,
        step=0.1,
        format="%.1f points",
        key=to_complex,
        persist_state="page",  # the page waits while queries are counted again
        help="A query goes to the complex model only if that raises the chance of an acceptable "
        "answer by more than this.",
    )
    return _with_points(draft, first, second)


def take_choice(digest: str, choice: Choice) -> None:
    """Route by the tolerances of a choice on the frontier; to be called before they are drawn."""
    st.session_state[f"strategy-{digest}"] = ROUTE
    st.session_state[f"to-medium-{digest}"] = round(100 * choice.to_medium, 1)
    st.session_state[f"to-complex-{digest}"] = round(100 * choice.to_complex, 1)


def _with_points(draft: Draft, to_medium: float, to_complex: float) -> Draft:
    return replace(draft, to_medium=to_medium / 100, to_complex=to_complex / 100)
