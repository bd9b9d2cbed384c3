"""Two answers side by side, to be judged by a person who does not know whose they are."""

from __future__ import annotations

import streamlit as st

from app import replays, state
from app.parts.wording import plain_untrusted
from app.planning import SortedLog
from app.replays import Pair, Standing
from core.errors import Hindered

CHOICES = (
    ("Only the left one will do", "1", True, False),
    ("Both will do", "2", True, True),
    ("Neither will do", "3", False, False),
    ("Only the right one will do", "4", False, True),
)


def draw_blind_pair(found: SortedLog, standing: Standing) -> None:
    """The next pair with four buttons, which the keys 1 to 4 press as well."""
    pair = replays.pair_to_judge(found, standing)
    if pair is None:
        st.write("Every pair has been judged by a person.")
        return
    st.caption(
        "Which of them would you use as it is? Nobody is told which model wrote what; the keys "
        "1 to 4 work, too. Ten pairs tell a little of the judge, fifty tell enough."
    )
    st.text(pair.prompt.text)
    left, right = st.columns(2)
    for column, answer in ((left, pair.first), (right, pair.second)):
        with column.container(border=True, height=260):
            st.text(answer or "(an empty answer)")
    for column, (words, key, first_ok, second_ok) in zip(st.columns(4), CHOICES, strict=True):
        column.button(
            words,
            key=f"blind-{key}",
            shortcut=key,
            width="stretch",
            on_click=_say,
            args=(standing, pair, first_ok, second_ok),
        )


def _say(standing: Standing, pair: Pair, first_ok: bool, second_ok: bool) -> None:
    try:
        replays.say(standing, pair, first_ok, second_ok)
    except Hindered as error:  # the pair comes again
        state.say(plain_untrusted(f"Not kept. {error}"))
