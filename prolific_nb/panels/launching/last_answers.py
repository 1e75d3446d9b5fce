"""The answers that arrived last: when, to which row, and what. Read seldom: each reading transfers all answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from html import escape
from threading import RLock
from typing import Any

import pandas as pd

from ...common.display import visible
from ...data import Dataset
from ...jobs import Job
from ...study.monitor.status import ENDED, Status
from ...workflow.run import Run
from ..kit.html_table import shorten

SHOWN = 5
_APART = 10  # polls between two readings
_SHARE = 20  # a reading that takes a second is repeated after 20 at the earliest
_LONGEST = 60  # characters of a question or an answer
_NONE = "No answers yet."


class LastAnswers:
    """Reads the last answers of a run, but at most at every tenth poll, and not while nothing has changed.

    Parameters
    ----------
    notify : callable
        Called without arguments, on the worker thread, after a reading.
    """

    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify = notify
        self._lock = RLock()
        self._run: Run | None = None
        self._job: Job[pd.DataFrame] | None = None
        self._latest: Status | None = None
        self._at: tuple[str, int] = ("", 0)
        self._not_before = 0.0
        self.html = ""

    def show(self, run: Run | None) -> None:
        """Begin with another run; the answers of the one before are forgotten."""
        with self._lock:
            if run is not self._run:
                self._run, self._job, self.html = run, None, ""
                self._at, self._not_before = ("", 0), 0.0

    def follow(self, run: Run, status: Status) -> None:
        """Read again if the counts have changed and the last reading is long enough ago, or the study has ended."""
        now = (status.state, status.filled)
        with self._lock:
            self._latest = status
            if run is not self._run or now == self._at or (self._job is not None and self._job.state == "running"):
                return
            if time.monotonic() < self._not_before and status.state == self._at[0]:
                return
            self._at = now
            self._job = job = Job(lambda _: self._read(run), "Reading the last answers")
        # Without the lock: a job that has ended calls its listener here, which waits for the lock of the panels.
        job.subscribe(lambda job: self._seen(run, job))

    def _read(self, run: Run) -> pd.DataFrame:
        began = time.monotonic()
        try:
            return run.latest(SHOWN)
        finally:
            took = time.monotonic() - began
            self._not_before = time.monotonic() + max(_SHARE * took, _APART * run.client.pace.study)

    def _seen(self, run: Run, job: Job[pd.DataFrame]) -> None:
        if job.state == "running":
            return
        with self._lock:
            if run is not self._run:
                return
            if job.error is not None:
                self._at = ("", 0)  # tried again later
                why = shorten(visible(job.error), 200)
                self.html = f'<p class="pnb-muted">The last answers could not be read: {escape(why)}</p>'
            else:
                self.html = answers_html(job.result(0), run.data)
            latest = self._latest
        self._notify()
        if latest is not None and latest.state in ENDED and job.error is None:
            self.follow(run, latest)  # it ended during this reading, and no further poll follows


def answers_html(frame: pd.DataFrame, data: Dataset | None) -> str:
    """The answers as a table, the newest first; everything that people wrote is escaped and shortened."""
    if frame.empty:
        return f'<p class="pnb-muted">{_NONE}</p>'
    numbers = dict(zip(data.row_keys, data.rows, strict=True)) if data is not None else {}
    body = "".join(_line(answer, numbers) for answer in frame.head(SHOWN).to_dict("records"))
    heads = "".join(
        f'<th scope="col">{name}</th>' for name in ("Time (UTC)", "Row", "Question", "Answer", "Participant")
    )
    return (
        '<div class="pnb-scroll" tabindex="0" role="region" aria-label="Last answers"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _line(answer: dict[Any, Any], numbers: dict[str, int]) -> str:
    row = _text(answer["row"])
    cells = [
        f"{answer['created_at']:%H:%M:%S}",
        f"row {numbers[row]:,}" if row in numbers else row[:8] or "not known yet",
        shorten(_text(answer["question"]), _LONGEST),
        shorten(_text(answer["value"]) or _text(answer["file_name"]) or "no answer", _LONGEST),
        _abbreviated(_text(answer["participant_id"])),
    ]
    return "<tr>" + "".join(f"<td><bdi>{escape(visible(cell))}</bdi></td>" for cell in cells) + "</tr>"


def _abbreviated(participant: str) -> str:
    """Enough of an ID to tell participants apart on the screen; the whole ID stays out of saved notebooks."""
    return participant if len(participant) <= 8 else f"…{participant[-6:]}"


def _text(cell: Any) -> str:
    return "" if pd.isna(cell) else str(cell)
