"""The answers to one question while a study runs: each is counted once, when its submission becomes usable."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from threading import RLock
from typing import Any

import pandas as pd

from ...analysis import Precision, RunningAlpha, precision_course
from ...common.findings import Finding
from ...design import Codebook
from ...design.codebook import Question
from ...design.question_types.question import LEVELS
from ...errors import DataError, InputError, ProlificError
from ...report.question_data import prepare
from ...report.question_selection import ColumnNames
from ...responses import tidy
from ...responses.select import finished
from ...responses.timing import USABLE
from ...study.monitor.status import ENDED, Status

_COLUMNS = ColumnNames("task_id", "participant_id", "value")
_APART = 4  # polls between two readings of the answers, each of which transfers all of them
_SHARE = 20  # a reading that takes a second is repeated after 20 at the earliest
_GONE = ("REJECTED", "RETURNED", "TIMED-OUT", "SCREENED OUT")  # one may have been usable before
NOTHING = Precision(math.nan, math.nan, math.nan, 0, 0)
Records = list[dict[str, Any]]


def scored_question(codebook: Codebook, question: str | None) -> Question:
    """The question of this text, or the first one, whose agreement can be computed.

    Raises
    ------
    LookupError
        There is no question with this text.
    InputError
        Its answers, or those of all questions, are texts or files.
    """
    if question is not None:
        found = codebook.find(question)
        if not is_scored(found):
            why = f"its answers are of kind {found.kind!r}" if found.right is None else "it is an attention check"
            what = f"{question!r} has no α: {why}."
            raise InputError("question", [Finding("error", what, _others(codebook))])
        return found
    first = next((each for each in codebook if is_scored(each)), None)
    if first is None:
        what = "None of the questions has an α: their answers are texts or files."
        raise InputError("question", [Finding("error", what, "Ask for a choice, a rating or a number.")])
    return first


def is_scored(question: Question) -> bool:
    """Whether α can be computed; attention checks do not count."""
    return LEVELS[question.kind] is not None and question.right is None


def _others(codebook: Codebook) -> str:
    texts = [repr(each.question) for each in codebook if is_scored(each)]
    return f"Choose {' or '.join(texts)}." if texts else "Ask for a choice, a rating or a number."


class RunningAnswers:
    """α of one question, brought up to date by what is new since the last reading.

    The API returns all responses of a batch or none, so a reading transfers them all; only those that were not counted
    yet are looked at. Units are tasks.

    Parameters
    ----------
    records, submissions : callable
        Request the responses and the submissions.
    codebook : Codebook
    question : Question
    left_out : callable
        From the responses to the tasks that do not count.
    """

    def __init__(
        self,
        records: Callable[[], Records],
        submissions: Callable[[], Iterable[Mapping[str, Any]]],
        codebook: Codebook,
        question: Question,
        left_out: Callable[[Records], set[str]] = lambda _: set(),
    ) -> None:
        self._records, self._submissions, self._left_out = records, submissions, left_out
        self._codebook, self.question = codebook, question
        self._lock = RLock()
        self._start_over()

    def _start_over(self) -> None:
        self._alpha: RunningAlpha | None = None
        self._categories: tuple[Hashable, ...] = ()
        self._held: dict[str, tuple[str, str] | None] = {}
        self._units_used: set[str] = set()

    def read(self) -> Precision:
        """Request the answers, count what is new, and take back what is no longer usable.

        Raises
        ------
        DataError
            Somebody answered twice about a task, or numbers are in several units.
        """
        with self._lock:
            self._bring_to(*self._request())
            return self._alpha.precision() if self._alpha is not None else NOTHING

    def course(self) -> pd.DataFrame:
        """How the interval has narrowed, as `precision_course` of the usable answers in the order of their storing."""
        present, submissions = self._request()
        frame = tidy(present.values(), submissions, self._codebook).sort_values("created_at", kind="stable")
        level: Any = LEVELS[self.question.kind]
        return precision_course(prepare(frame, self.question, _COLUMNS, None).counts, level=level)

    def _request(self) -> tuple[dict[str, dict[str, Any]], list[Any]]:
        """The usable answers to the question by ID, and the submissions."""
        submissions = list(self._submissions())
        usable = {each["id"] for each in submissions if each.get("status") in USABLE}
        records = self._records()
        asked, left_out = self.question.instruction_id, self._left_out(records)
        present = {
            each["id"]: each
            for each in records
            if each["response"]["instruction_id"] == asked
            and each.get("submission_id") in usable
            and each["task_id"] not in left_out
        }
        return present, submissions

    def _bring_to(self, present: Mapping[str, dict[str, Any]], submissions: Any) -> None:
        for name in [each for each in self._held if each not in present]:
            place = self._held.pop(name)
            if place is not None and self._alpha is not None:
                self._alpha.remove(*place)
        fresh = [record for name, record in present.items() if name not in self._held]
        if not fresh:
            return
        try:
            if not self._count(tidy(fresh, submissions, self._codebook)):
                self._start_over()  # there is a category more, so their order may be another
                self._count(tidy(present.values(), submissions, self._codebook))
        except ProlificError:
            self._start_over()  # some may be counted and others not
            raise

    def _count(self, frame: pd.DataFrame) -> bool:
        """Count answers that are not counted yet; False if the answers before them must be counted anew."""
        self._refuse_units(frame)
        reading = prepare(frame, self.question, _COLUMNS, None)
        counts = reading.counts
        level = LEVELS[self.question.kind]
        categories = counts.categories if self.question.options and level in ("nominal", "ordinal") else ()
        if self._alpha is None:
            self._alpha, self._categories = RunningAlpha(level, categories=categories), categories  # type: ignore[arg-type]
        elif reading.notes or not set(categories) <= set(self._categories):
            return False
        names = dict(
            zip(zip(frame["task_id"], frame["participant_id"], strict=True), frame["response_id"], strict=True)
        )
        self._held |= dict.fromkeys(frame["response_id"])
        codes = zip(counts.units.tolist(), counts.annotators.tolist(), counts.labels.tolist(), strict=True)
        for unit, annotator, label in codes:
            place = counts.unit_names[unit], counts.annotator_names[annotator]
            self._alpha.add(*place, counts.categories[label])
            self._held[names[place]] = place
        return True

    def _refuse_units(self, frame: pd.DataFrame) -> None:
        self._units_used |= set(frame["number_unit"].dropna())
        if self.question.kind == "number" and len(self._units_used) > 1:
            what = f"The numbers are in {len(self._units_used)} units: {', '.join(sorted(self._units_used))}."
            raise DataError(repr(self.question.question), [Finding("error", what, "Choose another question.")])


class PacedAnswers:
    """Reads running answers rarely: when usable submissions have come or gone, and the last reading is long ago.

    Parameters
    ----------
    answers : RunningAnswers
    poll : float
        Seconds between two polls of the study.
    """

    def __init__(self, answers: RunningAnswers, poll: float) -> None:
        self.answers, self._poll = answers, poll
        self._lock = RLock()
        self._at: tuple[Any, ...] = ()
        self._not_before = 0.0
        self.latest: Precision | None = None
        self.error: ProlificError | None = None

    def follow(self, status: Status, every: float | None = None) -> Precision | None:
        """The precision at this status; a failure is kept in `error`, and the reading is repeated later.

        Parameters
        ----------
        every : float, optional
            Seconds between two readings; by default four polls, and twenty times as long as one took.
        """
        gone = sum(int(status.counts.get(name) or 0) for name in _GONE)
        now = (status.state, finished(status.counts), gone)
        with self._lock:
            waited = time.monotonic() >= self._not_before or (status.state in ENDED and now[:1] != self._at[:1])
            if now == self._at or not now[1] or not waited:
                return self.latest
            began = time.monotonic()
            try:
                self.latest, self.error, self._at = self.answers.read(), None, now
            except ProlificError as failure:
                self.error = failure
            took = time.monotonic() - began
            least = max(_SHARE * took, _APART * self._poll) if every is None else every
            self._not_before = time.monotonic() + least
            return self.latest
