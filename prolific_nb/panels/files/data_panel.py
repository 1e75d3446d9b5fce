"""The data panel: choose a file, see its rows, the kinds of its columns, and findings about it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from ...common.findings import Finding, Findings
from ...common.plurals import counted
from ...data import Dataset, read_data
from ...errors import DataError
from ...jobs import Debouncer, Job
from ..kit import widgets as w
from ..kit.findings_list import counts, findings_html
from ..kit.html_table import KIND_WORDS, PAGE, page_html, shorten
from ..kit.observable import Observable, as_observable
from ..kit.panel import SEEN_FIRST, Panel
from .browser_upload import keep_upload
from .file_browser import ENDINGS, FolderBrowser, as_typed

_SMALL_ONLY = (
    "To use a file on your own computer, upload it here if it has at most 8 MB. Drag a larger file into JupyterLab's "
    "file browser, then choose it above."
)
_TYPED_BEFORE = 0.1  # seconds after a click in which text typed before it arrives
_CHECKING = '<div class="pnb-muted">Checking the cells…</div>'
_ROW = {"flex_flow": "row wrap", "align_items": "center"}


class Data(Panel):
    """Choose the data and see its rows, columns and findings.

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
        self._findings: Findings | None = None
        self._refused: DataError | None = None
        self._latest: object = None
        self._reading: list[str] = []
        self._first_row = 0
        self._check = Debouncer("checking the data")
        super().__init__(_as_data(data), as_observable(client))

    # --- the widgets -------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """The file chooser, the findings, the rows, and the kinds of the columns."""
        self._status, self._list, self._rows = w.HTML(), w.HTML(), w.HTML()
        self._about = w.VBox([self._rows, self._pager(), self._kinds()], layout={"min_width": "0", "width": "100%"})
        return [self._chooser(), self._status, self._list, self._about]

    def _chooser(self) -> w.Widget:
        source = self.value.source if self.value is not None else None
        folder = Path(os.path.abspath(source or "file")).parent
        self._browser = FolderBrowser(folder if folder.is_dir() else Path.cwd(), self.guard)
        use = w.Button(description="Use this file", button_style="primary", tooltip="Read the file of this path")
        use.on_click(self.guard(self._use))
        self._upload = w.FileUpload(accept=",".join(ENDINGS), description="Upload (up to 8 MB)")
        self._upload.layout.width = "auto"
        self._upload.observe(self.guard(self._uploaded), names="value")
        top = self._top()
        buttons = w.HBox([self._browser.open, use, self._more], layout=_ROW)
        note = w.HTML(f'<span class="pnb-muted">{_SMALL_ONLY}</span>')
        return w.VBox([self._browser.box, buttons, top, note, w.HBox([self._upload])], layout={"min_width": "0"})

    def _top(self) -> w.Widget:
        """The choices that a message about the first rows of a file offers; hidden for other files."""
        header = [("detect", None), ("none", 0), *((str(number), number) for number in range(1, 6))]
        above = [("detect", None), *((str(number), number) for number in range(21))]
        self._top_rows: dict[str, Any] = {
            "header_rows": w.Dropdown(description="Header rows", options=header, **_sized("12em")),
            "skip_rows": w.Dropdown(description="Skip rows above the header", options=above, **_sized("21em")),
            "sheet": w.Text(description="Sheet", placeholder="of an Excel workbook", **_sized("16em")),
        }
        self._browser.path.observe(self.guard(lambda _: self._detect_top()), names="value")
        tip = "For files with several header rows, with none, or with a title above the header"
        self._more = w.ToggleButton(description="Header options", tooltip=tip)
        box = w.HBox(list(self._top_rows.values()), layout={**_ROW, "display": "none"})
        self._more.observe(
            lambda change: setattr(box.layout, "display", "" if change["new"] else "none"), names="value"
        )
        return box

    def _detect_top(self) -> None:
        # They were chosen for another file.
        for choice in self._top_rows.values():
            choice.value = "" if isinstance(choice, w.Text) else None

    def _pager(self) -> w.Widget:
        self._previous = w.Button(description="Previous rows")
        self._next = w.Button(description="Next rows")
        self._position = w.HTML()
        self._previous.on_click(self.guard(lambda _: self._turn(-PAGE)))
        self._next.on_click(self.guard(lambda _: self._turn(PAGE)))
        return w.HBox([self._previous, self._next, self._position], layout=_ROW)

    def _kinds(self) -> w.Widget:
        look: dict[str, Any] = {"style": {"description_width": "initial"}}
        wide = {"width": "auto", "max_width": "26em", "min_width": "0"}
        self._column = w.Dropdown(description="Column", layout=wide, **look)
        options = [(words, kind) for kind, words in KIND_WORDS.items()]
        self._kind = w.Dropdown(description="Kind", options=options, layout={"width": "auto"}, **look)
        self._column.observe(self.guard(lambda _: self._show_kind()), names="value")
        self._kind.observe(self.guard(self._change_kind), names="value")
        note = w.HTML('<span class="pnb-muted">Guessed from the cells; correct it if it is wrong.</span>')
        return w.HBox([self._column, self._kind, note], layout=_ROW)

    # --- callbacks -----------------------------------------------------------------------------------------------

    def read(self, path: str) -> None:
        """Read a file on a separate thread, as if its path had been typed and "Use this file" clicked."""
        self._browser.path.value = path
        self._use(None, SEEN_FIRST)

    def _use(self, _: Any, after: float = _TYPED_BEFORE) -> None:
        self._read(self._browser.path.value or "the file", lambda: self._read_chosen(after))

    def _read_chosen(self, after: float) -> Dataset:
        # A kernel may handle the click before the text that was typed earlier, on another thread.
        time.sleep(after)
        path = self._browser.path.value.strip()
        if not path:
            remedy = "Choose a file in the list, or type its path, then click again."
            raise DataError("The path", [Finding("error", "No file is chosen.", remedy)])
        chosen = {name: choice.value for name, choice in self._top_rows.items() if choice.value not in (None, "")}
        return read_data(path, **chosen)

    def _uploaded(self, _: Any) -> None:
        if not self._upload.value:
            return
        file = self._upload.value[0]
        # Emptied at once: a notebook saved with widget state would contain the whole file.
        self._upload.value = ()
        self._read(file["name"], lambda: self._keep(file))

    def _keep(self, file: Any) -> Dataset:
        path = keep_upload(self._browser.folder, file["name"], bytes(file["content"]))
        self._browser.show(path.parent)
        self._browser.path.value = as_typed(path)
        return read_data(as_typed(path))

    def _read(self, name: str, read: Callable[[], Dataset]) -> None:
        wanted = self._latest = object()
        self._reading.append(name)
        self._show_words()

        def work(_: Any) -> Dataset:
            try:
                data = read()
                # Compared here, not under the panels' lock: for large data it takes seconds.
                return self.value if data == self.value else data
            finally:
                self._reading.remove(name)

        def take(data: Dataset) -> None:
            if wanted is self._latest:  # otherwise a newer choice has been read already
                self.held.set(data)
            self._show_words()  # the same data again triggers no refresh, but reading has ended

        self.start(work, f"Reading {name}", take)

    def _turn(self, rows: int) -> None:
        self._first_row += rows
        self._show_rows(self.value)

    def _change_kind(self, change: Any) -> None:
        column, kind = self._column.value, change["new"]
        data: Dataset | None = self.value
        if data is not None and data.kinds.get(column, kind) != kind:
            self.held.update(lambda now: now.with_kinds({column: kind}) if column in now.columns else now)

    # --- display -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the data; the cells are checked on a separate thread."""
        data: Dataset | None = self.value
        before, self._shown = self._shown, data
        if data is None or data is before:
            self._show_words()
            self._about.layout.display = "none" if data is None else ""
            return
        self._findings = None
        self._check(lambda: self._check_cells(data))
        if before is None or (before.columns, len(before)) != (data.columns, len(data)):
            self._first_row = 0
            self._column.options = [(shorten(name, 80), name) for name in data.columns]
            self._column.index = 0
        self._show_words()
        self._show_rows(data)
        self._show_kind()
        self._about.layout.display = ""

    def _check_cells(self, data: Dataset) -> None:
        # Not guarded as a whole: a guard holds the panels' lock, and all callbacks would wait for the check.
        try:
            found = data.check()
        except Exception as failure:  # there is no caller to raise it to
            self.report(failure)
        else:
            self.guard(self._found)(data, found)

    def _found(self, data: Dataset, findings: Findings) -> None:
        if data is self.value:  # otherwise newer data are being checked
            self._findings = findings
            self._renew()

    def _show_words(self) -> None:
        """Show the status and the findings; a refused file comes first."""
        self._status.value = f'<div role="status" style="margin-top:8px">{self._about_data()}</div>'
        # Below a refused file, "No problems found" would seem to be about that file.
        nothing = "" if self._refused is not None else "No problems found."
        found = findings_html(self._findings, nothing) if self._findings is not None else _CHECKING
        self._list.value = self._refusal() + (found if self.value is not None else "")
        given = [*(self._refused.findings if self._refused is not None else ()), *(self._findings or ())]
        if any(option in each.remedy for each in given for option in ("header_rows=", "skip_rows=", "sheet=")):
            self._more.value = True

    def _about_data(self) -> str:
        if self._reading:
            return f"Reading <bdi>{escape(shorten(self._reading[-1]))}</bdi>…"
        data: Dataset | None = self.value
        if data is None:
            return "No data yet: choose a file, then click “Use this file”."
        size = f"{counted(len(data), 'row')}, {counted(len(data.columns), 'column')}"
        return f"<b><bdi>{escape(shorten(data.name))}</bdi></b>: {size}."

    def _refusal(self) -> str:
        if self._refused is None:
            return ""
        stays = " The data below stays in use." if self.value is not None else ""
        subject = f"<bdi>{escape(shorten(self._refused.subject))}</bdi>"
        return (
            f'<div class="pnb-error" role="alert"><b>{subject} cannot be used.</b>{stays}'
            f"{findings_html(self._refused.findings)}</div>"
        )

    def _show_rows(self, data: Dataset) -> None:
        last = (len(data) - 1) // PAGE * PAGE
        self._first_row = min(max(self._first_row, 0), last)
        self._previous.disabled, self._next.disabled = self._first_row == 0, self._first_row == last
        end = min(self._first_row + PAGE, len(data))
        self._position.value = f"{self._first_row + 1:,} to {end:,} of {counted(len(data), 'row')}"
        self._rows.value = page_html(data, self._first_row)

    def _show_kind(self) -> None:
        data: Dataset | None = self.value
        if data is not None and self._column.value in data.columns:
            self._kind.value = data.kinds[self._column.value]

    # --- code and summary ----------------------------------------------------------------------------------------

    def report(self, failure: BaseException) -> None:
        """Show problems of a file in the list of findings, other errors above."""
        if not isinstance(failure, DataError):
            super().report(failure)
            return
        self.errors.append(str(failure))
        self._refused = failure
        self._show_words()

    def clear_error(self) -> None:
        """Hide the last error, including that of a refused file."""
        self._refused = None
        super().clear_error()

    def progressed(self, job: Job[Any]) -> None:
        """Remove "Reading …" after a failure; after a success, the new data do so."""
        if job.state in ("failed", "cancelled"):
            self._show_words()

    def code(self) -> str:
        """Python code that reads the same data with the same kinds."""
        read = self.value.to_code() if self.value is not None else "# No data has been chosen yet.\n"
        return f"import prolific_nb as pnb\n\n{read}"

    def summary(self) -> dict[str, object]:
        """Name, size, columns and the number of findings."""
        data: Dataset | None = self.value
        if data is None:
            return {"Data": "not chosen yet"}
        columns = ", ".join(f"{shorten(name, 60)} ({KIND_WORDS[kind]})" for name, kind in list(data.kinds.items())[:12])
        more = f" and {len(data.columns) - 12} more" if len(data.columns) > 12 else ""
        found = {"Findings in the data": counts(self._findings)} if self._findings is not None else {}
        return {"Data": f"{data.name}, {counted(len(data), 'row')}", "Columns": f"{columns}{more}", **found}


def _sized(width: str) -> dict[str, Any]:
    # With the width "auto", JupyterLab cuts off what is chosen where the list stands beside another.
    return {"style": {"description_width": "initial"}, "layout": {"width": width}}


def _as_data(data: Any) -> Observable[Any]:
    if data is None or isinstance(data, Dataset | Observable):
        return as_observable(data)
    return as_observable(read_data(data))
