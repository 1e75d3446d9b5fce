"""Launching: data, design and plan become a draft of a study, once."""

from __future__ import annotations

import os
import warnings

from ..api import Client
from ..common.progress import OnProgress, TextBar
from ..data import Dataset
from ..design import Design
from ..study import StudyPlan
from ..study.flows import SUNSET, flow_named
from ..study.launch.draft import LaunchRequest, create_draft
from ..study.ledger import DEFAULT, Ledger
from .run import Run


def launch(
    client: Client,
    data: Dataset,
    design: Design,
    plan: StudyPlan,
    *,
    flow: str = "layout",
    again: str = "",
    allow_low_pay: str = "",
    accept_partial: bool = False,
    ledger: str | os.PathLike[str] = DEFAULT,
    on_progress: OnProgress | None = None,
) -> Run:
    """Create everything a study needs and the study itself as a draft, once. Nothing is spent.

    The same data, design and plan in the same workspace are the same run: calling this again, in this kernel or the
    next, goes on where it stopped and gives the study that is there.

    Parameters
    ----------
    client : Client
        From `connect`.
    data, design, plan
        What to ask about, what to ask, whom and for how much.
    flow : {"layout", "instructions"}
        Prolific's current flow: typed dataset, batch with a layout, study. Or the older one, for workspaces without
        typed datasets: untyped dataset, batch with instructions, study; its end was announced for 2026-09-01.
    again : str
        The reason for a deliberate second study of the same data.
    allow_low_pay : str
        The reason for paying less than Prolific's least.
    accept_partial : bool
        Go on with the rows that Prolific accepted, if it rejected some.
    ledger : path
        The file that remembers what was launched.
    on_progress : callable, optional
        Called with `Progress`; by default a text bar is drawn.

    Returns
    -------
    Run
        A draft; ``run.publish(max_cost="120.00")`` spends the money.

    Raises
    ------
    InputError
        With every finding; nothing was created.
    SimilarRunError
        The same data was launched here before with another design or plan, and no reason was given.
    StepFailed
        A step ended badly on the server; what was created is named and nothing is published.
    LedgerError
        The ledger cannot be written, or another process holds it.
    """
    way = flow_named(flow)
    if flow == "instructions":
        what = f"Prolific announced the end of flow='instructions' for {SUNSET}. Use flow='layout' where it works."
        warnings.warn(what, FutureWarning, stacklevel=2)
    order, book = LaunchRequest(client, data, design, plan, again, allow_low_pay, accept_partial, way), Ledger(ledger)
    draft = create_draft(order, book, on_progress or TextBar())
    return Run(client, draft, data=data, design=design, plan=plan, ledger=book)
