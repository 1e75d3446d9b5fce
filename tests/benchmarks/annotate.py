"""How long a person who takes tasks waits for the next one: in a real JupyterLab, with a CSV of 100,000 rows.

Run as ``python -m tests.benchmarks annotate`` on a quiet machine. Target: 100 ms (median) from Enter until the next
task is painted, with its answer on disk.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.chromium import MISSING, browsing, chromium
from tests.browser.lab import Lab, NotebookPage
from tests.browser.server import serving

from .measuring import Row, figure, limit
from .studio import write_rows

ROWS, TASKS = 100_000, 40
NEXT = 100  # ms from Enter to the next task
CADENCE = 300  # ms from task to task

CELLS = (
    """import prolific_nb as pnb
data = pnb.read_data("big.csv")
design = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"]).choose("Sure?", ["yes", "no"])""",
    'panel = pnb.annotate(design, data, path="labels.jsonl")\npanel',
)

# For each Enter: when the frame of another task is shown with its text painted.
FOLLOW = """desk => {
    const shown = () => desk.querySelector('iframe.pnb-frame-shown');
    window.waits = [];
    window.follow = () => {
        const frame = shown();
        frame.contentWindow.addEventListener('keydown', event => {
            if (event.key !== 'Enter') return;
            const start = performance.now();
            const look = () => {
                const next = shown();
                const text = next && next !== frame && next.contentDocument.querySelector('.words')?.textContent;
                if (text) requestAnimationFrame(() => { waits.push(performance.now() - start); follow(); });
                else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
        }, {capture: true, once: false});
    };
    follow();
}"""


def waits(page: NotebookPage) -> list[float]:
    """Milliseconds from Enter to the next task, for each of many tasks."""
    desk, keyboard = page.panel.locator(".pnb-take"), page.page.keyboard
    words = desk.frame_locator("iframe.pnb-frame-shown").locator(".words")
    expect(words).to_be_visible()
    desk.evaluate(FOLLOW)
    for number in range(1, TASKS + 1):
        for key in ("2", "ArrowDown", "1", "Enter"):
            keyboard.press(key)
        page.page.wait_for_function(f"waits.length >= {number}")
        page.page.wait_for_timeout(CADENCE)
    found: list[float] = page.page.evaluate("waits")
    return found


def rows() -> Iterator[Row]:
    """Every figure."""
    executable = chromium()
    if executable is None:
        raise RuntimeError(MISSING)
    with tempfile.TemporaryDirectory() as home, browsing(executable) as context, serving(Path(home) / "lab") as served:
        url, root = served
        write_rows(root / "big.csv", ROWS)
        page = Lab(context, url, root, Path(home)).open(CELLS).run_all()
        found = waits(page)
        yield limit(f"Enter to the next of {ROWS:,} tasks, median of {TASKS}", statistics.median(found), NEXT)
        yield Row("the slowest of them", figure(max(found), "ms"))
        stored = int(page.execute("print(len(panel.value))"))
        yield Row("answers on disk", str(stored), target=f"{TASKS}", ok=stored == TASKS)
        page.close()
