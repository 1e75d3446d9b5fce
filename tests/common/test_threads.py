"""A machine that starts no further thread is said, by everything that needs one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from prolific_nb.api.polling import SANDBOX_PACE
from prolific_nb.errors import ProlificError
from prolific_nb.jobs import Debouncer, Job
from prolific_nb.sandbox import Sandbox
from prolific_nb.study.monitor.watch import Watch

WORKERS: dict[str, Callable[[], Any]] = {
    "sandbox": Sandbox,
    "job: Counting": lambda: Job(lambda _: 1, "Counting"),
    "watch: study s1": lambda: Watch(SimpleNamespace(pace=SANDBOX_PACE), "s1").subscribe(print),  # type: ignore[arg-type]
    "debouncer: Quoting": lambda: Debouncer("Quoting")(lambda: None),
}


@pytest.mark.parametrize("name", WORKERS)
def test_no_thread_is_one_clear_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(ProlificError, match=f"The thread '{name}' could not be started .*Close other") as caught:
            WORKERS[name]()
    assert "can't start new thread" in str(caught.value)
    made = WORKERS[name]()  # the same works once the machine allows it
    if name == "sandbox":
        made.close()
    if name.startswith("watch"):
        made()
