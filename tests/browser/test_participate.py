"""The pages of colleagues in a real browser: without JavaScript, by keyboard alone, on a phone, in dark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import BrowserContext, Page, expect

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.sandbox import Sandbox
from prolific_nb.study.ledger import Ledger
from tests.sandbox.storage.test_clock import Wall
from tests.sandbox.test_conservation import with_fees

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
JUDGE = """async () => {
    const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
    return found.violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 160)}`));
}"""
FOCUSED = """() => {
    const at = document.activeElement, given = (name) => at.getAttribute(name) || '';
    return [at.tagName.toLowerCase(), given('type'), given('name'), at.value === undefined ? '' : at.value];
}"""
WIDTH = "() => document.documentElement.scrollWidth"
PHONE = {"width": 390, "height": 800}
Row = dict[str, str]
ROWS = [{"review": f"Review {number}. The soup was cold.", "other": f"Other {number}."} for number in range(12)]

EVERYTHING = (
    pnb.Design("Everything", introduction="<p>Read each review.</p>", steps="<ol><li>Answer.</li></ol>")
    .choose("Is it kind?", ["yes", "no"])
    .choose("What is it about?", ["food", "service", "price", "place", "other"])
    .rate("How clear is it?", [1, 2, 3, 4, 5])
    .choose_many("Which feelings are there?", ["joy", "anger"], none="none")
    .choose_and_explain("Would you go there?", {"Soon": ["yes", "no"]})
    .write("What made you think so?", min_chars=5)
    .measure("How long is it?", {"w": "words", "s": "sentences"})
    .compare("Which one is kinder?", "review", "other")
    .upload("A picture of it?", types=[".png"], max_files=1)
)
SHORT = (
    pnb.Design("Short", introduction="<p>Read.</p>", steps="<p>Choose.</p>")
    .show("review")
    .choose("Kind?", ["yes", "no"])
)


class Study:
    """A published study whose places wait for people, and the browser in which they take it."""

    def __init__(self, design: pnb.Design, tasks: int, rows: list[Row], context: BrowserContext) -> None:
        assert context.browser is not None
        self.browser, self.wall = context.browser, Wall()
        self.sandbox = Sandbox(people=pnb.People.nobody(), wall=_Soon(self.wall))
        transport = Transport(self.sandbox.url, Token(self.sandbox.token))
        client = Client(transport, mode="SANDBOX", workspace=self.sandbox.workspace_id)
        client.ledger = Ledger(":memory:")
        plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, annotators_per_task=1, tasks_per_group=tasks)
        self.run = pnb.launch(client, pnb.read_data(_csv(rows)), design, plan).publish()
        self.links = self.run.participate(3).links
        self.contexts: list[BrowserContext] = []

    def person(self, number: int, **options: Any) -> Page:
        """A browser of its own with the link of this person."""
        settings: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False, **options}
        self.contexts.append(self.browser.new_context(**settings))
        page = self.contexts[-1].new_page()
        page.set_default_timeout(60_000)
        page.goto(self.links[number - 1])
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.sandbox.close()


class _Soon:
    """A clock that a test moves, and that goes on a little by itself, so that imports and set-ups end."""

    def __init__(self, wall: Wall) -> None:
        self.wall = wall

    def __call__(self) -> float:
        self.wall.now += 0.02
        return self.wall.now


def _csv(rows: list[Row]) -> bytes:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    return "\n".join(lines).encode()


Make = Callable[..., Study]


@pytest.fixture
def study(browser_context: BrowserContext) -> Iterator[Make]:
    made: list[Study] = []

    def make(design: pnb.Design, tasks: int, rows: list[Row]) -> Study:
        made.append(Study(design, tasks, rows, browser_context))
        return made[-1]

    yield make
    for each in made:
        each.close()


def press(page: Page, button: str) -> None:
    """Go to a button by the Tab key, and press it with Enter."""
    while page.evaluate(FOCUSED)[::3] != ["button", button]:
        page.keyboard.press("Tab")
    send(page)


def send(page: Page) -> None:
    """Press the button that has the focus, and wait for the page that follows."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def answer(page: Page, picture: Path) -> None:
    """Answer every question of a screen by keyboard alone, and press its button."""
    done: set[str] = set()
    if not page.evaluate(FOCUSED)[2]:
        page.keyboard.press("Tab")
    while True:
        tag, kind, name, value = page.evaluate(FOCUSED)
        if (tag, value) == ("button", "next"):
            send(page)
            return
        if name in done:
            page.keyboard.press("Tab")
            continue
        done.add(name)
        if kind in ("radio", "checkbox"):
            page.keyboard.press("Space")
        elif kind == "file":
            # What its key opens is a window of the system, which a headless browser does not always report.
            page.locator(f'[name="{name}"]').set_input_files(picture)
        elif tag == "select" and not value:
            page.keyboard.press("ArrowDown")
        elif tag == "textarea":
            page.keyboard.type("Because of the soup.")
        elif kind == "number":
            page.keyboard.type("7")


def test_twelve_tasks_of_every_question_type_by_keyboard_on_a_phone_without_scripts(
    study: Make, tmp_path: Path, shots: Path
) -> None:
    picture = tmp_path / "soup.png"
    picture.write_bytes(b"\x89PNG")
    made = study(EVERYTHING, 12, ROWS)
    page = made.person(1)
    page.screenshot(path=shots / "participate_welcome_narrow.png", full_page=True)
    press(page, "start")
    press(page, "next")
    page.screenshot(path=shots / "participate_task_narrow.png", full_page=True)
    press(page, "next")
    expect(page.get_by_role("alert")).to_contain_text("9 answers need a change")
    assert page.evaluate(FOCUSED)[0] == "div"  # the summary, to be read at once
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(WIDTH) <= PHONE["width"]
    for number in range(1, 13):
        expect(page.get_by_text(f"Task {number} of 12", exact=True).first).to_be_visible()
        answer(page, picture)
        assert page.evaluate(WIDTH) <= PHONE["width"]
    expect(page.get_by_role("heading")).to_have_text("Thank you")
    expect(page.locator(".code")).to_have_text(
        made.run.client.studies.get(made.run.study_id).completion_codes[0]["code"]
    )

    answers = made.run.responses()
    assert len(answers) == 12 * 9
    assert answers["participant_id"].nunique() == 1
    assert Counter(answers["question"])["A picture of it?"] == 12


def test_three_colleagues_at_once_of_whom_one_returns_and_one_times_out(study: Make) -> None:
    made = study(SHORT, 2, ROWS[:6])
    first, gone, late = (made.person(number) for number in (1, 2, 3))
    for page in (first, gone, late):
        press(page, "start")
        press(page, "next")
    answer(late, Path())
    gone.get_by_role("link", name="Stop and give my place back").focus()
    send(gone)
    press(gone, "return")
    expect(gone.get_by_role("heading")).to_have_text("Returned")
    for _ in range(2):
        answer(first, Path())
    expect(first.get_by_role("heading")).to_have_text("Thank you")
    first.go_back()
    first.reload()
    expect(first.get_by_role("heading")).to_have_text("Thank you")
    made.wall.now += 19 * 60
    status = made.run.status()
    assert Counter(made.run.submissions()["status"]) == {"AWAITING REVIEW": 1, "RETURNED": 1, "TIMED-OUT": 1}
    late.reload()
    expect(late.get_by_role("heading")).to_have_text("Time is up")
    assert (status.filled, status.places) == (1, 3)
    balance = made.run.client.workspaces.balance(made.run.client.workspace_id)
    assert balance.available_balance == 25_000_000 - with_fees(3 * 150)
    assert set(made.run.responses()["submission_status"]) == {"AWAITING REVIEW"}


def test_the_pages_have_no_fault_of_accessibility_in_light_and_dark(study: Make, shots: Path) -> None:
    made = study(EVERYTHING, 2, ROWS[:2])
    page = made.person(1, java_script_enabled=True, viewport={"width": 1000, "height": 900})
    found = judged(page, shots, "welcome")
    press(page, "start")
    found += judged(page, shots, "instructions")
    press(page, "next")
    press(page, "next")
    found += judged(page, shots, "faults")
    page.get_by_role("link", name="Stop and give my place back").click()
    found += judged(page, shots, "return")
    assert found == []


def judged(page: Page, shots: Path, name: str) -> list[str]:
    found: list[str] = []
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.screenshot(path=shots / f"participate_{name}_{scheme}.png", full_page=True)
        found += page.evaluate(JUDGE)
    return found
