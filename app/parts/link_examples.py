"""The redacted sample of a log, where whoever made a link included it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from core.workload.workload import Example

SHOWN: Final = 12


def examples_json(examples: Sequence[Example]) -> str:
    """A few queries of each tier for a link to carry: tier, segment and redacted text."""
    kept = []
    for tier in ("simple", "medium", "complex"):
        of_tier = [e for e in examples if e.tier == tier][: SHOWN // 3]
        kept += [[e.tier, e.segment, e.text[:1_000]] for e in of_tier]
    return json.dumps(kept)


def draw_link_examples(text: str) -> None:
    """The sample as a table: as plain text, whatever is in it."""
    if not text:
        return
    rows = pd.DataFrame(json.loads(text), columns=["Tier", "Segment", "Query"])
    with st.expander(f"{len(rows)} queries of this log, redacted"):
        st.dataframe(rows, hide_index=True, alt="Redacted queries of this log")
