"""Where a person is among the tasks, and what they enter there, without a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...common.answering import Entered, Fault, read_answers
from ...workflow.own import OwnLabels
from .task_pages import END, START, TaskPages


class Sitting:
    """Goes through the rows of an `OwnLabels`, one screen at a time.

    Parameters
    ----------
    own : OwnLabels
        Keeps the answers.
    pages : TaskPages

    Attributes
    ----------
    at : int
        The place in ``own.rows``; -1 before the first task, the number of rows after the last.
    screen : int
        Which of the screens is shown, from 0; their number if all were shown, which only happens at the end.
    faults : tuple of Fault
        In what was submitted last.
    attempts : int
        How often something was submitted.
    skipped : set of str
        The rows that were skipped.
    device : str
        Kept with each answer.
    """

    def __init__(self, own: OwnLabels, pages: TaskPages) -> None:
        self.own, self.pages = own, pages
        self.rows: Sequence[str] = own.rows
        self._place = {row: place for place, row in enumerate(self.rows)}
        self._look()
        self._typed: dict[str, Entered] = {}  # in this session, also what was not submitted
        self._again: list[str] = []  # skipped rows that are shown once more
        self.faults: tuple[Fault, ...] = ()
        self.attempts, self.device = 0, ""
        self._first = -1 if pages.screens(START) else 0
        self.at, self.screen = 0, 0
        if len(self._left) == len(self.rows):
            self._go(self._first)
        else:
            self._onward()

    # --- where the person is ------------------------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        """The key of the row, `START` or `END`."""
        return self.kind_at(self.at)

    def kind_at(self, place: int) -> str:
        """The key of the row at a place, `START` or `END`."""
        if place < 0:
            return START
        return self.rows[place] if place < len(self.rows) else END

    @property
    def around(self) -> range:
        """Places of which the browser has the documents: the one before, this one, and three ahead."""
        return range(max(self._first, self.at - 1), min(len(self.rows), self.at + 3) + 1)

    @property
    def done(self) -> int:
        """The number of rows that were answered or skipped."""
        return len(self.rows) - len(self._left)

    @property
    def answered(self) -> int:
        """The number of rows that were answered."""
        return self.done - len(self.skipped)

    @property
    def steps(self) -> dict[str, bool]:
        """What is possible beside answering."""
        is_done = self.kind in self._place and self.kind not in self._left
        return {"back": self.at > self._first or self.screen > 0, "forward": is_done, "undo": self.done > 0}

    def entered(self, kind: str) -> Entered:
        """What was entered for a row, or nothing."""
        if kind in (START, END):
            return {}
        return self._typed[kind] if kind in self._typed else (self.own.entered(kind) or {})

    # --- what the person does -----------------------------------------------------------------------------------------

    def keep(self, kind: str, entered: Entered) -> None:
        """Remember what was typed and not submitted."""
        if kind in self._place:
            self._typed[kind] = entered

    def submit(self, kind: str, screen: int, entered: Entered, seconds: float) -> None:
        """Submit a screen: the next one is shown, or its faults. Another one than that which is shown is left alone."""
        if kind != self.kind or screen != self.screen or screen >= len(self.pages.screens(kind)):
            return
        self.attempts += 1
        self.keep(kind, entered)
        is_last = screen == len(self.pages.screens(kind)) - 1
        self.faults = self._faults_of(screen, entered) if kind in self._place else ()
        if self.faults:
            return
        if is_last and kind in self._place:
            self._store(kind, entered, seconds)
        elif is_last and kind == START:
            self.begin()
        else:
            self.screen += 1

    def _look(self) -> None:
        """Read what is left, which takes a while for many rows, and is only needed where more than one may change."""
        self._left = set(self.own.left)
        self.skipped = self._place.keys() & self.own.skipped.keys()

    def _faults_of(self, screen: int, entered: Entered) -> tuple[Fault, ...]:
        page = self.pages.screens(self.kind)[screen]
        return read_answers(self.pages.pages, entered, screens=[page]).faults

    def begin(self) -> None:
        """To the first task that is open."""
        self._onward()

    def answer(self, row: str, entered: Entered, seconds: float) -> None:
        """Submit all screens of a task at once."""
        if row == self.kind and row in self._place:
            self.attempts += 1
            self.keep(row, entered)
            self._store(row, entered, seconds)

    def _store(self, row: str, entered: Entered, seconds: float) -> None:
        """Store an answer unless it is stored already, and go on; or show the first screen that has a fault."""
        self.faults = ()
        if row in self._left or row in self.skipped or not _same(entered, self.own.entered(row)):
            self.faults = self.own.answer(row, entered, seconds=seconds, device=self.device)
        if self.faults:
            screens = range(len(self.pages.screens(row)))
            self.screen = next((each for each in screens if self._faults_of(each, entered)), self.screen)
            return
        self._left.discard(row)
        self.skipped.discard(row)
        self._onward()

    def skip(self, row: str, reason: str, entered: Entered) -> None:
        """Leave a row out."""
        if row != self.kind or row not in self._place:
            return
        self.keep(row, entered)
        self.own.skip(row, reason)
        self._left.discard(row)
        self.skipped.add(row)
        self._onward()

    def undo(self) -> None:
        """Undo the last answer or skip, and show its row with what was entered."""
        row = self.own.undo()
        if row is not None and row in self._place:
            self._look()
            self._go(self._place[row])

    def back(self) -> None:
        """To the screen before, or the row before."""
        if self.screen > 0:
            self._go(self.at, min(self.screen, len(self.pages.screens(self.kind))) - 1)
        elif self.at > self._first:
            self._go(self.at - 1)

    def forward(self) -> None:
        """To the next row, if this one was answered or skipped."""
        if self.steps["forward"]:
            self._go(self.at + 1)

    def show_skipped(self) -> None:
        """Show the skipped rows once more."""
        self._again = [row for row in self.rows if row in self.skipped]
        self._onward()

    def _onward(self) -> None:
        """To the next row that is open: after this one, or else from the start."""
        self._go(self._place[self._again.pop(0)] if self._again else self._open())

    def _open(self) -> int:
        """The place of the next open row; the number of rows if there is none."""
        after = range(max(self.at + 1, 0), len(self.rows))
        ahead = next((place for place in after if self.rows[place] in self._left), None)
        return min(map(self._place.__getitem__, self._left), default=len(self.rows)) if ahead is None else ahead

    def _go(self, place: int, screen: int = 0) -> None:
        self.at, self.screen, self.faults = place, screen, ()


def _same(entered: Entered, before: Mapping[str, Any] | None) -> bool:
    """Whether the same was entered, apart from inputs without a value."""
    return before is not None and _filled(entered) == _filled(before)


def _filled(entered: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: list(values) for name, values in entered.items() if list(values)}
