"""Machines that share nothing but the server: each has a folder, a ledger and a client of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.api.polling import SANDBOX_PACE, PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.sandbox import Sandbox
from prolific_nb.workflow.run import Run

DATA = pnb.read_data(pnb.sample_data().head(12))
DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad", "mixed"]).write("Why?")
PLAN = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, annotators_per_task=3, tasks_per_group=6)
COST = "13.62"  # of its 6 places, in GBP


def live(box: Sandbox, **options: Any) -> Client:
    """The sandbox, spoken to as if it were Prolific."""
    return live_at(box.url, box.token, **options)


def live_at(url: str, token: str, **options: Any) -> Client:
    """The same, for a program that knows only where the sandbox is."""
    client = Client(Transport(url, Token(token), sleep=lambda _: None), mode="LIVE", **options)
    client.pace = SANDBOX_PACE
    return client


def use_machine(folder: Path) -> None:
    """What a program of another machine, or of another folder with a ledger of its own, starts from."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    os.environ["PROLIFIC_NB_LEDGER"] = str(folder / "ledger.sqlite")


@contextmanager
def machine(folder: Path) -> Iterator[None]:
    """Work in a folder with a ledger of its own, as on another machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(Path.cwd())
        patch.setenv("PROLIFIC_NB_LEDGER", os.environ["PROLIFIC_NB_LEDGER"])
        use_machine(folder)
        yield


def draft(client: Client, **options: Any) -> Run:
    return pnb.launch(client, DATA, DESIGN, PLAN, on_progress=silent, **options)


def finished(client: Client) -> Run:
    return draft(client).publish(max_cost="25.00").wait(60, on_progress=silent)


def acted(box: Sandbox, operation: str) -> int:
    """How often the server did it."""
    return sum(each.operation == operation and each.status < 300 for each in box.log)


def states(client: Client) -> list[str]:
    return sorted(str(each.status) for each in client.studies.list())


PLACES = 6


def true_cost(reward: int) -> int:
    """Prolific's published fee of 42.8 % and 20 % VAT on it, in minor units, for all places."""
    fee = int(reward * PLACES * 0.428 + 0.5)
    return reward * PLACES + fee + int(fee * 0.2 + 0.5)


class FakeServer:
    """A study whose reward is raised at the moment of its publication, and whose figures may be odd."""

    def __init__(self, reward: int, later: int, odd_cost: Any, odd_balance: Any) -> None:
        self.reward, self.later, self.state = reward, later, "UNPUBLISHED"
        self._cost, self._balance = odd_cost, odd_balance

    def client(self) -> Client:
        client = Client(Transport("https://example.org", Token("t" * 20)), mode="LIVE", workspace="w")
        client._transport.get = self._get  # type: ignore[method-assign]
        client._transport.ask = self._ask  # type: ignore[method-assign]
        client._transport.post = self._post  # type: ignore[method-assign]
        client.pace = PollIntervals(job=0.001, study=0.001, grace=0.0)
        return client

    def _get(self, path: str, params: Any = None) -> Any:
        if path.endswith("/balance/"):
            amount = 10**7 if self._balance is None else self._balance
            return {"currency_code": "GBP", "available_balance": amount}
        study = {
            **{"id": "s", "name": "Reviews", "status": self.state, "reward": self.reward},
            **{"total_available_places": PLACES, "estimated_completion_time": 6},
        }
        return {"results": [study]} if path.endswith("/studies/") else study

    def _ask(self, path: str, json: Any) -> Any:
        return {"total_cost": true_cost(json["reward"]) if self._cost is None else self._cost}

    def _post(self, path: str, json: Any = None, params: Any = None) -> Any:
        if json["action"] == "PUBLISH":
            self.reward, self.state = self.later, "ACTIVE"
        if json["action"] == "PAUSE":
            self.state = "PAUSED"
        return {"id": "s", "status": self.state}
