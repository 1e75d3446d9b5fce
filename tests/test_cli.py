"""The command ``prolific-nb``, in its own process; for its demo see test_demo.py."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
import requests

from prolific_nb.sandbox import Sandbox
from prolific_nb.study.ledger import Ledger

from .test_demo import command

PROGRAM = [sys.executable, "-c", "import sys; from prolific_nb.cli import main; sys.exit(main())"]


def one_line(stderr: str) -> str:
    [line] = stderr.splitlines()
    assert "Traceback" not in line
    return line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sandbox", "--speed", "0"), "above 0"),
        (("sandbox", "--speed", "-1"), "above 0"),
        (("sandbox", "--speed", "inf"), "finite"),
        (("sandbox", "--speed", "nan"), "finite"),
        (("sandbox", "--seed", "x"), "--seed"),
        (("sandbox", "--port", "70000"), "65535"),
        (("sandbox", "--port", "-1"), "65535"),
        (("sandbox", "--db", "."), "cannot be opened"),
        (("sandbox", "--db", "missing/s.db"), "cannot be opened"),
        (("sandbox", "--db", "notes.txt"), "not a database"),
        (("sandbox", "--db", "other.db"), "another program"),
        (("sandbox", "--profile", "2025-01"), "2026-11"),
        (("sandbox", "--switch", "telepathy=yes"), "telepathy"),
        (("sandbox", "--switch", "paging"), "paging"),
        (("sandbox", "--switch", "wall=1"), "wall"),
        (("runs", "--ledger", "notes.txt"), "not a database"),
        (("runs", "--ledger", "other.db"), "not a ledger"),
        (("runs", "--ledger", "."), "cannot be opened"),
        (("demo", "."), "folder"),
        (("demo", "missing.csv"), "no such file"),
        (("demo", "--seed", "1.5"), "--seed"),
        (("demo", "--out", "notes.txt"), "is a file"),
        (("demo", "--out", "notes.txt/out"), "cannot be written"),
        (("demo", "--out", "a" * 300), "cannot be written"),
        (("runs", "--nonsense"), "--nonsense"),
        ((), "COMMAND"),
    ],
)
def test_unusable_input_is_one_line_and_exit_code_2(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Not a database, but longer than the header of one. " * 4)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE notes (words TEXT)")
    done = command(*arguments, where=tmp_path)
    assert words in one_line(done.stderr)
    assert done.returncode == 2
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("notes",)]


def test_a_port_in_use_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = command("sandbox", "--port", port, where=tmp_path)
    assert port in one_line(done.stderr)
    assert done.returncode == 1


def test_a_locked_file_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    with Sandbox(store=tmp_path / "s.db"):
        pass
    with closing(sqlite3.connect(tmp_path / "s.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        done = command("sandbox", "--db", "s.db", where=tmp_path)
    assert "locked by another program" in one_line(done.stderr)
    assert done.returncode == 1


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [("runs",), ("sandbox",), ("--version",), ("--help",), ("demo",)])
def test_a_full_disk_and_a_closed_pipe_are_one_line_and_exit_code_1(arguments: tuple[str, ...], tmp_path: Path) -> None:
    buffered = os.environ | {"PYTHONUNBUFFERED": ""}  # as in a shell: Python writes again when it ends
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*PROGRAM, *arguments], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, env=buffered
        )
    assert "No space left" in one_line(done.stderr)
    assert done.returncode == 1
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*PROGRAM, *arguments], cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, text=True, env=buffered
    )
    os.close(writer)
    assert "closed" in one_line(done.stderr)
    assert done.returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
@pytest.mark.parametrize("after", [0.0, 0.3, 1.0, 2.5])
@pytest.mark.parametrize("name", ["demo", "sandbox"])
def test_ctrl_c_is_one_line_and_exit_code_130(name: str, after: float, tmp_path: Path) -> None:
    # The program reports when its interpreter runs: before that, Python itself would handle the signal.
    program = [*PROGRAM[:2], f"import sys; from prolific_nb.cli import main; print(flush=True); {PROGRAM[2]}", name]
    with subprocess.Popen(program, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(after + 0.02)
        running.send_signal(signal.SIGINT)
        _, stderr = running.communicate(timeout=30)
    if running.returncode == 0 and name == "demo":
        pytest.skip("it was done already")
    assert one_line("".join(line for line in stderr.splitlines(True) if "####" not in line)) == "Interrupted."
    assert running.returncode == 130


def test_runs_reads_the_ledger_of_the_user_and_names_it(tmp_path: Path) -> None:
    mine = tmp_path / "mine.sqlite"
    there = command("runs", where=tmp_path, PROLIFIC_NB_LEDGER=str(mine))
    assert (there.returncode, there.stderr) == (0, "")
    assert str(mine) in there.stdout
    assert "does not exist" in there.stdout
    assert not mine.exists()
    Ledger(mine).enter("k1", name="First \u202e study", mode="SANDBOX", workspace="w", design="{}")
    listed = command("runs", where=tmp_path, PROLIFIC_NB_LEDGER=str(mine)).stdout
    assert str(mine) in listed
    assert "k1" in listed
    assert "First \\u202e study" in listed
    assert command("runs", "--ledger", "mine.sqlite", where=tmp_path).stdout == listed


def test_the_sandbox_command_prints_one_line_of_json_and_serves(tmp_path: Path) -> None:
    options = ["--db", "s.db", "--port", "0", "--profile", "2026-07", "--switch", "paging=offset"]
    with subprocess.Popen([*PROGRAM, "sandbox", *options], cwd=tmp_path, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        printed = json.loads(server.stdout.readline())
        headers = {"Authorization": f"Token {printed['token']}"}
        found = requests.get(f"{printed['url']}/api/v1/workspaces/", headers=headers, timeout=60).json()
        server.terminate()
        assert server.stdout.read() == b""
    assert set(printed) == {"url", "token", "workspace_id"}
    assert [workspace["id"] for workspace in found["results"]] == [printed["workspace_id"]]
    assert "_links" not in found  # offset paging has no links
    assert server.returncode == 0
