"""Adjudications: never lost, by two programs at once or by a kill; checked against what was asked."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from prolific_nb.design import Codebook
from prolific_nb.design.codebook import Question
from prolific_nb.errors import ArgumentError, ArgumentTypeError, LedgerBusy, LedgerError, UnknownName
from prolific_nb.study.machine_lock import machine_lock
from prolific_nb.workflow.adjudications import Adjudications

Q = "Good?"
BOOK = Codebook(
    [
        Question(Q, "single", "multiple_choice", ("yes", "no"), ("Yes", "No"), 1),
        Question("Stars?", "scale", "multiple_choice", (1, 2, 3), ("1", "2", "3"), 1),
        Question("Parts?", "many", "multiple_choice", ("a", "b", "c"), ("A", "B", "C"), 2),
        Question("Grams?", "number", "free_text_with_unit", units=("g",)),
        Question("Why?", "text", "free_text"),
        Question("Photo?", "file", "file_upload"),
    ]
)
WRITER = """
import sys
from itertools import count
from prolific_nb.workflow.adjudications import Adjudications
decisions = Adjudications(sys.argv[1])
for number in count():
    decisions.decide(f"there {number}", "Good?", "yes")
    print(number, flush=True)
"""


@pytest.fixture
def decisions(tmp_path: Path) -> Adjudications:
    return Adjudications(tmp_path / "folder" / "run.jsonl", BOOK, ("r1", "r2"))


def test_later_decisions_win_and_are_there_for_the_next_kernel(decisions: Adjudications, tmp_path: Path) -> None:
    decisions.decide("r1", Q, "yes", " It is irony. ")
    decisions.decide("r2", Q, "yes")
    decisions.decide("r1", Q, "no", "Now I see.")
    decisions.withdraw("r2", Q)
    decisions.withdraw("r2", Q)
    frame = Adjudications(tmp_path / "folder" / "run.jsonl", BOOK).frame()
    assert frame[["row", "question", "value", "explanation", "participant_id"]].values.tolist() == [
        ["r1", Q, "no", "Now I see.", "adjudicator"]
    ]
    assert len(decisions) == 1
    assert (tmp_path / "folder" / "run.jsonl").read_bytes().count(b"\n") == 4


def test_the_frame_is_tidy_and_can_be_put_under_responses(decisions: Adjudications) -> None:
    empty = decisions.frame()
    decisions.decide("r1", "Parts?", ["b", "a"])
    decisions.decide("r2", "Parts?", [])
    decisions.decide("r1", "Stars?", 2)
    decisions.decide("r1", "Grams?", 2.5)
    decisions.decide("r1", "Why?", "a text")
    frame = decisions.frame()
    assert list(empty.columns) == list(frame.columns)
    assert empty["created_at"].dtype == frame["created_at"].dtype
    assert frame["value"].astype(object).where(frame["value"].notna(), None).tolist() == [
        "b", "a", None, "2", "2.5", "a text",
    ]  # fmt: skip
    assert frame["number"].dropna().tolist() == [2.5]
    assert isinstance(frame["row"].dtype, pd.CategoricalDtype)


@pytest.mark.parametrize(
    ("row", "question", "label", "error", "words"),
    [
        ("r1", Q, "maybe", UnknownName, "Use 'yes', 'no'"),
        ("r1", "Godo?", "yes", UnknownName, "Did you mean 'Good\\?'"),
        ("r9", Q, "yes", UnknownName, "no row 'r9'"),
        (1, Q, "yes", ArgumentTypeError, "row is 1"),
        ("r1", Q, ["yes"], ArgumentTypeError, "label"),
        ("r1", Q, " ", ArgumentError, "withdraw"),
        ("r1", Q, float("nan"), ArgumentTypeError, "label"),
        ("r1", "Stars?", 4, UnknownName, "'3'"),
        ("r1", "Parts?", ["a", "b", "c"], ArgumentError, "at most 2"),
        ("r1", "Parts?", ["d"], UnknownName, "'c'"),
        ("r1", "Grams?", "much", ArgumentError, "not a number"),
        ("r1", "Grams?", "inf", ArgumentError, "not a number"),
        ("r1", "Photo?", "x.png", ArgumentError, "files"),
    ],
)
def test_what_cannot_be_decided_is_refused_before_anything_is_written(
    row: Any, question: str, label: Any, error: type[Exception], words: str, decisions: Adjudications, tmp_path: Path
) -> None:
    with pytest.raises(error, match=words):
        decisions.decide(row, question, label)
    assert not (tmp_path / "folder").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_the_file_is_readable_by_its_owner_only(decisions: Adjudications, tmp_path: Path) -> None:
    decisions.decide("r1", Q, "yes")
    assert stat.S_IMODE((tmp_path / "folder" / "run.jsonl").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o700


def test_a_line_cut_short_by_a_kill_is_skipped_and_removed(decisions: Adjudications, tmp_path: Path) -> None:
    path = tmp_path / "folder" / "run.jsonl"
    decisions.decide("r1", Q, "yes")
    whole = path.read_bytes()
    for torn in (whole[: len(whole) // 2], b"\0" * 40, whole[:1]):
        path.write_bytes(whole + torn)
        assert len(decisions) == 1
        decisions.decide("r1", Q, "no")
        assert decisions.frame()["value"].tolist() == ["no"]
        assert [each[:1] for each in path.read_bytes().splitlines()] == [b"{", b"{"]
    path.write_bytes(whole.rstrip(b"\n"))  # whole but for its newline: it counts
    assert len(decisions) == 1
    decisions.decide("r2", Q, "no")
    assert decisions.frame()["value"].tolist() == ["yes", "no"]


def test_a_damaged_line_before_the_last_is_named(decisions: Adjudications, tmp_path: Path) -> None:
    decisions.decide("r1", Q, "yes")
    path = tmp_path / "folder" / "run.jsonl"
    path.write_bytes(b"{rubbish\n" + path.read_bytes())
    with pytest.raises(LedgerError, match=r"Line 1 of .*run.jsonl is damaged"):
        decisions.frame()


def test_a_write_that_fails_leaves_the_file_as_it_was(
    decisions: Adjudications, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decisions.decide("r1", Q, "yes")
    before = (tmp_path / "folder" / "run.jsonl").read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LedgerError, match="No space left"):
        decisions.decide("r1", Q, "no")
    assert (tmp_path / "folder" / "run.jsonl").read_bytes() == before


def test_two_programs_at_once_and_a_kill_lose_no_confirmed_decision(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    here = Adjudications(path)
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        confirmed = []
        for number in range(6):
            confirmed.append(other.stdout.readline().strip())
            here.decide(f"here {number}", Q, "yes")
        other.kill()
        confirmed += other.stdout.read().split()
    here.decide("after the kill", Q, "yes")
    rows = set(here.frame()["row"])
    assert {f"here {number}" for number in range(6)} | {"after the kill"} <= rows
    assert {f"there {number}" for number in confirmed} <= rows


def test_one_program_writes_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prolific_nb.workflow.line_file._PATIENCE", 0.05)
    path = tmp_path / "run.jsonl"
    with machine_lock(f"lines {path.resolve()}", "a decision"), pytest.raises(LedgerBusy, match="a decision"):
        Adjudications(path).decide("r1", Q, "yes")
    assert not path.exists()
