"""Plots as images, drawn without pyplot: its global state belongs to the user's own cells.

In callbacks pyplot corrupts figures: https://github.com/jupyterlab/jupyterlab/issues/19719.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from html import escape
from typing import Any

from ... import plots

_WIDTH = 6.0  # inches


def png(draw: Callable[[Any], Any]) -> bytes:
    """Call `draw` with an Axes and return the figure as PNG, 6 inches wide and as high as its rows need."""
    return plots.image(draw, _WIDTH)


def image_html(image: bytes, alt: str) -> str:
    """An image on a white background, readable on dark pages too; `alt` is its alternative text."""
    # Not ipywidgets.Image, which has no alternative text.
    source = f"data:image/png;base64,{b64encode(image).decode()}"
    picture = (
        f'<img src="{source}" alt="{escape(alt, quote=True)}" style="width:100%;min-width:460px;height:auto;'
        'background:#fff;border-radius:8px;padding:8px;box-sizing:border-box;display:block">'
    )
    # Below 460 pixels the text in the image would be too small to read, so the region scrolls. Its own width is 0 so
    # that it does not stretch the text below it.
    look = "width:0;min-width:min(620px, 100%)"
    return f'<div class="pnb-scroll" tabindex="0" role="region" aria-label="Plot" style="{look}">{picture}</div>'
