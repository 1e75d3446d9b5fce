"""Panel: what all panels have: a title, visible errors, code, a state, a static card, and clean-up."""

from __future__ import annotations

import functools
import sys
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from html import escape
from threading import RLock
from typing import Any, TypeVar

from IPython.core.getipython import get_ipython
from IPython.display import HTML, DisplayHandle, display

from ...common.display import Mode, visible
from ...jobs import Debouncer, Job
from . import widgets as w
from .findings_list import error_words
from .html_table import alert_html
from .observable import Observable
from .step_status import StepStatus
from .surface import Surface
from .theme import STYLE
from .traits import set_if_changed

# Callbacks may arrive on several threads at once: JupyterLab sends them over subshells of the kernel
# (https://github.com/jupyterlab/jupyterlab/pull/17363). One lock for all panels, not one per panel: two panels of one
# Observable could otherwise deadlock.
_lock = RLock()

SEEN_FIRST = 0.4
"""Seconds by which work that starts with a panel is delayed, so that the browser can show the panel first."""

_CARD_DELAY = 0.5  # seconds without a change; otherwise JupyterLab would draw the hidden card at every keystroke
_CARD_LONGEST = 2.0  # seconds; the news of a running study never pause for as long as the delay

# Panels by the notebook cell that created them, with the id of that execution.
_by_cell: dict[str, tuple[str, list[Panel]]] = {}

P = TypeVar("P", bound="Panel")


class _Built(ABC):
    """What every panel must have; the other hooks of `Panel` are optional."""

    @abstractmethod
    def build(self) -> list[w.Widget]:
        """Create the panel's widgets; called once."""


class Panel(_Built):
    """A view of one `Observable`, built from ipywidgets; `.value` is the current value, `.show_code()` repeats it.

    A subclass sets `name` and `title`, creates its widgets in `build`, updates them in `refresh`, and returns in `code`
    and `summary` what is shown where no kernel runs.

    Parameters
    ----------
    held : Observable
        The value that the panel changes. Panels that share one stay in sync.
    client : Observable, optional
        Holds the Client, or None; determines whether the panel is labelled SANDBOX or LIVE.

    Attributes
    ----------
    errors : list of str
        The messages of all errors in this panel's callbacks.
    status : Observable of StepStatus
        What `step` returned last.
    highlighted : Observable of bool
        Whether one of the panel's buttons is the next thing to do.
    news : Observable of int
        Changes whenever the panel has announced something.
    surface : Surface
        Names and keys of the widgets in the browser.
    box : ipywidgets.VBox
        The widgets.
    """

    name = ""
    title = ""
    has_mode = True
    """Whether it is labelled SANDBOX or LIVE; False for what can have nothing to do with Prolific."""
    _toggle_is_placed = False
    undoable = False
    """Whether Ctrl+Z in the panel undoes a change of its value."""

    def __init__(self, held: Observable[Any], client: Observable[Any] | None = None) -> None:
        self.held = held
        self.client = client if client is not None else Observable(None)
        self.errors: list[str] = []
        self.status: Observable[StepStatus] = Observable(StepStatus())
        self.highlighted: Observable[bool] = Observable(False)
        self.news: Observable[int] = Observable(0)
        self._main_button: w.Button | None = None
        self._disposers: list[Callable[[], None]] = []
        self._jobs: list[Job[Any]] = []
        self._css_class = f"pnb-{uuid.uuid4().hex[:12]}"
        self._cards: list[tuple[str, str, DisplayHandle]] = []  # of each display: its cell, execution and output
        self._card_sent = ""
        self._card_later = Debouncer("the static card", _CARD_DELAY, _CARD_LONGEST)
        self._frame()
        replace_older(self)
        self.watch(self.held, lambda _: self._renew())
        self.watch(self.client, lambda _: self._renew())
        self._renew()

    # --- for subclasses ------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Update the widgets; called after every change of a value, on any thread."""

    def code(self) -> str:
        """Python code that does the same as the panel."""
        return ""

    def summary(self) -> dict[str, object]:
        """Names and values for the static card."""
        return {}

    def step(self) -> StepStatus:
        """How far this step is, and one line about it; called often."""
        return StepStatus()

    def facts(self) -> dict[str, str]:
        """What the studio's bar shows of this step: any of Study, State, Places, Cost, Balance."""
        return {}

    def _await_news(self) -> None:
        """Wait a moment for news that a cell has caused; the notebook may be saved after it."""

    def undo(self) -> None:
        """Undo the last change, if `undoable`."""
        if self.undoable:
            self.held.undo()

    def redo(self) -> None:
        """Redo what was undone last, if `undoable`."""
        if self.undoable:
            self.held.redo()

    def _heading(self) -> str:
        """Mode and title, as HTML."""
        mode = f'<span class="pnb-mode pnb-{self.mode.lower()}">{self.mode}</span> ' if self.has_mode else ""
        return f'<h3 class="pnb-title">{mode}{escape(self.title)}</h3>'

    def announce(self) -> None:
        """Renew the state and the static card; called whenever what the panel shows has changed."""
        now = self.step()
        self.status.update(lambda before: before if before == now else now)
        self.news.update(lambda number: number + 1, merge="news")
        if self._cards:
            self._card_later(self.guard(self._update_card))

    def highlight(self, button: w.Button | None, style: str = "primary") -> None:
        """Mark one button as the next thing to do, and no other; None if there is nothing to do here."""
        if self._main_button is not None and self._main_button is not button:
            set_if_changed(self._main_button, "button_style", "")
        self._main_button = button
        if button is not None:
            set_if_changed(button, "button_style", style)
        self.highlighted.update(lambda before: before if before is (button is not None) else button is not None)

    def embed(self) -> w.Button:
        """Leave title, mode and the button that shows the code, which is returned, to the studio around the panel."""
        self._head.layout.display = "none"
        self.box.add_class("pnb-embedded")
        self.box.children = tuple(each for each in self.box.children if each is not self._foot)
        self._foot.children = ()
        w.close_deeply(self._foot)
        return self._toggle

    # --- for everyone --------------------------------------------------------------------------------------------

    @property
    def value(self) -> Any:
        """The current value."""
        return self.held.value

    @property
    def mode(self) -> Mode:
        """SANDBOX, or LIVE where the client says so."""
        client = self.client.value
        return client.mode if client is not None else "SANDBOX"

    def show_code(self) -> str:
        """Return the code, and show it in the panel."""
        self._code.value = f'<pre class="pnb-code-text" tabindex="0">{escape(self.code())}</pre>'
        self._code.layout.display = ""
        self._toggle.description = "Hide code"
        return self.code()

    def renew_code(self) -> None:
        """Renew the code if it is shown."""
        if self._code.layout.display != "none":
            self.show_code()

    def guard(self, act: Callable[..., Any]) -> Callable[..., None]:
        """Wrap a callback so that its errors are shown in the panel; ipywidgets would only log them."""

        @functools.wraps(act)
        def guarded(*arguments: Any, **options: Any) -> None:
            with _lock:
                try:
                    act(*arguments, **options)
                except Exception as failure:
                    self.report(failure)

        return guarded

    def report(self, failure: BaseException) -> None:
        """Show the message of an error and append it to `errors`."""
        words = error_words(failure)
        self.errors.append(words)
        self._errors.value = alert_html(words)

    def clear_error(self) -> None:
        """Hide the last error; `errors` keeps it."""
        self._errors.value = ""

    def watch(self, source: Observable[Any], listener: Callable[[Any], Any]) -> None:
        """Subscribe until the panel is closed."""
        self._disposers.append(source.subscribe(self.guard(listener)))

    def start(self, work: Callable[..., Any], name: str, then: Callable[[Any], None]) -> Job[Any]:
        """Run `work` as a Job; `then` gets its result on the worker thread, and an error is shown."""
        self.clear_error()
        # In a kernel this sends the queued messages to the browser before the worker competes with them: a studio of
        # 500 widgets appears half a second sooner.
        sys.stdout.flush()
        job = Job(work, name)
        self._jobs.append(job)

        def follow(seen: Job[Any]) -> None:
            self.progressed(seen)
            if seen.state == "running":
                return
            if seen in self._jobs:
                self._jobs.remove(seen)
            if seen.state == "done":
                self.guard(then)(seen.result(0))
            elif seen.error is not None:
                self.report(seen.error)

        job.subscribe(follow)
        return job

    def progressed(self, job: Job[Any]) -> None:
        """Show the progress of a job; called on the worker thread."""

    @property
    def closed(self) -> bool:
        """Whether the panel has been closed."""
        return not self._disposers

    def close(self) -> None:
        """Close the panel: cancel its jobs, unsubscribe, and close every widget with its layout and style."""
        for job in list(self._jobs):
            job.cancel()
        for end in self._disposers:
            end()
        self._disposers.clear()
        for each in (self.box, self._toggle):  # which may have been taken elsewhere
            w.close_deeply(each)

    # --- construction and display --------------------------------------------------------------------------------

    def _frame(self) -> None:
        self.surface = Surface(*((self.guard(self.undo), self.guard(self.redo)) if self.undoable else ()))
        with w.sharing():
            self._make_widgets()
        for name in ("pnb-panel", self.name):
            self.box.add_class(name)
        self._code.add_class("pnb-code")

    def _make_widgets(self) -> None:
        self._head, self._errors, self._code = w.HTML(), w.HTML(), w.HTML(layout=w.Layout(display="none"))
        tip = f"Show the Python code of: {self.title}"
        self._toggle = w.Button(description="Show code", tooltip=tip, layout={"width": "auto"})
        for name in ("pnb-button", "pnb-quiet"):
            self._toggle.add_class(name)
        self._toggle.on_click(self.guard(self._toggle_code))
        body = self.build()
        # The studio has the button in its bar, and those of its steps beside "Continue".
        placed = [] if self._toggle_is_placed else [self._toggle]
        self._foot = w.HBox(placed, layout={"justify_content": "flex-end"})
        self.box = w.VBox([self._head, self._errors, *body, self._code, self._foot, self.surface])

    def _toggle_code(self, _: Any) -> None:
        if self._code.layout.display == "none":
            self.show_code()
        else:
            self._code.layout.display = "none"
            self._toggle.description = "Show code"

    def _renew(self) -> None:
        # Shown widgets hide the static card, until their kernel has gone: then the card is shown instead of them.
        gone = f".jp-OutputArea:has(.pnb-panel.jupyter-widgets-disconnected) .{self._css_class}{{display:block}}"
        self._head.value = f"<style>.{self._css_class}{{display:none}}{gone}</style>{STYLE}{self._heading()}"
        self.guard(self.refresh)()
        self.renew_code()
        self.guard(self.announce)()

    def _update_card(self) -> None:
        if self.closed or (card := self.static_card()) == self._card_sent:
            return
        self._card_sent = card
        for _, _, output in self._cards:
            output.update(HTML(card))

    def static_card(self) -> str:
        """HTML shown instead of the panel where no kernel runs: its state, and the code that repeats it."""
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{escape(visible(name))}</th>'
            f'<td style="text-align:left;white-space:pre-wrap">{escape(visible(value))}</td></tr>'
            for name, value in self.summary().items()
        )
        # Where the notebook is opened again, JupyterLab puts "model not found" in the place of the widgets.
        missing = ".jp-OutputArea-child:has(> .jp-OutputArea-output.jupyter-widgets)"
        hidden = f"<style>{missing}:has(+ .jp-OutputArea-child .{self._css_class}){{display:none}}</style>"
        mode = f"<b>{self.mode}</b> · " if self.has_mode else ""
        return (
            f'{hidden}<div class="{self._css_class} pnb-card"><p>{mode}{escape(self.title)} '
            "(saved state). Run the cell to use the panel.</p>"
            f"<table>{rows}</table><pre>{escape(self.code())}</pre></div>"
        )

    def _ipython_display_(self) -> None:
        bundle = self.box._repr_mimebundle_()
        live = dict(bundle[0] if isinstance(bundle, tuple) else bundle)  # ipywidgets returns a dict, anywidget a tuple
        display({**live, "text/plain": f"{self!r} (run the cell to use it)"}, raw=True)
        # A second output: a reopened notebook shows it instead of the widget; while the widget is shown it is hidden.
        self._keep_up_to_date(display(HTML(self.static_card()), display_id=True))
        self._update_with_cells()

    def _keep_up_to_date(self, output: DisplayHandle | None) -> None:
        cell, execution = _cell()
        if output is not None:
            # What an earlier run of this cell has displayed is gone.
            kept = [each for each in self._cards if not cell or each[0] != cell or each[1] == execution]
            self._cards = [*kept, (cell, execution, output)]

    def _update_with_cells(self) -> None:
        # A notebook that is run as a whole (nbconvert) ends before the delay of `_card_later`. Widget events do not run
        # a cell, so typing keeps the delay.
        shell = get_ipython()
        if shell is not None and self._card_at_once not in shell.events.callbacks["post_run_cell"]:
            shell.events.register("post_run_cell", self._card_at_once)
            self._disposers.append(lambda: shell.events.unregister("post_run_cell", self._card_at_once))

    def _card_at_once(self, _: Any) -> None:
        self._await_news()
        self._card_later.now()

    def __repr__(self) -> str:
        return f"{self.mode} panel: {self.title}" if self.has_mode else f"Panel: {self.title}"


def replace_older(panel: Panel) -> None:
    """Close the panels that an earlier run of the same notebook cell created: their output is gone."""
    cell, execution = _cell()
    if not cell:
        return
    before, panels = _by_cell.get(cell, ("", []))
    if before != execution:
        for older in panels:
            older.close()
        panels = []
    _by_cell[cell] = (execution, [*panels, panel])


def previous_panel(kind: type[P]) -> P | None:
    """The panel of this kind that an earlier run of the current cell created, or None."""
    cell, execution = _cell()
    before, panels = _by_cell.get(cell, ("", []))
    found = [panel for panel in panels if isinstance(panel, kind)] if cell and before != execution else []
    return found[-1] if found else None


def _cell() -> tuple[str, str]:
    """The id of the running notebook cell and of its execution; empty outside a notebook.

    Some hosts send no id. There a cell is known by its code, so two cells with the same code are taken for one.
    """
    shell = get_ipython()
    parent = shell.get_parent() if shell is not None and hasattr(shell, "get_parent") else None
    if not parent:
        return "", ""
    cell = parent.get("metadata", {}).get("cellId") or parent.get("content", {}).get("code", "")
    return str(cell), str(parent.get("header", {}).get("msg_id", ""))
