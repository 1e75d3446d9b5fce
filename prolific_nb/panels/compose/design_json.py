"""The design as JSON: to copy it elsewhere, and to use one from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from ...common.plurals import counted
from ...design import Design
from ...errors import DesignError
from ..kit import widgets as w
from ..kit.controls import Fold, Guard, button, row, stack
from ..kit.findings_list import error_words
from ..kit.html_table import alert_html
from ..kit.surface import Surface


class DesignJson:
    """A text area with the JSON of the design, built when it is opened.

    Parameters
    ----------
    use : callable
        Called with the design that was read.
    current : callable
        Returns the design that is shown.

    Attributes
    ----------
    fold : Fold
        The button that opens it, and its content.
    """

    def __init__(
        self, use: Callable[[Design], None], current: Callable[[], Design], guard: Guard, surface: Surface
    ) -> None:
        self._use, self._current, self._guard, self._surface = use, current, guard, surface
        self.fold = Fold("JSON", self._build, guard)
        self.fold.button.observe(guard(lambda change: self._show() if change["new"] else None), names=["value"])

    def _build(self) -> w.Widget:
        self.text = w.Textarea(rows=8, layout={"width": "100%"})
        self.text.add_class("pnb-json")
        self._surface.name(self.text, "JSON of the task", role="")
        self.words = w.HTML()
        use = button("Use this JSON", self._read, self._guard, "Replaces the task; Undo restores it")
        show = button("Show the current task", self._show, self._guard)
        return stack(self.text, row(use, show), self.words)

    def _show(self) -> None:
        self.text.value, self.words.value = self._current().to_json(), ""

    def _read(self) -> None:
        try:
            design = Design.from_json(self.text.value)
        except DesignError as failure:
            self.words.value = alert_html(error_words(failure))
            return
        self._use(design)
        self.words.value = f'<span role="status">Used: {counted(len(design.entries), "entry", "entries")}.</span>'
