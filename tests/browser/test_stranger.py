"""What a stranger does from the first cell to saved labels: with the mouse only, and with the keyboard only.

Everything goes through the page. At each stage the one highlighted button says what to do next; its words are asserted.
What the study has become is asserted in the kernel.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from .lab import Lab, NotebookPage
from .steps import OPEN, TITLES, Run, quiet

HIGHLIGHTED = ".pnb-current .pnb-button:is(.mod-primary, .mod-danger), .pnb-bar .mod-primary"
# The participants answer four times as fast as usual.
QUICK = """import functools
from prolific_nb import sandbox
sandbox.Sandbox = functools.partial(sandbox.Sandbox, speed=2400)"""
AFTER = " Sorry, and thank you."
FOUND = """statuses = {each.id: each.status for each in studio.desk.client.value.submissions.list(run.study_id)}
rejected = sorted(id for id, status in statuses.items() if status == "REJECTED")
bonuses = {id: studio.desk.client.value.submissions.get(id).bonus_payments for id in statuses}
paid = {id: each for id, each in bonuses.items() if each}"""

# Where a person who looks at the page would go from what has the focus; a text of the participant's page is in a frame.
WAY = """node => {
    const frame = node.ownerDocument.defaultView.frameElement;
    const outer = frame?.ownerDocument ?? node.ownerDocument;
    const inside = frame && outer.activeElement === frame;
    const active = inside ? node.ownerDocument.activeElement : outer.activeElement;
    if (active === node) return "there";
    const order = active.compareDocumentPosition(inside ? node : frame ?? node);
    const above = order & Node.DOCUMENT_POSITION_PRECEDING && !(order & Node.DOCUMENT_POSITION_CONTAINS);
    return above ? "Shift+Tab" : "Tab";
}"""


class Stranger(ABC):
    """Works in the studio with one device, and counts the actions; typed texts are counted apart."""

    def __init__(self, page: NotebookPage) -> None:
        self.page, self.actions, self.texts = page, 0, 0
        self.studio = page.panel.locator(".pnb-studio")

    @abstractmethod
    def press(self, button: Locator) -> None:
        """Press a button."""

    @abstractmethod
    def replace(self, field: Locator, text: str) -> None:
        """Write a text in the place of that of a field."""

    @abstractmethod
    def append(self, field: Locator, text: str) -> None:
        """Write a text after that of a field."""

    @abstractmethod
    def pick(self, option: Locator) -> None:
        """Choose the entry that was searched for."""

    @abstractmethod
    def tick(self, boxes: Locator, *places: int) -> None:
        """Tick some of the boxes of a table."""

    @abstractmethod
    def tab(self, name: str) -> None:
        """Open a tab."""

    def key(self, *keys: str) -> None:
        """Press keys, each of which is an action."""
        for each in keys:
            self.page.page.keyboard.press(each)
            self.actions += 1

    def type(self, text: str) -> None:
        """Type where the caret is."""
        self.page.page.keyboard.type(text)
        self.texts += 1

    def button(self, name: str) -> Locator:
        """The visible button of this name."""
        return self.studio.get_by_role("button", name=name, exact=True).locator("visible=true")

    def field(self, label: str) -> Locator:
        """The visible field of this label."""
        return self.studio.get_by_label(label, exact=True).locator("visible=true")

    def part(self, label: str) -> Locator:
        """A text of the participant's page, which is edited there."""
        frame: FrameLocator = self.studio.frame_locator(".pnb-preview-shown")
        return frame.get_by_role("textbox", name=label, exact=True)

    def next_is(self, *names: str) -> None:
        """Wait until this button is highlighted, and no other."""
        expect(self.studio.locator(HIGHLIGHTED).locator("visible=true")).to_have_text(list(names))

    def press_next(self, name: str) -> None:
        """Press the highlighted button."""
        self.next_is(name)
        self.press(self.button(name))

    def proceed(self, name: str) -> None:
        """Go to the next step; its line has the focus then."""
        self.press_next(f"Continue to {TITLES[name]}")
        line = self.studio.get_by_role("region", name=TITLES[name], exact=True).locator(".pnb-step-button")
        expect(line).to_be_focused()
        expect(line).to_be_in_viewport()

    def step_is(self, name: str, state: str, words: str = "") -> None:
        """Wait until the line of a step says so."""
        line = self.studio.get_by_role("region", name=TITLES[name], exact=True).locator(".pnb-step-button")
        expect(line.locator(".pnb-step-state")).to_have_text(state, timeout=60_000)
        expect(line.locator(".pnb-step-words")).to_contain_text(words)


class Mouse(Stranger):
    """Every click is an action, those of a triple click too."""

    def click(self, place: Locator, times: int = 1) -> None:
        place.click(click_count=times)
        self.actions += times

    def press(self, button: Locator) -> None:
        self.click(button)

    def replace(self, field: Locator, text: str) -> None:
        self.click(field, 3)
        self.type(text)

    def append(self, field: Locator, text: str) -> None:
        box = field.bounding_box()
        assert box is not None
        field.click(
            position={"x": box["width"] - 24, "y": box["height"] - 10}
        )  # below the text: the caret goes to its end
        self.actions += 1
        self.type(text)

    def pick(self, option: Locator) -> None:
        self.click(option)

    def tick(self, boxes: Locator, *places: int) -> None:
        for place in places:
            self.click(boxes.nth(place))

    def tab(self, name: str) -> None:
        self.click(self.studio.get_by_role("tab", name=name, exact=True))


class Keyboard(Stranger):
    """Every key is an action, from Tab to Ctrl+A; the focus is moved by keys only."""

    def go(self, place: Locator, most: int = 40) -> None:
        """Press Tab, or Shift+Tab for what is above, until a place has the focus."""
        expect(place).to_be_visible()
        for _ in range(most):
            if (way := place.evaluate(WAY)) == "there":
                return
            self.key(way)
        expect(place).to_be_focused()

    def press(self, button: Locator) -> None:
        expect(button).to_be_enabled()
        self.go(button)
        self.key("Enter")

    def replace(self, field: Locator, text: str) -> None:
        self.go(field)
        self.key("Control+a")
        self.type(text)

    def append(self, field: Locator, text: str) -> None:
        self.go(field)
        self.key("Control+End")
        self.type(text)

    def pick(self, option: Locator) -> None:
        expect(option).to_be_visible()
        self.key("Enter")  # what is found first is active

    def tick(self, boxes: Locator, *places: int) -> None:
        self.go(boxes.and_(self.page.page.locator("[tabindex='0']")))  # all rows are one tab stop
        at = next(n for n in range(boxes.count()) if boxes.nth(n).evaluate("node => node === document.activeElement"))
        for place in places:
            self.key(*(["ArrowDown"] * (place - at) or ["ArrowUp"] * (at - place)), "Space")
            at = place

    def tab(self, name: str) -> None:
        tabs = self.studio.get_by_role("tab").locator("visible=true")
        self.go(tabs.and_(self.page.page.locator("[aria-selected='true']")))
        while tabs.and_(self.page.page.locator(":focus")).inner_text() != name:
            self.key("ArrowRight")


@pytest.fixture
def saved(lab: Lab) -> Iterator[Callable[[], str]]:
    """The kernel's expression for the table that is saved, which does not exist before or after."""
    file = lab.root / "labels.csv"
    file.unlink(missing_ok=True)
    yield lambda: f"pd.read_csv({str(file)!r})"
    file.unlink(missing_ok=True)


def compose(stranger: Stranger) -> None:
    stranger.press_next("Use the sample")
    stranger.step_is("data", "Done", "120 rows, 3 columns")
    stranger.proceed("compose")
    stranger.press_next("Start from a template")
    stranger.press_next("Use classification")
    stranger.step_is("compose", "Done", "1 question")
    stranger.replace(stranger.part("Task name"), "Feelings in reviews")
    stranger.replace(stranger.part("Question"), "How does the writer feel?")
    stranger.replace(stranger.part("Option 2"), "Mixed")
    stranger.step_is("compose", "Done", "Feelings in reviews")
    stranger.proceed("plan")


def choose_audience(stranger: Stranger) -> None:
    search = stranger.studio.get_by_role("combobox", name="Add a filter")
    stranger.replace(search, "first language")
    stranger.pick(stranger.studio.get_by_role("option", name="First language"))
    choices = stranger.field("Choices").and_(stranger.studio.get_by_role("combobox"))
    expect(choices).to_be_focused()
    stranger.type("english")
    stranger.pick(stranger.studio.get_by_role("option", name="English", exact=True))
    stranger.press_next("Add")
    expect(stranger.button("Edit: First language: English")).to_be_focused()
    stranger.step_is("plan", "Done", "First language: English")
    stranger.proceed("launch")


def run_study(stranger: Stranger) -> None:
    stranger.press_next("Create draft")
    stranger.next_is("Publish")
    stranger.press_next("Publish")
    stranger.step_is("launch", "Done", "36 of 36 places filled")
    expect(stranger.studio.locator(".pnb-bar")).to_contain_text("81.73 GBP spent")
    stranger.proceed("review")


def review(stranger: Stranger) -> None:
    boxes = stranger.studio.locator(".pnb-subs tbody input")
    expect(boxes).not_to_have_count(0)
    stranger.next_is("Approve all 36")
    stranger.press(stranger.button("Minutes"))
    stranger.tick(boxes, 0, 1)
    stranger.press(stranger.button("Reject…"))
    stranger.next_is("Add rejections")
    stranger.append(stranger.field("Sentence to the participant"), AFTER)
    expect(stranger.studio.locator(".pnb-review")).to_contain_text(f"our submission again.{AFTER}")
    stranger.press_next("Add rejections")
    stranger.next_is("Apply")
    stranger.tick(boxes, 2)
    stranger.press(stranger.button("Bonus…"))
    stranger.next_is("Add bonuses")
    stranger.append(stranger.field("Amount"), "0.50")
    stranger.press_next("Add bonuses")
    expect(stranger.studio.locator(".pnb-review")).to_contain_text("Total0.75 GBP")
    stranger.press_next("Apply")
    stranger.press_next("Approve all 34")  # what is left is paid too
    stranger.press_next("Apply")
    stranger.step_is("review", "Done", "0 of ")


def save_labels(stranger: Stranger) -> None:
    stranger.step_is("results", "Done", "340 answers by 34 people")
    stranger.proceed("results")
    stranger.tab("Labels")
    expect(stranger.studio.get_by_text("with one label")).to_be_visible()
    stranger.press_next("Save")
    expect(stranger.studio.get_by_text("Saved 120 rows")).to_be_visible()
    stranger.next_is()  # nothing is left to do


def expect_the_study(page: NotebookPage, table: str) -> None:
    """What was done in the page is what the kernel, the server and the file have."""
    page.execute(f"import pandas as pd\nrun = studio.desk.run.value\n{FOUND}\nlabels = {table}")

    def value(code: str) -> Any:
        return page.execute(f"print({code})").strip()

    assert value("run.design.name") == "Feelings in reviews"
    assert value("[q.question for q in run.design.codebook()]") == "['How does the writer feel?']"
    options = "[('positive', 'Positive'), ('mixed', 'Mixed'), ('negative', 'Negative'), ('unclear', 'I cannot tell')]"
    assert value("[(option.value, option.label) for option in run.design.entries[1].item.options]") == options
    assert value("[(each.id, len(each.any_of)) for each in run.plan.filters]") == "[('first-language', 1)]"
    assert value("len(rejected), list(statuses.values()).count('APPROVED')") == "2 34"
    assert value("list(paid.values())") == "[[50]]"
    assert value("not set(paid) & set(rejected)") == "True"
    quickest = "sorted(run.submissions().dropna(subset='minutes').nsmallest(2, 'minutes')['submission_id'])"
    assert value(f"rejected == {quickest}") == "True"
    assert value("len(labels), int(labels['n_ratings'].sum()), 'share of mixed' in labels") == "120 340 True"
    quiet(page)


@pytest.mark.parametrize("device", [Mouse, Keyboard])
def test_a_stranger_runs_a_study_to_saved_labels(
    device: type[Stranger], run: Run, saved: Callable[[], str], record_property: Callable[[str, object], None]
) -> None:
    page = run([QUICK, *OPEN])
    stranger = device(page)
    for stage in (compose, choose_audience, run_study, review, save_labels):
        before = stranger.actions
        stage(stranger)
        record_property(stage.__name__, stranger.actions - before)
        print(f"{device.__name__}, {stage.__name__}: {stranger.actions - before} actions")
    expect_the_study(page, saved())
    record_property("actions", stranger.actions)
    print(f"{device.__name__}: {stranger.actions} actions, and {stranger.texts} texts typed")
