"""The looks of the printed page: a few sizes, one dark ink, one quiet one."""

from __future__ import annotations

from typing import Final

from core.reports.colours import LIGHT
from core.reports.typesetting import Style

QUIET: Final = "#5b646e"
UNSURE: Final = "#8a5606"  # a dark amber with AA contrast on white

NAME: Final = Style(22, LIGHT.text, "bold", 18)
META: Final = Style(8.8, QUIET)
STATUS: Final = Style(9, LIGHT.saving, "bold")
UNDECIDED: Final = Style(9, QUIET, "bold")
HEADLINE: Final = Style(13, LIGHT.text, "bold", 17)
LABEL: Final = Style(8.4, QUIET)
UNVERIFIED: Final = Style(8.4, UNSURE, "bold")
VALUE: Final = Style(21, LIGHT.text, "bold")
SECTION: Final = Style(9.6, LIGHT.text, "bold")
BODY: Final = Style(8.8, LIGHT.text, "regular", 11.4)
STRONG: Final = Style(8.8, LIGHT.text, "bold", 11.4)
HEAD: Final = Style(7.8, QUIET)
NOTE: Final = Style(7.8, QUIET, "regular", 9.8)
AXIS: Final = Style(7.4, QUIET)
FOOT: Final = Style(7.2, QUIET, "regular", 9.2)
