"""Parts of the desk for taking tasks, in a page of their own: the clock, and the frames of the rows to come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route

import prolific_nb.panels

PANELS = Path(prolific_nb.panels.__file__).parent
# A time and a visibility that the test sets.
STAGED = """
window.now = 0;
performance.now = () => window.now;
Object.defineProperty(document, "visibilityState", { get: () => window.state ?? "visible" });
document.hasFocus = () => window.focus_ ?? true;
window.pass = (seconds, setting = {}) => {
  for (let beat = 0; beat < seconds; beat += 1) { window.now += 1000; clock.beat(); }
  Object.assign(window, setting);
  document.dispatchEvent(new Event("visibilitychange"));
};
"""


@pytest.fixture
def page(browser_context: BrowserContext) -> Iterator[Page]:
    opened = browser_context.new_page()
    yield opened
    opened.close()


def load(page: Page, *files: str) -> None:
    page.goto("about:blank")
    for file in files:
        page.add_script_tag(content=(PANELS / file).read_text(encoding="utf-8"))


def test_the_time_of_a_task_stops_while_nobody_can_see_it(page: Page) -> None:
    load(page, "taking/static/task_clock.js")
    page.evaluate(f"() => {{ {STAGED} window.seen = true; window.clock = new TaskClock(() => window.seen); }}")

    def spent(act: str) -> Any:
        return page.evaluate(f"() => {{ {act}; return clock.seconds('task'); }}")

    assert spent("clock.start('task'); pass(10)") == 10
    assert spent("pass(0, {state: 'hidden'}); pass(30)") == 10  # another tab
    assert spent("pass(0, {state: 'visible'}); pass(5)") == 15
    assert spent("pass(0, {seen: false}); pass(30); pass(0, {seen: true})") == 15  # scrolled away
    assert spent("window.now += 3600e3; clock.beat()") == 15  # the machine slept
    assert spent("window.focus_ = false; pass(300); window.focus_ = true; clock.beat()") == 75  # a minute beside it
    assert spent("clock.start('other'); pass(20)") == 75
    assert spent("clock.clear('task')") == 0
    page.evaluate("clock.remove()")


def test_the_pictures_of_the_next_row_are_loaded_before_it_is_shown(page: Page) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(content_type="image/svg+xml", body="<svg xmlns='http://www.w3.org/2000/svg'/>")

    page.route("https://pictures.example/**", answer)
    load(page, "kit/static/row_frames.js")
    page.evaluate("""() => {
        const stage = document.body.appendChild(document.createElement("div"));
        const html = (name) => `<!doctype html><p>${name}</p><img src="https://pictures.example/${name}.svg">`;
        window.items = ["one", "two"].map((id) => ({ id, title: id, html: html(id) }));
        window.frames_ = new RowFrames(stage, { wide: 600, narrow: 600 }, () => {});
        window.frames_.show(window.items, "one");
    }""")
    page.wait_for_function(
        "() => [...document.querySelectorAll('iframe')].every((each) => each.contentDocument.images[0]?.complete)"
    )
    assert sorted(asked) == [f"https://pictures.example/{name}.svg" for name in ("one", "two")]
    page.evaluate("window.frames_.show(window.items, 'two')")
    assert page.locator(".pnb-frame-shown").get_attribute("title") == "two, as participants saw it"
    assert len(asked) == 2
