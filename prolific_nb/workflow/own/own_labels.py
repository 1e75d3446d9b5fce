"""Labels that one annotator gives without Prolific: the store behind a panel, usable without one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from itertools import filterfalse
from math import isfinite
from secrets import token_hex
from statistics import median
from threading import RLock
from typing import Any

import pandas as pd

from ...common.answering import Entered, Fault, read_answers
from ...common.arguments import require_number, require_path, require_string
from ...common.display import notify
from ...common.plurals import counted
from ...data import Dataset
from ...design import Codebook, Design
from ...errors import ArgumentError, UnknownName
from ...study import StudyPlan
from .history import History
from .label_file import LabelFile
from .own_frame import labels_frame
from .own_pace import FACTOR, LEAST, Pace, words_around
from .row_order import Order, Rows, ordered_rows
from .several_people import Paths, people_of
from .subject import Subject
from .typed_values import from_json, to_json

_NOBODY = History()


class OwnLabels:
    r"""Labels that one annotator gives to rows, each on disk before the next row is shown.

    Opening the same file again continues where it was. Several annotators, and several notebooks at once, may share a
    file: each line has its annotator, one program writes at a time, and no line is lost. A file of another design or
    of other data is refused. The texts around the questions, the limits and the layout of the design may be edited
    later; the questions and their options, and the rows that have labels, must stay as they were.

    Parameters
    ----------
    design : Design
        The task.
    data : Dataset
        All rows; gold rows are not shown.
    annotator : str
        Who answers: the ``participant_id`` of the answers.
    rows : int, or iterable of str or int, optional
        The first so many rows of the order, or only these: keys as in ``data.row_keys``, or positions from 0.
    order : {"random", "file"}, or iterable of str or int
        Random by `seed` and `annotator`: each person has another order, and the same again. A list of keys or
        positions, such as the column ``row`` of a table, has only these rows.
    path : str or os.PathLike
        The file, made by the first answer; readable by its owner only.
    seed : int
        Of the random order.

    Attributes
    ----------
    rows : tuple of str
        The keys of the rows in the order in which they are shown.
    notes : tuple of str
        What is worth knowing about the labels in the file; also printed.

    Raises
    ------
    DesignError
        The design has errors.
    DataError
        Rows that do not exist are asked for.
    InputError
        The file belongs to another design or to other data; the message says what differs.
    LedgerError
        The file cannot be read or written. Methods raise it too; what was given is not stored then.

    Examples
    --------
    >>> import tempfile
    >>> import prolific_nb as pnb
    >>> data = pnb.read_data(b"review\nIt broke.\nI would buy it again.\n")
    >>> design = pnb.Design("Reviews").show("review").choose("Good?", ["yes", "no"])
    >>> own = OwnLabels(design, data, path=f"{tempfile.mkdtemp()}/labels.jsonl", order="file")
    >>> own.answer(own.left[0], {}, seconds=2.0)[0].words
    'Choose an option.'
    >>> own.answer(own.left[0], {"p1-r2-c1-i1": ["no"]}, seconds=4.5)
    ()
    >>> own.answers()[["participant_id", "submission_status", "position", "seconds", "value", "review"]]
      participant_id submission_status  position  seconds value     review
    0             me               OWN         1      4.5    no  It broke.
    >>> len(own.left)
    1
    """

    def __init__(
        self,
        design: Design,
        data: Dataset,
        *,
        annotator: str = "me",
        rows: Rows = None,
        order: Order = "random",
        path: str | os.PathLike[str] = "labels.jsonl",
        seed: int = 0,
    ) -> None:
        if not require_string("annotator", annotator).strip():
            raise ArgumentError("annotator is empty. Pass the name that the answers shall have, such as 'me'.")
        self.design, self.data, self.annotator = design, data, annotator
        self.path = require_path("path", path).absolute()
        self._subject = Subject.of(design, data)
        self._file = LabelFile(self.path, self._subject)
        self._lock = RLock()  # a panel answers on one thread and looks on another
        self.rows = ordered_rows(data, rows, order, annotator, seed)
        self.notes = tuple(self._edited())
        for note in self.notes:
            notify(f"Note: {note}")

    @property
    def codebook(self) -> Codebook:
        """The questions; each has the name of its input as ``instruction_id``."""
        return self._subject.codebook

    @property
    def left(self) -> tuple[str, ...]:
        """The rows that are neither answered nor skipped, in order."""
        return tuple(filterfalse(self._history().rows.__contains__, self.rows))

    @property
    def skipped(self) -> Mapping[str, str]:
        """The reasons of the skipped rows, by row; "" where none was given."""
        return {row: line["skipped"] for row, line in self._history().holding.items() if "skipped" in line}

    def datapoint(self, row: str) -> Mapping[str, str]:
        """The cells of a row, by column, as far as the design shows them."""
        cells = self.data.row(self._place(row))
        return {name: cells[name] for name in self.design.shown}

    def answer(self, row: str, entered: Entered, *, seconds: float, device: str = "") -> tuple[Fault, ...]:
        """Store the answers about a row, unless something is wrong with them; an earlier answer is replaced.

        Parameters
        ----------
        row : str
            Its key.
        entered : mapping of str to sequence of str
            The values of every input, by the names of the form.
        seconds : float
            How long the row was looked at, this time.
        device : str
            Kept in the file, such as ``"keyboard"``.

        Returns
        -------
        tuple of Fault
            Everything that is wrong; then nothing is stored. Empty if the answers are on disk.

        Raises
        ------
        UnknownName
            There is no such row.
        """
        self._place(row)
        require_number("seconds", seconds, 0)
        if not isfinite(seconds):
            raise ArgumentError(f"seconds is {seconds}; use a finite number.")
        found = read_answers(self._subject.pages, entered)
        if not found.faults:
            names = self._subject.names
            more = {"seconds": round(float(seconds), 3), "device": require_string("device", device)}
            answers = [found.answers[name] for name in names]
            self._append(row, {**more, "answers": answers, "entered": to_json(entered, names)})
        return found.faults

    def skip(self, row: str, reason: str = "") -> None:
        """Leave a row out, with a reason; an earlier answer does not hold any longer."""
        self._place(row)
        self._append(row, {"skipped": require_string("reason", reason).strip()})

    def undo(self) -> str | None:
        """Take back the last answer or skip of this annotator; one that it replaced holds again.

        Returns
        -------
        str or None
            The row; None if there is nothing to take back. `entered` still has what was typed about it.
        """
        with self._lock:
            last = self._history().last
            if last is not None:
                self._append(last["row"], {"undone": last["id"]})
        return None if last is None else str(last["row"])

    def entered(self, row: str) -> Entered | None:
        """What was typed last about a row, by the names of the form as it is now; None if nothing was."""
        typed = self._history().typed(row)
        return None if typed is None else from_json(typed, self._subject.names)

    def answers(self, *, checks: bool = False) -> pd.DataFrame:
        """The answers of this annotator as a tidy table, one row per element of an answer.

        Parameters
        ----------
        checks : bool
            Whether to keep attention checks, with their right answers in the column ``expected``.

        Returns
        -------
        DataFrame
            The columns of `prolific_nb.responses.frame`, then those of the data, as of `Run.responses`.
            ``submission_status`` is ``"OWN"``; ``submission_id`` and ``participant_id`` are the annotator; ``task_id``
            is the row; ``position`` counts the answered rows in the order of their first answers; ``seconds`` is the
            time that a row was looked at, all times together.
        """
        return labels_frame({self.annotator: self._history()}, self._subject, checks=checks)

    @classmethod
    def read(cls, paths: Paths, design: Design, data: Dataset, *, checks: bool = False) -> pd.DataFrame:
        """The answers of several people in one tidy table, such as for ``pnb.agreement(...)``.

        Parameters
        ----------
        paths : path, sequence of paths, or mapping of str to path
            Files of this design and data; all annotators in them are read. If two people have the same name in
            different files, such as ``"me"``, name them: ``{"ann": "ann.jsonl", "ben": "ben.jsonl"}``.
        design, data : Design, Dataset
            What was labelled.
        checks : bool
            As for `answers`.

        Returns
        -------
        DataFrame
            As of `answers`. Each file has its own times and positions.

        Raises
        ------
        InputError
            A file does not exist, or belongs to another design or to other data; or it is not clear whose labels they
            are. With all findings.
        """
        subject = Subject.of(design, data)
        return labels_frame(people_of(paths, subject), subject, checks=checks)

    def pace(self, *, factor: float = FACTOR, tasks_per_group: int = StudyPlan.tasks_per_group) -> Pace:
        """The time per task, and what follows for the minutes and the reward of a plan.

        Parameters
        ----------
        factor : float
            How much longer participants need than this annotator; an assumption, see `Pace`.
        tasks_per_group : int
            The tasks of one submission, for ``minutes`` and ``words``; ``pace.plan(plan)`` takes those of the plan.
        """
        history = self._history()
        times = [history.seconds(row) for row in history.answered]
        seconds = median(times) if len(times) >= LEAST else None
        around = words_around(self.design)
        return Pace(seconds, len(times), reading=around, tasks_per_group=tasks_per_group, factor=factor)

    def _history(self) -> History:
        with self._lock:
            return self._file.people().get(self.annotator, _NOBODY)

    def _append(self, row: str, what: Mapping[str, Any]) -> None:
        about = {"id": token_hex(8), "by": self.annotator, "row": row, "at": datetime.now(UTC).isoformat()}
        with self._lock:
            self._file.append({**about, "design": self._subject.version, **what})

    def _place(self, row: str) -> int:
        if row not in self._places:
            raise UnknownName(f"There is no row {row!r:.80}. Use one of own.rows.")
        return self._places[row]

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {row: place for place, row in enumerate(self.data.row_keys)}

    def _edited(self) -> list[str]:
        answered = self._history().answered.values()
        before = sum(line.get("design") != self._subject.version for line in answered)
        if not before:
            return []
        what = f"{counted(before, 'row')} of {self.path.name} were answered" if before > 1 else "1 row was answered"
        return [f"{what} before the design was edited; the questions and options are the same, so the answers count."]

    def __len__(self) -> int:
        return len(self._history().answered)

    def __repr__(self) -> str:
        done, left = len(self), len(self.left)
        return f"OwnLabels({self.annotator!r}: {counted(done, 'row')} answered, {left:,} left, {self.path.name!r})"
