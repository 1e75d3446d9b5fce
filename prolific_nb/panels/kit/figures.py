"""Plots as pictures: drawn without pyplot, which must not run outside the user's own cells."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from html import escape
from io import BytesIO
from threading import Lock
from typing import Any

_WIDTH = 6.0  # inches
_drawing = Lock()  # matplotlib's caches of fonts and glyphs are shared by all figures


def png(draw: Callable[[Any], Any]) -> bytes:
    """What `draw` draws on an Axes as a PNG image, 6 inches wide and as high as its rows need."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with _drawing:
        figure = Figure(figsize=(_WIDTH, 4), layout="constrained", facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        draw(axes)
        figure.set_size_inches(_WIDTH, max(2.8, 1.5 + 0.3 * len(axes.get_yticks())))
        target = BytesIO()
        figure.savefig(target, format="png", dpi=160)
    return target.getvalue()


def image_html(image: bytes, alt: str) -> str:
    """A picture on a white panel, so that it can be read on a dark page too; `alt` is its text."""
    # Not ipywidgets.Image: it has no place for the text that stands for a picture.
    source = f"data:image/png;base64,{b64encode(image).decode()}"
    picture = (
        f'<img src="{source}" alt="{escape(alt, quote=True)}" style="width:100%;min-width:460px;height:auto;'
        'background:#fff;border-radius:8px;padding:8px;box-sizing:border-box;display:block">'
    )
    # Below 460 pixels its words could not be read: there it scrolls. As wide as the room, yet without a width of its
    # own, so that the words under it are not stretched.
    look = "width:0;min-width:min(620px, 100%)"
    return f'<div class="pnb-scroll" tabindex="0" role="region" aria-label="Plot" style="{look}">{picture}</div>'
