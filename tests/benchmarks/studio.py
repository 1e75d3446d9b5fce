"""How long a person waits in the studio: in a real JupyterLab and browser, with a CSV of 100,000 rows.

Run as ``python -m tests.benchmarks studio`` on a quiet machine. Targets: the studio is visible 1.5 s after its cell
ran, in a notebook that has imported the package; a keystroke in a question is on the participant's screen after 60 ms
(median); the 50th question costs what the 5th did.
"""

from __future__ import annotations

import csv
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.chromium import MISSING, browsing, chromium
from tests.browser.lab import Lab, NotebookPage
from tests.browser.server import serving

from .measuring import Row, costs, figure, limit

ROWS = 100_000
VISIBLE, KEYSTROKE, RATIO = 1500, 60, 1.5  # milliseconds, milliseconds, 50th to 5th
STARTS, KEYS, ADDED = 5, 24, 6  # how often each is measured
CADENCE = 250  # milliseconds from key to key: someone who types without haste
FEW, MANY = 5, 50
Measure = Callable[[NotebookPage, int], dict[str, float]]

IMPORT = "import prolific_nb as pnb"
OPEN = 'studio = pnb.studio("big.csv")\nstudio'
STEPS = ("connection", "data", "compose", "plan", "launch", "results")

# Runs the last cell; tells when all steps and the participant's screen are painted, and when the rows are.
START = """async ([path, steps]) => {
    const panel = [...window.jupyterapp.shell.widgets('main')].find(panel => panel.context?.path === path);
    const cells = panel.content.widgets;
    const place = cells[cells.length - 1].node;
    panel.content.activeCellIndex = cells.length - 1;
    const seen = what => (place.querySelector(what)?.getBoundingClientRect().height ?? 0) > 0;
    const until = test => new Promise(done => {
        const look = () => test() ? requestAnimationFrame(() => done(performance.now())) : requestAnimationFrame(look);
        look();
    });
    const start = performance.now();
    window.jupyterapp.commands.execute('notebook:run-cell');
    const visible = await until(() =>
        steps.every(step => seen(`.pnb-${step} .pnb-title`)) && seen('.pnb-compose .pnb-preview-shown'));
    const rows = await until(() => seen('.pnb-data .pnb-rows'));
    return [visible - start, rows - start];
}"""

# For each key that is pressed in a field: when the field's text stands in the list, and on the participant's screen.
FOLLOW = """field => {
    const panel = field.closest('.pnb-compose');
    const screen = () => panel.querySelector('.pnb-preview-shown')?.contentDocument?.body?.textContent ?? '';
    const list = () => panel.querySelector('.pnb-selected .pnb-entry-title')?.textContent ?? '';
    window.waits = [];
    field.addEventListener('keydown', event => {
        const wait = {}, before = field.value;
        window.waits.push(wait);
        const look = () => {
            const text = field.value, now = performance.now() - event.timeStamp;
            if (text !== before) {
                if (!wait.list && list().includes(text)) wait.list = now;
                if (!wait.screen && screen().includes(text)) wait.screen = now;
            }
            if (!wait.list || !wait.screen) requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    });
}"""

# Clicks a button; tells when the list has one entry more, and when the participant's screen has one question more.
ADD = """button => new Promise(done => {
    const panel = button.closest('.pnb-compose');
    const screen = () => panel.querySelector('.pnb-preview-shown')?.contentDocument;
    const count = () => [panel.querySelectorAll('.pnb-entry').length, screen()?.querySelectorAll('.question').length];
    const [entries, questions] = count(), start = performance.now(), wait = {};
    const look = () => {
        const now = performance.now() - start;
        if (!wait.list && count()[0] > entries) wait.list = now;
        if (!wait.screen && count()[1] > questions) wait.screen = now;
        if (wait.list && wait.screen) done(wait);
        else requestAnimationFrame(look);
    };
    button.click();
    look();
})"""


def write_rows(file: Path, rows: int) -> None:
    """Reviews of various lengths, the same in every run."""
    chance = random.Random(1)
    words = [
        "battery",
        "screen",
        "good",
        "bad",
        "lasts",
        "charge",
        "slow",
        "quick",
        "sound",
        "works",
        "never",
        "again",
        "bought",
        "returned",
        "price",
    ]
    with file.open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["id", "product", "review", "rating"])
        for number in range(rows):
            review = f"Review {number}: {' '.join(chance.choices(words, k=chance.randint(8, 30)))}."
            writer.writerow([number, chance.choice(["kettle", "lamp"]), review, chance.randint(1, 5)])


def start_times(lab: Lab, cells: Sequence[str]) -> tuple[float, float]:
    """Milliseconds until the studio is visible, and until its rows are, in a fresh kernel; median of several."""
    times = []
    for _ in range(STARTS):
        page = lab.open(cells)
        for cell in cells[:-1]:
            page.execute(cell)
        times.append(page.page.evaluate(START, [page.path, list(STEPS)]))
        page.close()
    visible, rows = zip(*times, strict=True)
    return statistics.median(visible), statistics.median(rows)


def compose(page: NotebookPage) -> Locator:
    """The panel in which the task is composed."""
    return page.panel.locator(".pnb-compose").last


def question_field(page: NotebookPage) -> Locator:
    """The editor's field for what is asked."""
    return compose(page).get_by_label("Question", exact=True)


def with_questions(page: NotebookPage, number: int) -> None:
    """Put a task of so many questions into the studio, and wait until it is there."""
    questions = f"[f'Question {{n}} of the task?' for n in range({number})]"
    page.execute(
        "design = pnb.Design('Reviews').show('review')\n"
        f"for words in {questions}: design = design.choose(words, ['good', 'bad', 'mixed'])\n"
        "studio.desk.design.set(design)"
    )
    entries = compose(page).locator(".pnb-entry-pick")
    entries.nth(number).wait_for()
    entries.nth(number).click()
    expect(question_field(page)).to_have_value(f"Question {number - 1} of the task?")


def typing_times(page: NotebookPage, number: int) -> dict[str, float]:
    """Median milliseconds from key to list and to screen, typing into the last of so many questions."""
    with_questions(page, number)
    field = question_field(page)
    field.press("End")
    page.page.wait_for_timeout(2000)
    field.evaluate(FOLLOW)
    for key in "thequickbrownfoxjumpsoverthelazydog"[:KEYS]:
        page.page.keyboard.press(key)
        page.page.wait_for_timeout(CADENCE)
    page.page.wait_for_function("waits.every(wait => wait.list && wait.screen)")
    return medians(page.page.evaluate("waits"))


def adding_times(page: NotebookPage, number: int) -> dict[str, float]:
    """Median milliseconds from "Add" to list and to screen, for the question after so many."""
    button = compose(page).get_by_role("button", name="Add", exact=True)
    compose(page).get_by_label("New", exact=True).select_option("Single choice")
    times = []
    for _ in range(ADDED):
        with_questions(page, number - 1)
        page.page.wait_for_timeout(1000)
        times.append(button.evaluate(ADD))
    return medians(times)


def medians(times: Sequence[dict[str, float]]) -> dict[str, float]:
    """The median of each figure."""
    return {name: statistics.median(each[name] for each in times) for name in ("list", "screen")}


def of_starting(lab: Lab) -> Iterator[Row]:
    """From running the cell to the whole studio."""
    visible, first = start_times(lab, [IMPORT, OPEN])
    yield limit("studio visible, package imported in an earlier cell", visible, VISIBLE)
    yield Row(f"first of {ROWS:,} rows visible", figure(first, "ms"))
    visible, first = start_times(lab, [f"{IMPORT}\n{OPEN}"])
    yield Row("studio visible, import in the same cell", figure(visible, "ms"))
    yield Row(f"first of {ROWS:,} rows visible", figure(first, "ms"))


def of_questions(page: NotebookPage, measure: Measure, what: str) -> Iterator[Row]:
    """The 50th question against the 5th: in the list, and on the screen, which grows with its questions."""
    few, many = measure(page, FEW), measure(page, MANY)
    if what == "typing":
        yield limit(f"key to participant's screen, median of {KEYS}", few["screen"], KEYSTROKE)
    for place in ("list", "screen"):
        yield costs(f"{what} until in the {place}, question {MANY}", many[place], few[place], f"question {FEW}", RATIO)


def rows() -> Iterator[Row]:
    """Every figure."""
    executable = chromium()
    if executable is None:
        raise RuntimeError(MISSING)
    with tempfile.TemporaryDirectory() as home, browsing(executable) as context, serving(Path(home) / "lab") as served:
        url, root = served
        write_rows(root / "big.csv", ROWS)
        lab = Lab(context, url, root, Path(home))
        lab.open([IMPORT]).close()  # the first notebook of a page loads what all others use
        yield from of_starting(lab)
        page = lab.open([IMPORT, OPEN]).run_all()
        page.panel.locator(".pnb-data .pnb-rows").wait_for()
        yield from of_questions(page, typing_times, "typing")
        yield from of_questions(page, adding_times, "adding")
        page.close()
