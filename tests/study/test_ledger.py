"""The ledger: recorded steps, retired keys and its lock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from prolific_nb.errors import LedgerBusy
from prolific_nb.study.ledger import Ledger

ABOUT = {"name": "Reviews", "mode": "SANDBOX", "workspace": "w", "design": "{}"}
HOLD = """
import sys
from prolific_nb.study.ledger import Ledger
with Ledger(sys.argv[1]).hold("launching 'Other'"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_step_is_intended_then_done_and_another_object_on_the_file_knows() -> None:
    Ledger().intend("k", "batch", note="before")
    assert (Ledger().step("k", "batch").state, Ledger().step("k", "batch").note) == ("intended", "before")  # type: ignore[union-attr]
    Ledger().done("k", "batch", "b1")
    step = Ledger().steps("k")["batch"]
    assert (step.state, step.ident, step.note) == ("done", "b1", "before")
    assert Ledger().key_of("b1") == "k"
    Ledger().withdraw("k", "batch")
    assert Ledger().step("k", "batch") is None
    assert Ledger().key_of("b1") is None


def test_the_ledger_stays_where_it_was_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger()
    ledger.intend("k", "batch")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert ledger.step("k", "batch") is not None
    assert Ledger().step("k", "batch") is None


def test_a_retired_run_is_kept_under_another_key() -> None:
    ledger = Ledger()
    for _ in range(2):
        ledger.enter("k", **ABOUT)
        ledger.done("k", "study", "s")
        ledger.retire("k")
    assert ledger.steps("k") == {}
    assert [run["key"] for run in ledger.runs()] == ["k~1", "k~2"]
    assert all(run["gone"] for run in ledger.runs())
    assert ledger.steps("k~1")["study"].ident == "s"


def test_the_second_process_waits_and_names_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    ledger, inside, leave, order = Ledger(), Event(), Event(), []

    def first() -> None:
        with ledger.hold("launching 'First'"):
            inside.set()
            leave.wait(60)
            order.append("first")

    thread = Thread(target=first)
    thread.start()
    assert inside.wait(60)
    said = r"process \d+ on .* has been using it since .*launching 'First'.*Nothing was done"
    with pytest.raises(LedgerBusy, match=said), Ledger().hold("launching 'Second'", patience=0.05):
        pytest.fail("held twice")
    assert "Waiting: process" in capsys.readouterr().out
    leave.set()
    with Ledger().hold("launching 'Second'"):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_a_killed_process_releases_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "shared.sqlite"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    with pytest.raises(LedgerBusy, match="launching 'Other'"), Ledger(path).hold("mine", patience=0.05):
        pytest.fail("held twice")
    other.kill()
    other.wait()
    with Ledger(path).hold("mine", patience=5):
        pass
