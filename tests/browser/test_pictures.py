"""Screenshots of every step, for review; kept under screenshots/ if SHOTS names that folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from .lab import SIZE, Lab, NotebookPage, Theme
from .steps import WITH_DESIGN, button, entries, expect_fit, panel, quiet

STEPS = ("connection", "data", "compose", "plan", "rehearse", "launch", "results")
NARROW = 480
WAYS: list[tuple[str, int | None, Theme]] = [
    ("light", None, "light"),
    ("narrow", NARROW, "light"),
    *([("dark", None, "dark")] if os.environ.get("SHOTS") else []),  # fits as in light: only to be looked at
]
IDS = [name for name, _, _ in WAYS]


@pytest.mark.parametrize(("name", "width", "theme"), WAYS, ids=IDS)
def test_screenshots_of_every_step(name: str, width: int | None, theme: Theme, studio_page: NotebookPage) -> None:
    expect(panel(studio_page, "plan").get_by_text("GBP").first).to_be_visible()
    studio_page.width(width or SIZE[0])
    for step in STEPS:
        expect_fit(studio_page, step)
        studio_page.shot(f"{step}-{name}", width, theme, of=panel(studio_page, step))


# The study must still run while its pictures are taken, however long that takes.
STOPPABLE = """import functools, time
from prolific_nb import sandbox
stopped = None  # the time at which the sandbox's clock stands
sandbox.Sandbox = functools.partial(sandbox.Sandbox, wall=lambda: stopped or time.time())"""


@pytest.fixture(scope="module")
def published(lab: Lab) -> Iterator[NotebookPage]:
    """A study in a sandbox whose clock a test may stop, from the first answer to the last."""
    page = lab.open([STOPPABLE, *WITH_DESIGN]).run_all()
    expect(entries(page)).to_have_count(3)
    button(page, "launch", "Create draft").click()
    expect(button(page, "launch", "Publish")).to_be_enabled()
    button(page, "launch", "Publish").click()
    yield page
    quiet(page)
    page.close()


@pytest.mark.parametrize(("name", "width", "theme"), WAYS, ids=IDS)
def test_screenshots_of_a_running_study(name: str, width: int | None, theme: Theme, published: NotebookPage) -> None:
    some = re.compile(r"[1-9]\d? of 36 places filled")
    expect(panel(published, "launch").get_by_text(some)).to_be_visible(timeout=40_000)
    published.execute("stopped = stopped or time.time()")
    published.width(width or SIZE[0])
    for act in ("Pause", "Stop"):
        expect(button(published, "launch", act)).to_be_visible()
    expect_fit(published, "launch")
    published.shot(f"launch-running-{name}", width, theme, of=panel(published, "launch"))


@pytest.mark.parametrize(("name", "width", "theme"), WAYS, ids=IDS)
def test_screenshots_of_the_answers(name: str, width: int | None, theme: Theme, published: NotebookPage) -> None:
    published.execute("stopped = None")
    expect(panel(published, "results").get_by_text("720 answers by 36 people.")).to_be_visible(timeout=60_000)
    published.width(width or SIZE[0])
    seen = {"Answers": "Rows 1 to 50", "Charts": None, "Disputed": "People disagree", "Labels": "tied.",
            "Agreement": "Krippendorff"}  # fmt: skip
    for tab, words in seen.items():
        panel(published, "results").get_by_role("tab", name=tab, exact=True).click()
        if words:
            expect(panel(published, "results").get_by_text(words).locator("visible=true").first).to_be_visible()
        else:
            expect(panel(published, "results").locator(".pnb-charts img")).to_have_count(2)
        expect_fit(published, "results")
        published.shot(f"results-{tab.lower()}-{name}", width, theme, of=panel(published, "results"))
