"""A finished study on a sandbox that is spoken to as LIVE, seen from several machines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd

import prolific_nb as pnb
from prolific_nb.api import Client
from prolific_nb.common.progress import silent
from prolific_nb.sandbox import Sandbox
from prolific_nb.workflow.run import Run

from .machines import DATA, DESIGN, PLAN, live, live_at


@dataclass
class Place:
    """A finished study of six submissions on a sandbox that is spoken to as LIVE."""

    box: Sandbox
    run: Run

    @property
    def address(self) -> tuple[str, str]:
        return self.box.url, self.box.token

    @property
    def client(self) -> Client:
        return self.run.client

    @property
    def ids(self) -> list[str]:
        return sorted(self.run.submissions()["submission_id"])

    def frame(self, bonus: str = "0.50", action: str = "approve", ids: list[str] | None = None) -> pd.DataFrame:
        return pd.DataFrame({"submission_id": ids or self.ids, "action": action, "bonus": bonus})

    def reopened(self) -> Run:
        return pnb.open_run(study_id=self.run.study_id, client=live_at(*self.address))

    def bonuses(self) -> list[list[int]]:
        listed = {each.id: each.bonus_payments for each in live_at(*self.address).submissions.list(self.run.study_id)}
        return [listed[each] for each in self.ids]

    def on_the_website(self, *lines: tuple[str, str]) -> None:
        """Bonuses that a person gives on Prolific's page."""
        client = live_at(*self.address)
        csv = "".join(f"{who},{amount}\n" for who, amount in lines)
        client.bonuses.pay(client.bonuses.create(self.run.study_id, csv).id)
        time.sleep(0.1)  # submissions show it slightly later

    def acted(self, operation: str) -> int:
        return sum(each.operation == operation and each.status < 300 for each in self.box.log)


@contextmanager
def finished() -> Iterator[Place]:
    with Sandbox(speed=20_000, truth="sentiment") as box:
        run = pnb.launch(live(box), DATA, DESIGN, PLAN, on_progress=silent)
        yield Place(box, run.publish(max_cost="25.00").wait(60, on_progress=silent))
