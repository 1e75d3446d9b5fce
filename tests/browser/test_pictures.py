"""Pictures of every step, to be looked at; kept under screenshots/ when SHOTS names that folder."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from .lab import SIZE, Lab, NotebookPage, Theme
from .steps import BEGUN, button, entries, field, panel, quiet

STEPS = ("connection", "data", "compose", "plan", "launch", "results")
NARROW = 480
WAYS: list[tuple[str, int | None, Theme]] = [
    ("light", None, "light"),
    ("dark", None, "dark"),
    ("narrow", NARROW, "light"),
]
IDS = [name for name, _, _ in WAYS]


def fits(page: NotebookPage, name: str) -> bool:
    """Whether nothing of a step sticks out at its side."""
    return int(panel(page, name).evaluate("node => node.scrollWidth - node.clientWidth")) <= 1


@pytest.mark.parametrize(("name", "width", "theme"), WAYS, ids=IDS)
def test_every_step_is_pictured(name: str, width: int | None, theme: Theme, begun: NotebookPage) -> None:
    expect(panel(begun, "plan").get_by_text("GBP").first).to_be_visible()
    begun.width(width or SIZE[0])
    for step in STEPS:
        assert fits(begun, step), step
        begun.shot(f"{step}-{name}", width, theme, of=panel(begun, step))


@pytest.fixture(scope="module")
def published(lab: Lab) -> Iterator[NotebookPage]:
    """A study in the sandbox, from the first answer to the last."""
    page = lab.open(BEGUN).run_all()
    expect(entries(page)).to_have_count(3)
    button(page, "launch", "Create draft").click()
    button(page, "launch", "Publish").click()
    yield page
    quiet(page)
    page.close()


@pytest.mark.parametrize(("name", "width", "theme"), WAYS, ids=IDS)
def test_a_running_study_is_pictured(name: str, width: int | None, theme: Theme, published: NotebookPage) -> None:
    some = re.compile(r"[1-9]\d? of 36 places filled")
    expect(panel(published, "launch").get_by_text(some)).to_be_visible(timeout=40_000)
    published.width(width or SIZE[0])
    for act in ("Pause", "Stop"):
        expect(button(published, "launch", act)).to_be_visible()
    assert fits(published, "launch")
    published.shot(f"launch-running-{name}", width, theme, of=panel(published, "launch"))


@pytest.mark.parametrize(("name", "width", "theme"), WAYS, ids=IDS)
def test_answers_are_pictured(name: str, width: int | None, theme: Theme, published: NotebookPage) -> None:
    expect(panel(published, "results").get_by_text("720 answers by 36 people.")).to_be_visible(timeout=60_000)
    field(published, "results", "Question").select_option("How?")
    expect(panel(published, "results").locator("img")).to_have_count(2)
    published.width(width or SIZE[0])
    assert fits(published, "results")
    published.shot(f"results-answers-{name}", width, theme, of=panel(published, "results"))
