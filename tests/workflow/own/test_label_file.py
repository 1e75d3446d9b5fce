"""The file of labels: nothing is lost or mixed by a kill, by two programs at once, or by files put together."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.errors import InputError, LedgerError
from prolific_nb.workflow.line_file import LineFile

from .own_cases import DATA, DESIGN, typed

WRITER = """
import sys
from itertools import cycle
import prolific_nb as pnb
from tests.workflow.own.own_cases import DATA, DESIGN, typed
own = pnb.OwnLabels(DESIGN, DATA, path=sys.argv[1], annotator=sys.argv[2])
for row in cycle(own.rows):
    own.answer(row, typed("bad"), seconds=1)
    print(row, flush=True)
"""


def opened(path: Path, annotator: str = "me", **options: Any) -> pnb.OwnLabels:
    return pnb.OwnLabels(DESIGN, DATA, path=path, annotator=annotator, **options)


def writer(path: Path, annotator: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(path), annotator], stdout=subprocess.PIPE, text=True)


def test_two_programs_at_once_and_a_kill_lose_no_confirmed_answer(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    own, confirmed = opened(path), []
    with writer(path, "other") as other:
        assert other.stdout is not None
        for row in own.rows[:8]:
            confirmed.append(other.stdout.readline().strip())
            assert own.answer(row, typed("good"), seconds=2) == ()
        other.send_signal(signal.SIGKILL)
        confirmed += other.stdout.read().split()
    own.answer(own.rows[8], typed("good"), seconds=2)
    mine, theirs = opened(path), opened(path, "other")
    assert mine.left == mine.rows[9:] == own.left
    assert set(mine.answers().query("question == 'Feeling?'")["value"]) == {"good"}
    assert set(confirmed) <= set(theirs.answers()["row"])
    assert set(theirs.answers().query("question == 'Feeling?'")["value"]) == {"bad"}
    assert b'{"file"' not in path.read_bytes()[1:]  # one first line


def test_one_annotator_in_two_notebooks_sees_both(tmp_path: Path) -> None:
    one, two = (opened(tmp_path / "labels.jsonl", rows=4) for _ in range(2))
    one.answer(one.rows[0], typed(), seconds=1)
    two.answer(two.left[0], typed(), seconds=1)
    assert one.left == two.left == one.rows[2:]
    assert one.undo() == one.rows[1]
    assert two.left == one.rows[1:]


def test_threads_of_one_notebook_keep_every_answer(tmp_path: Path) -> None:
    own = opened(tmp_path / "labels.jsonl")
    threads = [threading.Thread(target=own.answer, args=(row, typed()), kwargs={"seconds": 1}) for row in own.rows]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert own.left == opened(own.path).left == ()


@pytest.mark.parametrize("torn", [lambda line: line[: len(line) // 2], lambda line: b"\0" * 40, lambda line: line[:1]])
def test_a_line_that_was_cut_short_is_skipped_and_removed(torn: Any, tmp_path: Path) -> None:
    own = opened(tmp_path / "labels.jsonl")
    own.answer(own.rows[0], typed(), seconds=1)
    whole = own.path.read_bytes()
    own.path.write_bytes(whole + torn(whole.splitlines()[1]))
    again = opened(own.path)
    assert again.left == own.left == own.rows[1:]
    again.answer(again.rows[1], typed(), seconds=1)
    assert own.left == own.rows[2:]
    assert own.path.read_bytes().startswith(whole + b'{"id"')


def test_a_first_line_that_was_cut_short_is_written_again(tmp_path: Path) -> None:
    own = opened(tmp_path / "labels.jsonl")
    own.skip(own.rows[0])
    first, _ = own.path.read_bytes().splitlines()
    own.path.write_bytes(first[:50])
    again = opened(own.path)
    again.skip(again.rows[0])
    assert own.path.read_bytes().splitlines()[0] == first


def test_a_last_line_that_lacks_its_newline_counts(tmp_path: Path) -> None:
    own = opened(tmp_path / "labels.jsonl")
    own.skip(own.rows[0])
    own.path.write_bytes(own.path.read_bytes().rstrip(b"\n"))
    again = opened(own.path)
    assert again.left == own.rows[1:]
    again.skip(own.rows[1])
    assert again.left == opened(own.path).left == own.rows[2:]


def test_a_file_that_was_removed_or_replaced_is_read_anew(tmp_path: Path) -> None:
    own = opened(tmp_path / "labels.jsonl")
    for row in own.rows[:3]:
        own.skip(row)
    whole = own.path.read_bytes()
    own.path.unlink()
    assert own.left == own.rows
    own.skip(own.rows[5])
    assert own.left == (*own.rows[:5], *own.rows[6:])
    own.path.write_bytes(whole)  # in place, and longer than what was read
    assert own.left == own.rows[3:]


def test_two_designs_that_begin_one_file_at_once_do_not_mix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "labels.jsonl"
    other = pnb.OwnLabels(pnb.Design("O").show("id").choose("Q?", ["a", "b"]), DATA, path=path)
    own, append = opened(path), LineFile.append

    def a_moment_later(file: LineFile, *lines: Any, **options: Any) -> None:
        monkeypatch.undo()  # the other one has seen that there is no file, and is about to begin it
        own.skip(own.rows[0])
        append(file, *lines, **options)

    monkeypatch.setattr(LineFile, "append", a_moment_later)
    with pytest.raises(InputError, match=r"asks 'Feeling\?'"):
        other.skip(other.rows[0])
    assert opened(path).left == own.rows[1:]
    assert path.read_bytes().count(b"\n") == 2


def test_a_long_line_is_ended_or_removed_like_any_other(tmp_path: Path) -> None:
    design = pnb.Design("W").show("review").write("Why?")
    own = pnb.OwnLabels(design, DATA, path=tmp_path / "labels.jsonl")
    why = str(own.codebook[0].instruction_id)
    own.skip(own.rows[0])
    before = own.path.read_bytes()
    own.answer(own.rows[1], {why: ["x" * 200_000]}, seconds=1)
    own.path.write_bytes(own.path.read_bytes()[:-10])
    again = pnb.OwnLabels(design, DATA, path=own.path)
    again.skip(again.rows[2])
    assert own.path.read_bytes().startswith(before + b'{"id"')
    assert own.skipped.keys() == {own.rows[0], own.rows[2]}


def test_an_answer_that_cannot_be_written_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = opened(tmp_path / "labels.jsonl")
    own.skip(own.rows[0])
    before = own.path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LedgerError, match="No space left"):
        own.answer(own.rows[1], typed(), seconds=1)
    assert own.path.read_bytes() == before
    assert own.left == own.rows[1:]


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_the_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    own = opened(tmp_path / "labels.jsonl")
    own.skip(own.rows[0])
    assert stat.S_IMODE(own.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": "1", "by": "me", "row": "r", "at": "now"}\n',
        b'{"id": "1", "by": "me", "row": "r", "at": "now", "answers": [[]], "entered": {}, "seconds": 1}\n',
        b'{"row": "r", "question": "Feeling?", "label": "good"}\n',
    ],
)
def test_a_line_of_something_else_is_named(line: bytes, tmp_path: Path) -> None:
    own = opened(tmp_path / "labels.jsonl")
    own.skip(own.rows[0])
    own.path.write_bytes(own.path.read_bytes() + line)
    with pytest.raises(InputError, match="is not a label"):
        opened(own.path)


def test_a_damaged_line_is_named_with_its_number(tmp_path: Path) -> None:
    own = opened(tmp_path / "labels.jsonl")
    own.skip(own.rows[0])
    own.path.write_bytes(own.path.read_bytes() + b"rubbish\n")
    own.path.write_bytes(own.path.read_bytes() + b"{}")
    with pytest.raises(LedgerError, match=r"Line 3 of .*labels.jsonl is damaged, so the labels"):
        opened(own.path)


# --- several people -----------------------------------------------------------------------------------------------


def labelled(path: Path, annotator: str, feeling: str) -> Path:
    own = opened(path, annotator, rows=2, order="file")
    for row in own.rows:
        own.answer(row, typed(feeling), seconds=2)
    return path


def test_several_people_in_one_file_and_in_several(tmp_path: Path) -> None:
    shared = labelled(labelled(tmp_path / "a.jsonl", "ann", "good"), "ben", "bad")
    own = labelled(tmp_path / "c.jsonl", "cat", "good")
    frame = pnb.OwnLabels.read([shared, own], DESIGN, DATA)
    assert frame.groupby("participant_id", observed=True)["row"].nunique().to_dict() == {"ann": 2, "ben": 2, "cat": 2}
    assert frame["position"].max() == 2
    assert pnb.OwnLabels.read(str(own), DESIGN, DATA)["participant_id"].unique().tolist() == ["cat"]
    own.write_bytes(shared.read_bytes() + own.read_bytes())  # put together by hand
    assert pnb.OwnLabels.read(own, DESIGN, DATA)["participant_id"].nunique() == 3


def test_two_people_of_one_name_are_told_apart_by_names_for_their_files(tmp_path: Path) -> None:
    one, two = (labelled(tmp_path / name, "me", "good") for name in ("one.jsonl", "two.jsonl"))
    with pytest.raises(InputError, match=r"(?s)two.jsonl.*'me' is also in another file"):
        pnb.OwnLabels.read([one, two], DESIGN, DATA)
    frame = pnb.OwnLabels.read({"ann": one, "ben": two}, DESIGN, DATA)
    assert frame["participant_id"].unique().tolist() == ["ann", "ben"]


def test_all_that_is_wrong_with_the_files_is_found_at_once(tmp_path: Path) -> None:
    both = labelled(labelled(tmp_path / "both.jsonl", "ann", "good"), "ben", "bad")
    other = tmp_path / "other.jsonl"
    other.write_text('{"a": 1}\n')
    with pytest.raises(InputError) as caught:
        pnb.OwnLabels.read({"x": both, "y": other, "z": tmp_path / "none.jsonl"}, DESIGN, DATA)
    assert [each.place for each in caught.value.findings] == ["both.jsonl", "other.jsonl", "none.jsonl"]


def test_a_line_that_was_put_in_twice_counts_once(tmp_path: Path) -> None:
    own = opened(tmp_path / "labels.jsonl", rows=4)
    for row in own.rows:
        own.answer(row, typed(), seconds=10)
    own.undo()
    lines = own.path.read_bytes().splitlines(keepends=True)
    twice = tmp_path / "twice.jsonl"
    twice.write_bytes(b"".join([*lines, *lines]))  # such as a file and its copy
    again = opened(twice, rows=4)
    assert again.left == own.left == own.rows[3:]
    assert again.pace().seconds == 10
    pd.testing.assert_frame_equal(again.answers(), own.answers())


@pytest.mark.parametrize(
    "changed",
    [
        {"seconds": float("nan")},
        {"seconds": -1},
        {"seconds": True},
        {"at": "yesterday"},
        {"entered": {"1": 5}},
    ],
)
def test_a_line_that_no_program_wrote_is_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    own = opened(tmp_path / "labels.jsonl")
    own.answer(own.rows[0], typed(), seconds=1)
    first, line = own.path.read_text().splitlines()
    own.path.write_text(f"{first}\n{json.dumps({**json.loads(line), **changed})}\n")
    with pytest.raises(InputError, match="A line in it is not a label"):
        opened(own.path)
