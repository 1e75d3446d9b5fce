"""The fetched answers, with everything that is computed from them at most once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from threading import RLock
from typing import Any, TypeVar, cast

import pandas as pd

from ...analysis import unit_column
from ...common.display import collected_warnings, suppress_notices
from ...design.codebook import Question
from ...report import AgreementReport, agreement
from ...report.question_selection import ColumnNames
from ...responses.find_answers import Searchable
from ...workflow.run import Run

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Answers:
    """The fetched answers: the tidy table, and the warnings raised while fetching.

    A note on missing times is in ``frame.attrs["times"]``.

    Parameters
    ----------
    run : Run
    frame : DataFrame
        As returned by `run.responses()`.
    warnings : tuple of str
    """

    run: Run
    frame: pd.DataFrame
    warnings: tuple[str, ...] = ()
    _made: dict[Hashable, Any] = field(default_factory=dict)
    _locks: dict[Hashable, RLock] = field(default_factory=dict)

    @cached_property
    def table(self) -> Searchable:
        """The answers, prepared for searching."""
        return Searchable(self.frame)

    @cached_property
    def columns(self) -> ColumnNames:
        """Columns of units, annotators and labels."""
        return ColumnNames(unit_column(self.frame), "participant_id", "value")

    @property
    def simulated(self) -> bool:
        """Whether the participants are simulated."""
        return self.run.client.mode == "SANDBOX"

    def asked(self, question: str) -> list[Question]:
        """The question, or all but attention checks for an empty string."""
        return [each for each in self.run.codebook.without_checks() if not question or each.question == question]

    def of(self, question: str) -> pd.DataFrame:
        """The answers to a question, or all for an empty string."""
        return self.table.find(question=question or None)

    def report(self, question: str) -> AgreementReport:
        """Agreement on a question, or on all of them for an empty string; computed once."""
        return self.once(("agreement", question), lambda: agreement(self.of(question), questions=self.asked(question)))

    def why_not_scored(self, question: str) -> str:
        """The questions that cannot be scored, each with the reason."""
        left = self.report(question).left
        # After the semicolon the reason goes on with what to do in code.
        return "; ".join(f"“{each.question}” ({each.why.partition('; ')[0]})" for each in left)

    def one_label(self, question: str) -> bool:
        """Whether one label per row can be made of the answers to this one question."""
        scored = self.report(question).scored
        return bool(question) and len(scored) == 1 and scored[0].reading.kind in ("single", "scale")

    def has(self, key: Hashable) -> bool:
        """Whether something is kept under this key."""
        return key in self._made

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result of `make`, kept under `key`."""
        # Of two threads that want the same, one computes it; those that want something else do not wait.
        with self._locks.setdefault(key, RLock()):
            if key not in self._made:
                self._made[key] = make()
            return cast(T, self._made[key])


def fetch(run: Run) -> Answers:
    """Fetch the usable answers so far, with the warnings."""
    run.cost()  # cached, so that showing the code sends no request
    with collected_warnings() as caught, suppress_notices():
        frame = run.responses()
    answers = Answers(run, frame, tuple(caught))
    if len(frame):
        _ = answers.table
    return answers
