"""How long a person waits in the studio: in a real JupyterLab and browser, with a CSV of 100,000 rows.

Run as ``python -m tests.benchmarks studio`` on a quiet machine. Targets: the studio is visible 1 s after its cell ran,
in a notebook that has imported the package, and the first rows after 2.5 s; a keystroke in the form or on the page is
shown after 60 ms (median), with at most 2 messages of widgets from the kernel; the 50th question costs what the 5th
did, in time and in the kernel's work; 200 edits leave as many widgets as there were.
"""

from __future__ import annotations

import csv
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.chromium import MISSING, browsing, chromium
from tests.browser.lab import Lab, NotebookPage
from tests.browser.server import serving
from tests.browser.steps import panel, screen

from .measuring import Row, costs, figure, limit

ROWS = 100_000
VISIBLE, READ, KEYSTROKE, RATIO = 1000, 2500, 60, 1.5  # milliseconds; the last one is 50th to 5th
MESSAGES = 2  # of widgets, from the kernel, for each key
STARTS, KEYS, ADDED, EDITS = 5, 24, 6, 200  # how often each is measured
CADENCE = 250  # milliseconds from key to key: someone who types without haste
FEW, MANY = 5, 50
Figures = dict[str, float]
Measure = Callable[[NotebookPage, int], Figures]

IMPORT = "import prolific_nb as pnb"
OPEN = 'studio = pnb.studio("big.csv")\nstudio'

# Runs the last cell; tells when the bar, the seven lines and the open step are painted, and when the rows are.
START = """async path => {
    const panel = [...window.jupyterapp.shell.widgets('main')].find(panel => panel.context?.path === path);
    const cells = panel.content.widgets;
    const place = cells[cells.length - 1].node;
    panel.content.activeCellIndex = cells.length - 1;
    const painted = what => what && what.getBoundingClientRect().height > 0;
    const all = what => [...place.querySelectorAll(what)].filter(painted).length;
    const until = test => new Promise(done => {
        const look = () => test() ? requestAnimationFrame(() => done(performance.now())) : requestAnimationFrame(look);
        look();
    });
    const start = performance.now();
    window.jupyterapp.commands.execute('notebook:run-cell');
    const visible = await until(() => all('.pnb-bar h2') === 1 && all('.pnb-step-button') === 7
        && all('.pnb-step:not(.pnb-folded) .pnb-data .pnb-data-line [role=status]') === 1
        && all('.pnb-step:not(.pnb-folded) > .pnb-step-body > .pnb-row .pnb-button') > 0);
    const rows = await until(() => all('.pnb-data .pnb-rows') === 1);
    return [visible - start, rows - start];
}"""

# Counts the messages of widgets on the way to the kernel and back.
COUNT = """path => {
    const panel = [...window.jupyterapp.shell.widgets('main')].find(panel => panel.context?.path === path);
    const kernel = panel.sessionContext.session.kernel;
    window.messages = {to: 0, from: 0};
    kernel.anyMessage.connect((_, {msg, direction}) => {
        if (msg.header.msg_type === 'comm_msg') window.messages[direction === 'send' ? 'to' : 'from'] += 1;
    });
}"""

# For each key that is pressed: when the text is on the page, and in the list. What is typed on the page itself is there
# at once; then instead of the list: when the form has it, which is when the kernel has answered.
FOLLOW = """field => {
    const inFrame = field.matches('iframe'), page = inFrame ? field.contentDocument : document;
    const panel = field.closest('.pnb-compose');
    const screen = () => panel.querySelector('.pnb-preview-shown')?.contentDocument?.body?.textContent ?? '';
    const list = () => panel.querySelector('.pnb-selected .pnb-entry-title')?.textContent ?? '';
    const form = () => [...panel.querySelectorAll('.pnb-editor textarea')].find(painted).value;
    const painted = each => each.getBoundingClientRect().height > 0;
    const typed = () => inFrame ? page.activeElement.textContent : field.value;
    window.waits = [];
    window.following?.abort();
    window.following = new AbortController();
    page.addEventListener('keydown', event => {
        const wait = {}, before = typed(), start = performance.now();
        window.waits.push(wait);
        const look = () => {
            const text = typed(), now = performance.now() - start;
            if (text !== before) {
                if (!wait.list && (inFrame ? form() : list()).includes(text)) wait.list = now;
                if (!wait.screen && screen().includes(text)) wait.screen = now;
            }
            if (!wait.list || !wait.screen) requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    }, {capture: true, signal: following.signal});
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
        times.append(page.page.evaluate(START, page.path))
        page.close()
    visible, rows = zip(*times, strict=True)
    return statistics.median(visible), statistics.median(rows)


def question_field(page: NotebookPage) -> Locator:
    """The form's field for what is asked."""
    return panel(page, "compose").get_by_label("Question", exact=True)


def question_on_page(page: NotebookPage) -> Locator:
    """What is asked by the last question of the page, to be edited there."""
    return screen(page).locator('.question [data-pnb-part="description"]').last


def with_questions(page: NotebookPage, number: int) -> None:
    """Put a task of so many questions into the studio, and wait until it is there."""
    questions = f"[f'Question {{n}} of the task?' for n in range({number})]"
    page.execute(
        "design = pnb.Design('Reviews').show('review')\n"
        f"for words in {questions}: design = design.choose(words, ['good', 'bad', 'mixed'])\n"
        "studio.desk.design.set(design)"
    )
    entries = panel(page, "compose").locator(".pnb-entry-pick")
    entries.nth(number).wait_for()
    entries.nth(number).click()
    expect(question_field(page)).to_have_value(f"Question {number - 1} of the task?")


def typing(page: NotebookPage, number: int, field: Locator, followed: Locator) -> Figures:
    """Typing into the last of so many questions: median waits, messages and the kernel's work for each key."""
    with_questions(page, number)
    field.click()
    field.press("End")
    page.page.wait_for_timeout(2000)
    followed.evaluate(FOLLOW)
    worked = kernel(page, CPU)
    page.page.evaluate("Object.assign(messages, {to: 0, from: 0})")
    for key in "thequickbrownfoxjumpsoverthelazydog"[:KEYS]:
        page.page.keyboard.press(key)
        page.page.wait_for_timeout(CADENCE)
    page.page.wait_for_function("waits.every(wait => wait.list && wait.screen)")
    counted = page.page.evaluate("messages")
    page.page.wait_for_timeout(2000)  # what was put off is part of the work
    work = 1000 * (kernel(page, CPU) - worked) / KEYS
    return medians(page.page.evaluate("waits")) | {way: counted[way] / KEYS for way in counted} | {"work": work}


def typing_in_form(page: NotebookPage, number: int) -> Figures:
    """In the field of the form."""
    return typing(page, number, question_field(page), question_field(page))


def typing_on_page(page: NotebookPage, number: int) -> Figures:
    """On the page that is composed."""
    frame = panel(page, "compose").locator("iframe.pnb-preview-shown")
    return typing(page, number, question_on_page(page), frame)


def adding(page: NotebookPage, number: int) -> Figures:
    """From "Add" to list and to screen, for the question after so many."""
    add = panel(page, "compose").get_by_role("button", name="Add", exact=True)
    panel(page, "compose").get_by_label("New", exact=True).select_option("Single choice")
    times = []
    for _ in range(ADDED):
        with_questions(page, number - 1)
        page.page.wait_for_timeout(1000)
        times.append(add.evaluate(ADD))
    return medians(times)


def medians(times: Sequence[Figures]) -> Figures:
    """The median of each figure."""
    return {name: statistics.median(each[name] for each in times) for name in ("list", "screen")}


CPU = "time.process_time()"  # seconds, of all threads
MODELS = "len(ipywidgets.widget._instances)"


def kernel(page: NotebookPage, expression: str) -> float:
    """A number that the kernel knows."""
    return float(page.execute(f"import time, ipywidgets\nprint({expression})"))


def widgets_added(page: NotebookPage) -> float:
    """How many more widgets there are in the kernel after many edits with the buttons."""
    with_questions(page, FEW)
    before = kernel(page, MODELS)
    compose = panel(page, "compose")
    for number in range(EDITS):
        name, left = (("Duplicate", 2), ("Delete", 1), ("Add", 2), ("Undo", 1))[number % 4]
        compose.get_by_role("button", name=name, exact=True).click()
        expect(compose.locator(".pnb-entry")).to_have_count(FEW + left)
    return kernel(page, MODELS) - before


def of_starting(lab: Lab) -> Iterator[Row]:
    """From running the cell to the whole studio."""
    visible, first = start_times(lab, [IMPORT, OPEN])
    yield limit("studio visible, package imported in an earlier cell", visible, VISIBLE)
    yield limit(f"first of {ROWS:,} rows visible", first, READ)
    visible, first = start_times(lab, [f"{IMPORT}\n{OPEN}"])
    yield Row("studio visible, import in the same cell", figure(visible, "ms"))
    yield Row(f"first of {ROWS:,} rows visible", figure(first, "ms"))


def of_questions(page: NotebookPage, measure: Measure, what: str, places: Mapping[str, str]) -> Iterator[Row]:
    """The 50th question against the 5th."""
    few, many = measure(page, FEW), measure(page, MANY)
    if "from" in few:
        yield limit(f"{what}: key to participant's screen, median of {KEYS}", few["screen"], KEYSTROKE)
        yield Row(f"{what}: messages to the kernel for each key", figure(few["to"], ""))
        yield limit(f"{what}: messages from the kernel for each key", few["from"], MESSAGES, "")
        places = {**places, "work": "work of the kernel"}
    for key, place in places.items():
        yield costs(f"{what}: {place}, question {MANY}", many[key], few[key], f"question {FEW}", RATIO)


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
        yield Row("widgets of a new studio with its rows", figure(kernel(page, MODELS), ""))
        panel(page, "compose").wait_for()
        page.page.evaluate(COUNT, page.path)
        yield from of_questions(
            page, typing_in_form, "form", {"list": "until in the list", "screen": "until on the page"}
        )
        yield from of_questions(page, typing_on_page, "page", {"list": "until in the form"})
        yield from of_questions(page, adding, "adding", {"list": "until in the list", "screen": "until on the page"})
        yield limit(f"widgets added by {EDITS} edits", widgets_added(page), 0, "")
        page.close()
