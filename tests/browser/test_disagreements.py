"""Disagreements in a real JupyterLab: by keyboard through 20 rows, and nothing is lost with the kernel."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Sequence

from playwright.sync_api import Locator, expect

from .lab import NotebookPage
from .test_accessibility import AXE, JUDGE

CELLS = [
    """import prolific_nb as pnb
from prolific_nb.common.progress import silent
client = pnb.connect(truth="sentiment", store="kept.sqlite", answer_times="per_answer")
design = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad", "mixed"]).write("Why?")
plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6)
run = pnb.launch(client, pnb.sample_data().head(84), design, plan, on_progress=silent)
run.publish(max_cost="999.00").wait(on_progress=silent)""",
    "panel = pnb.panels.Disagreements(run)\npanel",
]
DECIDED = "sorted(zip(run.adjudications.frame()['value'], run.adjudications.frame()['explanation'].fillna('')))"
# What is shown right after a key, before the kernel can have answered.
STEP = """desk => {
    desk.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }));
    const page = desk.querySelector('.pnb-frame-shown').contentDocument;
    return [desk.querySelector('.pnb-desk-where').textContent, page.querySelector('.words').textContent.length > 9];
}"""


def test_twenty_rows_by_keyboard_and_a_killed_kernel(run: Callable[[Sequence[str]], NotebookPage]) -> None:
    page = run(CELLS)
    keyboard, desk = page.page.keyboard, desk_of(page)
    expect(desk).to_be_focused()  # without a click
    total = int(page.execute("print(panel.bench.total)"))
    assert desk.evaluate(STEP) == [f"2 of {total}", True]
    given = []
    for place in range(1, 20):
        label = ("good", "bad", "mixed")[place % 3]
        if place % 4:
            keyboard.press(str(place % 3 + 1))
            given.append((label, ""))
        keyboard.press("ArrowRight")
        # A row that is not loaded yet cannot be decided on.
        expect(desk.locator(".pnb-desk-body")).to_have_attribute("aria-busy", "false")
    expect(desk.locator(".pnb-desk-where")).to_have_text(f"21 of {total}")
    expect(desk.locator(".pnb-desk-progress")).to_have_text(f"{len(given)} of {total} decided")

    state, reason = desk.locator(".pnb-desk-state"), desk.get_by_label("Reason")
    keyboard.press("r")
    expect(reason).to_be_focused()
    keyboard.type("1 of 3: it is irony, u r right.")  # in the field, keys are text
    expect(state).to_have_text("not decided yet")
    keyboard.press("Escape")
    keyboard.press("1")
    expect(state).to_have_text(re.compile(r"^decided: good, by you, \d\d:\d\d$"))
    keyboard.press("ArrowRight")
    keyboard.press("2")
    expect(state).to_have_text(re.compile("^decided: bad"))
    keyboard.press("Backspace")
    expect(state).to_have_text("not decided yet")
    expect(desk.get_by_role("status")).to_contain_text("not decided yet")
    given = sorted([*given, ("good", "1 of 3: it is irony, u r right.")])
    page.expect_value(DECIDED, given)
    assert violations(page) == []

    os.kill(int(page.execute("import os; print(os.getpid())")), signal.SIGKILL)
    page.close()
    page = page.lab.reopen(page.path).run_all()
    desk = desk_of(page)
    expect(desk.locator(".pnb-desk-progress")).to_have_text(f"{len(given)} of {total} decided")
    expect(desk.locator(".pnb-desk-where")).to_have_text(f"1 of {total}")  # the first that was left out
    page.expect_value(DECIDED, given)
    page.expect_value("panel.errors", [])


def desk_of(page: NotebookPage) -> Locator:
    return page.panel.locator(".pnb-disagreements .pnb-desk").last


def violations(page: NotebookPage) -> list[str]:
    """What axe finds in the panel, in light and dark."""
    page.page.add_script_tag(content=AXE)
    found = []
    for theme in ("dark", "light"):
        page.lab.theme(theme)  # type: ignore[arg-type]
        page.page.wait_for_timeout(300)
        passes, lines = page.page.evaluate(JUDGE.replace(".pnb-studio", ".pnb-disagreements"))
        assert passes > 10
        found += lines
    return found
