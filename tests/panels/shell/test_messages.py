"""What the studio sends to the browser: widgets at first, messages for each key, and nothing that stays after edits."""

from __future__ import annotations

from collections.abc import Iterator

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.panels import Composer, Studio
from prolific_nb.panels.kit.preview_frame import Preview

from ..find import everything, find, models, until

DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"]).write("Why?")


@pytest.fixture
def studio() -> Iterator[Studio]:
    """A studio with data and a task, connected, with all that follows from them."""
    made = pnb.studio(pnb.sample_data())
    made.desk.design.set(DESIGN)
    until(lambda: "Balance" in made.panels["connection"].facts() and "Cost" in made.panels["plan"].facts())
    made.panels["plan"].estimator.join(60)  # type: ignore[attr-defined]
    yield made
    made.close()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[w.Widget]:
    """The widget of every message that is sent from now on."""
    seen: list[w.Widget] = []
    real = w.Widget._send
    monkeypatch.setattr(w.Widget, "_send", lambda widget, *given, **more: seen.append(widget) or real(widget, *given))
    return seen


def test_a_new_studio_has_few_widgets() -> None:
    before = models()
    made = pnb.studio()
    assert models() - before <= 230
    until(lambda: made.desk.client.value is not None)
    made.close()
    assert models() == before


def test_a_key_in_the_form_sends_two_messages(studio: Studio, sent: list[w.Widget]) -> None:
    composer = studio.panels["compose"]
    assert isinstance(composer, Composer)
    composer._select(1)
    asked = next(each for each in everything(composer.box) if getattr(each, "description", "") == "Question")
    for text in ("How d", "How do", "How do you?"):
        sent.clear()
        asked.set_state({"value": text})
        assert [type(each).__name__ for each in sent] == ["Preview", "Sortable"]
    assert composer.value == DESIGN.edit(1, description="How do you?")
    assert composer.errors == studio.errors == []


def test_a_key_on_the_page_sends_two_messages(studio: Studio, sent: list[w.Widget]) -> None:
    composer = studio.panels["compose"]
    assert isinstance(composer, Composer)
    composer._select(1)
    page = find(composer, Preview)
    for number, text in enumerate(("How d", "How do", "How do you?"), 1):
        sent.clear()
        page.set_state({"acts": [{"n": number, "entry": "1", "part": "description", "index": 0, "texts": [text]}]})
        assert sorted(type(each).__name__ for each in sent if type(each).__name__ != "Sortable") == [
            "Preview",
            "Textarea",
        ]
    assert composer.value == DESIGN.edit(1, description="How do you?")
    until(lambda: composer._list.items[1]["title"] == "How do you?")


def test_two_hundred_edits_leave_no_widget(studio: Studio) -> None:
    composer = studio.panels["compose"]
    assert isinstance(composer, Composer)

    def click(name: str) -> None:
        find(composer, w.Button, name).click()

    def round_of_edits() -> None:
        for name in ("Add", "Duplicate", "Delete", "Undo", "Redo", "Beside", "Delete"):
            click(name)
        order = [str(index) for index in range(len(composer.value.entries))]
        composer._list.set_state({"order": order[::-1], "_asked": composer._list._asked + 1})
        composer._gallery.fold.open = True
        click(f"Use {next(iter(pnb.templates()))}")
        click("Undo")

    round_of_edits()  # builds what is built when it is first needed
    before = models()
    for _ in range(19):
        round_of_edits()
    assert models() == before
    assert composer.errors == studio.errors == []
