"""The results in a real JupyterLab, with the keyboard only."""

from __future__ import annotations

from playwright.sync_api import expect

from .lab import Lab
from .steps import Run, button, field, panel

CELLS = [
    """import prolific_nb as pnb
from prolific_nb.common.progress import silent
client = pnb.connect(truth="sentiment")
design = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"]).write("Why?")
plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6)
run = pnb.launch(client, pnb.sample_data().head(12), design, plan, on_progress=silent)
run.publish(max_cost="99.00").wait(on_progress=silent)""",
    "results = pnb.panels.Results(run)\nresults",
]


def test_tabs_filters_and_saving_with_the_keyboard(lab: Lab, run: Run) -> None:
    page = run(CELLS)
    results = panel(page, "results")
    expect(results.get_by_text("72 answers by 6 people.")).to_be_visible()
    # One tab stop for all tabs; the arrow keys choose, and what was never chosen is built only now.
    keyboard = page.page.keyboard
    results.get_by_role("tab", name="Answers").focus()
    keyboard.press("ArrowRight")
    expect(results.get_by_role("tab", name="Charts")).to_be_focused()
    expect(results.get_by_role("img", name="SANDBOX: the people are simulated")).to_have_count(2)
    keyboard.press("ArrowRight")
    expect(results.get_by_role("tab", name="Disputed", selected=True)).to_be_focused()
    expect(results.get_by_text("People disagree on")).to_be_visible()
    for _ in range(2):
        keyboard.press("ArrowLeft")
    # A filter is typed, shown as a word, and removed by Delete; Enter in the path saves.
    expect(field(page, "results", "Search")).to_be_visible()
    field(page, "results", "Search").focus()
    keyboard.type("kettle")
    word = results.get_by_role("button", name="Search: kettle")
    expect(word).to_be_visible()
    expect(results.get_by_text("(of 72 in all)")).to_be_visible()
    word.focus()
    keyboard.press("Delete")
    expect(word).to_be_hidden()
    expect(field(page, "results", "Search")).to_have_value("")
    expect(button(page, "results", "Next rows").locator("visible=true")).to_be_enabled()
    field(page, "results", "Save to").locator("visible=true").press("Enter")
    expect(results.get_by_text("Saved 72 rows")).to_be_visible()
    assert page.execute("print(results.errors)").strip() == "[]"
