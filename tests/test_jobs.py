"""Jobs and debounced requests: threads, progress, cancellation, errors."""

from __future__ import annotations

import time
from threading import Event, Timer

import pytest

from prolific_nb.common.progress import Progress
from prolific_nb.errors import ProlificError
from prolific_nb.jobs import Cancelled, Debouncer, Job


def test_a_job_reports_its_progress_and_returns_its_result() -> None:
    seen, go = [], Event()

    def work(on_progress: object) -> str:
        go.wait(60)
        for done in (1, 2):
            on_progress(Progress("Counting", done, 2))  # type: ignore[operator]
        return "two"

    job = Job(work, "Counting")
    job.subscribe(lambda job: seen.append((job.state, job.progress.done)))
    go.set()
    assert job.result(60) == "two"
    assert seen == [("running", 1), ("running", 2), ("done", 2)]
    late: list[str] = []
    job.subscribe(lambda job: late.append(job.state))
    assert late == ["done"]


def test_a_cancelled_job_stops_at_its_next_progress_report() -> None:
    go, reached = Event(), []

    def work(on_progress: object) -> None:
        go.wait(60)
        on_progress(Progress("Working", 0, 1))  # type: ignore[operator]
        reached.append("the end")

    job = Job(work, "Working")
    job.cancel()
    go.set()
    with pytest.raises(Cancelled, match="Working was cancelled"):
        job.result(60)
    assert (job.state, reached) == ("cancelled", [])


def test_a_failed_job_raises_its_error_and_ignores_broken_listeners(caplog: pytest.LogCaptureFixture) -> None:
    go = Event()

    def work(on_progress: object) -> None:
        go.wait(60)
        raise ProlificError("no luck")

    job = Job(work, "Failing")
    job.subscribe(lambda _: 1 / 0)
    go.set()
    with pytest.raises(ProlificError, match="no luck"):
        job.result(60)
    assert job.state == "failed"
    waiting = Job(lambda on_progress: Event().wait(2), "Slow")
    with pytest.raises(TimeoutError, match=r"still running; call result\(\) again"):
        waiting.result(0.01)


def test_only_the_newest_of_many_requests_is_run() -> None:
    ran: list[int] = []
    debounced = Debouncer("Quoting", pause=0.05)
    for number in range(20):
        debounced(lambda number=number: ran.append(number))
    debounced.join(60)
    assert ran == [19]
    debounced(lambda: ran.append(99))
    debounced.join(60)
    assert ran == [19, 99]


def test_a_waiting_request_can_be_run_at_once_and_runs_only_once() -> None:
    ran: list[str] = []
    debounced = Debouncer("Quoting", pause=0.2)
    debounced(lambda: ran.append("older"))
    debounced(lambda: ran.append("newer"))
    debounced.now()
    assert ran == ["newer"]
    debounced.now()
    debounced.join(60)
    assert ran == ["newer"]


def test_every_request_restarts_the_pause() -> None:
    ran: list[int] = []
    debounced = Debouncer("Quoting", pause=0.6)
    for number in range(12):  # for longer than the pause, without one
        debounced(lambda number=number: ran.append(number))
        time.sleep(0.1)
    debounced.join(60)
    assert ran == [11]


def test_a_request_waits_no_longer_than_its_limit() -> None:
    ran: list[int] = []
    debounced = Debouncer("The card", pause=0.3, longest=0.6)
    for number in range(1_000):  # the news of a running study never pause
        debounced(lambda number=number: ran.append(number))
        if ran:
            break
        time.sleep(0.02)
    assert ran
    debounced.join(60)
    assert ran[-1] == number


def test_running_at_once_waits_for_the_request_that_runs() -> None:
    began, go, ran = Event(), Event(), []

    def work() -> None:
        began.set()
        go.wait(60)
        ran.append("done")

    debounced = Debouncer("The card", pause=0.01)
    debounced(work)
    began.wait(60)
    Timer(0.05, go.set).start()
    debounced.now()
    assert ran == ["done"]
