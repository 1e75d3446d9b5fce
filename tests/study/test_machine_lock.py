"""Locks of the machine: bounded waits, and file systems that have none."""

from __future__ import annotations

import errno
import fcntl
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from prolific_nb.errors import LedgerBusy, LedgerError
from prolific_nb.study.ledger import Ledger
from prolific_nb.study.machine_lock import machine_lock


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EIO])
def test_a_file_system_without_locks_is_a_ledger_error(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(code, "what the system says")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(LedgerError, match=r"\.lock cannot be taken .*local disk"), Ledger().hold("x", patience=0.2):
        pytest.fail("held")


def test_ledgers_in_other_folders_share_the_lock_of_a_study(tmp_path: Path) -> None:
    with (
        Ledger(tmp_path / "one.sqlite").hold("paying", "https://host study 5"),
        pytest.raises(LedgerBusy, match="paying"),
        Ledger(tmp_path / "two.sqlite").hold("paying too", "https://host study 5", patience=0.05),
    ):
        pytest.fail("held twice")
    with (
        Ledger(tmp_path / "one.sqlite").hold("paying", "https://host study 5"),
        Ledger(tmp_path / "two.sqlite").hold("another study", "https://host study 6", patience=0.05),
    ):
        pass


def test_a_wait_ends_when_its_time_is_over() -> None:
    with machine_lock("study", "first"):
        start = monotonic()
        with pytest.raises(LedgerBusy, match="Nothing was done"), machine_lock("study", "second", patience=0.3):
            pytest.fail("held twice")
        assert monotonic() - start < 5


def test_a_home_that_cannot_be_written_to_still_has_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with machine_lock("study", "first"), pytest.raises(LedgerBusy), machine_lock("study", "second", patience=0.05):
        pytest.fail("held twice")
    monkeypatch.delenv("PROLIFIC_NB_LEDGER")
    with pytest.raises(LedgerError, match=r"cannot be created.*PROLIFIC_NB_LEDGER"):
        Ledger().intend("k", "batch")
