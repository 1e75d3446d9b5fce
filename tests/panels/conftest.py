"""Panels and folders for the tests of several files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.api.polling import PollIntervals
from prolific_nb.panels.launching.launch_panel import Launch

from ..conftest import DESIGN, PLAN, Connect
from .choosing import REVIEWS

_seeds = count(1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a CSV, a faulty CSV, a folder, and files that must not be listed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reviews.csv").write_text(REVIEWS)
    (tmp_path / "faulty.csv").write_text("a,a,\n1,2,3\n")
    (tmp_path / "notes.md").write_text("no table")
    (tmp_path / ".hidden.csv").write_text(REVIEWS)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "pictures.tsv").write_text("photo\tcaption\nhttps://a.org/1.png\tA cat on a mat\n")
    return tmp_path


@pytest.fixture
def make(sandboxed: Connect) -> Iterator[Any]:
    """Creates launch panels with 24 reviews."""
    panels: list[Launch] = []

    def make(mode: str = "SANDBOX", *, run: Any = None, faults: Any = (), speed: float = 600, **changes: Any) -> Launch:
        # A separate seed gives every study another id: a poller of an earlier test may still be running.
        client = sandboxed(mode=mode, faults=faults, speed=speed, seed=next(_seeds))
        client.pace = PollIntervals(job=0.02, study=0.02)
        given = {"data": pnb.read_data(pnb.sample_data().head(24)), "design": DESIGN, "plan": PLAN, **changes}
        panels.append(Launch(run, client=client, **given))
        return panels[-1]

    yield make
    for panel in panels:
        panel.close()
