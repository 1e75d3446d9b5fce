"""The preview in a real JupyterLab: entries are kept, and no script in it runs."""

from __future__ import annotations

import pytest
from playwright.sync_api import FrameLocator, expect

from .lab import NotebookPage, Theme

STYLE = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
  body { background: #fff; color: #111; font: 16px/1.5 sans-serif; margin: 0; padding: 16px; }
  label { display: block; margin: 6px 0; } textarea, input[type=text] { box-sizing: border-box; width: 100%; }
</style>"""
FORM = """<h2>Review sentiment</h2>
<p>The soup was cold, and the waiter laughed when we said so. We would still go back for the bread.</p>
<fieldset><legend>How does the writer feel?</legend>
  <label><input type="radio" name="feel" value="good"> good</label>
  <label><input type="radio" name="feel" value="bad"> bad</label>
</fieldset>
<fieldset><legend>What is it about?</legend>
  <label><input type="checkbox" name="about" value="food"> the food</label>
  <label><input type="checkbox" name="about" value="service"> the service</label>
</fieldset>
<label>Language <select name="language"><option value="">Choose</option><option>English</option><option>Welsh</option>
</select></label>
<label>Why? <textarea name="why" rows="3"></textarea></label>
<label>Your town <input type="text" name="town"></label>
<button type="button">Next</button>"""


def document(body: str) -> str:
    return f'<!doctype html><html lang="en"><head><title>t</title>{STYLE}</head><body>{body}</body></html>'


def showing(html: str, width: str = "desktop") -> str:
    return f"""
import ipywidgets
from prolific_nb.panels.kit.preview_frame import Preview
screen = Preview(html={html!r}, width={width!r})
screen.add_class("t-screen")
editor = ipywidgets.Text(description="Question")
display(editor, screen)
"""


@pytest.fixture
def page(notebook: NotebookPage) -> NotebookPage:
    notebook.show(showing(document(FORM)))
    expect(inside(notebook).get_by_role("heading")).to_have_text("Review sentiment")
    return notebook


def inside(page: NotebookPage) -> FrameLocator:
    return page.panel.frame_locator(".t-screen iframe.pnb-preview-shown")


def change(page: NotebookPage, html: str) -> None:
    page.execute(f"screen.html = {html!r}")


def expect_heading(page: NotebookPage, text: str) -> None:
    expect(inside(page).get_by_role("heading")).to_have_text(text)
    expect(page.panel.locator(".t-screen iframe")).to_have_count(1)


def test_entries_are_kept_when_the_task_changes(page: NotebookPage) -> None:
    screen = inside(page)
    screen.get_by_label("bad").check()
    screen.get_by_label("the service").check()
    screen.get_by_label("Language").select_option("Welsh")
    screen.get_by_label("Why?").fill("He laughed.\nTwice.")
    screen.get_by_label("Your town").fill("Bangor")
    change(page, document(FORM.replace("Review sentiment", "Second version").replace("<option>English</option>", "")))
    expect_heading(page, "Second version")
    expect(screen.get_by_label("bad")).to_be_checked()
    expect(screen.get_by_label("good")).not_to_be_checked()
    expect(screen.get_by_label("the service")).to_be_checked()
    expect(screen.get_by_label("the food")).not_to_be_checked()
    expect(screen.get_by_label("Language")).to_have_value("Welsh")
    expect(screen.get_by_label("Why?")).to_have_value("He laughed.\nTwice.")
    expect(screen.get_by_label("Your town")).to_have_value("Bangor")


def test_a_question_that_is_restored_keeps_its_answer(page: NotebookPage) -> None:
    inside(page).get_by_label("Your town").fill("Bangor")
    change(page, document("<h2>Empty</h2>"))
    expect_heading(page, "Empty")
    change(page, document(FORM))
    expect_heading(page, "Review sentiment")
    expect(inside(page).get_by_label("Your town")).to_have_value("Bangor")


def test_typing_in_the_editor_is_not_interrupted(page: NotebookPage) -> None:
    editor = page.panel.get_by_label("Question", exact=True)
    page.execute(
        f"form = {document(FORM)!r}\n"
        "def typed(change): screen.html = form.replace('Review sentiment', change['new'])\n"
        "editor.observe(typed, names=['value'])"
    )
    editor.press_sequentially("How do they feel?", delay=15)
    expect_heading(page, "How do they feel?")
    expect(editor).to_be_focused()
    expect(editor).to_have_value("How do they feel?")


def test_focus_in_the_screen_stays_in_its_field(page: NotebookPage) -> None:
    why = inside(page).get_by_label("Why?")
    why.fill("He laughed.")
    why.press("Home")
    change(page, document(FORM.replace("Review sentiment", "Second version")))
    expect_heading(page, "Second version")
    expect(why).to_be_focused()
    page.page.keyboard.type("Because ")
    expect(why).to_have_value("Because He laughed.")


RECORD = """node => {
    window.frame ??= window.requestAnimationFrame.bind(window); // also while HOLD_FRAMES keeps it from the page
    window.blank = 0; window.seen = [];
    const look = () => {
        const frame = node.querySelector('.pnb-preview-shown');
        if (!frame || frame.clientHeight < 40) window.blank += 1;
        const text = frame?.contentDocument?.querySelector('h2')?.textContent;
        if (text && text !== window.seen.at(-1)) window.seen.push(text);
        if (!window.stop) window.frame(look);
    };
    window.stop = false;
    look();
}"""


# The page gets no animation frame until they are released, as if it were busy.
HOLD_FRAMES = """() => {
    window.held = [];
    window.requestAnimationFrame = callback => window.held.push(callback);
}"""
RELEASE_FRAMES = """() => {
    window.requestAnimationFrame = window.frame;
    for (const callback of window.held) window.frame(callback);
}"""
SIXTY = f"for n in range(60): screen.html = {document('<h2>Number </h2>')!r}.replace('Number ', f'Number {{n}}')"


def recorded(page: NotebookPage, last: str) -> tuple[int, list[str]]:
    """How many frames were blank, and the headings, once `RECORD` has seen the last: up to a frame after it shows."""
    page.until(lambda: page.page.evaluate("window.seen.at(-1)") == last)
    blank, seen = page.page.evaluate("() => { window.stop = true; return [window.blank, window.seen]; }")
    return blank, seen


def test_of_many_changes_the_last_is_shown_and_nothing_is_blank_meanwhile(page: NotebookPage) -> None:
    page.panel.locator(".t-screen").evaluate(RECORD)
    page.execute(SIXTY)
    blank, seen = recorded(page, "Number 59")
    assert blank == 0
    assert len(seen) > 1


def test_of_the_changes_within_one_frame_only_the_last_is_drawn(page: NotebookPage) -> None:
    page.panel.locator(".t-screen").evaluate(RECORD)
    page.page.evaluate(HOLD_FRAMES)
    page.execute(SIXTY + "\nscreen.title = 'All changes are sent'")
    expect(page.panel.locator(".t-screen iframe")).to_have_attribute("title", "All changes are sent")
    page.page.evaluate(RELEASE_FRAMES)
    assert recorded(page, "Number 59") == (0, ["Review sentiment", "Number 59"])


HOSTILE = [
    "<script>parent.hit = 1; top.hit = 1</script>",
    "<img src=x onerror='parent.hit = 1'>",
    "<svg onload='parent.hit = 1'></svg>",
    "</iframe><script>window.hit = 1</script>",
    "\"'><script>window.hit = 1</script>",
    "<iframe srcdoc='<script>top.hit = 1</script>'></iframe>",
    "<meta http-equiv=refresh content='0;url=javascript:parent.hit=1'>",
    "<details open ontoggle='parent.hit = 1'>d</details>",
    "<input name=field autofocus onfocus='parent.hit = 1'>",
    "<form action='javascript:parent.hit=1'><button id=send>Send</button></form>",
    "<a id=link href='javascript:parent.hit=1'>link</a><a id=top target=_top href='https://example.com/'>top</a>",
]


def test_no_script_in_the_preview_runs(notebook: NotebookPage) -> None:
    # without the document's own policy, so that only the frame blocks scripts
    notebook.show(showing("<!doctype html><h2>Hostile</h2>" + "".join(HOSTILE)))
    screen = inside(notebook)
    expect(screen.get_by_role("heading")).to_have_text("Hostile")
    address = notebook.page.url
    for target in ("#send", "#link", "#top", "input"):
        screen.locator(target).click()
    notebook.page.wait_for_timeout(200)
    assert notebook.page.evaluate("window.hit") is None
    assert notebook.page.url == address
    assert notebook.panel.locator(".t-screen > * script").count() == 0


def test_the_frame_may_run_no_scripts_and_reach_no_window(page: NotebookPage) -> None:
    sandbox = page.panel.locator(".t-screen iframe").get_attribute("sandbox")
    assert sandbox == "allow-forms allow-same-origin"


def test_after_a_link_is_followed_the_task_is_restored(notebook: NotebookPage) -> None:
    notebook.show(showing(document('<h2>Task</h2><a href="/static/favicons/favicon.ico">More</a>')))
    inside(notebook).locator("body").evaluate("node => { node.dataset.before = ''; }")
    inside(notebook).get_by_role("link").click()
    expect(inside(notebook).locator("body[data-before]")).to_have_count(0)
    expect_heading(notebook, "Task")


def height(page: NotebookPage) -> float:
    box = page.panel.locator(".t-screen iframe.pnb-preview-shown").bounding_box()
    assert box is not None
    return box["height"]


def content(page: NotebookPage) -> float:
    """The height of the document in the frame."""
    return inside(page).locator("html").evaluate("node => Math.ceil(node.getBoundingClientRect().height)")


def test_the_height_fits_what_is_shown(page: NotebookPage) -> None:
    page.until(lambda: height(page) == content(page))
    tall = height(page)
    change(page, document("<h2>Short</h2>"))
    expect_heading(page, "Short")
    page.until(lambda: 40 < height(page) < tall / 2)
    change(page, document("<h2>Long</h2>" + "<p>word</p>" * 200))
    expect_heading(page, "Long")
    page.until(lambda: height(page) == 660)


def test_a_field_that_is_enlarged_makes_the_preview_larger(page: NotebookPage) -> None:
    before = height(page)
    inside(page).get_by_label("Why?").evaluate("node => { node.style.height = '200px'; }")
    page.page.wait_for_function(
        "before => document.querySelector('.t-screen iframe').clientHeight > before + 50", arg=before
    )


def test_a_phone_is_390_pixels_wide_and_centred(page: NotebookPage) -> None:
    page.execute("screen.width = 'phone'")
    expect(page.panel.locator(".t-screen")).to_have_attribute("data-width", "phone")
    frame = page.panel.locator(".t-screen iframe")
    expect(frame).to_have_css("width", "390px")
    page.until(lambda: height(page) == content(page))
    box, place = frame.bounding_box(), page.panel.locator(".t-screen").bounding_box()
    assert box is not None
    assert place is not None
    assert box["width"] == 390
    assert abs((box["x"] - place["x"]) - (place["x"] + place["width"] - box["x"] - 390)) < 2


def test_the_desktop_layout_is_scaled_down_in_a_narrow_panel(page: NotebookPage) -> None:
    page.page.evaluate("() => { document.querySelector('.t-screen').style.width = '320px'; }")
    frame = page.panel.locator(".t-screen iframe.pnb-preview-shown")
    expect(frame).to_have_css("width", "640px")
    expect(inside(page).locator("html")).to_have_css("width", "640px")

    def fills_its_place() -> bool:
        box, place = frame.bounding_box(), page.panel.locator(".t-screen").bounding_box()
        assert box is not None
        assert place is not None
        # neither cut off nor with a gap below it
        return 300 < box["width"] <= 320 and abs(box["height"] - place["height"]) < 4

    page.until(fills_its_place)
    inside(page).get_by_label("Your town").fill("Bangor")  # and it is answered where it is seen
    page.execute("screen.width = 'phone'")
    expect(inside(page).locator("html")).to_have_css("width", "316px")


def test_the_frame_has_a_name_and_an_empty_preview_has_a_note(page: NotebookPage) -> None:
    page.execute("screen.title = 'Row 3'")
    expect(page.panel.locator(".t-screen iframe")).to_have_attribute("title", "Row 3")
    page.execute("screen.html = ''")
    expect(page.panel.get_by_text("Nothing to show yet.")).to_be_visible()
    expect(page.panel.locator(".t-screen iframe")).not_to_be_visible()


def test_answers_belong_to_the_row_that_is_shown(page: NotebookPage) -> None:
    screen = inside(page)
    page.execute("screen.about = 'row 2'")
    expect(screen.get_by_label("bad")).not_to_be_checked()
    screen.get_by_label("bad").check()
    screen.get_by_label("Your town").fill("Bangor")
    page.execute("screen.about = 'row 3'")
    expect(screen.get_by_label("Your town")).to_have_value("")
    expect(screen.get_by_label("bad")).not_to_be_checked()
    screen.get_by_label("good").check()
    page.execute("screen.about = 'row 2'")
    expect(screen.get_by_label("Your town")).to_have_value("Bangor")
    expect(screen.get_by_label("bad")).to_be_checked()


def test_an_answer_stays_at_its_option_when_another_comes_before_it(page: NotebookPage) -> None:
    screen = inside(page)
    screen.get_by_label("bad").check()
    screen.get_by_label("the food").check()
    form = FORM
    for kind, name, more in (("radio", "feel", "mixed"), ("checkbox", "about", "price")):
        first = f'  <label><input type="{kind}"'
        form = form.replace(first, f'{first} name="{name}" value="{more}"> {more}</label>{first}', 1)
    change(page, document(form))
    expect(screen.get_by_label("mixed")).to_be_visible()
    expect(screen.get_by_label("bad")).to_be_checked()
    expect(screen.get_by_label("the food")).to_be_checked()
    for other in ("good", "mixed", "the service", "price"):
        expect(screen.get_by_label(other)).not_to_be_checked()


def test_a_change_replaces_only_what_changed(page: NotebookPage) -> None:
    frame = page.panel.locator(".t-screen iframe")
    frame.evaluate("node => { node.mark = 1; node.contentDocument.querySelector('textarea').mark = 1; }")
    change(page, document(FORM.replace("Review sentiment", "Second version")))
    expect_heading(page, "Second version")
    assert frame.evaluate("node => [node.mark, node.contentDocument.querySelector('textarea').mark]") == [1, 1]


def test_other_styles_reload_the_document(page: NotebookPage) -> None:
    change(page, document(FORM).replace("padding: 16px", "padding: 40px"))
    expect(inside(page).locator("body")).to_have_css("padding-top", "40px")
    expect_heading(page, "Review sentiment")


def test_no_script_in_a_changed_document_runs(notebook: NotebookPage) -> None:
    # again without the document's own policy
    notebook.show(showing("<!doctype html><h2>Before</h2>"))
    expect_heading(notebook, "Before")
    change(notebook, "<!doctype html><h2>Hostile</h2>" + "".join(HOSTILE))
    expect_heading(notebook, "Hostile")
    address = notebook.page.url
    for target in ("#send", "#link", "#top", "input"):
        inside(notebook).locator(target).click()
    notebook.page.wait_for_timeout(200)
    assert notebook.page.evaluate("window.hit") is None
    assert notebook.page.url == address


@pytest.mark.parametrize(
    ("name", "width", "theme", "device"),
    [
        ("", None, "light", "desktop"),
        ("-dark", None, "dark", "desktop"),
        ("-narrow", 480, "light", "desktop"),
        ("-phone", None, "dark", "phone"),
    ],
    ids=["light", "dark", "narrow", "phone"],
)
def test_screenshots_of_preview(page: NotebookPage, name: str, width: int | None, theme: Theme, device: str) -> None:
    page.execute(f"screen.width = {device!r}")
    inside(page).get_by_label("bad").check()
    assert page.shot(f"preview{name}", width, theme).stat().st_size < 60_000
