"""Every chart can be saved as a picture by the browser alone."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chart_saves_itself_as_a_png_that_can_be_read(
    visit: Callable[..., Any], chat_log: Callable[..., str], scheme: str
) -> None:
    visitor = visit(color_scheme=scheme)
    visitor.bring("chat.csv", chat_log())
    chart = visitor.page.locator(".st-key-difficulty")
    chart.hover()
    buttons = chart.locator(".modebar-btn")
    expect(buttons).to_have_count(1)
    assert buttons.get_attribute("data-title") == "Download plot as a PNG"
    with visitor.page.expect_download() as saving:
        buttons.click()
    assert saving.value.suggested_filename == "tierwise-difficulty.png"
    picture = Image.open(io.BytesIO(Path(saving.value.path()).read_bytes()))
    assert picture.format == "PNG"
    box = chart.locator(".js-plotly-plot").bounding_box()
    assert box is not None
    assert picture.width == pytest.approx(2 * box["width"], abs=4)
    corner = picture.convert("RGBA").getpixel((2, 2))
    assert isinstance(corner, tuple)
    assert corner[3] == 255, "see-through, so its words would vanish on another background"
    assert (min(corner[:3]) > 200) == (scheme == "light")
