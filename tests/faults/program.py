"""The program that the fault tests disturb, from a CSV to paid bonuses; repeating it must never spend twice."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.api.polling import PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.sandbox import Sandbox
from prolific_nb.workflow.run import Run

ROWS, ANNOTATORS = 6, 2
DATA = pnb.read_data(pnb.sample_data().head(ROWS))
DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad", "mixed"]).write("Why?")
PLAN = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, annotators_per_task=ANNOTATORS, tasks_per_group=3)
ANSWERS = ROWS * (ANNOTATORS + 1) * 2  # one annotator more is asked for later; two questions
REASON = "The answers were given without reading the reviews, which the explanations show clearly in every single one."


def sandbox(**options: Any) -> Sandbox:
    """A sandbox whose clock moves with every look at it, so that nothing takes real time."""
    ticks = count(1_800_000_000)
    # The CSV report is the last of the ways in which answers find their rows: all of them are taken.
    return Sandbox(**{"wall": lambda: next(ticks) / 10, "speed": 20_000.0, "join_by": "report", **options})


IMPATIENT = 0.35
"""Seconds for an answer where one stalls on purpose; on a busy machine others may take as long."""


def client_of(place: Sandbox | tuple[str, str], seconds: float = 30.0) -> Client:
    """A new client that gives up on an answer after some seconds and does not sleep between tries."""
    url, token = place if isinstance(place, tuple) else (place.url, place.token)
    client = Client(Transport(url, Token(token), sleep=lambda _: None, limits=(10, seconds)), mode="SANDBOX")
    client.pace = PollIntervals(job=0.005, study=0.005, grace=0.1)
    return client


def launch_and_publish(client: Client) -> Run:
    run = pnb.launch(client, DATA, DESIGN, PLAN, on_progress=silent).publish(max_cost="999.00")
    run.add_annotators(1, max_cost="99.00")
    return run.wait(30, on_progress=silent)


def review(run: Run) -> Any:
    """One submission rejected, the others approved, two of them with a bonus; always the same ones."""
    people = run.submissions()
    people = people[people["status"].isin(["AWAITING REVIEW", "APPROVED", "REJECTED"])].sort_values("submission_id")
    frame = people[["submission_id"]].assign(action="approve", category="", message="", bonus="")
    frame.iloc[0, 1:4] = ["reject", "LOW_EFFORT", REASON]
    frame.iloc[1:3, 4] = "0.25"
    return run.review(frame)


def whole(client: Client) -> Any:
    """Everything, once; returns the answers."""
    run = launch_and_publish(client)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a way of joining that was lost is one way less, and said so
        answers = run.responses(include="all")
    review(run).apply(max_cost="9.00")
    run.status()
    return answers


def in_a_process(work: Callable[[Client], Any], place: tuple[str, str], folder: str | Path) -> None:
    """What a new kernel does: the ledger lies in its folder."""
    os.chdir(folder)
    work(client_of(place))
