"""Plans with one status, as leadership reads them: what they save, how sure, what came of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.identity import asking
from app.parts.plan_list import status_of
from app.parts.wording import counted, rests_words, share, usd
from core.store.actuals import Month, last_months
from core.store.finding import Found
from core.store.saved import PlanRow


def draw_decided(title: str, found: Found) -> None:
    """The largest savings first; a row that is clicked opens its plan."""
    if not found.rows:
        return
    st.subheader(title)
    rows = found.rows
    months = last_months(*asking(), [row.id for row in rows], workspace_id=rows[0].workspace_id)
    key = f"decided-{title}"
    event = st.dataframe(
        pd.DataFrame([_facts(row, months.get(row.id)) for row in rows]),
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        alt=f"{title}: {counted(len(rows), 'plan')}",
        column_config={
            "Over 12 months": st.column_config.LineChartColumn(
                help="What would be saved by then, month by month"
            )
        },
    )
    if found.count > len(rows):
        st.caption(f"The {len(rows)} largest of {found.count}.")
    picked = event["selection"]["rows"]
    if picked:
        st.switch_page("screens/plans.py", query_params={"plan": rows[picked[0]].id})


def _facts(row: PlanRow, month: Month | None) -> dict[str, object]:
    head = row.headline
    came = month.found if month else None
    return {
        "Plan": row.name,
        "Status": status_of(row),
        "Saves a month": usd(head.saving_usd),
        "Less": share(head.saving_share),
        "Quality": f"{head.quality:.1%}",
        "Rests on": rests_words(head),
        "Really saved": "not known yet" if came is None else usd(came.saved),
        "Decide by": f"{row.decide_by:%d %b %Y}" if row.decide_by else "",
        "Over 12 months": list(head.trend),
        "Owner": row.owner or row.author,
    }
