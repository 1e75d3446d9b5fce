"""The list in a real JupyterLab: by mouse, by keyboard, by buttons."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from .lab import Lab, NotebookPage, Theme

TITLES = ["review", "How does the writer feel?", "Page 2", "Why?", "How sure are you?"]

# The Python side, like a panel: a move is applied, and every entry gets a new id.
LIST = """
from prolific_nb.panels.kit.sortable_list import Sortable

def numbered(entries):
    return [{**entry, "id": str(index)} for index, entry in enumerate(entries)]

def entry(title, kind="choice", problem="", level="", beside=False, divider=False):
    return dict(title=title, kind=kind, problem=problem, level=level, beside=beside, divider=divider)

page = Sortable(items=numbered(ENTRIES), selected="0", label="On the page")
page.add_class("t-list")

def moved(change):
    order = change["new"]
    if order == [item["id"] for item in page.items]:
        return
    entries = {item["id"]: item for item in page.items}
    with page.hold_sync():
        selected = order.index(page.selected)
        page.items = numbered([entries[id] for id in order])
        page.selected = str(selected)

page.observe(moved, names=["order"])
page
"""
FIVE = """[
    entry("review", "column"),
    entry("How does the writer feel?", problem="Two options are the same.", level="error"),
    entry("Page 2", divider=True),
    entry("Why?", "text", beside=True, problem="Nobody must answer this.", level="note"),
    entry("How sure are you?", "rating", problem="One option only.", level="warning"),
]"""


WORST = f"""[
    entry("مراجعة طويلة بالعربية", "column"),
    entry({"averylongcolumnname" * 11!r}, "column", problem={"No such column in the file. " * 9!r}, level="error"),
    entry({"A page with a long name " * 9!r}, divider=True, problem="Nothing is on this page.", level="warning"),
    entry("One that stands beside the other", "text", beside=True),
    *[entry(f"Question {{n}}", "rating") for n in range(12)],
]"""


def listing(entries: str) -> str:
    return LIST.replace("ENTRIES", entries)


@pytest.fixture
def page(notebook: NotebookPage) -> NotebookPage:
    return notebook.show(listing(FIVE))


def entries(page: NotebookPage) -> Locator:
    return page.panel.locator(".t-list li")


def pick(page: NotebookPage, title: str) -> Locator:
    return page.panel.locator(".t-list").get_by_role("button", name=title).and_(page.panel.locator(".pnb-entry-pick"))


def expect_titles(page: NotebookPage, titles: list[str]) -> None:
    """In the browser, and in Python once it has answered."""
    expect(page.panel.locator(".t-list .pnb-entry-title")).to_have_text(titles)
    page.expect_value("[item['title'] for item in page.items]", titles)
    expect(page.panel.locator(".t-list .pnb-entry-title")).to_have_text(titles)


def test_an_entry_is_dragged_down_and_up(page: NotebookPage) -> None:
    first, last = TITLES[0], TITLES[-1]
    page.drag(entries(page).nth(0), entries(page).nth(3))
    expect_titles(page, [*TITLES[1:4], first, last])
    page.drag(entries(page).nth(4), entries(page).nth(0))
    expect_titles(page, [last, *TITLES[1:4], first])
    expect(pick(page, last)).to_have_attribute("aria-current", "true")
    expect(pick(page, last)).to_be_focused()


def test_a_drag_that_ends_outside_changes_nothing(page: NotebookPage) -> None:
    page.drag(entries(page).nth(0), page.panel.locator(".jp-InputArea-editor").first)
    expect(page.panel.locator(".pnb-drop-before, .pnb-drop-after, .pnb-dragged")).to_have_count(0)
    expect_titles(page, TITLES)


def test_the_keyboard_selects_and_moves_and_focus_follows(page: NotebookPage) -> None:
    keyboard = page.page.keyboard
    pick(page, "review").focus()
    keyboard.press("ArrowDown")
    expect(pick(page, TITLES[1])).to_be_focused()
    page.expect_value("page.selected", "1")
    pick(page, TITLES[1]).focus()
    keyboard.press("Alt+ArrowDown")
    expect(page.panel.locator(".t-list [aria-live]")).to_have_text("How does the writer feel? moved to 3 of 5")
    expect(pick(page, TITLES[1])).to_be_focused()
    keyboard.press("Control+ArrowUp")
    expect(page.panel.locator(".t-list [aria-live]")).to_have_text("How does the writer feel? moved to 2 of 5")
    keyboard.press("End")
    expect(pick(page, TITLES[4])).to_be_focused()
    expect_titles(page, TITLES)


def test_moves_that_are_faster_than_python_are_all_applied(page: NotebookPage) -> None:
    pick(page, "review").focus()
    for key in ("Alt+ArrowDown", "Alt+ArrowDown", "Alt+ArrowDown", "Alt+ArrowUp", "Alt+ArrowDown", "Alt+ArrowDown"):
        page.page.keyboard.press(key)
    expect_titles(page, [*TITLES[1:], "review"])
    expect(pick(page, "review")).to_have_attribute("aria-current", "true")


def test_buttons_move_the_selected_entry_and_keep_the_focus(page: NotebookPage) -> None:
    pick(page, TITLES[3]).click()
    up = page.panel.get_by_role("button", name="Move up: Why?")
    up.click()
    up.click()
    expect_titles(page, [TITLES[0], TITLES[3], TITLES[1], TITLES[2], TITLES[4]])
    up.focus()
    page.page.keyboard.press("Enter")
    expect_titles(page, [TITLES[3], TITLES[0], TITLES[1], TITLES[2], TITLES[4]])
    expect(up).to_have_attribute("aria-disabled", "true")
    expect(page.panel.get_by_role("button", name="Move down")).to_have_count(1)


def test_a_page_start_moves_like_any_entry(page: NotebookPage) -> None:
    pick(page, "Page 2").click()
    page.page.keyboard.press("Alt+ArrowUp")
    expect_titles(page, [TITLES[0], TITLES[2], TITLES[1], *TITLES[3:]])


def test_letters_in_the_list_are_not_shortcuts_of_the_notebook(page: NotebookPage) -> None:
    pick(page, "review").focus()
    for key in ("a", "b", "x", "d", "d", "m", "Shift+Enter"):
        page.page.keyboard.press(key)
    expect(page.panel.locator(".jp-Cell")).to_have_count(1)
    expect(page.panel.locator(".jp-CodeCell")).to_have_count(1)


def test_focus_is_kept_when_python_renumbers_and_not_taken_otherwise(page: NotebookPage) -> None:
    pick(page, "review").focus()
    page.page.keyboard.press("Alt+ArrowDown")
    expect(page.panel.locator('.t-list .pnb-entry-pick[aria-current="true"]')).to_be_focused()
    page.page.evaluate("document.activeElement.blur()")
    page.execute("page.selected = '3'")
    expect(pick(page, "Why?")).to_have_attribute("aria-current", "true")
    expect(pick(page, "Why?")).not_to_be_focused()


def test_an_unanswered_move_is_undone(notebook: NotebookPage) -> None:
    page = notebook.show(listing(FIVE).replace("page.observe(moved", "0 and page.observe(moved"))
    pick(page, "review").focus()
    for _ in range(2):
        page.page.keyboard.press("Alt+ArrowDown")
        expect_titles(page, TITLES)


def test_problems_are_shown_as_text_with_an_icon(page: NotebookPage) -> None:
    problems = page.panel.locator(".t-list .pnb-entry-problem:visible")
    expect(problems).to_have_text(
        ["✕Error: Two options are the same.", "iNote: Nobody must answer this.", "!Warning: One option only."]
    )
    expect(pick(page, "Error: Two options are the same.")).to_have_count(1)
    assert problems.locator("[aria-hidden=true]").all_inner_texts() == ["✕", "i", "!"]


def test_titles_are_escaped_and_long_ones_are_clipped(notebook: NotebookPage) -> None:
    hostile = [
        "<script>window.hit = 1</script>",
        "<img src=x onerror='window.hit = 1'>",
        "</li>${hit}" + " yellow" * 40,
    ]
    page = notebook.show(listing(f"[entry(title, kind=title, problem=title, level='error') for title in {hostile!r}]"))
    expect(page.panel.locator(".t-list .pnb-entry-title")).to_have_text(hostile)
    pick(page, "<script>").press("Alt+ArrowDown")
    expect(page.panel.locator(".t-list [aria-live]")).to_contain_text("moved to 2 of 3")
    assert page.page.evaluate("window.hit") is None
    expect(page.panel.locator(".t-list img, .t-list script")).to_have_count(0)
    long = page.panel.locator(".t-list .pnb-entry-title").nth(2)
    page.until(lambda: long.evaluate("node => node.scrollWidth > node.clientWidth && node.clientHeight < 30"))
    expect(page.panel.locator(".t-list .pnb-entry-pick").nth(2)).to_have_attribute("title", hostile[2])


def test_an_empty_list_says_so(notebook: NotebookPage) -> None:
    page = notebook.show(listing("[]"))
    expect(page.panel.get_by_text("Nothing here yet.")).to_be_visible()
    expect(entries(page)).to_have_count(0)


def test_it_fits_320_pixels(notebook: NotebookPage) -> None:
    notebook.show(listing(WORST))
    pick(notebook, "مراجعة").click()
    notebook.panel.locator(".t-list").evaluate("node => { node.style.width = '320px'; }")
    boxes = notebook.panel.locator(".t-list, .t-list ol, .t-list li")
    notebook.until(lambda: boxes.evaluate_all("nodes => nodes.every(node => node.scrollWidth <= 320)"))
    expect(notebook.panel.get_by_role("button", name="Move down")).to_be_in_viewport(ratio=1)


CONTRASTS = """nodes => {
    const parts = colour => colour.match(/[\\d.]+/g).map(Number);
    const over = ([r, g, b, a = 1], back) => [r, g, b].map((v, i) => a * v + (1 - a) * back[i]);
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = node => {
        const back = parts(getComputedStyle(node).backgroundColor);
        return back[3] === 0 ? ground(node.parentElement) : back;
    };
    return nodes.map(node => {
        const text = light(over(parts(getComputedStyle(node).color), ground(node)));
        const back = light(ground(node));
        return (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
    });
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_is_readable(page: NotebookPage, lab: Lab, theme: Theme) -> None:
    lab.theme(theme)
    texts = page.panel.locator(".t-list :is(.pnb-entry-title, .pnb-entry-kind, .pnb-entry-problem, p, button)")
    try:
        page.until(lambda: min(texts.evaluate_all(CONTRASTS)) >= 4.5)  # colours may fade from one theme to the other
    finally:
        lab.theme("light")


LOOKS = [("", None, "light"), ("-dark", None, "dark"), ("-narrow", 480, "light")]


@pytest.mark.parametrize(("name", "width", "theme"), LOOKS, ids=["light", "dark", "narrow"])
@pytest.mark.parametrize(("case", "listed"), [("", FIVE), ("-worst", WORST)], ids=["five", "worst"])
def test_screenshots_of_the_list(
    notebook: NotebookPage, case: str, listed: str, name: str, width: int | None, theme: Theme
) -> None:
    notebook.show(listing(listed))
    pick(notebook, "").nth(1).press("ArrowDown")
    assert notebook.shot(f"sortable{case}{name}", width, theme).stat().st_size < 60_000


def test_a_change_of_one_entry_leaves_the_others_alone(page: NotebookPage) -> None:
    page.panel.locator(".t-list").evaluate(
        """list => {
            window.touched = new Set();
            new MutationObserver(records => {
                for (const { target } of records) {
                    const row = (target.closest ? target : target.parentElement)?.closest('li');
                    window.touched.add([...list.querySelectorAll('li')].indexOf(row));
                }
            }).observe(list, {childList: true, characterData: true, attributes: true, subtree: true});
        }"""
    )
    page.execute("page.items = [page.items[0], {**page.items[1], 'title': 'How do they feel?'}, *page.items[2:]]")
    expect(entries(page).nth(1).locator(".pnb-entry-title")).to_have_text("How do they feel?")
    page.until(lambda: page.page.evaluate("window.touched.size") > 0)
    assert page.page.evaluate("[...window.touched].filter(row => row >= 0)") == [1]
