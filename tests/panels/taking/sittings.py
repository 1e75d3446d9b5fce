"""A design of three screens, its rows, and a browser that answers them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import prolific_nb as pnb
from prolific_nb.panels import Annotate

REVIEWS = b"review\nIt broke.\nI would buy it again.\n<script>alert(1)</script> & fine\nLate.\n"
DATA = pnb.read_data(REVIEWS)
DESIGN = (
    pnb.Design("Reviews", introduction="<p>Read each review.</p>")
    .intro("<p>Before you start.</p>")
    .show("review")
    .choose("Good?", ["yes", "no"])
    .page()
    .write("Why?", min_chars=3)
    .upload("A picture", types=[".png"])
    .outro("<p>Thank you.</p>")
)
GOOD, WHY, PICTURE = "p2-r2-c1-i1", "p3-r1-c1-i1", "p3-r2-c1-i1"
FILE = {"file_name": "a.png", "content_type": "image/png", "size": 120}


def taking(folder: Path, **options: Any) -> Annotate:
    """The panel, which goes on in the same folder."""
    design = options.pop("design", DESIGN)
    return pnb.annotate(design, DATA, **{"order": "file", "path": folder / "labels.jsonl", **options})


class Browser:
    """Sends what the desk's module sends."""

    def __init__(self, panel: Annotate) -> None:
        self.panel, self.desk = panel, panel.desk

    @property
    def id(self) -> str:
        """Of the task that is shown."""
        return next(str(each["id"]) for each in self.desk.tasks if each["place"] == self.desk.at)

    def send(self, act: str, **what: Any) -> None:
        """One act about what is shown."""
        n = self.desk.applied + 1
        about = {"id": self.id, "screen": self.desk.screen, "entered": {}}
        self.desk.set_state({"acts": [{**about, **what, "act": act, "n": n}]})
        assert self.desk.applied == n

    def submit(self, entered: dict[str, list[Any]] | None = None, seconds: float = 5) -> None:
        """Submit the screen that is shown."""
        self.send("submit", entered=entered or {}, seconds=seconds, device="keyboard")

    def start(self) -> None:
        """Through introduction and first page."""
        self.submit()
        self.submit()

    def take(self, good: str, why: str) -> None:
        """Answer a whole task."""
        self.submit({GOOD: [good]})
        self.submit({GOOD: [good], WHY: [why], PICTURE: [FILE]})

    @property
    def faults(self) -> list[str]:
        """What is said at the questions."""
        return [each["words"] for each in self.desk.faults["found"]]
