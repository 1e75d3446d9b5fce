"""The field for formatted text in a real JupyterLab: typing, toolbar, pasting, and what Python sends meanwhile."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import Locator, expect

from .lab import Lab, NotebookPage
from .test_sortable import CONTRASTS

FIELD = """
from prolific_nb.common.render import removed_parts
from prolific_nb.panels.compose.rich_text import RichText
field = RichText(value=VALUE, label="Introduction", placeholder="What the task is about")
field.add_class("t-rich")
display(field, field, RichText(label="Steps"))
"""
LIST = "<p>Read this:</p><ul><li>one</li><li>two</li></ul>"


@pytest.fixture
def page(notebook: NotebookPage) -> NotebookPage:
    notebook.lab.problems.clear()
    return notebook


def show(page: NotebookPage, value: str = "") -> Locator:
    """The text of the first of two views of one field, with the caret in it."""
    page.show(FIELD.replace("VALUE", repr(value)))
    text(page).click()
    return text(page)


def text(page: NotebookPage, view: int = 0) -> Locator:
    return page.panel.get_by_role("textbox", name="Introduction").nth(view)


def tool(page: NotebookPage, name: str) -> Locator:
    return page.panel.locator(".t-rich").first.get_by_role("button", name=name, exact=True)


def type_lines(page: NotebookPage, *lines: str) -> None:
    for number, line in enumerate(lines):
        if number:
            page.page.keyboard.press("Enter")
        page.page.keyboard.type(line)


def paste(page: NotebookPage, html: str) -> None:
    """Copy HTML and paste it with the keyboard, as it would come from another program."""
    page.page.evaluate(
        """html => document.addEventListener('copy', event => {
            event.preventDefault();
            event.clipboardData.setData('text/html', html);
        }, {once: true, capture: true})""",
        html,
    )
    page.page.keyboard.press("Control+c")
    page.page.keyboard.press("Control+v")


def test_typed_markdown_becomes_html_in_both_views(page: NotebookPage) -> None:
    show(page)
    type_lines(page, "## Task", "Be **quick** and *fair*, see [us](example.com).", "- one", "two", "", "1. first")
    html = (
        "<h2>Task</h2><p>Be <strong>quick</strong> and <em>fair</em>, "
        'see <a href="https://example.com">us</a>.</p><ul><li>one</li><li>two</li></ul><ol><li>first</li></ol>'
    )
    page.expect_value("field.value", html)
    page.expect_value("removed_parts(field.value)", [])
    expect(page.panel.get_by_role("textbox", name="Introduction")).to_have_count(2)
    expect(page.panel.get_by_role("textbox", name="Steps")).to_have_count(1)
    expect(text(page, 1).get_by_role("listitem")).to_have_text(["one", "two", "first"])
    for _ in range(2):
        page.page.keyboard.press("Control+z")  # the word, and then the list that was made of "1. "
    page.expect_value("field.value", html.replace("<ol><li>first</li></ol>", "<p>1. </p>"))
    page.page.keyboard.press("Control+Shift+z")
    page.page.keyboard.press("Control+Shift+z")
    page.expect_value("field.value", html)


def test_the_toolbar_is_one_tab_stop_and_works_by_keyboard(page: NotebookPage) -> None:
    keyboard = page.page.keyboard
    show(page, LIST)
    keyboard.press("Control+a")
    keyboard.press("Shift+Tab")
    expect(tool(page, "Bold")).to_be_focused()
    for _ in range(5):
        keyboard.press("ArrowRight")
    keyboard.press("Enter")
    expect(text(page)).to_be_focused()
    expect(tool(page, "Numbered list")).to_have_attribute("aria-pressed", "true")
    page.expect_value("field.value", "<ol><li>Read this:</li><li>one</li><li>two</li></ol>")
    keyboard.press("Control+k")
    keyboard.type("javascript:alert(1)")
    keyboard.press("Enter")
    expect(page.panel.locator(".t-rich").first.get_by_role("alert")).to_contain_text("https://")
    keyboard.press("Control+a")
    keyboard.type("ada@example.com")
    keyboard.press("Enter")
    link = '<a href="mailto:ada@example.com">{}</a>'
    entries = "".join(f"<li>{link.format(words)}</li>" for words in ("Read this:", "one", "two"))
    page.expect_value("field.value", f"<ol>{entries}</ol>")
    keyboard.press("Control+b")  # elsewhere it opens the sidebar of JupyterLab
    expect(tool(page, "Bold")).to_have_attribute("aria-pressed", "true")
    assert page.page.evaluate("window.jupyterapp.shell.leftCollapsed")
    keyboard.press("Escape")
    expect(page.panel.get_by_role("group", name="Introduction").first).to_be_focused()
    for key in ("d", "d", "a", "b"):
        keyboard.press(key)
    expect(page.panel.locator(".jp-CodeCell")).to_have_count(1)


HOSTILE = """<!--StartFragment--><p class=MsoNormal style='color:red' onclick='window.hit = 1'>Read <b>all</b></p>
<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>an entry of Word</p>
<script>window.hit = 1</script><img src=x onerror='window.hit = 1'><svg onload='window.hit = 1'></svg>
<a href='javascript:window.hit=1'>bad</a> <a href='https://example.com/?a=1&b=2' onfocus='window.hit=1'>good</a>
<iframe srcdoc='<script>parent.hit = 1</script>'></iframe><style>* { display: none }</style>
<math><mtext><table><mglyph><style><img src=x onerror='window.hit = 1'></style></mglyph></table></mtext></math>
<b style='font-weight:normal'><span style='font-weight:700'>Google</span> Docs</b>"""


def test_pasted_html_is_reduced_to_what_the_toolbar_makes(page: NotebookPage) -> None:
    show(page)
    paste(page, HOSTILE)
    expect(page.panel.locator(".t-rich").first.get_by_role("status")).to_contain_text(
        "Left out of what was pasted: <script>, <img>"
    )
    page.expect_value(
        "field.value",
        "<p>Read <strong>all</strong></p><ul><li>an entry of Word</li></ul>"
        '<p>bad <a href="https://example.com/?a=1&amp;b=2">good</a> <strong>Google</strong> Docs</p>',
    )
    assert page.page.evaluate("window.hit") is None
    expect(text(page).locator("[style], [class], [onclick], script, img, svg, iframe")).to_have_count(0)


def test_no_script_of_a_value_runs_and_what_would_be_lost_is_named(page: NotebookPage) -> None:
    value = "<p onclick='window.hit = 1'>Read</p><table><tbody><tr><td>kept</td></tr></tbody></table>"
    show(page, value + "<img src=x onerror='window.hit = 1'><script>window.hit = 1</script>")
    note = page.panel.locator(".t-rich").first.get_by_role("status")
    expect(note).to_contain_text("Not shown to participants: onclick of <p>, src of <img>, onerror of <img>, <script>.")
    page.expect_value("'<script>' in field.value", True)
    text(page).get_by_text("Read").click()
    page.page.keyboard.press("End")
    page.page.keyboard.type("!")
    page.expect_value("(field.value.count('Read!</p><table'), field.removed)", (1, []))
    expect(note).to_be_hidden()
    assert page.page.evaluate("window.hit") is None
    tool(page, "HTML").click()
    source = page.panel.locator(".t-rich textarea").first
    source.fill("<p>By hand</p><script>window.hit = 1</script>")
    expect(note).to_have_text("Not shown to participants: <script>.")
    tool(page, "HTML").click()
    expect(text(page)).to_have_text("By hand")
    assert page.page.evaluate("window.hit") is None


def test_the_caret_stays_while_python_answers_and_a_change_by_python_is_shown(page: NotebookPage) -> None:
    field = show(page, "<p>start end</p>")
    page.execute(
        "seen = []\n"
        "def answer(change):\n"
        "    seen.append(change['new'])\n"
        "    field.placeholder = f'{len(seen)} changes'\n"
        "field.observe(answer, names=['value'])"
    )
    page.page.keyboard.press("Home")
    for _ in range(6):
        page.page.keyboard.press("ArrowRight")
    began = time.monotonic()
    for letter in "a word, typed slowly ":
        page.page.keyboard.type(letter, delay=60)
    page.expect_value("field.value", "<p>start a word, typed slowly end</p>")
    took = time.monotonic() - began
    assert int(page.execute("print(len(seen))")) <= min(took / 0.15 + 2, 20)  # of 21 keystrokes, in 1.3 s and more
    page.execute("field.value = '<p>start again, end</p>'")  # as Undo of the panel does
    expect(field).to_have_text("start again, end")
    expect(field).to_be_focused()
    page.page.keyboard.press("Home")
    page.page.keyboard.type("Re")
    page.page.evaluate("document.activeElement.blur()")  # sends without waiting
    page.expect_value("field.value", "<p>Restart again, end</p>")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_320_pixels_and_every_text_is_readable(page: NotebookPage, lab: Lab, theme: str) -> None:
    show(page, f"<h2>Task</h2><p>{'averylongword' * 12} <a href='https://example.com'>link</a></p><script></script>")
    page.panel.locator(".t-rich").first.evaluate("node => { node.style.width = '320px'; }")
    page.page.keyboard.press("Control+k")
    page.panel.get_by_role("button", name="Set link").click()
    parts = page.panel.locator(".t-rich").first.locator("span, p, button:visible, input, h2, a")
    lab.theme("dark" if theme == "dark" else "light")
    try:
        page.until(lambda: min(parts.evaluate_all(CONTRASTS)) >= 4.5)
        assert max(json.loads(parts.evaluate_all("n => JSON.stringify(n.map(x => x.scrollWidth))"))) <= 320
        page.shot(f"rich-text-{theme}", theme="dark" if theme == "dark" else "light")
    finally:
        lab.theme("light")
