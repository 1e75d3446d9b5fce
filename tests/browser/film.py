"""Films a whole study in the studio, in a real JupyterLab: ``python -m tests.browser.film`` renews its picture.

An animated PNG, of at most 2 MB: frames of one size, the longer the more there is to read.
"""

from __future__ import annotations

import re
import tempfile
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from .chromium import MISSING, browsing, chromium
from .lab import RENAME, Lab, NotebookPage
from .server import serving
from .steps import TITLES, button, panel, screen, step

TARGET = Path(__file__).parents[2] / "notebooks" / "images" / "studio.png"
SIZE, SHOWN, COLOURS = (1180, 900), (885, 675), 40  # pixels of the window and of a frame, colours of a frame
MOST = 2_000_000  # bytes
OPEN = ["import prolific_nb as pnb", "studio = pnb.studio()\nstudio"]


class Film:
    """The frames of a film, with how long each is shown."""

    def __init__(self, page: NotebookPage) -> None:
        self.page = page
        self.frames: list[Image.Image] = []
        self.seconds: list[float] = []

    def take(self, seconds: float = 1.6) -> None:
        studio = self.page.panel.locator(".pnb-studio")
        self.page.page.evaluate(RENAME, [str(self.page.lab.root), "/home/ada/study"])
        self.page.page.mouse.move(0, 0)
        self.page.page.wait_for_timeout(600)
        picture = Image.open(BytesIO(studio.screenshot(animations="disabled", caret="hide"))).convert("RGB")
        frame = Image.new("RGB", SIZE, "white")
        frame.paste(picture.crop((0, 0, min(picture.width, SIZE[0]), min(picture.height, SIZE[1]))))
        small = frame.resize(SHOWN, Image.Resampling.LANCZOS)
        self.frames.append(small.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).convert("RGB"))
        self.seconds.append(seconds)

    def save(self, target: Path) -> int:
        durations = [int(1000 * each) for each in self.seconds]
        self.frames[0].save(target, save_all=True, append_images=self.frames[1:], duration=durations, loop=0)
        return target.stat().st_size


def proceed(page: NotebookPage, name: str) -> None:
    page.panel.get_by_role("button", name=f"Continue to {TITLES[name]}", exact=True).click()
    expect(step(page, name)).to_have_attribute("aria-expanded", "true")


def play(page: NotebookPage) -> Film:
    """From an empty studio to the results."""
    film = Film(page)
    act = partial(button, page)
    film.take()
    act("data", "Use the sample").click()
    expect(panel(page, "data").locator(".pnb-rows")).to_be_visible()
    film.take(2.2)
    proceed(page, "compose")
    panel(page, "compose").get_by_role("button", name="Start from a template").click()
    film.take()
    panel(page, "compose").get_by_role("button", name=re.compile("classification")).click()
    expect(screen(page)).to_contain_text("Boils a full litre")
    film.take()
    question = screen(page).locator("[data-pnb-part=description]").first
    question.click()
    page.page.keyboard.press("Control+a")
    page.page.keyboard.type("How does the writer feel about it?")
    film.take(2.2)
    proceed(page, "plan")
    expect(panel(page, "plan").get_by_text("81.73 GBP").first).to_be_visible()
    film.take(2.2)
    proceed(page, "launch")
    film.take()
    act("launch", "Create draft").click()
    expect(act("launch", "Publish")).to_be_enabled()
    film.take()
    act("launch", "Publish").click()
    for share in (r"\d of 36", r"1\d of 36", r"2\d of 36"):
        expect(panel(page, "launch").get_by_text(re.compile(share)).first).to_be_visible(timeout=40_000)
        film.take(0.9)
    expect(panel(page, "launch").get_by_text("36 of 36").first).to_be_visible(timeout=60_000)
    film.take(2.2)
    proceed(page, "review")
    expect(panel(page, "review").get_by_text("AWAITING REVIEW").first).to_be_visible()
    film.take(2.2)
    proceed(page, "results")
    expect(panel(page, "results").get_by_text("answers by 36 people").first).to_be_visible(timeout=40_000)
    film.take(2.2)
    panel(page, "results").get_by_role("tab", name="Agreement").click()
    expect(panel(page, "results").locator("img").first).to_be_visible()
    film.take(3)
    return film


def main() -> None:
    """Film it, and say how large the file is."""
    executable = chromium()
    if executable is None:
        raise SystemExit(MISSING)
    with browsing(executable) as context, tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (url, root):
        lab = Lab(context, url, root, Path(folder))
        page = lab.open(OPEN).run_all()
        page.width(1280, 1500)
        expect(page.panel.locator(".pnb-bar")).to_contain_text("GBP")
        size = play(page).save(TARGET)
    print(f"{TARGET.name}: {size:,} bytes")
    assert size <= MOST


if __name__ == "__main__":
    main()
