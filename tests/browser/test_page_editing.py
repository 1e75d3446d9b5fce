"""Composing on the page itself, in a real JupyterLab."""

from __future__ import annotations

import statistics

import pytest
from playwright.sync_api import Locator, expect

from .lab import NotebookPage
from .steps import entries, field, panel, screen

CELL = """import prolific_nb as pnb
panel = pnb.panels.Composer(
    pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"]).write("Why?"), pnb.sample_data()
)
panel"""


@pytest.fixture
def page(notebook: NotebookPage) -> NotebookPage:
    notebook.show(CELL)
    expect(part(notebook, "description")).to_have_text("How?")
    return notebook


def part(page: NotebookPage, name: str, nth: int = 0) -> Locator:
    return screen(page).locator(f"[data-pnb-part={name}]").nth(nth)


def click_at_end(page: NotebookPage, where: Locator) -> None:
    where.click()
    page.page.keyboard.press("End")


def expect_options(page: NotebookPage, *labels: str) -> None:
    page.expect_value("[option.label for option in panel.value.items[1].options]", list(labels))
    expect(screen(page).locator("[data-pnb-part=options]")).to_have_text(list(labels))


def no_errors(page: NotebookPage) -> None:
    assert page.execute("print(panel.errors)").strip() == "[]"


def test_a_text_is_typed_where_it_is_read_and_the_caret_stays(page: NotebookPage) -> None:
    part(page, "description").click()
    page.page.keyboard.press("Home")
    page.page.keyboard.type("So, and now: ", delay=15)
    page.expect_value("panel.value.items[1].description", "So, and now: How?")
    expect(entries(page).nth(1)).to_have_text("So, and now: How?")
    expect(field(page, "compose", "Question")).to_have_value("So, and now: How?")
    page.page.keyboard.type("well, ")  # at the caret, after the answer of the kernel
    expect(part(page, "description")).to_have_text("So, and now: well, How?")
    page.expect_value("panel.value.items[1].description", "So, and now: well, How?")
    page.page.keyboard.press("Control+z")
    page.expect_value("panel.value.items[1].description", "How?")
    expect(part(page, "description")).to_have_text("How?")
    part(page, "name").click()
    page.page.keyboard.press("End")
    page.page.keyboard.type(" of mine")
    page.expect_value("panel.value.name", "Reviews of mine")
    no_errors(page)


PASTE = """(node, [plain, html]) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', plain);
    clipboardData.setData('text/html', html);
    node.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
}"""


def test_options_are_added_pasted_and_removed_with_the_keyboard(page: NotebookPage) -> None:
    click_at_end(page, part(page, "options"))
    page.page.keyboard.type("!")
    page.page.keyboard.press("Enter")
    page.page.keyboard.type("so so")  # without waiting for the kernel
    expect_options(page, "good!", "so so", "bad")
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("Backspace")
    page.page.keyboard.type("?")
    expect_options(page, "good!", "so so?", "bad")
    part(page, "options", 2).click()
    part(page, "options", 2).evaluate(PASTE, ["- worse\n- <b>worst</b>\n", "<ul><li><img src=x></li></ul>"])
    page.page.keyboard.press("Escape")
    page.until(lambda: "<b>worst</b>" in page.execute("print(panel.value.items[1].options[-1].label)"))
    assert screen(page).locator("[data-pnb-part] b, [data-pnb-part] img").count() == 0
    no_errors(page)


def test_options_are_added_and_removed_with_the_mouse(page: NotebookPage) -> None:
    part(page, "description").click()
    screen(page).get_by_role("button", name="Add an option").click()
    page.page.keyboard.type("mixed")
    expect_options(page, "good", "bad", "mixed")
    screen(page).locator(".option", has_text="bad").hover()
    screen(page).get_by_role("button", name="Remove option 2").click()
    expect_options(page, "good", "mixed")


def test_what_is_typed_while_the_kernel_is_busy_is_kept(page: NotebookPage) -> None:
    click_at_end(page, part(page, "options", 1))
    page.execute(
        "import threading, time\nfrom prolific_nb.panels.kit import panel as kit\n"
        "def hold():\n    with kit._lock: time.sleep(1.5)\n"
        "threading.Thread(target=hold).start()"
    )
    page.page.keyboard.type("ly made", delay=10)
    page.page.keyboard.press("Enter")
    page.page.keyboard.type("other", delay=10)
    part(page, "description").click()
    page.page.keyboard.press("End")
    page.page.keyboard.type(" Now")
    expect_options(page, "good", "badly made", "other")
    page.expect_value("panel.value.items[1].description", "How? Now")


def test_entries_are_moved_on_the_page_by_keyboard_and_by_drag(page: NotebookPage) -> None:
    part(page, "description").click()
    page.page.keyboard.press("Alt+ArrowDown")
    expect(entries(page)).to_have_text(["review", "Why?", "How?"])
    page.page.keyboard.type("X")
    page.until(lambda: "X" in page.execute("print(panel.value.items[2].description)"))
    page.page.keyboard.press("Alt+ArrowUp")
    page.page.keyboard.press("Alt+ArrowUp")
    page.until(lambda: "X" in page.execute("print(panel.value.entries[0].item.to_api().get('description'))"))
    cell = screen(page).locator(".words")
    cell.click()
    expect(entries(page).nth(1)).to_have_text("review")
    grip, target = screen(page).locator("[data-pnb-selected] > .grip"), screen(page).locator(".entry").nth(0)
    box, to = grip.bounding_box(), target.bounding_box()
    assert box is not None
    assert to is not None
    page.page.mouse.move(box["x"] + 5, box["y"] + 10)
    page.page.mouse.down()
    page.page.mouse.move(to["x"] + 40, to["y"] + 30, steps=3)
    page.page.mouse.move(to["x"] + 40, to["y"] + 5, steps=3)
    page.page.mouse.up()
    expect(entries(page).nth(0)).to_have_text("review")
    no_errors(page)


def test_a_click_on_the_page_selects_and_delete_in_the_list_removes(page: NotebookPage) -> None:
    screen(page).locator("textarea").last.click(force=True)
    expect(panel(page, "compose").locator(".pnb-selected .pnb-entry-title")).to_have_text("Why?")
    expect(screen(page).locator("[data-pnb-selected]")).to_have_count(1)
    expect(field(page, "compose", "Question")).to_have_value("Why?")
    panel(page, "compose").locator(".pnb-selected .pnb-entry-pick").press("Delete")
    expect(entries(page)).to_have_text(["review", "How?"])
    panel(page, "compose").locator(".pnb-selected .pnb-entry-pick").press("Control+z")
    expect(entries(page)).to_have_text(["review", "How?", "Why?"])


def test_the_page_is_answered_where_it_is_tried(page: NotebookPage) -> None:
    bad = screen(page).get_by_role("radio", name="bad")
    screen(page).locator(".option", has_text="bad").click(position={"x": 20, "y": 20})
    expect(bad).not_to_be_checked()
    panel(page, "compose").get_by_role("radio", name="Try it").click()
    expect(screen(page).locator("[contenteditable]")).to_have_count(0)
    bad.check()
    panel(page, "compose").get_by_role("radio", name="Edit on the page").click()
    click_at_end(page, part(page, "options"))
    page.page.keyboard.type("!")
    expect_options(page, "good!", "bad")
    expect(bad).to_be_checked()


COUNT = """() => {
    const send = WebSocket.prototype.send;
    window.sent = 0;
    WebSocket.prototype.send = function (...given) { window.sent += 1; return send.apply(this, given); };
}"""
SEEN = """field => {
    const frame = () => field.closest('.pnb-compose').querySelector('.pnb-preview-shown');
    window.waits = [];
    field.addEventListener('input', () => {
        const start = performance.now(), text = field.value;
        const look = () => {
            if (frame().contentDocument.body.textContent.includes(text)) window.waits.push(performance.now() - start);
            else requestAnimationFrame(look);
        };
        look();
    });
}"""


def test_a_keystroke_is_two_messages_at_most_and_soon_on_the_page(page: NotebookPage) -> None:
    page.page.evaluate(COUNT)
    question, words = field(page, "compose", "Question"), " And why is it?"
    click_at_end(page, part(page, "description"))
    page.page.evaluate("sent = 0")
    page.page.keyboard.type(words, delay=120)
    page.expect_value("panel.value.items[1].description", "How?" + words)
    on_page = page.page.evaluate("sent")
    question.evaluate(SEEN)
    question.press("End")
    page.page.evaluate("sent = 0")
    question.press_sequentially(words, delay=120)
    page.page.wait_for_function(f"waits.length === {len(words)}")
    in_form, median = page.page.evaluate("sent"), statistics.median(page.page.evaluate("waits"))
    print(f"messages: {on_page} on the page, {in_form} in the form; form to page: median {median:.0f} ms")
    assert max(on_page, in_form) <= 2 * len(words) + 2
    assert median < 250  # the benchmark measures on a quiet machine
