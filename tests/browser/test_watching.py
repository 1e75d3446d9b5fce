"""Watching a study in the browser: the chart at any width, and the bell where notifications are not allowed."""

from __future__ import annotations

from playwright.sync_api import expect

from .lab import NotebookPage

WATCHING = """
from datetime import UTC, datetime, timedelta
from IPython.display import display
from prolific_nb.panels.launching.bell import Bell
from prolific_nb.panels.launching.forecast import forecast
from prolific_nb.panels.launching.places_chart import STYLE, chart
from prolific_nb.panels.kit import widgets as w
from prolific_nb.common.money import Money
from prolific_nb.study.monitor.status import Status

start, gbp = datetime(2026, 1, 5, 9, tzinfo=UTC), Money(0, "GBP")
filled = tuple(start + timedelta(minutes=10 * n) for n in range(1, 13))
status = Status("LIVE", "s", "ACTIVE", 24, 12, {"APPROVED": 12}, gbp, gbp, gbp,
                started=start, completed=filled, as_of=filled[-1])
bell = Bell()
box = w.VBox([w.HTML(STYLE + chart(status, forecast(status))), bell])
box.add_class("pnb-panel")
box
"""
# In one go, since JupyterLab names the tab again whenever it saves its own state.
RENAMED_AND_SEEN = """async () => {
    document.title = 'another';
    await Promise.resolve();  // after what observes the title, and before any task of the notebook's own
    const renamed = document.title;
    delete document.hasFocus;
    window.dispatchEvent(new Event('focus'));
    return [renamed, document.title];
}"""
BOXES = """svg => {
    const inside = node => { const box = node.getBoundingClientRect(); return [box.left, box.right, box.height]; };
    return [inside(svg.parentElement), [...svg.querySelectorAll('text')].map(inside)];
}"""


def test_the_chart_keeps_its_text_inside_and_readable_at_480_pixels(notebook: NotebookPage) -> None:
    notebook.show(WATCHING)
    svg = notebook.panel.get_by_role("img", name="Line chart: 12 of 24 places filled")
    try:
        for width in (480, 1280):
            notebook.width(width)
            expect(svg).to_be_visible()
            (left, right, _), texts = svg.evaluate(BOXES)
            assert all(left - 1 <= start and end <= right + 1 and height >= 11 for start, end, height in texts)
            dashed = svg.locator(".pnb-forecast").evaluate("node => getComputedStyle(node).strokeDasharray")
            assert dashed == "6px, 5px"
    finally:
        notebook.width(1280)


def test_without_notifications_the_title_of_the_tab_shows_the_bell_until_it_is_seen(notebook: NotebookPage) -> None:
    notebook.show(WATCHING)
    page, bell = notebook.page, notebook.panel.get_by_role("button", name="Notify me")
    page.evaluate(
        "() => Object.defineProperty(Notification, 'permission', { get: () => 'denied', configurable: true })"
    )
    notebook.execute("bell.ring('ended')")  # not asked for
    expect(bell).to_have_attribute("aria-pressed", "false")
    bell.click()
    expect(bell).to_have_attribute("aria-pressed", "true")
    status = notebook.panel.locator(".pnb-bell [role=status]")
    expect(status).to_contain_text("does not allow notifications here; the title of this tab shows a bell instead")
    notebook.expect_value("bell.wanted", True)
    assert not page.title().startswith("🔔")
    page.evaluate("() => { document.hasFocus = () => false; }")
    try:
        notebook.execute("bell.ring('ended')")
        notebook.until(lambda: page.title().startswith("🔔 "))
        assert page.evaluate(RENAMED_AND_SEEN) == ["🔔 another", "another"]
    finally:
        page.evaluate("() => { delete document.hasFocus; }")
    bell.click()
    expect(status).to_have_text("")
