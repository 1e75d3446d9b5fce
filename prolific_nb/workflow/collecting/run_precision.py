"""How precise the answers of a running study are, and collecting until they are precise enough."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...analysis.precision import require_target
from ...common.arguments import require_number
from ...common.money import Money
from ...common.progress import OnProgress, TextBar
from ...study.monitor.watch import Watch, watch
from ..run_growth import Growing
from .collect import Collection, Goal
from .collected import Collected
from .precision_watch import PrecisionWatch
from .running_answers import PacedAnswers, RunningAnswers, is_scored, scored_question


class Precise(Growing):
    """The part of a `Run` that watches the precision of its answers; see there."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._paced: dict[str, PacedAnswers] = {}

    def watch(self, question: str | None = None) -> PrecisionWatch | Watch:
        """The poller of this study: ``run.watch().subscribe(f)`` calls ``f`` with every update.

        Each update has `status`, and `precision`: α of one question with its interval, brought up to date by what is
        new. Answers are read when submissions were completed or rejected, at most at every fourth poll.

        Parameters
        ----------
        question : str, optional
            By default the first question whose agreement can be computed; without one, updates have the status only.

        Raises
        ------
        LookupError, InputError
            There is no such question, or agreement on it cannot be computed.
        """
        poller = watch(self.client, self.study_id)
        if question is None and not any(map(is_scored, self.codebook)):
            return poller
        return PrecisionWatch(poller, self._answers_of(question))

    def precision(self, question: str | None = None) -> pd.DataFrame:
        """How the interval of α has narrowed: for `prolific_nb.plots.precision`.

        Parameters
        ----------
        question : str, optional
            By default the first one whose agreement can be computed.

        Returns
        -------
        DataFrame
            As of `prolific_nb.analysis.precision_course`, at up to 40 moments; usable submissions in the order in which
            they were stored.
        """
        return self._answers_of(question).answers.course()

    def collect_until(
        self,
        *,
        precision: float = 0.05,
        question: str | None = None,
        max_cost: str | Money | None = None,
        check_every: float | None = None,
        timeout: float | None = None,
        on_progress: OnProgress | None = None,
    ) -> Collected:
        """Collect answers until α is known to ± `precision`, then pause the study. This spends money on LIVE.

        A draft is published, if all of its places cost at most `max_cost`: that is what Prolific reserves. The study
        is paused at the first look at which the interval is narrow enough, so places that nobody has taken by then are
        not paid. Those who had started may finish, and are paid. If the interval never becomes so narrow, the study
        ends when its places are filled.

        Looking often does not make the result look better than it is: the rule looks at the width of the interval
        only, and asks for `prolific_nb.analysis.precision.reached`. The interval is about rows like those answered so
        far: shuffle rows that are sorted by anything that has to do with the answers. As everywhere, it covers the
        choice of rows, not that of annotators.

        Run again, also in another kernel with `pnb.open_run`, the same cell continues: a study that it paused because
        the answers were precise stays paused, and one that is still running is watched until it is precise. A study
        that somebody else paused is not resumed. An interrupt ends the looking, not the study.

        Parameters
        ----------
        precision : float
            Half the width of the 95 % interval.
        question : str, optional
            By default the first one whose agreement can be computed.
        max_cost : str or Money, optional
            The highest allowed cost of the whole study with fees and VAT. Required on LIVE. If the cost rises above it
            while answers are collected, as by a change on the website, the study is paused.
        check_every : float, optional
            Seconds between two readings of the answers; by default four polls, which is a minute on LIVE, or more
            where a reading takes long: the API returns all answers or none.
        timeout : float, optional
            In seconds; by default no limit. Afterwards the study continues, as after an interrupt.
        on_progress : callable, optional
            Called with the number of filled places and α; by default a text bar is drawn.

        Returns
        -------
        Collected
            Why it ended, α, and the money spent; its ``words`` say it in a sentence.

        Raises
        ------
        SpendError
            As for `publish`; or a published study costs more than `max_cost`. Nothing was changed.
        ProlificError
            Somebody else paused the study.
        StepFailed
            The study could not be paused, in many tries: it is still running.
        """
        require_target(precision)
        if check_every is not None:
            require_number("check_every", check_every, 0)
        goal = Goal(precision, max_cost, check_every, timeout)
        answers = self._answers_of(question)
        parts = (self.client, self.ledger, self.key, self.study_id, self.plan, answers, goal, on_progress or TextBar())
        collection = Collection(*parts)
        try:
            return collection.collect()
        finally:
            self.cap = collection.cap or self.cap

    def _answers_of(self, question: str | None) -> PacedAnswers:
        asked = scored_question(self.codebook, question)
        with self._lock:
            if asked.question not in self._paced:
                running = RunningAnswers(self._records, self._submissions_now, self.codebook, asked, self._gold_tasks)
                self._paced[asked.question] = PacedAnswers(running, self.client.pace.study)
            return self._paced[asked.question]

    def _gold_tasks(self, records: list[dict[str, Any]]) -> set[str]:
        """Tasks of rows whose right answer is known: they are not evidence of agreement."""
        gold = {row for each in self.codebook for row, _ in each.gold}
        return {task for task, row in self._find_rows(records).rows.items() if row in gold} if gold else set()

    def _submissions_now(self) -> Any:
        return self.client.studies.submissions(self.study_id)
