"""Titles, colours, SVG, alternative text, images of a given width, and the gallery."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import imread

from prolific_nb import plots
from prolific_nb.errors import ArgumentError, ProlificError

from .layout.test_fit import MADE, WRITTEN, labels_frame
from .layout.texts import faults, visible
from .test_agreement_plot import contrast

FRAME = pd.DataFrame({"question": "How much is $5?", "value": ["good", "good", "bad & <b>"]})
SVG = "{http://www.w3.org/2000/svg}"


def axes(background: str = "white") -> Any:
    return Figure(facecolor=background).add_subplot(facecolor="none")


def texts_of(document: str | bytes) -> list[str]:
    return [" ".join("".join(each.itertext()).split()) for each in ElementTree.fromstring(document).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", MADE)
def test_the_title_is_the_finding_or_nothing_or_any_text(name: str) -> None:
    draw, table = MADE[name]
    made = table(WRITTEN["short"])
    finding = draw(made, ax=axes()).get_title(loc="left")
    own = draw(made, ax=axes(), title="Costs $5 or $6?")
    none = draw(made, ax=axes(), title=None)
    assert finding
    assert own.get_title(loc="left") == r"Costs \$5 or \$6?"
    assert faults(none.figure) == []
    assert none.get_title(loc="left") == ""
    above = [text for text in visible(none.figure) if text.get_window_extent().y0 > none.get_window_extent().y1 + 2]
    assert not any(finding.split("\n")[0][:9] in text.get_text() for text in above)
    assert finding.split("\n")[0] in plots.alt_text(none)


@pytest.mark.parametrize("name", MADE)
def test_a_palette_replaces_the_colours(name: str) -> None:
    draw, table = MADE[name]
    made = table(WRITTEN["short"])
    default, own = (plots.svg(draw(made, ax=axes(), palette=each)).lower() for each in (None, ["#7a0177", "#54278f"]))
    assert "#7a0177" in own or name in ("annotators", "confusion")  # there, shades of it
    assert "#0072b2" not in own
    assert own != default


def test_colours_that_cannot_be_seen_on_the_background_are_refused() -> None:
    with pytest.raises(ArgumentError, match=r"'yellow' has a contrast of 1\.1:1 with the background #ffffff"):
        plots.labels(FRAME, ax=axes(), palette=["black", "yellow"])
    assert plots.labels(FRAME, ax=axes("black"), palette="yellow").patches[0].get_facecolor()[:3] == (1, 1, 0)
    for wrong in ("no colour", ["no colour"], [], 5, {"red"}):
        with pytest.raises(ProlificError, match="palette"):
            plots.labels(FRAME, ax=axes(), palette=wrong)
    for wrong in (5, False, ["a"]):
        with pytest.raises(ProlificError, match=r"title=.*None for no title"):
            plots.labels(FRAME, ax=axes(), title=wrong)


@pytest.mark.parametrize("background", ["white", "#1e1e1e"])
def test_the_default_colours_have_enough_contrast(background: str) -> None:
    names = [f"c{n}" for n in range(5)]
    rows = [("q", name, 0.5, 0.4, 0.6) for name in names] + [("r", name, 0.5, 0.4, 0.6) for name in names]
    ax = plots.agreement(
        pd.DataFrame(rows, columns=["question", "coefficient", "value", "low", "high"]), ax=axes(background)
    )
    dots = {to_hex(line.get_color()) for line in ax.lines if line.get_marker() not in ("None", None)}
    assert len(dots) == 5
    assert all(contrast(colour, background) >= 3 for colour in dots)


@pytest.mark.parametrize("name", MADE)
def test_svg_has_the_words_as_text_and_the_alternative_text_as_title(name: str) -> None:
    draw, table = MADE[name]
    before = dict(mpl.rcParams)
    ax = draw(table(WRITTEN["short"]), ax=axes(), note="SANDBOX")
    document = plots.svg(ax)
    words = " ".join(texts_of(document))
    assert "SANDBOX" in words
    assert all(" ".join(text.get_text().split()) in words for text in visible(ax.figure) if "$" not in text.get_text())
    assert ElementTree.fromstring(document).findtext(f"{SVG}title") == plots.alt_text(ax)
    assert plots.svg(ax) == document
    assert dict(mpl.rcParams) == before


def test_svg_keeps_hostile_text_as_text() -> None:
    document = plots.svg(plots.labels(FRAME, ax=axes()))
    assert "How much is $5?" in texts_of(document)
    assert "bad & <b>" in texts_of(document)
    assert "<b>" not in document


def test_the_alternative_text_says_what_is_drawn() -> None:
    frame = labels_frame(WRITTEN["short"], 14)
    words = plots.alt_text(plots.labels(frame, ax=axes(), title="Mine", note="SANDBOX"))
    assert words.startswith("Bar chart of labels. Mine. “label 0” is the most common answer: ")
    assert "Horizontal axis: answers, with their share. SANDBOX." in words
    assert "label 11: 367 · 7 %; 2 more." in words
    assert "no answers yet. SANDBOX." in plots.alt_text(plots.labels(frame.iloc[:0], ax=axes(), note="SANDBOX"))
    with pytest.raises(ProlificError, match="contain no plot"):
        plots.alt_text(axes())
    with pytest.raises(ProlificError, match="is a str"):
        plots.svg("plot")  # type: ignore[arg-type]


def test_an_image_has_the_width_that_was_asked_for() -> None:
    def draw(ax: Any) -> Any:
        return plots.labels(labels_frame(WRITTEN["short"], 30), ax=ax)

    pixels = imread(BytesIO(plots.image(draw, 3.3, dpi=100)))
    assert pixels.shape[1] == 330
    assert pixels.shape[0] > 900  # 30 bars
    root = ElementTree.fromstring(plots.image(draw, 2.5, format="svg", background="#1e1e1e"))
    assert root.get("width") == "180pt"
    assert root.findtext(f"{SVG}title", "").startswith("Bar chart of labels. “label 0”")
    assert "label 29" in texts_of(ElementTree.tostring(root))
    for wrong in ({"width": 0.5}, {"width": True}, {"format": "gif"}):
        with pytest.raises(ProlificError):
            plots.image(draw, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("background", ["white", "#1e1e1e"])
def test_the_gallery_shows_every_plot_and_opens_no_window(background: str) -> None:
    from matplotlib import pyplot as plt

    with mpl.rc_context({"backend": "agg"}):
        figure = plots.gallery(background=background)
    assert len(figure.axes) == len(MADE)
    assert not plt.get_fignums()
    assert faults(figure) == []
    assert re.findall("Sample data", plots.alt_text(figure)) == ["Sample data"] * len(MADE)
