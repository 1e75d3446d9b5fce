"""The poller of a study whose news carry α with its interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...analysis import Precision
from ...study.monitor.watch import StatusUpdate, Watch
from .running_answers import PacedAnswers


@dataclass(frozen=True)
class PreciseUpdate(StatusUpdate):
    """The latest known status of a study, and how precise its answers are.

    Parameters
    ----------
    status, error
        As of `StatusUpdate`.
    precision : Precision or None
        α of one question with its interval; None before the first usable submission.
    precision_error : Exception or None
        Why the answers could not be read or scored; None if they could.
    """

    precision: Precision | None = None
    precision_error: Exception | None = None


PreciseListener = Callable[[PreciseUpdate], object]


class PrecisionWatch:
    """A `Watch` whose news have `precision`; it shares its poller with all who watch the study.

    Answers are read on the poller's thread when submissions have come or gone, at most at every fourth poll, and one
    answer more changes a few numbers instead of a count of all of them.

    Attributes
    ----------
    question : str
        The question whose α is computed.
    """

    def __init__(self, watch: Watch, answers: PacedAnswers) -> None:
        self._watch, self._answers = watch, answers
        self.question = answers.answers.question.question

    @property
    def latest(self) -> PreciseUpdate:
        """The latest update."""
        return self._with_precision(self._watch.latest)

    @property
    def polling(self) -> bool:
        """Whether the polling thread is running."""
        return self._watch.polling

    def subscribe(self, listener: PreciseListener) -> Callable[[], None]:
        """Call `listener` with every update, on the poller's thread; returns a function that unsubscribes."""

        def hear(news: StatusUpdate) -> None:
            if news.status is not None and news.error is None:
                self._answers.follow(news.status)
            listener(self._with_precision(news))

        return self._watch.subscribe(hear)

    def hurry(self) -> None:
        """Poll now, for example after a local change; does nothing without listeners."""
        self._watch.hurry()

    def settle(self, timeout: float) -> None:
        """Wait until the listeners know what was polled after the last `hurry`, at most `timeout` seconds."""
        self._watch.settle(timeout)

    def _with_precision(self, news: StatusUpdate) -> PreciseUpdate:
        return PreciseUpdate(news.status, news.error, self._answers.latest, self._answers.error)
