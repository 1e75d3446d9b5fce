"""The studio in plain Python: what it can start from, and the cost of an edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.data import checks
from prolific_nb.errors import DataError
from prolific_nb.panels import Composer, Studio
from prolific_nb.panels.kit.preview_frame import Preview

from .find import find, find_all, shown, until

LINE = "It broke after a day, and nobody answered my letters about it.\n"


@pytest.fixture
def opened() -> Iterator[Callable[..., Studio]]:
    """Opens studios, and waits until each is connected."""
    made: list[Studio] = []

    def open_one(start: Any = None) -> Studio:
        made.append(pnb.studio(start))
        until(lambda: made[-1].desk.client.value is not None)
        return made[-1]

    yield open_one
    for studio in made:
        studio.close()


def test_a_small_file_is_read_at_once(opened: Callable[..., Studio]) -> None:
    Path("small.csv").write_text(f"review\n{LINE}")
    assert len(opened("small.csv").desk.data.value) == 1


def test_a_large_file_is_read_after_the_studio_is_shown(opened: Callable[..., Studio]) -> None:
    Path("large.csv").write_text("review\n" + LINE * 20_000)
    studio = pnb.studio("large.csv")
    assert studio.desk.data.value is None
    assert "Reading" in find_words(studio)
    until(lambda: studio.desk.data.value is not None)
    assert len(studio.desk.data.value) == 20_000
    assert find(studio.panels["data"], w.Text, "Path").value == "large.csv"
    assert studio.panels["data"].errors == []
    studio.close()


def find_words(studio: Studio) -> str:
    return shown(studio.panels["data"])


def test_problems_of_a_large_file_are_shown_in_the_data_step() -> None:
    Path("large.csv").write_text("review\n" + LINE * 20_000 + '"never closed')
    studio = pnb.studio("large.csv")
    until(lambda: studio.panels["data"].errors)
    assert "never closed" in studio.panels["data"].errors[0]
    studio.close()
    with pytest.raises(DataError, match="no such file"):
        pnb.studio("absent.csv")


def test_an_edit_of_the_design_checks_no_row_again(
    opened: Callable[..., Studio], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    real = checks.check
    monkeypatch.setattr(checks, "check", lambda *data: looked.append(data) or real(*data))
    studio = opened(pnb.read_data(pnb.sample_data().head(24)))
    studio.desk.design.set(pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"]))
    for words in ("How is it?", "How was it?", "How will it be?"):
        studio.desk.design.update(lambda design, words=words: design.edit(-1, description=words))
    until(lambda: "places" in str(studio.panels["plan"].summary()))
    for name in ("plan", "launch"):
        studio.panels[name].estimator.join(60)  # type: ignore[attr-defined]
    assert len(looked) == 1


def test_each_row_has_its_own_answers(opened: Callable[..., Studio]) -> None:
    studio = opened(pnb.sample_data())
    composer = studio.panels["compose"]
    about = [find(composer, Preview).about]
    for name in ("Next", "Previous"):
        find(composer, w.Button, name).click()
        about.append(find(composer, Preview).about)
    assert about[0] == about[2] != about[1]
    studio.desk.data.set(pnb.read_data(pnb.sample_data().head(24)))
    assert find(composer, Preview).about not in about  # its first row is another


def test_widgets_of_one_panel_share_a_style_and_close_without_that_of_another() -> None:
    one, two = Composer(), Composer()
    styles = {panel: {each.style for each in find_all(panel, w.Button)} for panel in (one, two)}
    assert [len(found) for found in styles.values()] == [1, 1]
    one.close()
    assert [style.comm is None for style in (*styles[one], *styles[two])] == [True, False]
    two.close()
