"""What is in the data: a card for each column, the rows, and the checks of cells and links that run beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ...common.findings import Findings
from ...common.plurals import counted
from ...data import Dataset
from ...data.columns import MEDIA
from ...jobs import Debouncer, Job
from ..kit import widgets as w
from ..kit.controls import button, row, stack
from ..kit.observable import Observable
from ..kit.traits import set_if_changed, set_visible
from .column_cards import ColumnCards, cards_of
from .row_table import RowTable

_CHECKING_LINKS = "Checking links"


class _Owner(Protocol):
    """What the view needs of the panel it is part of."""

    held: Observable[Any]

    def guard(self, act: Callable[..., Any]) -> Callable[..., None]: ...
    def report(self, failure: BaseException) -> None: ...
    def start(self, work: Any, name: str, then: Any) -> Job[Any]: ...


class DataView:
    """The cards and the rows of the panel's data.

    Parameters
    ----------
    owner : Data
        The panel.
    found : callable
        Called when `findings` has changed.

    Attributes
    ----------
    findings : Findings or None
        All findings about the data, including those about links; None while the cells are checked.
    links : Findings
        What the last check of links has found.
    box : ipywidgets.VBox
    """

    def __init__(self, owner: _Owner, found: Callable[[], None]) -> None:
        self._owner = owner
        self._renewed = found
        self._checked: Findings | None = None
        self.links = Findings()
        self._check = Debouncer("checking the data")
        self._job: Job[Any] | None = None
        self._cards = ColumnCards(owner.guard(self._change_kind))
        self._rows = RowTable(owner.guard)
        self._check_links = button("Check links", self._start_links, owner.guard, "Ask every server, over https only")
        self._stop = button("Stop", self._stop_links, owner.guard)
        self._progress = w.HTML()
        self._media = row(self._check_links, self._stop, self._progress)
        set_visible(self._stop, False)
        self.box = stack(self._media, self._cards, self._rows.box)
        set_visible(self.box, False)

    @property
    def findings(self) -> Findings | None:
        """All findings so far; None while the cells are checked."""
        return self._checked + self.links if self._checked is not None else None

    def show(self, data: Dataset | None, before: Dataset | None) -> None:
        """Show other data; what takes longer than a moment follows from another thread."""
        set_visible(self.box, data is not None)
        self._checked, self.links = None, Findings()
        if data is None:
            return
        self._stop_links()
        self._progress.value = ""
        set_visible(self._media, any(kind in MEDIA for kind in data.kinds.values()))
        counted_already = before is not None and "profiles" in vars(data)
        self._cards.show(cards_of(data, profiled=counted_already))
        same = before is not None and (before.columns, len(before)) == (data.columns, len(data))
        self._rows.show(data, restart=not same)
        self._rows.mark(Findings())
        self._check(lambda: self._look_at(data))

    def _look_at(self, data: Dataset) -> None:
        # Not guarded as a whole: a guard holds the panels' lock, and all callbacks would wait for the check.
        try:
            cards = cards_of(data, profiled=True)
            self._owner.guard(lambda: self._cards.show(cards) if data is self._owner.held.value else None)()
            found = data.check()
        except Exception as failure:  # there is no caller to raise it to
            self._owner.report(failure)
        else:
            self._owner.guard(self._found)(data, found)

    def _found(self, data: Dataset, findings: Findings) -> None:
        if data is self._owner.held.value:  # otherwise newer data are being checked
            self._checked = findings
            self._rows.mark(findings + self.links)
            self._renewed()

    def _change_kind(self, column: str, kind: str) -> None:
        def change(now: Dataset | None) -> Dataset | None:
            if now is None or now.kinds.get(column, kind) == kind:
                return now
            return now.with_kinds({column: kind})

        self._owner.held.update(change)

    # --- links ---------------------------------------------------------------------------------------------------

    def _start_links(self) -> None:
        data: Dataset | None = self._owner.held.value
        if data is None:
            return  # a click on a button that the browser does not show any more
        set_visible(self._stop)
        self._check_links.disabled = True
        self._job = self._owner.start(
            lambda on_progress: (data, data.check_links(on_progress=on_progress)), _CHECKING_LINKS, self._linked
        )

    def _stop_links(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _linked(self, result: tuple[Dataset, Findings]) -> None:
        data, self_found = result
        if data is not self._owner.held.value:
            return
        self.links = self_found
        self._rows.mark((self._checked or Findings()) + self_found)
        broken = sum(len(each.rows) for each in self_found.errors)
        self._say("Every link that was checked loads." if not broken else f"{counted(broken, 'link')} not loading.")
        self._renewed()

    def progressed(self, job: Job[Any]) -> None:
        """Show how many links have been checked; called on the worker thread."""
        if job.name != _CHECKING_LINKS:
            return
        if job.state == "running" and job.progress is not None:
            self._say(f"{job.progress.done:,} of {counted(job.progress.total, 'link')} checked…")
        if job.state != "running":
            set_visible(self._stop, False)
            set_if_changed(self._check_links, "disabled", False)
        if job.state == "cancelled":
            self._say("Stopped.")

    def _say(self, words: str) -> None:
        set_if_changed(self._progress, "value", f'<span role="status">{words}</span>')
