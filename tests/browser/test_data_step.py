"""The Data step in a real JupyterLab: a file is dropped, rows are searched, media are loaded on request only."""

from __future__ import annotations

import hashlib

import pytest
from playwright.sync_api import Route, expect

from .lab import NotebookPage
from .steps import Run, expect_fit, panel

OPEN = ["import prolific_nb as pnb", "data = pnb.panels.Data()\ndata"]

# A file that no disk holds: its lines are numbered, so that a lost or doubled piece would show.
DROP = """([selector, name, lines]) => {
    const text = ['id,review', ...Array.from({length: lines}, (_, n) => `${n},Review number ${n} of many`)].join('\\n');
    const transfer = new DataTransfer();
    transfer.items.add(new File([text + '\\n'], name));
    const zone = [...document.querySelectorAll(selector)].find(each => each.offsetParent);
    for (const type of ['dragenter', 'dragover', 'drop'])
        zone.dispatchEvent(new DragEvent(type, {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""
LINES = 900_000  # 33 MB, more than three times what one message may have


def test_a_file_of_30_mb_is_dropped_and_read(run: Run) -> None:
    page = run(OPEN)
    expect(panel(page, "data").get_by_role("button", name="Choose a file…")).to_be_visible()
    page.page.evaluate(DROP, [".pnb-drop", "dropped.csv", LINES])
    expect(panel(page, "data").get_by_role("progressbar")).to_be_visible()
    expect(panel(page, "data").get_by_text("900,000 rows, 2 columns")).to_be_visible(timeout=40_000)
    content = (page.lab.root / "dropped.csv").read_bytes()
    lines = [f"{n},Review number {n} of many" for n in range(LINES)]
    assert len(content) > 30_000_000
    assert hashlib.sha256(content).digest() == hashlib.sha256("\n".join(["id,review", *lines, ""]).encode()).digest()
    assert page.execute("print(data.errors, data.code())").strip().endswith("pnb.read_data('dropped.csv')")
    assert "Review number 500 " not in str(page.save())  # nor anything else from beyond the first page


PICTURES = """import pandas as pd
frame = pd.DataFrame({
    "photo": [f"https://pictures.example/{n}.png" for n in range(8)],
    "review": [" It leaks <b>a lot</b>, and nobody answers"] + [f"It boils too fast, attempt {n}" for n in range(7)],
    "mood": ["good", "bad"] * 4,
})
data = pnb.panels.Data(frame)
data"""
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


@pytest.fixture
def pictures(run: Run) -> NotebookPage:
    return run([OPEN[0], PICTURES])


def test_pictures_are_loaded_only_on_request(pictures: NotebookPage) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        assert not {"cookie", "referer"} & set(route.request.headers)
        good = not route.request.url.endswith("/3.png")
        route.fulfill(status=200 if good else 404, content_type="image/png", body=DOT if good else b"")

    pictures.page.route("https://pictures.example/**", answer)
    try:
        cards = panel(pictures, "data").locator(".pnb-column")
        expect(cards).to_have_count(3)
        show = cards.first.get_by_role("button", name="Show the first 6 of photo")
        expect(show).to_be_visible()
        assert asked == []
        show.click()
        expect(cards.first.locator("img")).to_have_count(5)
        expect(cards.first.get_by_text("does not load")).to_be_visible()
        assert len(asked) == 6
    finally:
        pictures.page.unroute("https://pictures.example/**")


def test_a_kind_is_changed_by_keyboard_and_what_it_changes_is_shown(pictures: NotebookPage) -> None:
    kind = panel(pictures, "data").get_by_label("Kind of mood", exact=True)
    kind.focus()
    pictures.page.keyboard.press("g")  # grouping key
    pictures.expect_value("data.value.kinds['mood']", "group")
    expect(kind).to_have_value("group")
    pictures.page.keyboard.press("Control+z")
    pictures.expect_value("data.value.kinds['mood']", "other")
    expect(kind).to_have_value("other")
    assert pictures.execute("print(data.errors)").strip() == "[]"


def test_the_step_fits_a_phone_and_the_sample_fits_a_screen(run: Run) -> None:
    page = run([OPEN[0], "data = pnb.panels.Data(pnb.sample_data())\ndata"])
    step = panel(page, "data")
    expect(step.locator(".pnb-lengths")).to_have_count(3)
    page.until(lambda: (step.bounding_box() or {"height": 9999})["height"] <= 800)
    page.shot("data-sample", of=step)
    page.shot("data-sample-dark", theme="dark", of=step)
    page.width(480)
    expect_fit(page, "data")
    page.shot("data-sample-narrow", 480, of=step)
