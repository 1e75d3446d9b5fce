"""One step of the studio: its line, when its panel is created, and the one highlighted button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.panels import Studio
from prolific_nb.panels.kit.observable import Observable
from prolific_nb.panels.kit.panel import Panel
from prolific_nb.panels.kit.step_status import StepStatus
from prolific_nb.panels.shell.step_view import StepView
from prolific_nb.panels.shell.steps import Step
from prolific_nb.panels.shell.studio_state import StudioState

from ...conftest import DESIGN, PLAN
from ..find import everything, find, find_all, until

DATA = pnb.read_data(pnb.sample_data().head(24))


class Counting(Panel):
    """A step that is done at 3."""

    name, title = "counting", "Counting"

    def build(self) -> list[w.Widget]:
        self.more = w.Button(description="More")
        return [self.more]

    def refresh(self) -> None:
        self.highlight(self.more if self.value < 3 else None)

    def step(self) -> StepStatus:
        return StepStatus("done" if self.value >= 3 else "to do", f"{self.value} counted")


@pytest.fixture
def number() -> Observable[int]:
    return Observable(0)


@pytest.fixture
def view(number: Observable[int]) -> StepView:
    step = Step("count", "Count", lambda *_: Counting(number), lambda _: StepStatus("to do", "Count to 3"))
    sleep = Step("sleep", "Sleep", lambda *_: Counting(number), lambda _: StepStatus())
    made: list[Any] = []

    def changed() -> None:
        made[0].show(current=True)

    made.append(StepView(step, 2, StudioState(), lambda act: act, lambda: made and changed(), lambda _: None, sleep))
    return made[0]


def proceed(view: StepView) -> w.Button:
    return next(each for each in everything(view.box) if getattr(each, "description", "") == "Continue to Sleep")


def test_a_step_is_a_line_until_it_is_opened(view: StepView) -> None:
    view.show(current=False)
    line = view.header
    assert (line.number, line.title, line.state, line.words) == (2, "Count", "to do", "Count to 3")
    assert view.built is None
    assert not view.open
    view.open = True
    assert isinstance(view.built, Counting)
    assert "pnb-folded" not in view.box._dom_classes
    assert view.panel._head.layout.display == "none"  # the line has the title
    first = view.panel
    view.open = False
    assert "pnb-folded" in view.box._dom_classes
    view.open = True
    assert view.panel is first


def test_the_line_says_what_was_decided(view: StepView, number: Observable[int]) -> None:
    view.open = True
    number.set(3)
    assert (view.header.state, view.header.words) == ("done", "3 counted")


def test_the_way_on_is_highlighted_once_the_step_is_done_and_only_there(
    view: StepView, number: Observable[int]
) -> None:
    view.open = True
    assert (proceed(view).button_style, view.panel.more.button_style) == ("", "primary")  # type: ignore[attr-defined]
    number.set(3)
    assert (proceed(view).button_style, view.panel.more.button_style) == ("primary", "")  # type: ignore[attr-defined]
    view.show(current=False)
    assert proceed(view).button_style == ""
    assert "pnb-current" not in view.box._dom_classes


def test_a_step_that_is_not_done_shows_no_way_on_even_if_nothing_is_to_do_in_it(view: StepView) -> None:
    view.open = True
    view.panel.highlight(None)
    assert (view.header.state, proceed(view).button_style) == ("to do", "")


def test_opening_moves_the_focus_when_asked(view: StepView) -> None:
    view.focus()
    view.focus()
    assert view.header.asked == 2


def test_a_step_closes_with_its_panel(view: StepView) -> None:
    view.close()
    view.open = True
    view.close()
    assert view.panel.closed


# --- across the studio ------------------------------------------------------------------------------------------------


def highlighted(studio: Studio) -> list[str]:
    """The buttons that look like the next thing to do: the style of those outside of the current step is undone."""
    current = [view for view in studio.views.values() if "pnb-current" in view.box._dom_classes]
    assert len(current) <= 1
    inside = [each for view in current for each in everything(view.box)]
    return [
        each.description for each in find_all(studio, w.Button) if each in inside and each.button_style == "primary"
    ]


def test_one_button_is_highlighted_from_the_first_step_to_the_draft(open_studio: Callable[..., Studio]) -> None:
    studio = open_studio()
    assert highlighted(studio) == ["Use the sample"]
    studio.desk.data.set(DATA)
    until(lambda: highlighted(studio) == ["Continue to Compose"])
    find(studio, w.Button, "Continue to Compose").click()
    assert [view.open for view in studio.views.values()][:3] == [False, True, False]
    assert len(highlighted(studio)) <= 1
    assert "Continue to Plan" not in highlighted(studio)
    studio.desk.design.set(DESIGN)
    until(lambda: highlighted(studio) == ["Continue to Plan"])
    find(studio, w.Button, "Continue to Plan").click()
    studio.desk.plan.set(pnb.StudyPlan("Reviews", reward="0.10", minutes=30))
    until(lambda: studio.views["plan"].header.state == "needs attention")
    assert "Continue to Launch and watch" not in highlighted(studio)
    assert len(highlighted(studio)) <= 1
    studio.desk.plan.set(PLAN)
    until(lambda: highlighted(studio) == ["Continue to Launch and watch"])
    find(studio, w.Button, "Continue to Launch and watch").click()
    until(lambda: highlighted(studio) == ["Create draft"])
    find(studio, w.Button, "Create draft").click()
    until(lambda: highlighted(studio) == ["Publish"])
    for view in studio.views.values():
        view.open = True
    assert len(highlighted(studio)) == 1
    assert [each.errors for each in studio.panels.values()] == [[]] * 8
