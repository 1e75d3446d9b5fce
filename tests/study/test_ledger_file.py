"""The ledger's file: where it is, who may read it, and one sentence for each kind of trouble."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.errors import LedgerBusy, LedgerError
from prolific_nb.study.ledger import Ledger, default_path

from ..conftest import DESIGN, PLAN

DATA = pnb.read_data(pnb.sample_data().head(6))
SANE = sqlite3.connect


def filled(path: Path, steps: int = 400) -> Path:
    """A ledger of several pages."""
    ledger = Ledger(path)
    ledger.enter("k", name="Reviews", mode="LIVE", workspace="w", design="{}" * 500)
    with SANE(path) as db:
        rows = [("k", f"step {number}", "done", "x" * 40, "y" * 80, 0.0) for number in range(steps)]
        db.executemany("INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?)", rows)
    return path


def zeros_in_the_middle(path: Path) -> None:
    filled(path)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(bytes(4096))


def text(path: Path) -> None:
    path.write_text("these are notes, and not a few of them\n" * 30)


def cut(path: Path) -> None:
    filled(path)
    os.truncate(path, path.stat().st_size // 3)


def a_column_missing(path: Path) -> None:
    with SANE(path) as db:
        db.executescript(
            "CREATE TABLE runs (key TEXT PRIMARY KEY, name TEXT); CREATE TABLE steps (key TEXT, name TEXT)"
        )


@pytest.mark.parametrize("damage", [zeros_in_the_middle, text, cut, a_column_missing])
def test_a_damaged_ledger_says_what_is_unknown_now_and_that_the_server_is_asked(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "hurt.sqlite"
    damage(path)
    with pytest.raises(
        LedgerError, match=r"hurt\.sqlite is damaged .*not known now.*the server is asked.*Rename the file"
    ):
        Ledger(path).intend("k", "batch")
    with pytest.raises(LedgerError, match="is damaged"):
        pnb.runs(path)


def test_a_database_of_another_program_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "photos.sqlite"
    with SANE(path) as db:
        db.execute("CREATE TABLE photos (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(LedgerError, match=r"photos\.sqlite is a database of another program"):
        Ledger(path).intend("k", "batch")
    assert path.read_bytes() == before


def test_of_two_that_meet_at_a_new_file_neither_sees_one_table_of_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.sqlite"
    answers: list[None] = []
    second = Thread(target=lambda: answers.append(Ledger(path).intend("k", "batch")))

    class Watched(sqlite3.Connection):
        """The second one comes when the first has created its first table."""

        def execute(self, statement: str, *given: Any) -> Any:
            result = super().execute(statement, *given)
            if statement.startswith("CREATE TABLE IF NOT EXISTS runs") and second.ident is None:
                second.start()
                second.join(0.3)
            return result

    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: SANE(*given, **named, factory=Watched))
    answers.append(Ledger(path).intend("k", "batch"))
    second.join(30)
    assert len(answers) == 2
    assert Ledger(path).step("k", "batch") is not None


def test_a_ledger_locked_by_another_program_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path / "busy.sqlite", steps=1)
    monkeypatch.setattr("prolific_nb.study.ledger_file._PATIENCE", 0.05)
    other = SANE(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LedgerBusy, match=r"busy\.sqlite has been locked by another program.*Close what else uses"):
        Ledger(path).intend("k", "batch")
    other.execute("ROLLBACK")
    Ledger(path).intend("k", "batch")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "disk is full.*Free some space"),
        (sqlite3.SQLITE_READONLY, "is read-only.*PROLIFIC_NB_LEDGER"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened.*PROLIFIC_NB_LEDGER"),
        (sqlite3.SQLITE_IOERR | (15 << 8), "file system has no locks.*local disk"),
        (sqlite3.SQLITE_CORRUPT, "is damaged"),
    ],
)
def test_each_trouble_has_its_own_sentence(
    code: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(tmp_path / "l.sqlite", steps=1)

    class Failing(sqlite3.Connection):
        def execute(self, *_: Any) -> Any:
            failure = sqlite3.OperationalError("what SQLite says")
            failure.sqlite_errorcode = code  # type: ignore[misc]
            raise failure

    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: SANE(*given, **named, factory=Failing))
    with pytest.raises(LedgerError, match=words):
        Ledger(path).done("k", "batch")


def test_a_really_full_disk_and_a_read_only_file_are_named(tmp_path: Path) -> None:
    path = filled(tmp_path / "l.sqlite", steps=1)
    ledger = Ledger(path)
    ledger.steps("k")
    with SANE(path) as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
    full = ledger._file

    class Small(sqlite3.Connection):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            super().execute(f"PRAGMA max_page_count = {pages}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda *given, **named: SANE(*given, **named, factory=Small))
        with pytest.raises(LedgerError, match="the disk is full"):
            ledger.intend("k", "batch", note="n" * 100_000)
    assert full.path == path
    assert ledger.step("k", "batch") is None
    with pytest.raises(LedgerError, match=r"cannot be created .*It must lie in a folder that exists"):
        Ledger(tmp_path / "no" / "l.sqlite").intend("k", "batch")


def test_a_ledger_of_a_newer_version_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = filled(tmp_path / "new.sqlite", steps=1)
    with SANE(path) as db:
        db.execute("PRAGMA user_version = 7")
    before = path.read_bytes()
    with pytest.raises(LedgerError, match=r"written by a newer version.*Update prolific_nb"):
        Ledger(path).intend("k", "batch")
    assert path.read_bytes() == before


def test_files_are_readable_by_their_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROLIFIC_NB_LEDGER")
    Ledger().intend("k", "batch")
    path = default_path()
    assert path.is_relative_to(tmp_path / "data")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_every_folder_has_the_same_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROLIFIC_NB_LEDGER")
    Ledger().intend("k", "batch")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert Ledger().step("k", "batch") is not None
    monkeypatch.setenv("PROLIFIC_NB_LEDGER", str(tmp_path / "other.sqlite"))
    assert Ledger().step("k", "batch") is None
    assert Ledger(tmp_path / "third.sqlite").path == tmp_path / "third.sqlite"


def test_runs_of_a_sandbox_are_kept_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROLIFIC_NB_LEDGER")
    client = pnb.connect(seed=4)
    run = pnb.launch(client, DATA, DESIGN, PLAN, on_progress=silent)
    assert len(pnb.runs()) == 0  # no run of a real study is hidden among those of rehearsals
    assert pnb.runs(client=client)["study_id"].tolist() == [run.study_id]
    assert pnb.open_run(run.key, client=client.using()).study_id == run.study_id
    assert [each.name for each in tmp_path.iterdir() if each.name != "data"] == []

    kept = pnb.connect(store=tmp_path / "box.sqlite")
    run = pnb.launch(kept, DATA, DESIGN, PLAN, on_progress=silent)
    assert (tmp_path / "box.sqlite.ledger.sqlite").exists()
    assert pnb.runs(tmp_path / "box.sqlite.ledger.sqlite")["study_id"].tolist() == [run.study_id]
