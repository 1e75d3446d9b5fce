"""More annotators and more rows for a published study: the cost first, then the confirmation."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...common.money import Money
from ...common.plurals import counted
from ...data import Dataset, read_data
from ...jobs import Debouncer
from ...study.add_rows import AddRowsResult
from ...study.spend.growth import Growth
from ...workflow.run import Run
from ..kit import controls
from ..kit import widgets as w
from ..kit.html_table import shorten, status_html
from ..kit.spending.confirm_amount import AmountWords, ConfirmAmount
from ..kit.surface import Surface
from ..kit.traits import set_if_changed, set_visible
from .study_words import Known

_TYPING = 0.4  # seconds
_MOST = 1000
_LISTED = 50  # files offered below the field

Start = Callable[[Callable[..., Any], str, Callable[[Any], Any]], Any]
"""Runs work as a job: the work, its name, and what gets its result."""
Done = Callable[[str], Any]
"""Called after money was spent, with the code that repeats it."""


class _Growing(ABC):
    """One way to enlarge a study: what it would add, and the button that confirms it.

    Parameters
    ----------
    ask, spend : callable
        Start a job that asks for the cost, or spends money.
    done : callable
        Called with the code of what was done.
    """

    label, name = "", ""

    def __init__(self, ask: Start, spend: Start, done: Done, guard: Callable[..., Any], surface: Surface) -> None:
        self._ask, self._spend, self._done, self._guard, self._surface = ask, spend, done, guard, surface
        self._run: Run | None = None
        self._growth: Growth | None = None
        self._known, self._busy, self._said = Known(), False, ""
        self._built = self._offered = False
        self.fold = controls.Fold(self.name, self._make_widgets, guard)

    def _make_widgets(self) -> w.Widget:
        self._words = w.HTML()
        words = AmountWords(self.label, "Spends the amount above", self.label[:1].lower() + self.label[1:], "added")
        self.confirmation = ConfirmAmount(self._confirmed, words, self._surface, self._guard)
        content = controls.stack(*self._build(), self._words, self.confirmation.box)
        self._built = True
        self._begin()
        self._show()
        return content

    @abstractmethod
    def _build(self) -> list[w.Widget]:
        """The fields in which is said what to add."""

    @abstractmethod
    def _confirmed(self, cost: Money) -> None: ...

    @abstractmethod
    def about(self, growth: Growth) -> str:
        """What a growth adds, in words."""

    def show(self, run: Run | None, known: Known, *, offered: bool, busy: bool) -> None:
        """Bring the widgets up to date; another run begins anew."""
        another, newly = run is not self._run, offered and not self._offered
        self._run, self._known, self._offered, self._busy = run, known, offered, busy
        set_visible(self.fold.box, offered)
        if another:
            self._growth, self._said = None, ""
        if self._built and offered and (another or newly):
            self._begin()
        if self._built:
            self._show()

    @abstractmethod
    def _begin(self) -> None:
        """Fill in the fields for this run, which is published."""

    def _show(self) -> None:
        growth = self._growth
        words = self.about(growth) if growth is not None else self._said
        set_if_changed(self._words, "value", status_html(words))
        adds = growth is not None and bool(growth.places or growth.rows)
        what = f"adding {counted(growth.places, 'place')}" if growth is not None else ""
        cost = growth.cost if growth is not None else None
        self.confirmation.show(self._known.mode, cost, what, shown=adds, busy=self._busy)

    def _say(self, words: str) -> None:
        self._growth, self._said = None, words
        self._show()

    @abstractmethod
    def _asked(self, wanted: Any, growth: Growth) -> None: ...


class MoreAnnotators(_Growing):
    """Annotators per task, up to a number that means the same however often it is confirmed."""

    label, name = "Add annotators", "More annotators"

    def _build(self) -> list[w.Widget]:
        self._ask_later = Debouncer("the cost of more annotators", _TYPING)
        look: dict[str, Any] = {"style": {"description_width": "initial"}, "layout": {"width": "220px"}}
        self._to = w.BoundedIntText(min=1, max=_MOST, description="Annotators per task", **look)
        self._to.observe(self._guard(lambda _: self._changed()), names=["value"])
        return [self._to]

    def _begin(self) -> None:
        if self._run is not None:
            self._to.value = self._run.plan.annotators_per_task + 1
            self._changed()

    def _changed(self) -> None:
        self._say("Asking the server for the cost…")
        self._ask_later(self._guard(self._request))

    def _request(self) -> None:
        run, to = self._run, int(self._to.value)
        if run is not None:
            self._say("Asking the server for the cost…")
            self._ask(lambda _: run.quote_annotators(to), "Asking for the cost", lambda growth: self._asked(to, growth))

    def _asked(self, wanted: Any, growth: Growth) -> None:
        if wanted == self._to.value:  # otherwise another number was typed meanwhile
            self._growth = growth
            self._show()

    def about(self, growth: Growth) -> str:
        """From how many to how many."""
        now = growth.annotators_before
        if growth.annotators == now:
            return f"The study has {counted(now, 'annotator')} per task already. Enter a larger number."
        return f"Annotators per task: {now} → {growth.annotators}, {counted(growth.places, 'more place')}."

    def _confirmed(self, cost: Money) -> None:
        run, growth = self._run, self._growth
        if run is None or growth is None:
            return
        to, code = growth.annotators, f'run.add_annotators(to={growth.annotators}, max_cost="{cost.major}")'

        def added(_: Any) -> None:
            self._say(f"Added: now {counted(to, 'annotator')} per task.")
            self._done(code)

        self._spend(lambda _: run.add_annotators(to=to, max_cost=cost), "Adding annotators", added)


class MoreRows(_Growing):
    """Rows of a file that the study does not have yet."""

    label, name = "Add rows", "More rows"

    def _build(self) -> list[w.Widget]:
        self._data: Dataset | None = None
        self._number = 0
        files = sorted(path.name for path in Path().glob("*.csv"))[:_LISTED]
        look: dict[str, Any] = {
            "style": {"description_width": "initial"},
            "layout": {"width": "auto", "flex": "1 1 16em"},
        }
        hint = "Path of a CSV, or one of this folder"
        self._path = w.Combobox(options=files, placeholder=hint, description="File with more rows", **look)
        self._path.observe(self._guard(lambda _: self._say("")), names=["value"])
        read = controls.button("Read the file", self._read, self._guard, "Counts the new rows and asks for their cost")
        self._surface.enter(self._path, read)
        return [controls.row(self._path, read)]

    def _begin(self) -> None:
        self._data = None

    def _read(self) -> None:
        run, path = self._run, self._path.value.strip()
        if not path:
            self._say("Enter the path of a file first.")
        if run is None or not path:
            return
        self._say("Reading the file…")

        def read(_: Any) -> tuple[Dataset, Growth]:
            data = read_data(path)
            return data, run.quote_rows(data)

        self._ask(read, "Reading the rows", lambda found: self._found(path, *found))

    def _found(self, path: str, data: Dataset, growth: Growth) -> None:
        if path == self._path.value.strip():
            self._data = data
            self._asked(path, growth)

    def _asked(self, wanted: Any, growth: Growth) -> None:
        self._growth = growth
        self._show()

    def about(self, growth: Growth) -> str:
        """How many rows are new, and what is made of them."""
        data = self._data
        if data is None:
            return ""
        if not growth.rows:
            return f"The study has {'this row' if len(data) == 1 else f'all {len(data):,} rows'} already."
        known = f" ({len(data) - growth.rows:,} are in the study already)" if len(data) > growth.rows else ""
        made = f"{counted(growth.rows, 'task')} in at most {counted(growth.groups, 'group')}"
        name = shorten(data.name, 60)
        return f"{counted(growth.rows, 'new row')} in {name}{known}: {made}, {counted(growth.places, 'more place')}."

    def _confirmed(self, cost: Money) -> None:
        run, data = self._run, self._data
        if run is None or data is None:
            return
        self._number += 1
        more = f"more_{self._number}"
        code = f'{data.to_code(more).strip()}\nrun.add_rows({more}, max_cost="{cost.major}")'

        def added(result: AddRowsResult) -> None:
            self._say(_added_words(result))
            self._done(code)

        self._spend(lambda _: run.add_rows(data, max_cost=cost), "Adding rows", added)


def _added_words(result: AddRowsResult) -> str:
    done = f"Added: {counted(result.tasks, 'task')} in {counted(result.groups, 'new group')}"
    if not result.places:
        return (
            f"{done}, but Prolific added no places, so these tasks are not annotated yet. More annotators, or a study "
            "of its own for these rows, gives them places."
        )
    fewer = " Some of the tasks may not be annotated: look for rows without answers when it has ended."
    return f"{done} and {counted(result.places, 'place')}.{fewer if result.remedy else ''}"
