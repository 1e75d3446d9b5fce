"""The gallery: pictures of what templates make, one's own, and the JSON of a task."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from pathlib import Path

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.panels import Composer

from ..find import find, find_all, models, shown

DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"])


@pytest.fixture
def panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Composer:
    monkeypatch.setattr("prolific_nb.design.template_library.saved_templates.templates_folder", lambda: tmp_path)
    return Composer(DESIGN, pnb.sample_data())


def open_fold(panel: Composer, name: str) -> None:
    find(panel, w.ToggleButton, name).value = True
    assert panel.errors == []


def click(panel: Composer, name: str) -> None:
    find(panel, w.Button, name).click()
    assert panel.errors == []


def test_nothing_of_the_gallery_is_built_before_it_is_opened(panel: Composer) -> None:
    assert "<iframe" not in shown(panel)
    assert not find_all(panel, w.Button, "Use rating")


@pytest.mark.parametrize("name", list(pnb.TEMPLATES))
def test_every_template_is_pictured_and_starts_a_design_without_errors(name: str, panel: Composer) -> None:
    open_fold(panel, "Start from a template")
    made = replace(pnb.template(name, panel.data.value), name="", introduction="", steps="")
    page = made.preview(panel.data.value).html
    assert page in unescape(shown(panel))
    assert pnb.TEMPLATES[name] in unescape(shown(panel))
    click(panel, f"Use {name}")
    assert panel.value != DESIGN
    assert not panel.value.check(pnb.sample_data()).errors
    assert not find(panel, w.ToggleButton, "Start from a template").value
    click(panel, "Undo")
    assert panel.value == DESIGN


def test_a_task_is_saved_as_a_template_used_and_deleted(panel: Composer) -> None:
    open_fold(panel, "Start from a template")
    before = models()
    (name,) = [each for each in find_all(panel, w.Text) if each.placeholder == "Name of the template"]
    name.value = "<b>Mine</b>"
    click(panel, "Save this task as a template")
    assert name.value == ""
    assert "<b>&lt;b&gt;Mine&lt;/b&gt;</b>" in shown(panel)
    panel.held.set(pnb.Design("Other"))
    click(panel, "Use <b>Mine</b>")
    assert panel.value == DESIGN
    delete = [each for each in find_all(panel, w.Button, "Delete") if "template" in each.tooltip]
    delete[0].click()
    assert list(pnb.templates()) == list(pnb.TEMPLATES)
    assert models() == before
    assert panel.errors == []


def test_a_name_that_is_taken_is_an_error_in_words(panel: Composer) -> None:
    open_fold(panel, "Start from a template")
    (name,) = [each for each in find_all(panel, w.Text) if each.placeholder == "Name of the template"]
    name.value = "rating"
    find(panel, w.Button, "Save this task as a template").click()
    assert "is a template of this package" in panel.errors[0]


def test_the_json_of_a_task_goes_out_and_in(panel: Composer) -> None:
    open_fold(panel, "JSON")
    text = panel._json.text
    assert pnb.Design.from_json(text.value) == DESIGN
    text.value = DESIGN.write("Why?").to_json()
    click(panel, "Use this JSON")
    assert panel.value == DESIGN.write("Why?")
    text.value = '{"name": "<img src=x>", "pages": 3}'
    click(panel, "Use this JSON")
    assert panel.value == DESIGN.write("Why?")
    assert "a saved design" in panel._json.words.value
    assert "<img" not in panel._json.words.value
    click(panel, "Show the current task")
    assert pnb.Design.from_json(text.value) == panel.value
    assert panel._json.words.value == ""
