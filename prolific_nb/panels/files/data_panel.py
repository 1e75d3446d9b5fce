"""The data panel: choose a file, see its columns and rows, and fix what is wrong with it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from ...common.findings import Finding, Findings
from ...common.plurals import counted
from ...data import Dataset, read_data, sample_data
from ...errors import DataError
from ...jobs import Cancelled, Job
from ..kit import widgets as w
from ..kit.controls import button, row, toggle
from ..kit.findings_list import counts, findings_html
from ..kit.html_table import KIND_WORDS, shorten
from ..kit.observable import Observable, as_observable
from ..kit.panel import SEEN_FIRST, Panel
from ..kit.step_status import StepStatus
from ..kit.traits import set_if_changed, set_visible
from ..kit.wording.control_names import OPTIONS
from .data_view import DataView
from .file_chooser import FileChooser
from .offer_buttons import OfferButtons
from .offers import Offer, fix_offers, reading_offers
from .reading_options import ReadingOptions

_TYPED_BEFORE = 0.1  # seconds after a click in which text typed before it arrives
_SOON = 1.5  # seconds in which a person still waits for what was clicked
_CHECKING = '<div class="pnb-muted">Checking the cells…</div>'
_STYLE = """<style>
.pnb-panel .pnb-data-line .widget-html { flex: 1 1 12em; }
.pnb-first-rows caption { text-align: start; caption-side: top; padding-bottom: 2px; }
.pnb-first-rows .pnb-first-skipped { color: var(--jp-ui-font-color2, GrayText) !important; font-style: italic; }
.pnb-first-rows th[scope=row] { font-weight: 400; color: var(--jp-ui-font-color2, GrayText) !important; }
.pnb-panel .pnb-row-page { max-height: 340px; overflow-y: auto; }
@media (min-width: 721px) { .pnb-panel .pnb-row-page table { width: 100%; } .pnb-panel .pnb-row-page td {
  max-width: 44em; } }
.pnb-row-page tbody th { font-weight: 400; color: var(--jp-ui-font-color2, GrayText) !important; }
.pnb-row-page thead th { position: sticky; top: 0; background: var(--jp-layout-color1, Canvas) !important; }
.pnb-row-mark { color: #b34700; } [data-jp-theme-light="false"] .pnb-row-mark { color: #ffb27a; }
.pnb-rows mark { background: #ffe08a; color: #1a1a1a; }
</style>"""


class Data(Panel):
    """Choose the data, see its columns, rows and findings, and fix them.

    Parameters
    ----------
    data : Dataset, path, DataFrame or Observable, optional
        What to start with.
    client : Client or Observable, optional
        Determines whether the panel is labelled SANDBOX or LIVE.

    Raises
    ------
    DataError
        If the given path or frame cannot be used.
    """

    name, title = "pnb-data", "Data"
    undoable = True

    def __init__(self, data: Any = None, *, client: Any = None) -> None:
        self._shown: Dataset | None = None
        self._refused: DataError | None = None
        self._latest: object = None
        self._reading: list[str] = []
        self._doubted: object = None  # the findings that have opened the reading options
        super().__init__(_as_data(data), as_observable(client))

    # --- the widgets -------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """The line about the data, the file chooser, the findings, and what is in the data."""
        self._status, self._list = w.HTML(), w.HTML()
        self._chooser = FileChooser(
            self._folder(),
            self.guard,
            use=self._use,
            sample=lambda: self._read("the sample", lambda: sample_data()),
            copied=self._use_copied,
            refused=self.report,
        )
        self.surface.enter(self._chooser.path, self._chooser.use)
        self._options = ReadingOptions(self.guard, button("Read with these options", self._use_again, self.guard))
        self._chooser.path.observe(self.guard(lambda _: self._other_path()), names="value")
        self._offers = OfferButtons(self._take, self.guard)
        self._view = DataView(self, self._show_words)
        return [
            w.HTML(_STYLE),
            self._line(),
            self._chooser.box,
            self._options.box,
            self._list,
            self._offers.box,
            self._view.box,
        ]

    def _folder(self) -> Path:
        source = self.value.source if self.value is not None else None
        folder = Path(os.path.abspath(source or "file")).parent
        return folder if folder.is_dir() else Path.cwd()

    def _line(self) -> w.Widget:
        self._change = toggle("Change…", self._show_chooser, self.guard, "Choose another file")
        tip = "Encoding, delimiter, header rows, rows to skip, sheet"
        self._more = toggle("Reading options", self._show_options, self.guard, tip)
        self._undo = button("Undo", self.undo, self.guard, "Undo the last change of the data")
        line = row(self._status, self._change, self._more, self._undo, overflow="visible")  # of focus rings
        line.add_class("pnb-data-line")
        return line

    def _show_chooser(self, shown: bool) -> None:
        set_visible(self._chooser.box, shown or self.value is None)

    def _show_options(self, shown: bool) -> None:
        self._options.path = self._options.path or self._path()
        self._options.shown = shown

    # --- callbacks -----------------------------------------------------------------------------------------------

    def read(self, path: str) -> None:
        """Read a file on a separate thread, as if its path had been typed and "Use this file" clicked."""
        self._chooser.path.value = path
        self._read(path or "the file", lambda: self._read_chosen(SEEN_FIRST))

    def _use(self) -> None:
        self._read(self._chooser.path.value or "the file", lambda: self._read_chosen(_TYPED_BEFORE))

    def _use_copied(self, path: str) -> None:
        self._read(path, lambda: self._read_path(path))

    def _use_again(self) -> None:
        path = self._options.path or self._path()
        self._read(path or "the file", lambda: self._read_path(path))

    def _path(self) -> str:
        """The path in the field, or that of the data."""
        source = self.value.source if self.value is not None else None
        return self._chooser.path.value.strip() or source or ""

    def _other_path(self) -> None:
        if not os.path.isdir(os.path.expanduser(self._chooser.path.value.strip() or ".")):
            self._options.path = self._chooser.path.value.strip()
        self._highlight()

    def _read_chosen(self, after: float) -> Dataset:
        # A kernel may handle the click before the text that was typed earlier, on another thread.
        time.sleep(after)
        return self._read_path(self._chooser.path.value.strip())

    def _read_path(self, path: str) -> Dataset:
        if not path:
            remedy = "Drop a file, choose one in the list, or type its path."
            raise DataError("The path", [Finding("error", "No file is chosen.", remedy)])
        self._options.path = path
        return read_data(path, **self._options.chosen())

    def _take(self, offer: Offer) -> None:
        """Apply what a button offers."""
        # The focus of a button that goes away would be lost.
        if offer.fix:
            self.held.update(lambda now: None if now is None else now.fixed(offer.fix, offer.column))
            self._undo.focus()
            return
        self._more.focus()
        self._options.path = self._options.path or self._path()
        self._options.choose(offer.option, offer.value)
        self._use_again()

    def _read(self, name: str, read: Callable[[], Dataset]) -> None:
        wanted = self._latest = object()
        asked = time.monotonic()
        self._reading.append(name)

        def work(_: Any) -> Dataset:
            try:
                data = read()
                # Compared here, not under the panels' lock: for large data it takes seconds.
                return self.value if data == self.value else data
            finally:
                self._reading.remove(name)

        def take(data: Dataset) -> None:
            if wanted is self._latest:  # otherwise a newer choice has been read already
                focused = self._chooser.box.layout.display != "none" and time.monotonic() - asked < _SOON
                set_if_changed(self._change, "value", False)
                self.held.set(data)
                if focused:  # the focus in the chooser would be lost; its button is shown by now
                    self._change.focus()
            self._show_words()  # the same data again triggers no refresh, but reading has ended

        self.start(work, f"Reading {name}", take)
        self._show_words()

    # --- display -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the data; the cells are checked on a separate thread."""
        data: Dataset | None = self.value
        before, self._shown = self._shown, data
        if data is not before:
            self._view.show(data, before)
        self._show_words()

    def _show_words(self) -> None:
        """Show the status and the findings; a refused file comes first."""
        findings = self._view.findings
        self._show_offers(findings or Findings())
        set_visible(self._change, self.value is not None)
        set_visible(self._more, bool(self._path()))
        set_visible(self._undo, self.held.can_undo)
        self._show_chooser(bool(self._change.value))
        self._highlight()
        # Below a refused file, "No problems found" would seem to be about that file.
        nothing = "" if self._refused is not None else "No problems found."
        found = findings_html(findings, nothing) if findings is not None else _CHECKING
        # Last: whoever reads these words finds the rest done.
        set_if_changed(self._list, "value", self._refusal() + (found if self.value is not None else ""))
        set_if_changed(self._status, "value", f'<div role="status">{self._about_data()}</div>')
        self.announce()

    def _highlight(self) -> None:
        """Without a path there is nothing that "Use this file" could read."""
        typed = self._chooser.use if self._chooser.path.value.strip() else self._chooser.sample
        self.highlight(typed if self.value is None and not self._reading else None)

    def _show_offers(self, findings: Findings) -> None:
        about_reading = self._refused.findings if self._refused is not None else findings
        self._show_doubt(Findings(about_reading))
        offers = reading_offers(Findings(about_reading)) if self._path() else []
        if self._refused is not None:
            self._offers.show("Read it again:", offers)
        else:
            self._offers.show("Fix in a copy:", [*offers, *fix_offers(findings)])

    def _show_doubt(self, findings: Findings) -> None:
        """Open the reading options when findings first mention them, and close them when none does any more."""
        doubtful = any(f"{option}=" in each.remedy for each in findings for option in OPTIONS)
        if doubtful and findings != self._doubted:
            self._doubted = findings
            self._more.value = True
        elif not doubtful and self._doubted is not None and self._view.findings is not None:
            self._doubted = None
            self._more.value = False

    def _about_data(self) -> str:
        if self._reading:
            return f"Reading <bdi>{escape(shorten(self._reading[-1]))}</bdi>…"
        data: Dataset | None = self.value
        if data is None:
            return "No data yet: drop a file, choose one of a folder, or use the sample."
        return f"<b><bdi>{escape(shorten(data.name))}</bdi></b>: {_size(data)}."

    def _refusal(self) -> str:
        if self._refused is None:
            return ""
        stays = " The data below stays in use." if self.value is not None else ""
        subject = f"<bdi>{escape(shorten(self._refused.subject))}</bdi>"
        return (
            f'<div class="pnb-error" role="alert"><b>{subject} cannot be used.</b>{stays}'
            f"{findings_html(self._refused.findings)}</div>"
        )

    def step(self) -> StepStatus:
        """Whether there are data, and whether something must be fixed in them."""
        data: Dataset | None = self.value
        if self._reading:
            return StepStatus("running", f"Reading {shorten(self._reading[-1], 60)}…")
        if self._refused is not None:
            return StepStatus("needs attention", f"{shorten(self._refused.subject, 60)} cannot be used")
        if data is None:
            return StepStatus("to do", "Choose a file, or use the sample")
        words = f"{shorten(data.name, 60)}: {_size(data)}"
        errors = self._view.findings.errors if self._view.findings is not None else ()
        if errors:
            return StepStatus("needs attention", f"{words}; {counted(len(errors), 'error')} to fix")
        return StepStatus("done", words)

    # --- code and summary ----------------------------------------------------------------------------------------

    def report(self, failure: BaseException) -> None:
        """Show problems of a file in the list of findings, other errors above; what was stopped is not an error."""
        if isinstance(failure, DataError):
            self.errors.append(str(failure))
            self._refused = failure
        elif not isinstance(failure, Cancelled):
            super().report(failure)
        self._show_words()

    def clear_error(self) -> None:
        """Hide the last error, including that of a refused file."""
        self._refused = None
        super().clear_error()

    def progressed(self, job: Job[Any]) -> None:
        """Show how many links have been checked."""
        self._view.progressed(job)

    def code(self) -> str:
        """Python code that reads the same data with the same kinds and fixes."""
        read = self.value.to_code() if self.value is not None else "# No data has been chosen yet.\n"
        links = "print(data.check_links())\n" if self.value is not None and self._view.links else ""
        return f"import prolific_nb as pnb\n\n{read}{links}"

    def summary(self) -> dict[str, object]:
        """Name, size, columns and the number of findings."""
        data: Dataset | None = self.value
        if data is None:
            return {"Data": "not chosen yet"}
        columns = ", ".join(f"{shorten(name, 60)} ({KIND_WORDS[kind]})" for name, kind in list(data.kinds.items())[:12])
        more = f" and {len(data.columns) - 12} more" if len(data.columns) > 12 else ""
        findings = self._view.findings
        found = {"Findings in the data": counts(findings)} if findings is not None else {}
        return {"Data": f"{data.name}, {counted(len(data), 'row')}", "Columns": f"{columns}{more}", **found}


def _size(data: Dataset) -> str:
    return f"{counted(len(data), 'row')}, {counted(len(data.columns), 'column')}"


def _as_data(data: Any) -> Observable[Any]:
    if data is None or isinstance(data, Dataset | Observable):
        return as_observable(data)
    return as_observable(read_data(data))
