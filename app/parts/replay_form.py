"""A new replay: how many queries, who judges, which server; its cost before anything is sent."""

from __future__ import annotations

import streamlit as st

from app import jobs, preparing, state
from app.parts.messages import show_error
from app.parts.server_fields import choose_servers
from app.parts.wording import counted, plain, share, usd
from app.planning import SortedLog
from app.replays import Standing
from core.errors import BadInput
from core.quality.prepare import usual_judge
from core.quality.replay import close_replay
from core.routing.plan import Plan

EVERYWHERE, WHERE_IT_TELLS = "Over the whole log", "Where they would change the plan most"


def draw_replay_form(found: SortedLog, plan: Plan, plan_name: str) -> None:
    """The choices, the estimate, and the button that sends."""
    digest, catalogue = found.log.digest, found.catalogue
    priced = [i for i, m in catalogue.models.items() if m.price]
    logged = {m.id for m in found.names.values() if m}
    usual = usual_judge(plan, catalogue.models.values(), logged)
    everywhere = st.radio(
        "Which queries", [EVERYWHERE, WHERE_IT_TELLS], horizontal=True,
        key=f"replay-where-{digest}",
    ) == EVERYWHERE  # fmt: skip
    wanted = None
    if not everywhere:
        told = preparing.where_it_tells(found, plan)
        wanted = told.per_segment
        worth = "an unknown sum" if told.usd_per_month is None else usd(told.usd_per_month)
        st.caption(
            plain(
                f"The {sum(wanted.values())} queries that would change the plan most are worth "
                f"about {worth} a month in better decisions. They speak for their segments only. "
                "On two public sets a sample over the whole log taught more."
            )
        )
    first, second, third = st.columns(3)
    size = first.slider(
        "Queries to replay", 20, 1_000, preparing.USUAL_SIZE, 20,
        key=f"replay-size-{digest}", persist_state="page", disabled=not everywhere,
        help="A sample over segments, difficulty and spend, weighted so that it speaks for the "
        "whole log.",
    )  # fmt: skip
    judge = second.selectbox(
        "Who judges", priced, index=priced.index(usual.id) if usual.price else 0,
        format_func=lambda i: catalogue.get(i).name, key=f"replay-judge-{digest}",
        persist_state="page",
        help="It compares the answers blind, in both orders; best a model that is no candidate, "
        "on the same server.",
    )  # fmt: skip
    cap = third.number_input(
        "Never spend more than, $",
        0.1,
        10_000.0,
        preparing.usual_cap(found, plan, usual),
        0.5,
        key=f"replay-cap-{digest}",
        persist_state="page",
    )
    early = st.checkbox(
        "End early when it is clear which models will do", True, key=f"replay-early-{digest}",
        help="Clear: a cheaper model is surely within the plan's tolerance of the complex one, or "
        "surely not.",
    )  # fmt: skip
    planned = {m.id for m in plan.models.values()}
    also = st.multiselect(
        "Ask other models, too", [i for i in priced if i not in planned],
        format_func=lambda i: catalogue.get(i).name, key=f"replay-also-{digest}",
        placeholder="the plan's own only",
        help="Every query goes to every model, so that they can be compared: one of these may do "
        "better in a tier.",
    )  # fmt: skip
    providers = [catalogue.get(i).provider for i in (*planned, *also, judge)]
    servers = choose_servers(providers, "replay", digest)
    try:
        ready = preparing.prepared(
            found,
            plan,
            catalogue.get(judge),
            plan_name=plan_name,
            size=size,
            cap_usd=cap,
            stop_early=early,
            wanted=wanted,
            also=[catalogue.get(i) for i in also],
        )
    except BadInput as error:
        show_error(error)
        return
    cost, replay = ready.estimate, ready.replay
    names = ", ".join(candidate.model.name for candidate in replay.candidates)
    st.markdown(
        plain(
            f"**About {usd(cost.usd)}** ({usd(cost.low)} to {usd(cost.high)}), never more than "
            f"{usd(cap)}: {len(replay.rows):,} queries to {names}, {cost.answers:,} answers and up "
            f"to {cost.verdicts:,} verdicts. Texts are sent as they are kept here, redacted."
        )
    )
    own = sum(replay.logged_model(prompt) is not None for prompt in ready.prompts.values())
    if own:
        st.caption(
            plain(
                f"The answers are held against the log's own, blind, for {own:,} of the queries; "
                "a model whose answer the log has is not asked again."
            )
        )
    else:
        st.caption(
            plain(
                "The log keeps no answers, so they are held against those of "
                f"{replay.reference.model.name}."
            )
        )
    if replay.covered < 0.95:
        st.caption(
            f"The sample speaks for {share(replay.covered)} of the queries: the rest is in other "
            "segments, later turns of conversations, or have no text."
        )
    if cost.usd > cap:
        st.warning("The cap will probably be reached before all queries are judged.")
    if st.button("Send it", type="primary", key="replay-send", icon=":material/send:"):
        try:
            endpoints = servers.endpoints()
        except BadInput as error:
            show_error(error)
            return
        jobs.start_replay(digest, preparing.confirm(found, ready), endpoints)
        state.say("The models are being asked.")
        st.rerun()


def draw_go_on(digest: str, standing: Standing) -> None:
    """Buttons that go on with a replay that was paused or cut off, or call off the rest."""
    replay = standing.replay
    st.write(
        f"It is paused: {counted(standing.left, 'query has', 'queries have')} not been judged."
    )
    providers = [c.model.provider for c in (*replay.candidates, replay.judge)]
    servers = choose_servers(providers, "again", digest)
    first, second, _ = st.columns([1, 1, 3])
    if first.button("Go on", key="replay-go-on", width="stretch"):
        try:
            endpoints = servers.endpoints()
        except BadInput as error:
            show_error(error)
            return
        jobs.start_replay(digest, replay.id, endpoints)
        st.rerun()
    if second.button("Cancel the rest", key="replay-cancel", width="stretch"):
        close_replay(standing.place)
        state.say("The rest was cancelled. What was judged stays.")
        st.rerun()
