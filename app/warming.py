"""What pages would wait for, done while nobody waits: imports, and Streamlit's first steps."""

from __future__ import annotations

import gc
import pkgutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Final

from streamlit.components.v2 import manifest_scanner

# What the start page imports. Two threads that import the same thing wait for each other.
_FIRST: Final = (
    "app.parts.door",
    "app.parts.frame",
    "app.parts.log_card",
    "app.parts.mapping_form",
)
# What the money pages import at their first figure.
_LATER: Final = ("scipy.special", "scipy.optimize")
_drawn = threading.Event()  # by somebody's first page


def skip_search() -> None:
    """Keep Streamlit from looking through all that is installed for components: we use none.

    To be called before the server starts, which would take a tenth of a second longer.
    """
    manifest_scanner.scan_component_manifests = list


def read_ahead() -> None:
    """Read what the start page needs, while the browser still loads Streamlit's scripts."""
    with _nothing_collected():
        for name in _FIRST:
            import_module(name)
        _take_first_steps()


def read_on() -> None:
    """Read what the other pages need, once somebody has the first one and wants no more yet."""
    _drawn.wait()
    time.sleep(0.5)  # the browser still fetches what it draws that page with
    parts = import_module("app.parts")
    names = [part.name for part in pkgutil.iter_modules(parts.__path__, "app.parts.")]
    with _nothing_collected():
        for name in (*names, *_LATER):
            import_module(name)


@contextmanager
def drawing() -> Iterator[None]:
    """Around the drawing of a page, however it ends."""
    try:
        yield
    finally:
        _drawn.set()


def _take_first_steps() -> None:
    """What Streamlit would do with its first image and its first element."""
    from PIL import Image
    from streamlit import delta_generator

    Image.preinit()  # for the tab's icon
    # To warn whoever forgot `streamlit run`, it looks for the source of every loaded module: a
    # sixth of a second, before the first words are drawn.
    delta_generator._use_warning_has_been_displayed = True


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Nothing is looked through for garbage: imports make much that is none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
