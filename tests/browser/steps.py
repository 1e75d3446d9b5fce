"""Locators for the studio: its steps, fields, buttons and the list of entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playwright.sync_api import Locator, expect

from .lab import NotebookPage

Run = Callable[[Sequence[str]], NotebookPage]

OPEN = ["import prolific_nb as pnb", "studio = pnb.studio()\nstudio"]
WITH_DESIGN = [
    "import prolific_nb as pnb",
    """data = pnb.sample_data()
design = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"]).write("Why?")
studio = pnb.studio(data)
studio.desk.design.set(design)
studio""",
]

expect.set_options(timeout=30_000)  # busy machines are slow


TITLES = {
    "data": "Data",
    "compose": "Compose",
    "plan": "Plan",
    "rehearse": "Rehearse",
    "launch": "Launch and watch",
    "review": "Review",
    "results": "Results",
}


def step(page: NotebookPage, name: str) -> Locator:
    """The button in the line of a step, which opens and folds it."""
    return page.panel.get_by_role("region", name=TITLES[name], exact=True).locator(".pnb-step-button")


def panel(page: NotebookPage, name: str) -> Locator:
    """The panel of a step, opened if it is folded in a studio; or the studio itself."""
    shown = page.panel.locator(f".pnb-studio, .pnb-{name}")
    expect(shown).not_to_have_count(0)  # a cell is done before what it displays is drawn
    if page.panel.locator(".pnb-studio").count():
        opens = page.panel.get_by_role("button", name="Account") if name == "connection" else None
        opens = step(page, name) if name in TITLES else opens
        state = "aria-expanded" if name in TITLES else "aria-pressed"
        if opens is not None and opens.get_attribute(state) == "false":
            opens.click()
            expect(opens).to_have_attribute(state, "true")  # otherwise the next call would fold it again
    return page.panel.locator(f".pnb-{name}").last


def button(page: NotebookPage, name: str, words: str) -> Locator:
    return panel(page, name).get_by_role("button", name=words, exact=True)


def field(page: NotebookPage, name: str, label: str) -> Locator:
    return panel(page, name).get_by_label(label, exact=True)


def entries(page: NotebookPage) -> Locator:
    return panel(page, "compose").locator(".pnb-entry-title")


def pick(page: NotebookPage, title: str) -> None:
    panel(page, "compose").locator(".pnb-entry-pick", has_text=title).first.click()


def choose(page: NotebookPage, label: str) -> None:
    """Choose what the page in the composer is shown for, or on which device."""
    panel(page, "compose").get_by_role("radio", name=label, exact=True).click()


def start_from(page: NotebookPage, template: str) -> None:
    panel(page, "compose").get_by_role("button", name="Start from a template").click()
    button(page, "compose", f"Use {template}").click()


def screen(page: NotebookPage) -> Locator:
    """The preview: the body of the visible frame."""
    return panel(page, "compose").frame_locator(".pnb-preview iframe").last.locator("body")


def expect_fit(page: NotebookPage, name: str) -> None:
    """Wait until nothing in a step is wider than the step."""
    step = panel(page, name)
    page.until(lambda: int(step.evaluate("node => node.scrollWidth - node.clientWidth")) <= 1)


def quiet(page: NotebookPage) -> None:
    """No panel has reported an error."""
    said = page.execute("print([each for p in (studio, *studio.panels.values()) for each in p.errors])")
    assert said.strip() == "[]"
