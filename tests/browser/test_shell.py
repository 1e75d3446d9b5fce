"""The studio around its steps: folding by keyboard, the bar that stays, and what is left when the kernel has gone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from .lab import Lab, NotebookPage
from .steps import WITH_DESIGN, Run, panel, step

FOLDED = """() => document.querySelectorAll('.jp-WindowedPanel-outer').forEach(each => { each.scrollTop = 700; })"""


def card(page: NotebookPage) -> Locator:
    return page.panel.locator(".pnb-card", has_text="Run the cell to use the panel")


def test_steps_open_and_fold_by_keyboard(studio_page: NotebookPage) -> None:
    compose, plan = step(studio_page, "compose"), step(studio_page, "plan")
    compose.press("Enter")
    expect(compose).to_have_attribute("aria-expanded", "false")
    expect(studio_page.panel.locator(".pnb-compose")).to_be_hidden()
    compose.press("Enter")
    expect(studio_page.panel.locator(".pnb-compose")).to_be_visible()
    studio_page.panel.get_by_role("button", name="Continue to Plan").press("Enter")
    expect(plan).to_be_focused()
    expect(plan).to_have_attribute("aria-expanded", "true")
    expect(compose).to_have_attribute("aria-expanded", "false")
    assert studio_page.panel.locator(".pnb-studio .mod-primary:visible").count() <= 1


def test_undo_and_redo_by_key(studio_page: NotebookPage) -> None:
    before = studio_page.execute("print(len(studio.desk.design.value.entries))")
    studio_page.execute("studio.desk.design.update(lambda design: design.write('And?'))")
    step(studio_page, "compose").press("Control+z")
    studio_page.expect_value("len(studio.desk.design.value.entries)", int(before))
    panel(studio_page, "compose").get_by_label("Task name").press("Control+Shift+z")
    studio_page.expect_value("len(studio.desk.design.value.entries)", int(before) + 1)


def test_the_bar_stays_in_view(run: Run) -> None:
    page = run([*WITH_DESIGN, *["1"] * 12])
    panel(page, "data")
    panel(page, "plan")
    bar = page.panel.locator(".pnb-bar")
    expect(bar).to_contain_text("Reviews")
    page.page.evaluate(FOLDED)
    page.until(lambda: page.page.evaluate("() => document.querySelector('.jp-WindowedPanel-outer').scrollTop") > 0)
    top = (page.panel.locator(".jp-WindowedPanel-outer").bounding_box() or {})["y"]
    page.until(lambda: abs((bar.bounding_box() or {"y": 0})["y"] - top) < 2)


@pytest.mark.parametrize("gone", ["reopened", "restarted"])
def test_without_its_kernel_the_card_stands_in_the_place_of_the_studio(gone: str, lab: Lab) -> None:
    page = lab.open(WITH_DESIGN).run_all()
    expect(step(page, "compose")).to_be_visible()
    expect(card(page)).to_be_hidden()
    page.until(lambda: "Why?" in str(page.outputs(1)))
    try:
        if gone == "restarted":
            page.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        else:
            page.save()
            page.close()
            page = lab.reopen(page.path)
        expect(card(page)).to_be_visible()
        expect(page.panel.locator(".pnb-studio")).to_be_hidden()
        expect(page.panel.get_by_text("model not found")).to_be_hidden()
    finally:
        page.close()
