"""A model asked for the category of a sample: its cost, its agreement, and what it is good for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import asking, jobs, state
from app.parts.messages import show_error
from app.parts.server_fields import choose_servers
from app.parts.wording import TIER_NAMES, counted, plain, share, usd
from app.planning import SortedLog
from core.errors import BadInput


def draw_categories(found: SortedLog, usual: str) -> None:
    """What was asked for last, and the choices for another time; `usual` is a cheap model's id."""
    digest, catalogue = found.log.digest, found.catalogue
    st.caption(
        "One call per query, no answers and no judge: a few cents. It says how hard queries look "
        "to a model, which is a hint for the sorting and no proof of quality."
    )
    asked = asking.latest(found)
    if asked is not None and asked.agreement is not None:
        _draw_agreement(found, asked)
    priced = [i for i, m in catalogue.models.items() if m.price]
    first, second, third = st.columns(3)
    size = first.slider("Queries", 20, 1_000, 100, 20, key=f"category-size-{digest}")
    model = second.selectbox(
        "Ask", priced, index=priced.index(usual), key=f"category-model-{digest}",
        format_func=lambda i: catalogue.get(i).name,
    )  # fmt: skip
    cap = third.number_input(
        "Never spend more than, $", 0.01, 1_000.0, 0.5, 0.1, key=f"category-cap-{digest}"
    )
    provider = catalogue.get(model).provider
    servers = choose_servers([provider], "category", digest)
    try:
        what, cost = asking.prepared(found, catalogue.get(model), size, cap)
    except BadInput as error:
        show_error(error)
        return
    st.write(plain(f"About {usd(cost.usd)}: {counted(cost.answers, 'short call')}."))
    if st.button("Ask for the categories", key="category-send"):
        try:
            endpoint = servers.endpoints()[provider]
        except BadInput as error:
            show_error(error)
            return
        jobs.start_categories(digest, asking.confirm(found, what), endpoint)
        st.rerun()


def _draw_agreement(found: SortedLog, asked: asking.Asked) -> None:
    same = asked.agreement
    assert same is not None  # or it would not be drawn
    st.write(
        plain(
            f"{asked.what.asked.model.name} and the sorting agree on {share(same.same)} of the "
            f"queries (kappa {same.kappa:.2f}, 0 is chance), asked on {same.queries:,}; spent "
            f"{usd(asked.spent_usd)}."
        )
    )
    names = list(TIER_NAMES.values())
    table = pd.DataFrame(100 * same.table, columns=[f"Says {n.lower()}" for n in names])
    table.insert(0, "Sorted to", names)
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format="%.0f%%") for name in table.columns[1:]
        },
        alt="The sorting beside the model's categories, in shares of queries",
    )
    if st.button("Use them as corrections", key="category-use"):
        count = asking.use(found, asked)
        jobs.start_sorting(found.log.digest)
        state.say(f"{counted(count, 'query', 'queries')} corrected; they are being sorted again.")
        st.switch_page("screens/queries.py")
