"""Notebooks in a real Jupyter page, used as a person uses them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import nbformat
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, TimeoutError

from .server import TOKEN, Application

Theme = Literal["light", "dark"]

THEMES: dict[Theme, str] = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
SIZE = (1280, 900)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # of a terminal, in tracebacks
COLOURS = 96  # of a screenshot: small files, and still true to the eye

PANEL = "[...window.jupyterapp.shell.widgets('main')].find(panel => panel.context?.path === path)"
IDLE = f"path => ({PANEL})?.sessionContext.session?.kernel?.status === 'idle'"
OUTPUTS = f"path => ({PANEL}).content.model.sharedModel.toJSON().cells.map(cell => cell.outputs ?? [])"
# anywidget gives a widget's module two seconds to load; a machine that runs several browsers may take longer.
PATIENT = """{
    const limit = AbortSignal.timeout.bind(AbortSignal);
    AbortSignal.timeout = milliseconds => limit(Math.max(milliseconds, 60000));
}"""
REPLACE = f"""([path, sources]) => {{
    const model = ({PANEL}).content.model.sharedModel;
    const cells = sources.map(source => ({{cell_type: 'code', source}}));
    model.transact(() => {{
        model.deleteCellRange(0, model.cells.length);
        model.insertCells(0, cells);
    }});
}}"""
EXECUTE = f"""async ([path, code]) => {{
    const texts = [], errors = [];
    const future = ({PANEL}).sessionContext.session.kernel.requestExecute({{code}});
    future.onIOPub = ({{content}}) => {{
        texts.push(content.text ?? content.data?.['text/plain'] ?? '');
        errors.push(...(content.traceback ?? []));
    }};
    await future.done;
    return [texts.join(''), errors.join('\\n')];
}}"""
# A picture names no folder of the machine that it was taken on.
RENAME = """([before, after]) => {
    for (const node of document.querySelectorAll('bdi')) {
        if (node.textContent === before) node.textContent = after;
    }
}"""
CLOSE = f"""async path => {{
    const panel = {PANEL};
    await panel.sessionContext.shutdown();
    panel.context.model.dirty = false;
    panel.dispose();
}}"""


class Lab:
    """One page of JupyterLab (or of Notebook 7), in which notebooks are opened one after another.

    Parameters
    ----------
    context : playwright.sync_api.BrowserContext
    url, root
        The server's URL and the folder it serves: a notebook finds a CSV in it by name.
    shots : Path
        Where screenshots go.
    application : {"lab", "notebook"}
    """

    def __init__(self, context: BrowserContext, url: str, root: Path, shots: Path, application: Application = "lab"):
        self.url, self.root, self.shots, self.application = url, root, shots, application
        self.page: Page = context.new_page()
        self.page.add_init_script(PATIENT)
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(error.stack or error.message))
        self.page.set_default_timeout(30_000)  # busy machines are slow
        self._opened = 0
        if application == "lab":
            self._go("lab")
            self.command("application:toggle-left-area")

    def open(self, cells: Sequence[str], name: str | None = None) -> NotebookPage:
        """Write a notebook of code cells, open it and wait for its kernel."""
        self._opened += 1
        path = name or f"notebook-{self._opened}.ipynb"
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        )
        nbformat.write(notebook, self.root / path)
        return self.reopen(path)

    def reopen(self, path: str) -> NotebookPage:
        """Open a notebook that is in the served folder."""
        if self.application == "lab":
            self.command("docmanager:open", path=path, factory="Notebook")
        else:
            self._go(f"notebooks/{path}")
        self._wait_until_idle(path)
        self.problems.clear()
        return NotebookPage(self, path)

    def command(self, name: str, **arguments: str) -> None:
        """Execute one of the application's commands."""
        # without returning the result: a widget cannot be serialised
        self.page.evaluate(
            "async ([name, args]) => { await window.jupyterapp.commands.execute(name, args); }", [name, arguments]
        )

    def theme(self, theme: Theme) -> None:
        """Change the theme of the whole page, and wait until it is applied and the splash screen is gone."""
        asked = self.page.locator(f'body[data-jp-theme-light="{str(theme == "light").lower()}"]')
        if asked.count():
            return
        self.command("apputils:change-theme", theme=THEMES[theme])
        asked.wait_for(state="attached")
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")

    def _wait_until_idle(self, path: str) -> None:
        try:
            self.page.wait_for_function(IDLE, arg=path, timeout=60_000)
        except TimeoutError as failure:
            log = (self.root.parent / "server.log").read_text()[-3000:]
            raise AssertionError(f"The kernel of {path} is not idle; the server's log ends:\n{log}") from failure

    def _go(self, where: str) -> None:
        self.page.goto(f"{self.url}/{where}?token={TOKEN}&reset")
        self.page.wait_for_function("window.jupyterapp !== undefined", timeout=30_000)
        self.page.evaluate("window.jupyterapp.restored.then(() => true)")


class NotebookPage:
    """One opened notebook; its locators see nothing of other notebooks."""

    def __init__(self, lab: Lab, path: str):
        self.lab, self.path, self.page = lab, path, lab.page

    @property
    def panel(self) -> Locator:
        """The notebook on the screen: the root of every locator, `notebook.panel.get_by_role("button", …)`."""
        return self.page.locator(".jp-NotebookPanel:visible")

    def run_all(self) -> NotebookPage:
        """Run every cell; an error in one of them is raised here with its traceback."""
        finished = self.page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        if not finished or self.errors():
            raise AssertionError("\n".join(["A cell of the notebook raised.", *self.errors()]))
        return self

    def outputs(self, n: int) -> list[dict[str, Any]]:
        """The outputs of cell `n` (from 0) as the notebook file would hold them."""
        found: list[list[dict[str, Any]]] = self.page.evaluate(OUTPUTS, self.path)
        return found[n]

    def text(self, n: int) -> str:
        """What cell `n` (from 0) printed, and the plain text of what it displayed."""
        return "".join(
            "".join(output.get("text") or output.get("data", {}).get("text/plain", "")) for output in self.outputs(n)
        )

    def cell_output(self, n: int) -> Locator:
        """The output area of cell `n` (from 0) in the page."""
        return self.panel.locator(".jp-Cell").nth(n).locator(".jp-Cell-outputArea")

    def errors(self) -> list[str]:
        """Tracebacks in any cell's outputs, and errors that scripts raised in the page since it was opened."""
        outputs = [output for cell in self.page.evaluate(OUTPUTS, self.path) for output in cell]
        raised = ["\n".join(output["traceback"]) for output in outputs if output["output_type"] == "error"]
        return [COLOUR.sub("", text) for text in raised] + self.lab.problems

    def show(self, *cells: str) -> NotebookPage:
        """Replace the cells of the notebook and run them in the same kernel, which is quicker than a new notebook."""
        self.page.evaluate(REPLACE, [self.path, list(cells)])
        return self.run_all()

    def execute(self, code: str) -> str:
        """Run code in the kernel without a cell, and so without moving the focus; return what it printed."""
        text, error = self.page.evaluate(EXECUTE, [self.path, code])
        if error:
            raise AssertionError(COLOUR.sub("", error))
        return str(text)

    def expect_value(self, code: str, value: object, seconds: float = 30.0) -> None:
        """Wait until an expression in the kernel has this value: the page tells the kernel in its own time."""
        end = time.monotonic() + seconds
        while (found := self.execute(f"print(repr({code}))").strip()) != repr(value):
            if time.monotonic() > end:
                raise AssertionError(f"{code} is {found}, not {value!r}.")

    def until(self, condition: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until a condition holds: layout, frames and messages follow an action at their own pace."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"The condition did not hold within {seconds} s.")
            self.page.wait_for_timeout(20)  # unlike sleep, this lets the browser's events in

    def drag(self, source: Locator, target: Locator) -> None:
        """Drag one place to another; both are brought into view first, since scrolling half-way drops another thing."""
        target.scroll_into_view_if_needed()
        source.scroll_into_view_if_needed()
        source.drag_to(target)

    def width(self, width: int, height: int = SIZE[1]) -> None:
        """Change the width of the browser's window."""
        self.page.set_viewport_size({"width": width, "height": height})

    def shot(
        self,
        name: str,
        width: int | None = None,
        theme: Theme = "light",
        of: Locator | None = None,
    ) -> Path:
        """Write a small PNG of one place of the page (by default, the last cell's output).

        The window is made as high as the place, since what is scrolled out of a notebook is not painted.
        """
        place = of if of is not None else self.panel.locator(".jp-Cell-outputArea").last
        self.lab.theme(theme)
        self.page.evaluate(RENAME, [str(self.lab.root), "/home/ada/study"])
        self.width(width or SIZE[0])
        box = place.bounding_box()
        self.width(width or SIZE[0], max(SIZE[1], int(box["height"] if box else 0) + 250))
        place.scroll_into_view_if_needed()
        self.page.mouse.move(0, 0)
        picture = Image.open(BytesIO(place.screenshot(animations="disabled", caret="hide"))).convert("RGB")
        file = self.lab.shots / f"{name}.png"
        picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(file, optimize=True)
        self.width(*SIZE)
        self.lab.theme("light")
        return file

    def save(self) -> dict[str, Any]:
        """Save the notebook and return what its file holds."""
        self.lab.command("docmanager:save")
        return dict(nbformat.read(self.lab.root / self.path, as_version=4))

    def close(self) -> None:
        """End the kernel and close the notebook without saving it."""
        self.page.evaluate(CLOSE, self.path)
