"""Review panels of finished studies, and the server behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from typing import Any

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.api.polling import PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.panels.reviewing.review_panel import Review
from prolific_nb.sandbox import Sandbox
from prolific_nb.workflow.run import Run

from ...conftest import DESIGN, HURRY, PLAN
from ..find import find, parsed, shown, until

_seeds = count(7000)


@dataclass
class Reviewing:
    """A finished study of 12 places with its panel; used through the panel's widgets."""

    panel: Review
    run: Run
    sandbox: Sandbox

    @property
    def awaiting(self) -> list[str]:
        """The submissions that the table shows as awaiting review."""
        return [row["id"] for row in self.panel.table.rows if row["status"] == "AWAITING REVIEW"]

    def click(self, name: str) -> None:
        find(self.panel, w.Button, name).click()
        self.panel._settled.join(60)

    def form(self, name: str) -> None:
        find(self.panel, w.ToggleButton, name).value = True

    def approve(self, *ids: str) -> None:
        self.panel.select(ids)
        self.click("Approve")

    def reject(self, sentence: str, *ids: str) -> None:
        self.panel.select(ids)
        self.form("Reject…")
        find(self.panel, w.Textarea, "Sentence to the participant").value = sentence
        self.click("Add rejections")

    def bonus(self, amount: str, *ids: str) -> None:
        self.panel.select(ids)
        self.form("Bonus…")
        find(self.panel, w.Text, "Amount").value = amount
        self.click("Add bonuses")

    def message(self, text: str, *ids: str) -> None:
        self.panel.select(ids)
        self.form("Message…")
        find(self.panel, w.Textarea, "Message to the participants").value = text
        self.click("Add message")

    def checked(self) -> str:
        """Wait until the decisions were compared with the server; returns what the panel says."""
        until(lambda: self.panel._checked is not None and self.panel._checked.decisions == self.panel.decisions.value)
        until(lambda: "are compared with the server" not in self.text)
        return self.text

    def apply(self, amount: str | None = None) -> str:
        """Apply what is collected; returns what the panel says afterwards."""
        self.checked()
        if amount is not None:
            find(self.panel, w.Text, "Type the amount to apply").value = amount
        before = self.panel._acting
        self.click("Apply")
        until(lambda: self.panel._acting is not before)
        return self.settled()

    def settled(self) -> str:
        """Wait until nothing is being done; returns what the panel says."""
        panel = self.panel
        until(lambda: not (panel._jobs or panel._busy or (panel.decisions.value and panel._checked is None)))
        return self.text

    @property
    def text(self) -> str:
        return " ".join(parsed(shown(self.panel).split("</style>", 1)[-1])[2].split())

    def statuses(self) -> dict[str, str]:
        return {each.id: each.status for each in self.run.client.submissions.list(self.run.study_id)}

    def bonuses(self) -> dict[str, list[int]]:
        found = {each.id: each.bonus_payments for each in self.run.client.submissions.list(self.run.study_id)}
        return {ident: bonuses for ident, bonuses in found.items() if bonuses}

    def acted(self) -> Counter[str]:
        """How often each operation of a review was done."""
        done = [each.operation for each in self.sandbox.log if each.method == "POST" and each.status < 400]
        wanted = ("bulkApprove", "transitionSubmission", "payBonuses", "sendBulkMessage")
        return Counter(each for each in done if each in wanted)


@pytest.fixture
def reviewing() -> Iterator[Any]:
    """Makes panels of finished studies; options are those of `Sandbox`."""
    panels: list[Review] = []
    with ExitStack() as stack:

        def make(mode: Any = "SANDBOX", extra: Any = None, **options: Any) -> Reviewing:
            given = {"speed": HURRY, "truth": "sentiment", "seed": next(_seeds), **options}
            sandbox = stack.enter_context(Sandbox(**given))
            client = Client(Transport(sandbox.url, Token(sandbox.token), sleep=lambda seconds: None), mode=mode)
            client.pace = PollIntervals(job=0.02, study=0.02)
            data = pnb.read_data(pnb.sample_data().head(24))
            run = pnb.launch(client, data, DESIGN, PLAN, on_progress=silent)
            run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
            panels.append(Review(run, extra=extra))
            made = Reviewing(panels[-1], run, sandbox)
            made.panel._settled._later._pause = 0.02
            until(lambda: made.panel._seen is not None and made.panel._seen.answers is not None)
            made.settled()
            return made

        yield make
        for panel in panels:
            panel.close()
