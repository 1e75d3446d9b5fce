"""Before the launch: the task is taken by keyboard, its minutes go into the plan, and a crowd rehearses the study."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .lab import NotebookPage
from .steps import button, choose, expect_fit, panel, quiet, step


def test_ten_tasks_are_taken_and_the_study_is_rehearsed(studio_page: NotebookPage) -> None:
    page = studio_page
    choose(page, "Take it")
    desk = panel(page, "compose").locator(".pnb-take")
    expect(desk).to_contain_text("0 of 10")
    for number in range(1, 4):
        desk.press("1")
        frame = desk.frame_locator("iframe.pnb-frame-shown")
        expect(frame.get_by_label("good")).to_be_checked()
        frame.locator("textarea").fill("It says so.")
        frame.locator("textarea").press("Control+Enter")
        expect(desk).to_contain_text(f"{number} of 10", timeout=60_000)
    use = panel(page, "compose").get_by_role("button", name=re.compile("Put 1 minute into the plan"))
    use.click()
    page.expect_value("studio.desk.plan.value.minutes", 1)
    expect_fit(page, "compose")
    choose(page, "Edit on the page")
    button(page, "rehearse", "Rehearse").click()
    results = button(page, "rehearse", "Open its results")
    expect(results).to_be_visible(timeout=60_000)
    expect_fit(page, "rehearse")
    results.click()
    expect(step(page, "rehearse")).to_have_attribute("aria-expanded", "false")
    expect(step(page, "results")).to_have_attribute("aria-expanded", "true")
    expect(panel(page, "results").get_by_text("by 36 people")).to_be_visible(timeout=60_000)
    expect(panel(page, "results").locator(".pnb-mode:visible")).to_have_text("Rehearsal: simulated people")
    button(page, "results", "Back to your own study").click()
    expect(panel(page, "results").get_by_text("No study yet").first).to_be_visible()
    quiet(page)
