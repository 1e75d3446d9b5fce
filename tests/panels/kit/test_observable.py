"""Observables and jobs: history, listeners, threads."""

from __future__ import annotations

import logging
import time
from threading import Barrier, Event, Thread

import pytest

from prolific_nb.common.progress import Progress
from prolific_nb.errors import ProlificError
from prolific_nb.jobs import Cancelled, Debouncer, Job
from prolific_nb.panels.kit.observable import Observable, as_observable


def test_undo_and_redo_walk_the_history_and_a_change_ends_the_redo() -> None:
    value = Observable("a")
    value.set("b")
    value.set("c")
    value.undo()
    value.undo()
    assert (value.value, value.can_undo, value.can_redo) == ("a", False, True)
    value.undo()
    value.redo()
    assert value.value == "b"
    value.set("d")
    assert (value.can_redo, value.value) == (False, "d")
    value.undo()
    assert value.value == "b"


def test_keystrokes_in_one_field_are_undone_as_one() -> None:
    value = Observable("")
    for text in ("h", "ho", "how"):
        value.update(lambda _, text=text: text, merge="question")
    value.update(lambda _: "how + hint", merge="hint")
    value.undo()
    assert value.value == "how"
    value.undo()
    assert value.value == ""
    value.redo()
    value.update(lambda old: old + "?", merge="question")
    value.undo()
    assert value.value == "how"


def test_no_change_is_lost_when_many_threads_make_them() -> None:
    value, start = Observable(0), Barrier(8)

    def work() -> None:
        start.wait()
        for _ in range(200):
            value.update(lambda old: old + 1)

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value.value == 1600


def test_a_failing_listener_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    value, seen = Observable(1), []
    value.subscribe(lambda _: 1 / 0)
    stop = value.subscribe(seen.append)
    with caplog.at_level(logging.ERROR):
        value.set(2)
    assert seen == [2]
    assert "ZeroDivisionError" in caplog.text
    stop()
    stop()
    value.set(3)
    assert seen == [2]
    assert as_observable(value) is value


def test_a_job_reports_its_progress_and_its_result() -> None:
    seen, go = [], Event()

    def work(tell: object) -> str:
        go.wait(5)
        for done in (1, 2):
            tell(Progress("Counting", done, 2))  # type: ignore[operator]
        return "two"

    job = Job(work, "Counting")
    job.subscribe(lambda job: seen.append((job.state, job.progress.done)))
    go.set()
    assert job.result(5) == "two"
    assert seen == [("running", 1), ("running", 2), ("done", 2)]
    late: list[str] = []
    job.subscribe(lambda job: late.append(job.state))
    assert late == ["done"]


def test_a_cancelled_job_stops_at_its_next_progress_report() -> None:
    go, reports = Event(), []

    def work(tell: object) -> None:
        go.wait(5)
        tell(Progress("Working", 0, 1))  # type: ignore[operator]
        reports.append("went on")

    job = Job(work, "Working")
    job.cancel()
    go.set()
    with pytest.raises(Cancelled, match="Working was cancelled"):
        job.result(5)
    assert (job.state, reports) == ("cancelled", [])


def test_a_failed_job_raises_its_error_and_failing_listeners_do_not_stop_it(caplog: pytest.LogCaptureFixture) -> None:
    go = Event()

    def work(tell: object) -> None:
        go.wait(5)
        raise ProlificError("no luck")

    job = Job(work, "Failing")
    job.subscribe(lambda _: 1 / 0)
    go.set()
    with pytest.raises(ProlificError, match="no luck"):
        job.result(5)
    assert job.state == "failed"
    waiting = Job(lambda tell: Event().wait(2), "Slow")
    with pytest.raises(TimeoutError, match="goes on"):
        waiting.result(0.01)


def test_only_the_newest_of_many_requests_is_run() -> None:
    ran: list[int] = []
    latest = Debouncer("Quoting", pause=0.05)
    for number in range(20):
        latest(lambda number=number: ran.append(number))
    latest.join(5)
    assert ran == [19]
    latest(lambda: ran.append(99))
    latest.join(5)
    assert ran == [19, 99]


def test_a_waiting_request_can_be_run_at_once_and_runs_once() -> None:
    ran: list[str] = []
    latest = Debouncer("Quoting", pause=0.2)
    latest(lambda: ran.append("older"))
    latest(lambda: ran.append("newer"))
    latest.now()
    assert ran == ["newer"]
    latest.now()
    latest.join(5)
    assert ran == ["newer"]


def test_every_request_restarts_the_pause() -> None:
    ran: list[int] = []
    latest = Debouncer("Quoting", pause=0.6)
    for number in range(12):  # for longer than the pause, without one
        latest(lambda number=number: ran.append(number))
        time.sleep(0.1)
    latest.join(5)
    assert ran == [11]
