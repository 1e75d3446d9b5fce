"""Observables and jobs: history, listeners, threads."""

from __future__ import annotations

import logging
from threading import Barrier, Thread

import pytest

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
