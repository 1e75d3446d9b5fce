"""How to read a file, where its content leaves a doubt: controls, and the first rows as they would be read."""

from __future__ import annotations

from html import escape
from typing import Any

from ...data import FirstRows, first_rows
from ...jobs import Debouncer
from ..kit import widgets as w
from ..kit.controls import Guard, row, stack
from ..kit.html_table import shorten
from ..kit.traits import set_if_changed, set_visible
from ..kit.wording.control_names import OPTIONS

_ENCODINGS = {
    "UTF-8": "utf-8",
    "UTF-16": "utf-16",
    "Western Europe, Excel (cp1252)": "cp1252",
    "Western Europe (latin-1)": "latin-1",
    "Western Europe, Mac (mac_roman)": "mac_roman",
    "Central Europe (cp1250)": "cp1250",
    "Cyrillic (cp1251)": "cp1251",
    "Cyrillic (koi8-r)": "koi8-r",
    "Greek (cp1253)": "cp1253",
    "Turkish (cp1254)": "cp1254",
    "Hebrew (cp1255)": "cp1255",
    "Arabic (cp1256)": "cp1256",
    "Baltic (cp1257)": "cp1257",
    "Vietnamese (cp1258)": "cp1258",
    "Thai (cp874)": "cp874",
    "Japanese (shift_jis)": "shift_jis",
    "Japanese (euc_jp)": "euc_jp",
    "Chinese (gb18030)": "gb18030",
    "Chinese, traditional (big5)": "big5",
    "Korean (cp949)": "cp949",
}
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "vertical bar": "|"}
_DETECT = ("detect", "")  # not None: a list whose value is None shows nothing as chosen
_SHOWN = 100  # characters of a cell


class ReadingOptions:
    """The controls; hidden until they are needed.

    Parameters
    ----------
    guard : callable
        `Panel.guard`.
    again : ipywidgets.Button
        Reads the file with the options.

    Attributes
    ----------
    box : ipywidgets.VBox
    """

    def __init__(self, guard: Guard, again: w.Button) -> None:
        self._guard = guard
        self._path = ""
        self._left_out: tuple[int, ...] = ()
        self._later = Debouncer("the first rows", 0.05)
        look: dict[str, Any] = {"style": {"description_width": "initial"}, "layout": {"width": "auto"}}
        choices = {
            "encoding": [_DETECT, *_ENCODINGS.items()],
            "delimiter": [_DETECT, *_DELIMITERS.items()],
            "header_rows": [_DETECT, ("0 (none)", 0), *((str(number), number) for number in range(1, 6))],
            "skip_rows": [_DETECT, *((str(number), number) for number in range(21))],
            "sheet": [_DETECT],
        }
        self._controls = {
            name: w.Dropdown(description=OPTIONS[name], options=options, **look) for name, options in choices.items()
        }
        for control in self._controls.values():
            control.layout.max_width = "100%"
            control.observe(guard(lambda _: self.preview()), names="value")
        self._rows = w.HTML()
        self.box = stack(row(*self._controls.values(), again), self._rows)
        set_visible(self._controls["sheet"], False)
        set_visible(self.box, False)

    @property
    def shown(self) -> bool:
        """Whether the controls can be seen."""
        return self.box.layout.display != "none"

    @shown.setter
    def shown(self, shown: bool) -> None:
        set_visible(self.box, shown)
        self.preview()

    @property
    def path(self) -> str:
        """The file that the options are for; another one forgets them."""
        return self._path

    @path.setter
    def path(self, path: str) -> None:
        if path == self._path:
            return
        self._path, self._left_out = path, ()
        for control in self._controls.values():
            set_if_changed(control, "value", "")
        self._show_sheets(())
        self.preview()

    def chosen(self) -> dict[str, Any]:
        """What was chosen, as arguments of `read_data`."""
        given = {name: control.value for name, control in self._controls.items() if control.value != ""}
        if self._left_out:
            given["skip_rows"] = sorted({*range(1, given.get("skip_rows", 0) + 1), *self._left_out})
        return given

    def choose(self, option: str, value: Any) -> None:
        """Choose what a message recommends; a value that is not listed yet becomes one."""
        if isinstance(value, tuple):  # the numbers of rows below the header
            self._left_out = value
            return
        control = self._controls[option]
        if value not in [known for _, known in control.options]:
            control.options = [*control.options, (str(value), value)]
        control.value = value

    def preview(self) -> None:
        """Redraw the first rows, on another thread: a workbook takes a moment to open."""
        if self.shown and self._path:
            path, given = self._path, {name: control.value for name, control in self._controls.items()}
            wanted = {name: None if value == "" else value for name, value in given.items()}
            self._later(lambda: self._draw(path, wanted))

    def _draw(self, path: str, given: dict[str, Any]) -> None:
        header_rows = given.pop("header_rows")
        found = first_rows(path, **given)  # before the lock that a guard holds

        def show() -> None:
            if path == self._path:
                self._show_sheets(found.sheets)
                self._rows.value = preview_html(found, given["skip_rows"] or 0, header_rows)

        self._guard(show)()

    def _show_sheets(self, sheets: tuple[str, ...]) -> None:
        control, options = self._controls["sheet"], [_DETECT, *((name, name) for name in sheets)]
        known = list(control.options)
        if known != options and control.value in ("", *sheets):
            kept = control.value
            control.options = options
            control.value = kept
        set_visible(control, len(sheets) > 1 or control.value != "")


def preview_html(found: FirstRows, skipped: int, header_rows: int | None) -> str:
    """The first rows of a file, each with what it would be: skipped, header or data."""
    if not found.rows:
        return f'<div class="pnb-muted">{escape(found.note or "The file is empty.")}</div>'
    roles = _roles(len(found.rows), skipped, 1 if header_rows is None else header_rows)
    width = max(map(len, found.rows))
    lines = "".join(_line(role, cells, width) for role, cells in zip(roles, found.rows, strict=True))
    caption = "<caption class=pnb-muted>The first rows, as they would be read</caption>"
    return (
        '<div class="pnb-scroll" tabindex="0" role="region" aria-label="The first rows of the file">'
        f'<table class="pnb-first-rows">{caption}<tbody>{lines}</tbody></table></div>'
    )


def _roles(rows: int, skipped: int, header_rows: int) -> list[str]:
    return [
        "skipped" if place < skipped else "header" if place < skipped + header_rows else "data" for place in range(rows)
    ]


def _line(role: str, cells: tuple[str, ...], width: int) -> str:
    tag = "th" if role == "header" else "td"
    if role == "skipped":
        whole = escape(shorten(" ".join(cells), _SHOWN))
        return f'<tr class="pnb-first-skipped"><th scope="row">skipped</th><td colspan="{width}">{whole}</td></tr>'
    shown = "".join(f"<{tag}>{escape(shorten(cell, _SHOWN))}</{tag}>" for cell in cells)
    return f'<tr class="pnb-first-{role}"><th scope="row">{role}</th>{shown}</tr>'
