"""One real Jupyter and one real browser for all tests of this folder.

`SHOTS=tests/browser/screenshots` renews the screenshots in that folder; otherwise they go to a temporary one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from .chromium import MISSING, browsing, chromium
from .lab import Lab, NotebookPage
from .server import serving
from .steps import WITH_DESIGN, Run, entries, quiet


def executable() -> str:
    """The browser to use; without one the tests fail where CI=true and are skipped elsewhere."""
    found = chromium()
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(MISSING, pytrace=False)
    if found is None:
        pytest.skip(MISSING)
    return found


# For this folder, not the session: Playwright keeps an event loop running that tests elsewhere should not see.
@pytest.fixture(scope="package")
def browser_context() -> Iterator[BrowserContext]:
    with browsing(executable()) as context:
        yield context


@pytest.fixture(scope="package")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wanted = os.environ.get("SHOTS")
    folder = Path(wanted).absolute() if wanted else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="package")
def lab(browser_context: BrowserContext, tmp_path_factory: pytest.TempPathFactory, shots: Path) -> Iterator[Lab]:
    """JupyterLab, in one page."""
    with serving(tmp_path_factory.mktemp("jupyterlab")) as (url, root):
        yield Lab(browser_context, url, root, shots)


@pytest.fixture(scope="package")
def notebook7(browser_context: BrowserContext, tmp_path_factory: pytest.TempPathFactory, shots: Path) -> Iterator[Lab]:
    """Notebook 7, where every notebook is a page of its own."""
    with serving(tmp_path_factory.mktemp("notebook7"), "notebook") as (url, root):
        yield Lab(browser_context, url, root, shots, "notebook")


@pytest.fixture(scope="module")
def notebook(lab: Lab) -> Iterator[NotebookPage]:
    """An empty notebook in JupyterLab for all tests of a file: `notebook.show(code)` puts code into it and runs it."""
    page = lab.open([""])
    yield page
    page.close()


@pytest.fixture
def run(lab: Lab) -> Iterator[Callable[[Sequence[str]], NotebookPage]]:
    """Opens notebooks of the given cells in JupyterLab and runs them; they are closed after the test."""
    opened: list[NotebookPage] = []

    def open_and_run(cells: Sequence[str]) -> NotebookPage:
        opened.append(lab.open(cells))
        return opened[-1].run_all()

    yield open_and_run
    for notebook in reversed(opened):
        notebook.close()


@pytest.fixture
def studio_page(run: Run) -> Iterator[NotebookPage]:
    page = run(WITH_DESIGN)
    expect(entries(page)).to_have_count(3)
    yield page
    quiet(page)
