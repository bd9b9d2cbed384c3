"""Plans: what have we decided?"""

import streamlit as st

from app import state, workspaces
from app.identity import asking
from app.parts.compare import draw_comparison
from app.parts.messages import show_error
from app.parts.plan_bin import draw_bin, draw_import, draw_undo
from app.parts.plan_list import CHOSEN, draw_choice, draw_list
from app.parts.plan_record import draw_record
from app.parts.wording import counted, plain, usd
from core.errors import BadInput
from core.store.access import ROLE_RIGHTS
from core.store.finding import overview

here = workspaces.current()
rights = ROLE_RIGHTS[here.role]
wanted = state.plans_to_choose()
if wanted is None and CHOSEN not in st.session_state and "plan" in st.query_params:
    wanted = [st.query_params["plan"]]  # a bookmark, or a page that sent its reader here
if wanted is not None:
    st.session_state[CHOSEN] = wanted

draw_undo()
seen = overview(*asking(), workspace_id=here.id)
if not seen.plans:
    st.header("No plan is saved yet")
    st.write("A saved plan keeps its log's summary, its prices and its figures, and can be shared.")
    if "write" in rights:
        st.page_link("screens/plan.py", label="Design one on the Plan page", icon=":material/tune:")
        draw_import(here.id)
        draw_bin(here.id, here.role)
    st.stop()

count = counted(seen.plans, "plan")
if seen.best_verified is not None:
    word = "it" if seen.plans == 1 else "the best verified one"
    st.header(plain(f"{count}; {word} would save {usd(seen.best_verified)} a month"))
else:
    st.header(f"{count}, {'not' if seen.plans == 1 else 'none of them'} verified yet")
    st.write(
        plain(
            f"{'It' if seen.plans == 1 else 'The best'} would save {usd(seen.best or 0.0)} a month "
            "if quality holds as expected. A replay on the Evidence page shows whether it does."
        )
    )

found = draw_list(seen, here.id)
chosen = draw_choice(found)
if len(chosen) == 1:
    st.query_params["plan"] = chosen[0]  # to be bookmarked
else:
    st.query_params.pop("plan", None)
try:
    if len(chosen) == 1:
        draw_record(chosen[0], here.role)
    elif len(chosen) > 1:
        draw_comparison(chosen)
except BadInput as error:
    show_error(error)
if "write" in rights:
    draw_import(here.id)
    draw_bin(here.id, here.role)
