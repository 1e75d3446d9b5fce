"""The command ``prolific-nb``, in its own process; for its demo see test_demo.py."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from .test_demo import command


@pytest.mark.parametrize(
    "arguments",
    [
        ("--speed", "0"),
        ("--db", "."),
        ("--port", "70000"),
        ("--profile", "2025-01"),
        ("--switch", "telepathy=yes"),
        ("--switch", "paging"),
    ],
)
def test_a_sandbox_that_cannot_start_prints_one_line(arguments: tuple[str, str], tmp_path: Path) -> None:
    done = command("sandbox", *arguments, where=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_the_sandbox_command_prints_one_line_of_json_and_serves(tmp_path: Path) -> None:

    program = [sys.executable, "-c", "import sys; from prolific_nb.cli import main; sys.exit(main())", "sandbox"]
    options = ["--db", "s.db", "--port", "0", "--profile", "2026-07", "--switch", "paging=offset"]
    with subprocess.Popen([*program, *options], cwd=tmp_path, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        printed = json.loads(server.stdout.readline())
        headers = {"Authorization": f"Token {printed['token']}"}
        found = requests.get(f"{printed['url']}/api/v1/workspaces/", headers=headers, timeout=10).json()
        server.terminate()
        assert server.stdout.read() == b""
    assert set(printed) == {"url", "token", "workspace_id"}
    assert [workspace["id"] for workspace in found["results"]] == [printed["workspace_id"]]
    assert "_links" not in found  # offset paging has no links
    assert server.returncode == 0
