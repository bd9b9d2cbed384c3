"""Tierwise: `streamlit run app/main.py`. Starts the server; what it shows is in `pages.py`."""

import sys
from pathlib import Path

# `streamlit run` puts app/ on the path, not the folder that holds app/ and core/.
root = str(Path(__file__).resolve().parents[1])
if root not in sys.path:
    sys.path.insert(0, root)

import streamlit as st  # noqa: E402

from app import server  # noqa: E402

server.prepare()
app = st.App(
    Path(__file__).with_name("pages.py"),
    routes=server.routes(),
    middleware=server.middleware(),
    lifespan=server.lifespan,
    on_script_error=server.tell_script_error,
)
