"""Review in a real JupyterLab, by keyboard only: sort, select, reject, pay a bonus, apply."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playwright.sync_api import Locator, expect

from .lab import NotebookPage

FINISHED = [
    """import prolific_nb as pnb
from prolific_nb.common.progress import silent
client = pnb.connect()
design = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad", "mixed"])
plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, tasks_per_group=6)
run = pnb.launch(client, pnb.sample_data().head(72), design, plan, on_progress=silent)
run.publish(max_cost="200.00").wait(on_progress=silent)""",
    "panel = pnb.panels.Review(run)\npanel",
]
STATUSES = "{each.id: each.status for each in client.submissions.list(run.study_id)}"


def test_a_study_is_reviewed_by_keyboard(run: Callable[[Sequence[str]], NotebookPage]) -> None:
    page = run(FINISHED)
    panel, keyboard = page.panel.locator(".pnb-review").last, page.page.keyboard
    expect(panel.locator("tbody tr")).to_have_count(int(page.execute("print(len(run.submissions()))")))
    assert panel.bounding_box()["height"] <= 800  # type: ignore[index]

    panel.get_by_role("button", name="Minutes").focus()
    keyboard.press("Enter")
    expect(panel.get_by_role("columnheader", name="Minutes")).to_have_attribute("aria-sort", "ascending")
    for columns in ("panel.table.columns[:-1]", "panel.table.columns + [{'key': 'x', 'label': 'X'}]"):
        page.execute(f"panel.table.columns = {columns}")  # as where flags add a column
        expect(panel.get_by_role("button", name="Minutes")).to_be_focused()
    quickest = page.execute("print(list(run.submissions().sort_values('minutes')['submission_id'][:3]))")
    first, second, third = (word.strip("'") for word in quickest.strip()[1:-1].split(", "))
    tab_to(page, panel.locator("tbody input").first)  # one tab stop for all rows
    for key in ("Space", "ArrowDown", "Space"):
        keyboard.press(key)
    expect(panel.locator(".pnb-subs [role=status]")).to_contain_text("; 2 selected")
    page.expect_value("panel.table.selected", [first, second])

    press(page, panel, "Reject…")
    sentence = panel.get_by_label("Sentence to the participant")
    tab_to(page, sentence)
    keyboard.press("Control+End")
    keyboard.type(" Sorry, and thank you.")
    expect(panel.locator(".pnb-muted[role=status]").last).to_contain_text("enough")
    page.expect_value("panel.forms._sentence.value.endswith('again. Sorry, and thank you.')", True)
    press(page, panel, "Add rejections")
    expect(panel.get_by_label("Decisions to apply")).to_contain_text("Reject 2 submissions: too quickly")

    for place, keys, number in (
        (panel.get_by_label("Search"), "Control+z", 1),  # in a field it undoes typing
        (panel.locator("tbody input[tabindex='0']"), "Control+z", 0),
        (panel.locator("tbody input[tabindex='0']"), "Control+Shift+z", 1),
    ):
        place.focus()
        keyboard.press(keys)
        expect(panel.get_by_label("Decisions to apply").locator("option")).to_have_count(number)
    for key in ("Home", "ArrowDown", "ArrowDown", "Space"):
        keyboard.press(key)
    page.expect_value("panel.table.selected", [third])
    press(page, panel, "Bonus…")
    tab_to(page, panel.get_by_label("Amount", exact=True))
    keyboard.type("0.50")
    press(page, panel, "Add bonuses")
    expect(panel).to_contain_text("Total0.75 GBP")
    press(page, panel, "Apply")
    expect(panel).to_contain_text("Applied: Reject 2 submissions")
    page.expect_value(f"[{STATUSES}[each] for each in {[first, second]}]", ["REJECTED", "REJECTED"])
    page.expect_value(f"client.submissions.get('{third}').bonus_payments", [50])
    expect(panel.locator("tbody tr").first).to_contain_text("REJECTED")
    page.expect_value("panel.errors", [])


def tab_to(page: NotebookPage, wanted: Locator) -> None:
    """Move the focus with Tab until it is at a place."""
    for _ in range(12):
        if wanted.evaluate("node => node === node.ownerDocument.activeElement"):
            return
        page.page.keyboard.press("Tab")
    expect(wanted).to_be_focused()


def press(page: NotebookPage, panel: Locator, name: str) -> None:
    """Focus a button and press Enter."""
    button = panel.get_by_role("button", name=name, exact=True)
    expect(button).to_be_enabled()
    button.focus()
    page.page.keyboard.press("Enter")
