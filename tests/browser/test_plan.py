"""The audience by keyboard in a real JupyterLab: searched, chosen, a chip, removed, brought back."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from .lab import NotebookPage

PLAN = """import prolific_nb as pnb
from prolific_nb.panels import Plan
plan = Plan(pnb.StudyPlan("Reviews", reward="1.50", minutes=6), client=pnb.connect(), data=pnb.sample_data(),
            design=pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"]))
plan"""


def chip(page: NotebookPage, words: str) -> Locator:
    return page.panel.get_by_role("button", name=f"Edit: {words}", exact=True)


def test_a_filter_is_added_edited_and_removed_by_keyboard(notebook: NotebookPage) -> None:
    notebook.show(PLAN)
    keys, search = notebook.page.keyboard, notebook.panel.get_by_role("combobox", name="Add a filter")
    search.focus()
    expect(search).to_have_attribute("aria-expanded", "false")
    keys.type("legal sex")
    expect(notebook.panel.get_by_role("listbox", name="Add a filter").get_by_role("option")).to_have_count(1)
    keys.press("Enter")
    choices = notebook.panel.get_by_role("listbox", name="Choices")
    expect(choices).to_be_focused()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Space")
    expect(choices.get_by_role("option", name="Female")).to_have_attribute("aria-selected", "true")
    keys.press("Tab")  # the combination is shown only beside other filters
    expect(notebook.panel.get_by_role("button", name="Add", exact=True)).to_be_focused()
    keys.press("Enter")
    expect(chip(notebook, "Sex: Female")).to_be_focused()
    expect(notebook.panel.get_by_text("65,000 participants").first).to_be_visible()
    notebook.expect_value('plan.value.filters == (pnb.Filter("sex", any_of=["1"]),)', True)
    keys.press("Enter")
    expect(choices).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    keys.press("Escape")
    notebook.panel.get_by_role("button", name="Save", exact=True).press("Enter")
    both = chip(notebook, "Sex: Female or Male")
    expect(both).to_be_focused()
    keys.press("Delete")
    expect(both).to_have_count(0)
    expect(search).to_be_focused()
    keys.press("Control+z")
    expect(both).to_be_visible()
    notebook.expect_value("plan.errors", [])


def test_the_panel_fits_a_page_and_a_phone(notebook: NotebookPage) -> None:
    notebook.show(PLAN)
    plan = notebook.panel.locator(".pnb-plan")
    expect(plan.get_by_text("81.73 GBP")).to_be_visible()
    box = plan.bounding_box()
    assert box is not None
    assert box["height"] <= 750
    notebook.width(480)
    notebook.until(lambda: int(plan.evaluate("node => node.scrollWidth - node.clientWidth")) <= 1)
    notebook.width(1280)
