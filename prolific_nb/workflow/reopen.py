"""Reopening runs from the ledger or from the server."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd

from ..api import Client, Record
from ..api.shapes import reading
from ..common.display import notify
from ..common.findings import Finding
from ..data import Dataset, Source, as_dataset
from ..design import Design
from ..design.right_answers import with_right
from ..errors import ApiError, InputError, LiveError, NotFound, ProlificError
from ..study import StudyPlan
from ..study.flows import Flow, dataset_of, flow_of, instructions_of
from ..study.gold.gold_check import with_gold_answers
from ..study.gold.keep_answers import keep_answers, simulate_answers
from ..study.launch.draft import Draft
from ..study.launch_key import LaunchKey
from ..study.ledger import Ledger, ledger_of
from ..study.local_truths import recall
from ..study.same_launch import oldest_first, tagged_studies
from .connect import connect
from .run import Run

_STAGES = {"publish": "published", "study": "draft", "batch": "batch", "dataset": "dataset"}
_SIZE_IN_NAME = re.compile(r", groups of ([1-9][0-9]*) \[pnb ")
"""As `LaunchRequest.batch_name` has it."""
_ELSEWHERE = "study-"  # the keys of studies that were not launched here
_COLUMNS = ("key", "name", "mode", "stage", "study_id", "batch_id", "dataset_id", "workspace", "again", "made", "gone")


def runs(ledger: str | os.PathLike[str] | Ledger | None = None, *, client: Client | None = None) -> pd.DataFrame:
    """All runs in the ledger, oldest first.

    Parameters
    ----------
    ledger : path, optional
        The file, by default that of `client`, or the one in the user's data folder; if it does not exist, the table is
        empty.
    client : Client, optional
        The runs of a sandbox in memory are kept with it, and of one in a file beside that file: name its client.

    Returns
    -------
    pandas.DataFrame
        ``key, name, mode, stage, study_id, batch_id, dataset_id, workspace, again, made, gone``. `stage` is the
        last recorded step: ``begun, dataset, batch, draft, published``, followed by ``?`` if the response to its
        request was lost. `made` and `gone` are datetime64[ns, UTC]; `gone` is NaT while the run exists.

    Raises
    ------
    LedgerError
        The file is not a ledger.
    """
    opened = ledger_of(client, ledger)
    rows = [_row(opened, run) for run in opened.runs()] if opened.exists else []
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    for moment in ("made", "gone"):
        frame[moment] = pd.to_datetime(pd.to_numeric(frame[moment]), unit="s", utc=True)
    return frame


def _row(opened: Ledger, run: dict[str, Any]) -> dict[str, Any]:
    steps = opened.steps(run["key"])
    ids = {f"{kind}_id": steps[kind].ident or None for kind in ("study", "batch", "dataset") if kind in steps}
    reached = next((name for name in _STAGES if name in steps), None)
    stage = _STAGES[reached] + ("?" if steps[reached].state == "intended" else "") if reached else "begun"
    return {**run, **ids, "stage": stage}


def open_run(
    key: str | None = None,
    *,
    client: Client | None = None,
    study_id: str | None = None,
    batch_id: str | None = None,
    data: Dataset | Source | None = None,
    ledger: str | os.PathLike[str] | Ledger | None = None,
) -> Run:
    """A run that was launched before: here, on another machine, or with other tools.

    Parameters
    ----------
    key : str, optional
        From `runs`; a unique prefix is enough.
    client : Client, optional
        By default from `connect`, which is never live.
    study_id, batch_id : str, optional
        Instead of `key`: the study, or its batch.
    data : Dataset, path, bytes or DataFrame, optional
        The rows of the run, so that responses have their columns. If the upload has no row keys, because the website or
        another program made it, or other ones, because the file was edited since, rows are joined by their content; see
        Notes. Without `data`, the columns are those of the upload.
    ledger : path, optional
        As for `launch`.

    Returns
    -------
    Run
        With the design and the plan as far as the server returns them. ``run.data`` is None unless `data` was given.

    Raises
    ------
    InputError
        Not exactly one of `key`, `study_id` and `batch_id` was given, or the ledger has no such run.
    LiveError
        The run is LIVE, and no client was given.
    NotFound
        The server has no such study or batch; that of a sandbox may have ended.

    Notes
    -----
    By content, a row belongs to a task if no other row and no other task has the same cells in the columns that both
    have, apart from white space. Everything that participants saw must be among these columns. The other tasks stay
    without a row: ``run.responses()`` warns and says how many, and ``attrs["join"]`` has the numbers.
    """
    named = {"key": key, "study_id": study_id, "batch_id": batch_id}
    given = {name: each for name, each in named.items() if each is not None}
    if len(given) != 1:
        what = f"{len(given)} of key, study_id and batch_id were given."
        raise InputError("open_run", [Finding("error", what, "Pass exactly one of them.")])
    for name, each in given.items():
        if not isinstance(each, str) or not each.strip():
            what, remedy = f"{each!r} is not a valid {name}.", "Pass a string, as the table pnb.runs() has it."
            raise InputError("open_run", [Finding("error", what, remedy, place=name)])
    data = None if data is None else as_dataset(data)
    opened = ledger_of(client, ledger)
    if key is not None:
        study_id = _study_of_key(opened, key, client)
    if client is None:
        client = connect()
        opened = ledger_of(client, ledger)
    with _naming_gone_sandbox(client):
        if batch_id is not None:
            study_id = _study_of_batch(client, batch_id)
        return _opened(client, opened, str(study_id), data)


@contextmanager
def _naming_gone_sandbox(client: Client) -> Iterator[None]:
    """Say why a study is missing in a sandbox: most often because the sandbox it was in has ended."""
    try:
        yield
    except NotFound as missing:
        if client.mode == "SANDBOX":
            missing.remedy = (
                "If it was launched in an earlier kernel: a sandbox in memory ends with its kernel, and its studies "
                "with it. Launch it again; to keep the next one, connect to a file: "
                'pnb.connect(store="sandbox.sqlite").'
            )
        raise


def _study_of_key(opened: Ledger, key: str, client: Client | None) -> str:
    known = [run for run in opened.runs() if run["key"].startswith(key)]
    if len(known) != 1:
        what = f"{len(known)} runs have a key that begins with {key!r}."
        raise InputError(str(opened.path), [Finding("error", what, "pnb.runs() lists all keys.")])
    if client is None and known[0]["mode"] == "LIVE":
        raise LiveError(
            f'Run {key} is LIVE. Open it with a live client: pnb.open_run("{key}", client=pnb.connect(live=True)).'
        )
    study = opened.step(known[0]["key"], "study")
    if study is None or not study.ident:
        what, remedy = f"Run {key} has no study yet.", "Repeat the launch; it continues where it stopped."
        raise InputError(str(opened.path), [Finding("error", what, remedy)])
    return study.ident


def _study_of_batch(client: Client, batch_id: str) -> str:
    """The study of a batch. Lists of studies lack batch ids, so studies with its tag are read first."""
    tag = LaunchKey.read(client.batches.get(batch_id).name)
    listed = sorted(
        oldest_first(client.studies.list()), key=lambda each: LaunchKey.read(each.get("internal_name")) != tag
    )
    for each in listed:
        if client.studies.get(each.id).get("data_collection_id") == batch_id:
            return str(each.id)
    raise ProlificError(f"No study visible to this account uses batch {batch_id}. Create one with pnb.launch(...).")


def _opened(client: Client, opened: Ledger, study_id: str, data: Dataset | None) -> Run:
    study = client.studies.get(study_id)
    batch_id = study.get("data_collection_id")
    if not batch_id:
        raise ProlificError(
            f"Study {study_id} has no batch, so it has no Task Builder responses. Pass the ID of a study with a batch."
        )
    client = _paying(client, study)
    batch = client.batches.get(batch_id)
    tag = LaunchKey.read(study.get("internal_name")) or LaunchKey.read(batch.name)
    key = _key_of(client, opened, study_id, tag)
    known = opened.run(key)
    flow = flow_of(batch)
    # The ledger's design of a study made elsewhere is only a copy, and a sandbox started again reuses IDs.
    kept = None if known is None or key.startswith(_ELSEWHERE) else known["design"]
    design = _design_of(client, flow, batch) if kept is None else Design.from_json(kept)
    set_up = opened.step(key, "set-up")
    size = int(set_up.ident) if set_up is not None and set_up.ident else _group_size(batch)
    with reading(f"Study {study_id}"):
        plan = StudyPlan.from_study(study, size, client.currency)
    if known is None:
        about = {"name": plan.name, "mode": client.mode, "workspace": client.workspace_id}
        opened.enter(key, **about, design=design.to_json())
        opened.done(key, "batch", batch_id)
        opened.done(key, "study", study_id)
    instructions = opened.step(key, "instructions")
    codebook = flow.questions_of(client, batch, design, instructions.ident if instructions else "")
    codebook = with_gold_answers(recall(opened, key, codebook), data, size)
    if data is not None and data.gold is not None:  # known on this machine from now on
        keep_answers(client, opened, key, codebook)
    simulate_answers(client, codebook)
    draft = Draft(key, dataset_of(batch), batch_id, study_id, codebook, flow)
    return Run(client, draft, data=data, design=with_right(design, codebook), plan=plan, ledger=opened)


def _paying(client: Client, study: Record) -> Client:
    """The client of the workspace that pays for a study, which may be another than the one in use."""
    workspace = study.get("workspace") or _workspace_of_project(client, study.get("project"))
    if not workspace or str(workspace) == client.workspace_id:
        return client
    other = client.using(workspace=str(workspace), project=study.get("project"))
    notify(
        f"Study {study.id} belongs to workspace {workspace}, which pays in {other.currency}, not to "
        f'{client.workspace_id}. The run uses its workspace: client.using(workspace="{workspace}").'
    )
    return other


def _workspace_of_project(client: Client, project: Any) -> str | None:
    try:
        return client.projects.get(str(project)).get("workspace") if project else None
    except ApiError:  # a project that this account cannot read: the workspace in use is all there is to go by
        return None


def _key_of(client: Client, opened: Ledger, study_id: str, tag: LaunchKey | None) -> str:
    """The run's key: from its tag, unless the tag belongs to the study that this one was copied from.

    The study's ID is not checked first, since in-memory sandboxes reuse ids.
    """
    if tag is not None:
        known = opened.step(tag.key, "study")
        first = known.ident if known is not None else next((each.id for each in tagged_studies(client, tag)[0]), "")
        if first in ("", study_id):
            return tag.key
    return opened.key_of(study_id) or f"{_ELSEWHERE}{study_id}"


def _design_of(client: Client, flow: Flow, batch: Record) -> Design:
    """The design as returned by the server."""
    instructions = instructions_of(client, batch) if flow.name == "instructions" else ()
    with reading(f"The layout of batch {batch.id}"):
        return Design.from_api(batch, instructions)


def _group_size(batch: Record) -> int:
    """Tasks per group; if neither the server nor the name has it, the smallest number that gives its groups."""
    named = _SIZE_IN_NAME.search(str(batch.get("name")))
    if known := batch.get("tasks_per_group") or (named and named[1]):
        return int(known)
    groups = int(batch.get("total_task_groups") or 1)
    return -(-int(batch.total_task_count) // groups) or 1
