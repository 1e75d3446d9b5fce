"""Taking tasks in a real JupyterLab: by keyboard alone with the kernel killed twice, and two views of one panel."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence

from playwright.sync_api import FileChooser, Locator, expect

from .lab import THEMES, NotebookPage, Theme
from .test_accessibility import AXE, JUDGE

CELLS = [
    """import prolific_nb as pnb
data = pnb.read_data(pnb.sample_data().head(40))
design = (
    pnb.Design("Reviews", introduction="<p>Read each review.</p>", steps="<ol><li>Read.</li><li>Answer.</li></ol>")
    .show("review")
    .choose("How?", ["good", "bad", "mixed"])
    .rate("Sure?", [1, 2, 3, 4, 5])
    .page()
    .choose_many("About?", ["price", "size", "look"], at_most=2, none="none")
    .choose_and_explain("Buy?", ["yes", "no"])
    .choose("Which?", ["a", "b", "c", "d", "e", "f"])
    .page()
    .write("Why?", min_chars=3)
    .measure("Long?", ["cm", "m"])
    .upload("Picture", types=[".png"])
    .narrate("Say it")
    .outro("<p>Thank you.</p>")
)""",
    'panel = pnb.annotate(design, data, rows=12, path="labels.jsonl")\npanel',
]
# What was answered in each task: values, then reasons, units and files where there are any.
FRAME = """[
    "|".join(str(each) for name in ("value", "explanation", "number_unit", "file_name") for each in task[name].dropna())
    for _, task in panel.answers().groupby("position")
]"""
LOOKS: tuple[tuple[str, int | None, Theme], ...] = (
    ("light", None, "light"),
    ("dark", None, "dark"),
    ("narrow", 480, "light"),
)
FOCUSED = "document.activeElement.closest('.pnb-take') !== null"  # also where a field of a frame has it
PICTURE = {"name": "a.png", "mimeType": "image/png", "buffer": b"png"}
VIDEO = {"name": "a.webm", "mimeType": "video/webm", "buffer": b"video"}


def test_twelve_tasks_by_keyboard_and_a_kernel_killed_twice(run: Callable[[Sequence[str]], NotebookPage]) -> None:
    page = run(CELLS)
    page.page.on("filechooser", _catch)  # otherwise each wait would switch the choosing of files on and off again
    desk = desk_of(page)
    expect(desk).to_be_focused()  # without a click
    page.page.keyboard.press("Enter")
    expected = []
    for number in range(12):
        if number in (4, 8):
            page.page.keyboard.press("1")  # in the task that is lost with the kernel
            page = killed(page)
            page.until(lambda page=page: page.page.evaluate(FOCUSED), 60)  # type: ignore[misc]
        expect(title(page)).to_contain_text("screen 1 of 3")
        expected.append(take(page, number))
        expect(desk_of(page).locator(".pnb-desk-progress")).to_contain_text(f"{number + 1} of 12")
    expect(screen(page)).to_contain_text("Thank you.")
    page.page.keyboard.press("Enter")
    expect(desk_of(page).locator(".pnb-take-summary")).to_contain_text("You have answered 12 tasks.")
    page.expect_value(FRAME, expected)
    page.expect_value("int(panel.answers()['seconds'].gt(0).groupby(panel.answers()['position']).all().sum())", 12)
    page.expect_value("panel.errors", [])
    page.page.remove_listener("filechooser", _catch)


def _catch(_: FileChooser) -> None:
    """Leave the choice to those who wait for it."""


def test_two_views_show_the_same(run: Callable[[Sequence[str]], NotebookPage]) -> None:
    page = run([*CELLS[:1], CELLS[1].replace("labels", "views"), "panel"])
    first, second = page.panel.locator(".pnb-annotate .pnb-take").all()
    expect(first).to_be_focused()
    page.page.keyboard.press("Enter")
    for key in ("2", "ArrowDown", "4"):  # while the answers may still be on their way
        page.page.keyboard.press(key)
    expect(shown(second).get_by_label("bad")).to_be_checked()
    expect(shown(second).get_by_role("radio", name="4", exact=True)).to_be_checked()
    second.get_by_role("button", name="Introduction").click()
    expect(second.frame_locator(".pnb-take-about iframe").get_by_text("Read each review.")).to_be_visible()
    page.page.keyboard.press("?")
    shown(second).get_by_role("button", name="Next").click()
    expect(first.locator(".pnb-desk-title")).to_contain_text("screen 2 of 3")
    shown(second).get_by_role("button", name="Next").click()
    for view in (first, second):
        expect(shown(view).locator(".fault")).to_have_count(3)
    assert violations(page) == []
    for name, width, theme in LOOKS:
        page.shot(f"taking-{name}", width, theme, of=page.panel.locator(".pnb-annotate").last)
    page.expect_value("panel.errors", [])


def violations(page: NotebookPage) -> list[str]:
    """What axe finds in the panel, in light and dark."""
    page.page.add_script_tag(content=AXE)
    found = []
    for theme in THEMES:
        page.lab.theme(theme)
        page.page.wait_for_timeout(300)
        passes, lines = page.page.evaluate(JUDGE.replace(".pnb-studio", ".pnb-annotate"))
        assert passes > 10
        found += lines
    page.lab.theme("light")
    return found


def take(page: NotebookPage, number: int) -> str:
    """Answer a task by keys, some of them before the screen that they are for is there; returns the values."""
    keyboard = page.page.keyboard
    keys = ["1", "2", "3"][number % 3], str(number % 5 + 1)
    if number == 1:
        faulty_and_back(page)
    for key in (keys[0], "ArrowDown", keys[1], "Enter", "1", "3", "ArrowDown", "2"):
        keyboard.press(key)
    expect(title(page)).to_contain_text("screen 2 of 3")
    expect(screen(page).get_by_label("Why “no”?")).to_be_focused()
    keyboard.type("1 s u")  # in a field, keys are text
    for key in ("Escape", "ArrowDown", "5", "Enter"):
        keyboard.press(key)
    expect(title(page)).to_contain_text("screen 3 of 3")
    keyboard.type(f"It is {number}")
    keyboard.press("Enter")
    keyboard.type("ok")
    for key in ("Escape", "ArrowDown"):
        keyboard.press(key)
    keyboard.type(f"{number}.5")
    for key in ("Escape", "2"):
        keyboard.press(key)
    for file in (PICTURE, VIDEO):
        keyboard.press("ArrowDown")
        with page.page.expect_file_chooser() as chooser:
            keyboard.press("Space")
        chooser.value.set_files(file)  # type: ignore[arg-type]
        expect(screen(page).get_by_text(f"Chosen: {file['name']}")).to_be_visible()
    keyboard.press("Enter")
    feeling = ("good", "bad", "mixed")[number % 3]
    return f"{feeling}|{keys[1]}|price|look|no|e|It is {number}\nok|{number}.5|1 s u|m|a.png|a.webm"


def faulty_and_back(page: NotebookPage) -> None:
    """What is missing is said at its question; skip, undo and the way back lose nothing."""
    keyboard, row = page.page.keyboard, title(page).inner_text()
    keyboard.press("2")
    keyboard.press("Enter")
    fault = screen(page).locator(".fault")
    expect(fault).to_have_text("Choose an option.")
    expect(screen(page).get_by_role("group", name="Sure?")).to_be_focused()
    expect(desk_of(page).get_by_role("status")).to_have_text("Sure? Choose an option.")
    keyboard.press("s")
    keyboard.type("unclear")
    keyboard.press("Enter")
    expect(title(page)).not_to_have_text(row)
    keyboard.press("u")
    expect(title(page)).to_have_text(row)
    keyboard.press("ArrowLeft")
    expect(title(page)).not_to_have_text(row)
    keyboard.press("ArrowRight")
    expect(title(page)).to_have_text(row)
    expect(screen(page).get_by_label("bad")).to_be_checked()


def killed(page: NotebookPage) -> NotebookPage:
    """The notebook opened again after the kernel has gone."""
    os.kill(int(page.execute("import os; print(os.getpid())")), signal.SIGKILL)
    page.close()
    return page.lab.reopen(page.path).run_all()


def desk_of(page: NotebookPage) -> Locator:
    return page.panel.locator(".pnb-annotate .pnb-take").last


def title(page: NotebookPage) -> Locator:
    return desk_of(page).locator(".pnb-desk-title")


def screen(page: NotebookPage) -> Locator:
    return shown(desk_of(page))


def shown(desk: Locator) -> Locator:
    """The page in the frame that is shown."""
    return desk.locator(".pnb-take-body > .pnb-desk-stage").frame_locator("iframe.pnb-frame-shown").locator("body")
