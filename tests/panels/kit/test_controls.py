"""Buttons, folds and tabs: what is built when, and what is shown."""

from __future__ import annotations

from typing import Any

from prolific_nb.panels.kit import widgets as w
from prolific_nb.panels.kit.controls import Fold, button, toggle
from prolific_nb.panels.kit.observable import Observable
from prolific_nb.panels.kit.panel import Panel
from prolific_nb.panels.kit.sections import Sections
from prolific_nb.panels.kit.step_status import StepStatus


def plain(act: Any) -> Any:
    return act


class Two(Panel):
    name, title = "pnb-two", "Two"
    undoable = True

    def build(self) -> list[w.Widget]:
        self.one, self.other = (button(each, lambda: 1 / 0, self.guard) for each in ("One", "Other"))
        return [self.one, self.other]

    def step(self) -> StepStatus:
        return StepStatus("done" if self.value else "to do", f"the value is {self.value}")


def test_exactly_one_button_is_the_next_thing_to_do() -> None:
    panel = Two(Observable(0))
    seen: list[bool] = []
    panel.highlighted.subscribe(seen.append)
    panel.highlight(panel.one)
    panel.highlight(panel.other, "danger")
    assert (panel.one.button_style, panel.other.button_style) == ("", "danger")
    panel.highlight(None)
    assert (panel.one.button_style, panel.other.button_style, seen) == ("", "", [True, False])


def test_the_state_of_a_step_follows_its_value() -> None:
    panel = Two(Observable(0))
    seen: list[StepStatus] = []
    panel.status.subscribe(seen.append)
    assert panel.status.value == StepStatus("to do", "the value is 0")
    panel.held.set(3)
    panel.announce()  # the same again is not news
    assert seen == [StepStatus("done", "the value is 3")]
    panel.undo()
    assert panel.status.value.state == "to do"


def test_a_failing_button_shows_its_error() -> None:
    panel = Two(Observable(0))
    panel.one.click()
    assert "ZeroDivisionError" in panel.errors[0]


def test_a_fold_builds_its_content_once_when_it_is_opened() -> None:
    built: list[w.Widget] = []

    def build() -> w.Widget:
        built.append(w.HTML("inside"))
        return built[-1]

    fold = Fold("More", build, plain)
    assert built == []
    fold.open = True
    fold.open = False
    assert built[0].layout.display == "none"
    fold.button.value = True
    assert (len(built), built[0].layout.display) == (1, None)


def test_tabs_are_built_when_they_are_first_chosen() -> None:
    chosen: list[str] = []
    tabs = Sections({"A": lambda: w.HTML("a"), "B": lambda: w.HTML("b")}, plain, chosen.append)
    assert list(tabs.built) == ["A"]
    tabs.tabs.value = "B"
    first = tabs.built["B"]
    tabs.tabs.value = "A"
    tabs.tabs.value = "B"
    assert tabs.built["B"] is first
    assert [each.layout.display for each in tabs.built.values()] == ["none", None]
    assert chosen == ["A", "B", "A", "B"]


def test_a_toggle_passes_its_new_state() -> None:
    seen: list[bool] = []
    pressed = toggle("On", seen.append, plain)
    pressed.value = True
    pressed.value = False
    assert seen == [True, False]


def test_a_value_that_is_not_undoable_stays() -> None:
    class Fixed(Two):
        undoable = False

    panel = Fixed(Observable(0))
    panel.held.set(3)
    panel.undo()
    assert (panel.value, panel.surface.undoes) == (3, False)
    assert Two(Observable(0)).surface.undoes
