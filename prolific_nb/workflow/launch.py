"""Launching: create the draft of a study from data, design and plan; idempotent."""

from __future__ import annotations

import os
import warnings
from typing import Any

from ..api import Client
from ..common.findings import Finding
from ..common.progress import OnProgress, TextBar
from ..data import Dataset, Source
from ..design import Design
from ..errors import InputError
from ..study import StudyPlan
from ..study.flows import SUNSET, flow_named
from ..study.launch.draft import create_draft
from ..study.launch.launch_request import LaunchRequest
from ..study.ledger import Ledger, ledger_of
from ..study.quote import check_types
from .run import Run


def launch(
    client: Client,
    data: Dataset | Source,
    design: Design,
    plan: StudyPlan | None = None,
    *,
    flow: str = "layout",
    again: str = "",
    allow_low_pay: str = "",
    accept_partial: bool = False,
    only: Any = None,
    keep_out: Any = None,
    ledger: str | os.PathLike[str] | Ledger | None = None,
    on_progress: OnProgress | None = None,
) -> Run:
    """Create a study as a draft, with everything it needs. Idempotent; nothing is spent.

    The same data, design and plan in the same workspace are the same run: calling this again, also in a new kernel,
    continues where it stopped and returns the existing study.

    Parameters
    ----------
    client : Client
        From `connect`.
    data : Dataset, path, bytes or DataFrame
        The rows; anything but a Dataset is read by `read_data`.
    design, plan
        The questions, and the settings of the study.
    flow : {"layout", "instructions"}
        Prolific's current flow: typed dataset, batch with a layout, study. Or the legacy flow, for workspaces without
        typed datasets: untyped dataset, batch with instructions, study; its end was announced for 2026-09-01.
    again : str
        The reason for a deliberate second study of the same data.
    allow_low_pay : str
        The reason for paying below Prolific's minimum.
    accept_partial : bool
        Whether to continue with the accepted rows if Prolific rejected some.
    only, keep_out : participant group, str, Run, or list of these, optional
        Who alone may take part, and who may not: a group of `QualifyingRun.passed`, the ID of a participant group, or a
        run, which stands for all its participants. They are added to the filters of the plan.
    ledger : path, optional
        The file that records what was launched. By default runs of a sandbox in memory are kept in memory, those of a
        sandbox in a file beside that file, and all others in one file in the user's data folder (or the one that the
        variable ``PROLIFIC_NB_LEDGER`` names).
    on_progress : callable, optional
        Called with `Progress`; by default a text bar is drawn.

    Returns
    -------
    Run
        A draft; ``run.publish(max_cost="120.00")`` spends the money.

    Raises
    ------
    InputError
        With all findings; nothing was created.
    SimilarRunError
        The same data was launched in this workspace with another design or plan, and `again` is empty.
    StepFailed
        A step failed on the server. The message names what was created; nothing is published.
    LedgerError
        The ledger cannot be written, or another process holds it.
    """
    for name, reason in (("again", again), ("allow_low_pay", allow_low_pay)):
        if not isinstance(reason, str):
            finding = Finding("error", f"{reason!r} is not a string.", "Pass the reason in words.", place=name)
            raise InputError("launch", [finding])
    chosen_flow = flow_named(flow)
    if flow == "instructions":
        what = f"Prolific announced the end of the legacy flow for {SUNSET}. Use flow='layout' if possible."
        warnings.warn(what, FutureWarning, stacklevel=2)
    data = check_types(client, data, design, plan)
    assert plan is not None, "check_types refuses None"
    plan = plan.admitting(only=only, keep_out=keep_out)
    request = LaunchRequest(client, data, design, plan, again, allow_low_pay, accept_partial, chosen_flow)
    opened = ledger_of(client, ledger)
    draft = create_draft(request, opened, on_progress or TextBar())
    return Run(client, draft, data=data, design=design, plan=plan, ledger=opened)
